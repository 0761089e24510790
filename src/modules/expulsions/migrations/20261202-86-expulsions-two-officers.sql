-- A measure that is known is lifted by two officers alone, never by a row of a list; that a lift was wrong is decided by two as well.

alter table expulsions.statement
  add received_status text
    constraint statement_received_known check (received_status in ('in_force', 'appealed', 'lifted', 'served', 'not_me')),
  add received_status_on date;
comment on column expulsions.statement.received_status is 'what the row itself stated, where the measure stays as officers decided, or waits for them';

drop trigger statement_immutable on expulsions.statement;
create trigger statement_immutable
before update of measure_id, version, batch_id, custodian, row_number, record_id, kind, decision_no, decision_on, starts_on, term,
  ends_on, executed_on, status, status_on, received_status, received_status_on, stated_at
  or delete or truncate on expulsions.statement
for each statement execute function expulsions.refuse_change();

alter table expulsions.correction
  alter column proposed_by drop not null,
  alter column proposed_for drop not null,
  add stated_in uuid references expulsions.batch (id),
  add follows uuid references expulsions.correction (id),
  add reminders integer not null default 0,
  add reminded_at timestamptz,
  add escalated_at timestamptz,
  drop constraint correction_wanted_known,
  add constraint correction_wanted_known check (wanted in ('not_me', 'lifted', 'in_force')),
  drop constraint correction_reason_until_decided,
  add constraint correction_reason_until_decided
    check (reason is not null or outcome is not null or stated_in is not null or follows is not null),
  add constraint correction_confirmed_by_two check (outcome is distinct from 'confirmed' or proposed_by is not null);
create index correction_of_measure on expulsions.correction (measure_id, decided_at);
comment on column expulsions.correction.proposed_by is 'null: a program or another decision opened it; the first officer who agrees is written here';
comment on column expulsions.correction.stated_in is 'the list that states it';
comment on column expulsions.correction.follows is 'what was decided about the same decision, as another office states it';

alter table expulsions.question
  add reminders integer not null default 0,
  add reminded_at timestamptz,
  add escalated_at timestamptz;

