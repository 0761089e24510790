-- As before; where two officers agree that a measure whose last day is past is in force after all, it is asked until when, in the name of the
-- Migration Service, as of a list that says nothing of it: nobody asked.
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
  -- The measure first, as imports lock it: what else is open about it may end here. In their order with it the same decision elsewhere, about
  -- which something may be opened here: somebody may decide about that at this moment.
  select c.measure_id into strict measure from expulsions.correction c where c.id = correction_id;
  perform
  from expulsions.measure m
  where m.id = measure
     or m.id in (select t.measure_id from expulsions.twins_as(measure) t)
  order by m.id
  for update;
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
    -- What stated an end had ended the question about it; it is refused, and still nobody knows until when.
    insert into expulsions.question
      (id, measure_id, batch_id, about, from_organisation, to_organisation, asked_at, due_at)
    select gen_random_uuid(), q.measure_id, q.batch_id, q.about, q.from_organisation, q.to_organisation, at,
      at + (q.due_at - q.asked_at)
    from expulsions.measure m
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    join expulsions.question q on q.measure_id = m.id and q.about = 'term'
    where m.id = measure
      and wish.wanted = 'ended'
      and s.term = 'unknown'
      and s.lasts is null
      and s.status = 'in_force'
      and not exists (
        select from expulsions.question o where o.measure_id = m.id and o.about = 'term' and o.answered_at is null
      )
    order by q.asked_at desc, q.id
    limit 1
    on conflict do nothing;
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
  if wish.wanted = 'in_force' and last.ends_on < at::date then
    insert into expulsions.question
      (id, measure_id, batch_id, about, from_organisation, to_organisation, asked_at, due_at)
    select gen_random_uuid(), m.id, new_batch, 'term',
      coalesce(
        (
          select b.organisation_id
          from expulsions.body b
          where b.kind = 'migration'
          order by b.organisation_id <> m.custodian, b.organisation_id
          limit 1
        ),
        m.custodian
      ),
      m.custodian, at, at + (wish.due_at - wish.proposed_at)
    from expulsions.measure m
    where m.id = measure
    on conflict do nothing;
  end if;
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
