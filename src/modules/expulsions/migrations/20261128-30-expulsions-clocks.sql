-- What was stated is still never changed, but details that no longer matter are forgotten: by their clocks alone (retention.ts), as
-- the owner. Requests can do neither; they hold no right to change or remove here.
alter table expulsions.statement add erased_at timestamptz;
comment on column expulsions.statement.erased_at is 'when issuer, ground, border point and end of the document were forgotten; the rest stays: a stale list must not bring the measure back';

drop trigger statement_immutable on expulsions.statement;
create trigger statement_immutable
before update of measure_id, version, batch_id, custodian, row_number, record_id, kind, decision_no, decision_on, starts_on, term,
  ends_on, executed_on, status, status_on, stated_at
  or delete or truncate on expulsions.statement
for each statement execute function expulsions.refuse_change();
create trigger statement_forgotten
before update of document_hint, issuer, ground, border_point on expulsions.statement
for each row when (num_nonnulls(new.document_hint, new.issuer, new.ground, new.border_point) > 0)
execute function expulsions.refuse_change();

drop trigger informing_immutable on expulsions.informing;
create trigger informing_immutable before update or truncate on expulsions.informing
for each statement execute function expulsions.refuse_change();

-- Own words of officers go, what was asked and decided stays.
alter table expulsions.question
  drop constraint question_answered_whole,
  add constraint question_answered_whole check (answer is null or answered_at is not null);
alter table expulsions.correction
  alter column reason drop not null,
  add constraint correction_reason_until_decided check (reason is not null or outcome is not null);
