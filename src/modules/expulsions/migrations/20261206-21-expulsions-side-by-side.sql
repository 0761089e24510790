-- Several corrections of one measure wait side by side, each for two officers: what another list states, or another decision, was dropped
-- while one was open. Of one list, one decision about the same elsewhere, and of officers, there is one at a time.
drop index expulsions.correction_open;
create index correction_open on expulsions.correction (measure_id) where outcome is null;
create unique index correction_once_of_officers on expulsions.correction (measure_id)
where outcome is null and stated_in is null and follows is null;
create unique index correction_once_of_list on expulsions.correction (measure_id, stated_in)
where outcome is null and stated_in is not null;
create unique index correction_once_followed on expulsions.correction (measure_id, wanted, change) nulls not distinct
where outcome is null and follows is not null;

-- What would change nothing any more, once two officers agreed to another, ends with that: nobody decided it.
alter table expulsions.correction
  add settled_by uuid references expulsions.correction (id),
  drop constraint correction_withdrawn_why_known,
  add constraint correction_withdrawn_why_known check (withdrawn_why in ('in_force', 'gone', 'otherwise', 'settled')),
  drop constraint correction_withdrawn_whole,
  add constraint correction_withdrawn_whole check (
    (outcome is not distinct from 'withdrawn') = (withdrawn_why is not null)
    and (withdrawn_why is not null) = (num_nonnulls(withdrawn_by, settled_by) = 1)
    and (withdrawn_why is not distinct from 'settled') = (settled_by is not null)
    and (withdrawn_by is null or stated_in is not null)
  );
comment on column expulsions.correction.settled_by is 'the correction of the same measure that was agreed to, and left nothing to change';

-- Whether a correction would still change how its measure stands: a lift nothing of what is lifted or another's, an end nothing of what is
-- over or ends as soon.
create function expulsions.changes_something(wish expulsions.correction, today date) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return (
  select case wish.wanted
      when 'not_me' then s.status <> 'not_me'
      when 'lifted' then s.status not in ('lifted', 'not_me')
      when 'in_force' then expulsions.is_over(s.kind, s.status, s.ends_on, today)
      else not expulsions.is_over(s.kind, s.status, s.ends_on, today)
        and (wish.change ? 'status' or expulsions.ends_sooner(s.measure_id, to_jsonb(s) || wish.change, today))
    end
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = wish.measure_id
);

-- As before; also where a list left the first day of a length open since, the end that was stated before it is measured by: else one
-- officer would bring it forward in two steps. That a term which nobody ever knew ends some day to come takes nothing back.
create or replace function expulsions.ends_sooner(measure uuid, facts jsonb, today date) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return (
  select coalesce(n.ends_on >= today, true)
    and coalesce(
      expulsions.last_day(facts, today) < greatest(
        today,
        -- The first day of a length that is the same becomes known: the end that was known before is measured by, if there was one.
        case
          when k.ends_on is null and k.lasts = facts ->> 'lasts' then coalesce(
            case
              when k.row_number is not null then (
                select expulsions.last_day(to_jsonb(e), today)
                from expulsions.statement e
                where e.measure_id = m.id
                  and (e.ends_on is not null or e.term = 'indefinite')
                order by e.version desc
                limit 1
              )
            end,
            today
          )
          else expulsions.last_day(to_jsonb(k), today)
        end
      ),
      false
    )
  from expulsions.measure m
  join expulsions.statement n on n.measure_id = m.id and n.version = m.latest
  left join lateral (
    select s.*
    from expulsions.statement s
    where s.measure_id = m.id
      and (s.term <> 'unknown' or s.lasts is not null)
    order by s.version desc
    limit 1
  ) k on true
  where m.id = measure
);

-- As before; beside what lists or other decisions opened, but not the same.
create or replace function expulsions.propose(
  correction_id uuid, measure uuid, what text, in_words text, at timestamptz, due timestamptz, out deciders uuid[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  present expulsions.statement;
begin
  if not access.can('expulsion.correct') or not expulsions.knows(measure) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  perform from expulsions.measure m where m.id = measure for update;
  select s.* into strict present
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = measure;
  if what = 'in_force' then
    if not expulsions.is_over(present.kind, present.status, present.ends_on, at::date) then
      raise exception 'it is so already' using errcode = 'unique_violation';
    end if;
  elsif present.status = what then
    raise exception 'it is so already' using errcode = 'unique_violation';
  end if;
  if exists (
    select from expulsions.correction c where c.measure_id = measure and c.wanted = what and c.outcome is null
  ) then
    raise exception 'it is open already' using errcode = 'unique_violation';
  end if;
  insert into expulsions.correction (id, measure_id, wanted, reason, proposed_by, proposed_for, proposed_at, due_at)
  values (correction_id, measure, what, in_words, access.actor(), access.organisation(), at, due);
  deciders := expulsions.deciders_as(array[measure]);
end
$$;

-- As before; what is left with nothing to change is settled by it.
create or replace function expulsions.decide(
  correction_id uuid, verdict text, new_batch uuid, new_reference text, term_hours integer, at timestamptz,
  out second boolean, out told jsonb, out opened jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  measure uuid;
  wish expulsions.correction;
  last expulsions.statement;
begin
  second := true;
  told := '[]';
  opened := '[]';
  -- The measure first, as imports lock it: what else is open about it may end here.
  select c.measure_id into strict measure from expulsions.correction c where c.id = correction_id;
  perform from expulsions.measure m where m.id = measure for update;
  select c.* into strict wish from expulsions.correction c where c.id = correction_id for update;
  if not access.can('expulsion.correct')
    or not (wish.proposed_for is not distinct from access.organisation() or expulsions.decides(wish.measure_id)) then
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
  select s.* into strict last
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = wish.measure_id;
  perform expulsions.revise_as(wish.measure_id, new_batch, new_reference,
    coalesce(wish.change, jsonb_build_object('status', wish.wanted, 'status_on', at::date))
      -- Until when it is in force after all, nobody has said: that is asked like any term.
      || case
        when wish.wanted = 'in_force' and last.ends_on < at::date
          then '{"term": "unknown", "ends_on": null, "lasts": null}'
        else '{}'
      end::jsonb,
    access.organisation(), access.actor(), at);
  update expulsions.correction c set batch_id = new_batch where c.id = correction_id;
  update expulsions.correction o
  set outcome = 'withdrawn', decided_at = at, withdrawn_why = 'settled', settled_by = correction_id
  where o.measure_id = measure
    and o.outcome is null
    and not expulsions.changes_something(o, at::date);
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (new_batch, at, 'decided', access.organisation(), access.organisation(), 1);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.tell_all_as(new_batch, access.organisation(), wish.measure_id, term_hours, at) r;
  with made as (
    insert into expulsions.correction (id, measure_id, wanted, change, follows, proposed_at, due_at)
    select gen_random_uuid(), t.measure_id, wish.wanted, wish.change, wish.id, at, at + (wish.due_at - wish.proposed_at)
    from expulsions.twins_as(wish.measure_id) t
    join expulsions.measure m on m.id = t.measure_id
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    where (t.status <> wish.wanted or wish.wanted = 'in_force')
      and (wish.wanted <> 'in_force' or expulsions.is_over(s.kind, s.status, s.ends_on, at::date))
      and (
        wish.wanted <> 'ended'
        or (
          not expulsions.is_over(s.kind, s.status, s.ends_on, at::date)
          and (
            wish.change ? 'status'
            or expulsions.ends_sooner(s.measure_id, to_jsonb(s) || wish.change, at::date)
          )
        )
      )
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

revoke execute on function expulsions.changes_something(expulsions.correction, date) from public;
