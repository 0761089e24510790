-- As before; what a statement says beside its end is asked where a measure is over, not of every row of a long list. Whether one is over
-- is bound already: without a search path of its own it becomes part of each statement that asks.
alter function expulsions.is_over(text, text, date, date) reset search_path;

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
    select s.measure_id, s.version, s.row_number, l.person_id,
      expulsions.is_over(s.kind, s.status, s.ends_on, at::date) as over
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
      coalesce(body_kind = 'migration', false)
      or (s.person_id is not null and w.id is null)
      or (
        s.over
        and exists (
          select
          from expulsions.delivery_row r
          join expulsions.statement o on o.measure_id = r.measure_id and o.version = r.version
          join expulsions.statement n on n.measure_id = s.measure_id and n.version = s.version
          where r.to_organisation = recipient
            and r.measure_id = s.measure_id
            and expulsions.beside_its_end(o) = expulsions.beside_its_end(n)
        )
      ) as allowed
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
