-- How long a measure holds, where its source states a length and no last day. What is carried out first counts from that day (law
-- 114-FZ of the Russian Federation, article 27, part 1, point 2): until it is known, the length stands here and the end is open.
alter table expulsions.statement
  add lasts text
    constraint statement_lasts_known check (lasts ~ '^P([0-9]+Y)?([0-9]+M)?([0-9]+D)?$' and lasts <> 'P'),
  add constraint statement_lasts_ends check (lasts is null or term <> 'indefinite');
comment on column expulsions.statement.lasts is 'as P3Y6M; then ends_on is reckoned from it, or open';

drop trigger statement_immutable on expulsions.statement;
create trigger statement_immutable
before update of measure_id, version, batch_id, custodian, row_number, record_id, kind, decision_no, decision_on, starts_on, term,
  ends_on, lasts, executed_on, status, status_on, received_status, received_status_on, stated_at
  or delete or truncate on expulsions.statement
for each statement execute function expulsions.refuse_change();

-- What an answer puts right. A term takes the place of the whole earlier one: its last day and its length too.
create function expulsions.answered_facts(change jsonb) returns jsonb
language sql
immutable
set search_path = pg_catalog
return case
    when change ? 'term' then jsonb_build_object('term', change -> 'term', 'ends_on', change -> 'ends_on', 'lasts', null)
    else '{}'
  end || case when change ? 'ground' then jsonb_build_object('ground', change -> 'ground') else '{}' end;

-- As before; answered are the questions that were answered, and the rows in which nothing else is open. What an answer puts right
-- answers everybody who asked about the same. A term that is answered leaves nothing of the earlier one.
create or replace function expulsions.answer(
  question uuid, in_words text, change jsonb, new_batch uuid, new_reference text, term_hours integer, at timestamptz, out told jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked expulsions.question;
  closed uuid[];
begin
  told := '[]';
  select q.* into asked from expulsions.question q where q.id = question for update;
  if not access.can('expulsion.answer') or asked.to_organisation is distinct from access.organisation() then
    raise exception 'not allowed to answer this' using errcode = 'insufficient_privilege';
  end if;
  if asked.answered_at is not null then
    raise exception 'answered already' using errcode = 'unique_violation';
  end if;
  with done as (
    update expulsions.question q
    set answered_at = at, answered_by = access.actor(), answer = in_words
    where q.id = question
       or (change <> '{}' and q.measure_id = asked.measure_id and q.about = asked.about and q.answered_at is null)
    returning q.id
  )
  select array_agg(d.id) into closed from done d;
  update expulsions.delivery_row r
  set state = 'answered'
  from expulsions.question q
  where q.id = any (closed)
    and r.batch_id = q.batch_id
    and r.measure_id = q.measure_id
    and r.to_organisation = q.from_organisation
    and r.state = 'question'
    and not exists (
      select
      from expulsions.question o
      where o.batch_id = q.batch_id
        and o.measure_id = q.measure_id
        and o.from_organisation = q.from_organisation
        and o.asked_by is not null
        and o.answered_at is null
    );
  -- What is asked by itself, because a list left it out, was never counted there.
  update expulsions.tally t
  set questioned = greatest(0, t.questioned - c.count)
  from (
    select q.batch_id, q.from_organisation, count(*)::integer as count
    from expulsions.question q
    where q.id = any (closed)
      and q.asked_by is not null
    group by q.batch_id, q.from_organisation
  ) c
  where t.batch_id = c.batch_id
    and t.to_organisation = c.from_organisation;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (asked.batch_id, at, 'answered', access.organisation(), asked.to_organisation, 1);
  if change <> '{}' then
    perform expulsions.revise_as(asked.measure_id, new_batch, new_reference,
      expulsions.answered_facts(change), access.organisation(), access.actor(), at);
    select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
    from expulsions.tell_all_as(new_batch, access.organisation(), asked.measure_id, term_hours, at) r;
  end if;
end
$$;

revoke execute on function expulsions.answered_facts(jsonb) from public;
