-- An answer may state how long a measure holds, and the day on which it was carried out. Until now an officer had to reckon the last day.

drop function expulsions.answered_facts(jsonb);

-- The last day of a length, as notice.ts reckons it (startOf): of what keeps somebody out after they were made to leave, from the day on
-- which they were. Null where its first day is not known, and where it would end before it was decided.
create function expulsions.end_of_length(facts jsonb) returns date
language sql
stable
set search_path = pg_catalog
return (
  select case when c.ends_on < greatest(d.starts_on, d.decision_on) then null else c.ends_on end
  from (
    select (facts ->> 'starts_on')::date as starts_on, (facts ->> 'decision_on')::date as decision_on,
      (facts ->> 'executed_on')::date as executed_on
  ) d
  cross join lateral (
    select (
      case
        when facts ->> 'kind' not in ('expulsion', 'deportation', 'readmission') then coalesce(d.starts_on, d.decision_on)
        when d.executed_on is not null then greatest(d.executed_on, d.starts_on)
      end + (facts ->> 'lasts')::interval
    )::date as ends_on
  ) c
);

-- What an answer puts right of what was stated last. A last day, or that there is none, takes the place of the whole earlier term; a
-- length, or its first day, is counted.
create function expulsions.answered_facts(last expulsions.statement, change jsonb) returns jsonb
language sql
stable
set search_path = pg_catalog
begin atomic
  select said.facts || case
      when change ?| array['lasts', 'executed_on'] and whole.facts ->> 'lasts' is not null
        then jsonb_build_object('term', case when whole.ends_on is null then 'unknown' else 'until' end, 'ends_on', whole.ends_on)
      else '{}'
    end
  from (
    select case
        when change ? 'term'
          then jsonb_build_object('term', change -> 'term', 'ends_on', change -> 'ends_on', 'lasts', null)
        else '{}'
      end
      || coalesce((
        select jsonb_object_agg(e.key, e.value)
        from jsonb_each(change) e
        where e.key in ('lasts', 'executed_on', 'ground')
      ), '{}') as facts
  ) said
  cross join lateral (
    select to_jsonb(last) || said.facts as facts, expulsions.end_of_length(to_jsonb(last) || said.facts) as ends_on
  ) whole;
end;

-- As before; a day of execution alone answers nobody else, who asked until when.
create or replace function expulsions.answer(
  question uuid, in_words text, change jsonb, new_batch uuid, new_reference text, term_hours integer, at timestamptz,
  decide_by timestamptz, out told jsonb, out deciders uuid[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked expulsions.question;
  last expulsions.statement;
  facts jsonb;
  closed uuid[];
begin
  told := '[]';
  deciders := '{}';
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
       or (
         change - 'executed_on' <> '{}'
         and q.measure_id = asked.measure_id
         and q.about = asked.about
         and q.answered_at is null
       )
    returning q.id
  )
  select array_agg(d.id) into closed from done d;
  perform expulsions.close_as(closed);
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (asked.batch_id, at, 'answered', access.organisation(), asked.to_organisation, 1);
  if change = '{}' then
    return;
  end if;
  perform from expulsions.measure m where m.id = asked.measure_id for update;
  select s.* into strict last
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = asked.measure_id;
  facts := expulsions.answered_facts(last, change);
  if not expulsions.is_over(last.kind, last.status, last.ends_on, at::date)
    and expulsions.ends_sooner(asked.measure_id, to_jsonb(last) || facts, at::date) then
    insert into expulsions.correction
      (id, measure_id, wanted, change, reason, proposed_by, proposed_for, proposed_at, due_at)
    values (gen_random_uuid(), asked.measure_id, 'ended', facts, in_words, access.actor(),
      access.organisation(), at, decide_by);
    deciders := expulsions.deciders_as(array[asked.measure_id]);
    return;
  end if;
  perform expulsions.revise_as(asked.measure_id, new_batch, new_reference, facts, access.organisation(), access.actor(), at);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.tell_all_as(new_batch, access.organisation(), asked.measure_id, term_hours, at) r;
end
$$;

revoke execute on function expulsions.end_of_length(jsonb), expulsions.answered_facts(expulsions.statement, jsonb) from public;