-- One more version of what is stated: the last one with changes, in a batch of its own.
create or replace function expulsions.revise_as(
  measure uuid, new_batch uuid, new_reference text, change jsonb, sender uuid, by_user uuid, at timestamptz
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  last expulsions.statement;
begin
  perform from expulsions.measure m where m.id = measure for update;
  select s.* into strict last
  from expulsions.statement s
  where s.measure_id = measure
  order by s.version desc
  limit 1;
  insert into expulsions.batch (id, reference, kind, custodian, entered_by, received_at)
  values (new_batch, new_reference, 'decision', sender, by_user, at);
  last := jsonb_populate_record(last, change || jsonb_build_object(
    'version', last.version + 1, 'batch_id', new_batch, 'row_number', null, 'stated_at', at,
    'received_status', null, 'received_status_on', null));
  insert into expulsions.statement select last.*;
  update expulsions.measure m set latest = last.version where m.id = measure;
end
$$;

-- The offices that have these measures: of them whoever may correct decides.
create function expulsions.deciders_as(measures uuid[]) returns uuid[]
language sql
stable
security definer
set search_path = pg_catalog
return array(
  select m.custodian
  from expulsions.measure m
  where m.id = any (measures)
  union
  select d.to_organisation
  from expulsions.statement s
  join expulsions.delivery d on d.batch_id = s.batch_id
  join expulsions.delivery_row r
    on r.to_organisation = d.to_organisation and r.measure_id = s.measure_id and r.version = s.version
  where s.measure_id = any (measures)
);

-- A number of a decision as it is compared: letters and digits, those that look alike as Cyrillic ones.
create function expulsions.plain_number(number text) returns text
language sql
immutable
strict
set search_path = pg_catalog
return btrim(regexp_replace(
  translate(upper(number collate "und-x-icu"), 'ABCEHKMOPTXY', 'АВСЕНКМОРТХУ'), '[^[:alnum:]]+' collate "und-x-icu", ' ', 'g'
));

-- The same decision against the same person or document, as other offices state it.
create function expulsions.twins_as(of_measure uuid) returns table (measure_id uuid, custodian uuid, status text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  with it as (
    select m.id, m.custodian, s.kind, s.record_id, expulsions.plain_number(s.decision_no) as number
    from expulsions.measure m
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    where m.id = of_measure
  ), same as (
    select k.measure_id
    from it
    join expulsions.measure_key o on o.measure_id = it.id and o.of = 'document'
    cross join (select distinct b.custodian from expulsions.batch b where b.kind = 'list') c
    join expulsions.measure_key k on k.custodian = c.custodian and k.key = o.key
    union
    select s.measure_id
    from it
    join people.link l on l.record_id = it.record_id
    join people.person p on p.id = l.person_id
    join people.person q on q.root = p.root
    join people.link r on r.person_id = q.id
    join expulsions.statement s on s.record_id = r.record_id
  )
  select o.id, o.custodian, s.status
  from it
  cross join same
  join expulsions.measure o on o.id = same.measure_id and o.custodian <> it.custodian
  join expulsions.statement s on s.measure_id = o.id and s.version = o.latest
  where s.kind = it.kind
    and expulsions.plain_number(s.decision_no) = it.number;
end;

-- That other offices state the same, for whoever may correct it; the reference only of what the actor's office has too.
create function expulsions.stated_elsewhere(measure uuid) returns table (office uuid, reference text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select t.custodian, case when expulsions.knows(t.measure_id) then m.reference end
  from expulsions.twins_as(measure) t
  join expulsions.measure m on m.id = t.measure_id
  where expulsions.knows(measure)
    and (access.can('expulsion.correct') or expulsions.knows(t.measure_id))
  order by t.custodian, m.reference;
end;

drop function expulsions.propose(uuid, uuid, text, text, timestamptz, timestamptz);
-- The first of two officers: this measure is not against this person, is lifted, or was lifted wrongly. Answers which offices
-- can have the second.
create function expulsions.propose(
  correction_id uuid, measure uuid, what text, in_words text, at timestamptz, due timestamptz, out deciders uuid[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  present text;
begin
  if not access.can('expulsion.correct') or not expulsions.knows(measure) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  perform from expulsions.measure m where m.id = measure for update;
  select s.status into strict present
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = measure;
  if present = what or (what = 'in_force' and present not in ('lifted', 'not_me')) then
    raise exception 'it is so already' using errcode = 'unique_violation';
  end if;
  insert into expulsions.correction (id, measure_id, wanted, reason, proposed_by, proposed_for, proposed_at, due_at)
  values (correction_id, measure, what, in_words, access.actor(), access.organisation(), at, due);
  deciders := expulsions.deciders_as(array[measure]);
end
$$;

drop function expulsions.decide(uuid, text, uuid, text, integer, timestamptz);
-- The second of two officers. Confirmed, it becomes a new version, and goes to everybody who ever had a row of it. What nobody
-- proposed takes two who confirm: for the first, `second` is false. `opened`: the same decision, as other offices state it, each
-- for two officers.
create function expulsions.decide(
  correction_id uuid, verdict text, new_batch uuid, new_reference text, term_hours integer, at timestamptz,
  out second boolean, out told jsonb, out opened jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wish expulsions.correction;
begin
  second := true;
  told := '[]';
  opened := '[]';
  select c.* into strict wish from expulsions.correction c where c.id = correction_id for update;
  if not access.can('expulsion.correct') or not expulsions.knows(wish.measure_id) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  if wish.outcome is not null then
    raise exception 'decided already' using errcode = 'unique_violation';
  end if;
  if verdict = 'confirmed' and wish.proposed_by is null then
    update expulsions.correction c
    set proposed_by = access.actor(), proposed_for = access.organisation()
    where c.id = correction_id;
    second := false;
    return;
  end if;
  update expulsions.correction c
  set outcome = verdict, decided_by = access.actor(), decided_for = access.organisation(), decided_at = at
  where c.id = correction_id;
  if verdict <> 'confirmed' then
    return;
  end if;
  perform expulsions.revise_as(wish.measure_id, new_batch, new_reference,
    jsonb_build_object('status', wish.wanted, 'status_on', at::date), access.organisation(), access.actor(), at);
  update expulsions.correction c set batch_id = new_batch where c.id = correction_id;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (new_batch, at, 'decided', access.organisation(), access.organisation(), 1);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.tell_all_as(new_batch, access.organisation(), wish.measure_id, term_hours, at) r;
  with made as (
    insert into expulsions.correction (id, measure_id, wanted, follows, proposed_at, due_at)
    select gen_random_uuid(), t.measure_id, wish.wanted, wish.id, at, at + (wish.due_at - wish.proposed_at)
    from expulsions.twins_as(wish.measure_id) t
    where t.status <> wish.wanted
      and (wish.wanted <> 'in_force' or t.status in ('lifted', 'not_me'))
    on conflict do nothing
    returning measure_id
  )
  select coalesce(
      jsonb_agg(jsonb_build_object('measure', m.reference, 'deciders', expulsions.deciders_as(array[m.id]))), '[]'
    ) into opened
  from made
  join expulsions.measure m on m.id = made.measure_id;
end
$$;

revoke execute on function expulsions.deciders_as(uuid[]), expulsions.plain_number(text), expulsions.twins_as(uuid),
  expulsions.stated_elsewhere(uuid), expulsions.propose(uuid, uuid, text, text, timestamptz, timestamptz),
  expulsions.decide(uuid, text, uuid, text, integer, timestamptz)
  from public;
grant execute on function expulsions.stated_elsewhere(uuid),
  expulsions.propose(uuid, uuid, text, text, timestamptz, timestamptz),
  expulsions.decide(uuid, text, uuid, text, integer, timestamptz)
  to hamsafar_app;
