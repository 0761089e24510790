-- What goes on is what is stated last. Whoever confirms a version that was superseded meanwhile passes on the newest one, in its
-- own batch: a recipient that comes to a measure late never gets a lifted one as in force.

-- The batches in which these measures are stated last.
create function expulsions.latest_of(wanted uuid[]) returns table (batch_id uuid, measures uuid[])
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.batch_id, array_agg(s.measure_id)
  from unnest(wanted) w (id)
  join expulsions.measure m on m.id = w.id
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  group by s.batch_id
  order by s.batch_id;
end;

-- Notes that a batch went along each route of its sender. Not of a batch that the sender itself was not given.
create function expulsions.note_sending_as(of_batch uuid, sender uuid, at timestamptz) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  insert into expulsions.sending (batch_id, from_organisation, to_organisation, route_id, sent_at, due_at)
  select of_batch, sender, r.to_organisation, r.id, at, at + make_interval(hours => r.term_hours)
  from expulsions.route r
  join expulsions.batch b on b.id = of_batch and b.custodian <> r.to_organisation
  where r.from_organisation = sender
    and r.ended_at is null
    and (
      b.custodian = sender
      or exists (
        select
        from expulsions.delivery d
        where d.batch_id = of_batch
          and d.to_organisation = sender
      )
    )
  on conflict do nothing;
end;

-- As before; always in the order of the recipients, so that two at once do not wait for each other.
create or replace function expulsions.relay_as(of_batch uuid, sender uuid, at timestamptz, measures uuid[])
returns table (to_organisation uuid, sent integer, fresh boolean)
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  select expulsions.note_sending_as(of_batch, sender, at) where measures <> '{}';
  with target as materialized (
    select t.recipient, (array_agg(t.route_id) filter (where t.route_id is not null))[1] as route_id,
      min(t.term_hours) as term_hours
    from (
      select r.to_organisation as recipient, r.id as route_id, r.term_hours
      from expulsions.route r
      where r.from_organisation = sender
        and r.ended_at is null
      union all
      select b.organisation_id, null::uuid, 24
      from expulsions.body b
      where b.kind = 'migration'
    ) t
    where t.recipient <> sender
      and t.recipient <> (select b.custodian from expulsions.batch b where b.id = of_batch)
    group by t.recipient
    order by t.recipient
  )
  select t.recipient, d.sent, d.fresh
  from target t
  cross join lateral expulsions.deliver_as(of_batch, sender, t.recipient, t.route_id, t.term_hours, at, measures) d
  where d.sent > 0;
end;

-- As before; a version that is given ends that older ones are held.
create or replace function expulsions.deliver_as(
  of_batch uuid, sender uuid, recipient uuid, by_route uuid, term_hours integer, at timestamptz, measures uuid[],
  out sent integer, out fresh boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  body_kind text;
  keeper uuid;
  before integer;
begin
  sent := 0;
  fresh := false;
  select b.kind into body_kind from expulsions.body b where b.organisation_id = recipient;
  select b.custodian into strict keeper from expulsions.batch b where b.id = of_batch;
  -- One at a time for each recipient, so that positions have no gaps.
  perform pg_advisory_xact_lock(hashtextextended(of_batch::text || recipient::text, 0));
  select coalesce(max(r.position), 0) into before
  from expulsions.delivery_row r
  where r.batch_id = of_batch
    and r.to_organisation = recipient;
  with stated as materialized (
    select s.measure_id, s.version, s.row_number, l.person_id
    from unnest(measures) m (id)
    join expulsions.statement s on s.batch_id = of_batch and s.measure_id = m.id
    left join people.link l on l.record_id = s.record_id
    where not exists (
        select
        from expulsions.delivery_row r
        where r.to_organisation = recipient
          and r.measure_id = s.measure_id
          and r.version = s.version
      )
  ), withheld as materialized (
    select w.id
    from people.withheld((select array_agg(s.person_id) from stated s), body_kind) w (id)
    where body_kind is distinct from 'migration'
  ), candidate as materialized (
    select s.measure_id, s.version, s.row_number,
      coalesce(body_kind = 'migration', false) or (s.person_id is not null and w.id is null) as allowed
    from stated s
    left join withheld w on w.id = s.person_id
  ), kept as (
    insert into expulsions.held (to_organisation, measure_id, version, batch_id, from_organisation, held_at)
    select recipient, c.measure_id, c.version, of_batch, sender, at
    from candidate c
    where c.allowed is not true
    on conflict do nothing
  ), opened as (
    insert into expulsions.delivery
      (batch_id, to_organisation, from_organisation, custodian, route_id, sent_at, due_at)
    select of_batch, recipient, sender, keeper, by_route, at, at + make_interval(hours => term_hours)
    where exists (select from candidate c where c.allowed)
    on conflict do nothing
    returning batch_id
  ), given as (
    insert into expulsions.delivery_row (to_organisation, measure_id, version, batch_id, position, state)
    select recipient, c.measure_id, c.version, of_batch,
      before + row_number() over (order by c.row_number, c.measure_id), 'sent'
    from candidate c
    where c.allowed
    on conflict do nothing
    returning measure_id, version
  ), released as (
    delete from expulsions.held h
    using given g
    where h.to_organisation = recipient
      and h.measure_id = g.measure_id
      and h.version <= g.version
  )
  select (select count(*) from given), exists (select from opened) into sent, fresh;
  if sent = 0 then
    return;
  end if;
  -- New rows: what was complete is so no more.
  update expulsions.delivery d
  set acknowledged_at = null
  where d.batch_id = of_batch
    and d.to_organisation = recipient
    and d.acknowledged_at is not null;
  insert into expulsions.tally (batch_id, to_organisation, rows)
  values (of_batch, recipient, sent)
  on conflict (batch_id, to_organisation) do update set rows = tally.rows + excluded.rows;
  if fresh then
    insert into expulsions.event (batch_id, at, kind, organisation_id, custodian) values (of_batch, at, 'sent', recipient, keeper);
  end if;
end
$$;

delete from expulsions.held h
using expulsions.delivery_row r
where r.to_organisation = h.to_organisation
  and r.measure_id = h.measure_id
  and r.version >= h.version;

-- Confirms rows of a batch, or all (null), and passes on what is stated last about them, along the own routes. Rows that are
-- confirmed already stay so.
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
  done uuid[];
  keeper uuid;
begin
  if not access.can('expulsion.acknowledge') then
    raise exception 'not allowed to acknowledge' using errcode = 'insufficient_privilege';
  end if;
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
      and (measures is null or r.measure_id = any (measures))
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
  -- Whoever decides about one of them at this moment waits, or was first. Either way nobody is left with what was superseded.
  perform from expulsions.measure m where m.id = any (done) order by m.id for share;
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

revoke execute on function expulsions.latest_of(uuid[]), expulsions.note_sending_as(uuid, uuid, timestamptz) from public;
