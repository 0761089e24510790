-- As before, but what it locks it locks in the order of answers, imports and decisions: whoever confirmed a row while its question was answered
-- waited for them, and they for it, and one of both failed.
create or replace function expulsions.acknowledge(
  of_batch uuid, measures uuid[], at timestamptz, out acknowledged integer, out told jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  mine uuid := access.organisation();
  open uuid[];
  done uuid[];
  keeper uuid;
begin
  if not access.can('expulsion.acknowledge') then
    raise exception 'not allowed to acknowledge' using errcode = 'insufficient_privilege';
  end if;
  -- The measures first, as answers, imports and decisions lock them: these close the questions of such a row. Whoever decides about one of
  -- them at this moment waits, or was first. Either way nobody is left with what was superseded.
  select array_agg(r.measure_id) into open
  from expulsions.delivery_row r
  where r.batch_id = of_batch
    and r.to_organisation = mine
    and r.state in ('sent', 'received', 'question', 'answered')
    and (measures is null or r.measure_id = any (measures));
  perform from expulsions.measure m where m.id = any (open) order by m.id for share;
  select d.custodian into strict keeper
  from expulsions.delivery d
  where d.batch_id = of_batch
    and d.to_organisation = mine
  for update;
  with moved as (
    update expulsions.delivery_row r
    set state = 'acknowledged', received_at = coalesce(r.received_at, at), acknowledged_at = at
    where r.batch_id = of_batch
      and r.to_organisation = mine
      and r.state in ('sent', 'received', 'question', 'answered')
      and r.measure_id = any (open)
    returning r.measure_id
  )
  select array_agg(m.measure_id) into done from moved m;
  acknowledged := coalesce(cardinality(done), 0);
  told := '[]';
  if acknowledged = 0 then
    return;
  end if;
  update expulsions.tally t
  set acknowledged = t.acknowledged + acknowledge.acknowledged
  where t.batch_id = of_batch
    and t.to_organisation = mine;
  update expulsions.delivery d
  set received_at = coalesce(d.received_at, at),
      acknowledged_at = case when t.acknowledged = t.rows then at end
  from expulsions.tally t
  where d.batch_id = of_batch
    and d.to_organisation = mine
    and t.batch_id = of_batch
    and t.to_organisation = mine;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (of_batch, at, 'acknowledged', mine, keeper, acknowledged);
  -- The sender sees its batch sent in any case: that a version is newer, or held, is not told by a line that is missing.
  perform expulsions.note_sending_as(of_batch, mine, at);
  select coalesce(
      jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh, 'batch', b.reference, 'kind', b.kind)), '[]'
    ) into told
  from expulsions.latest_of(done) l
  join expulsions.batch b on b.id = l.batch_id
  cross join lateral expulsions.relay_as(l.batch_id, mine, at, l.measures) r;
  update expulsions.delivery_row r
  set state = 'passed_on'
  where r.batch_id = of_batch
    and r.to_organisation = mine
    and r.measure_id = any (done)
    and exists (select from expulsions.route o where o.from_organisation = mine and o.ended_at is null);
end
$$;
