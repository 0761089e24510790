-- What a batch shows: refusals at the border, and where each row is.

create index border_refusal_of_batch on expulsions.border_refusal (batch_id);

-- A refusal is an event: it calls for nothing, and goes along no route. The Migration Service has its copy, as of every row.
drop policy border_refusal_seen on expulsions.border_refusal;
create policy border_refusal_seen on expulsions.border_refusal for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    custodian = (select access.organisation())
    or (select access.can('expulsion.oversee'))
    or (select access.organisation()) = any ((select expulsions.watchers())::uuid[])
  )
);
drop policy batch_seen on expulsions.batch;
create policy batch_seen on expulsions.batch for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    custodian = (select access.organisation())
    or (select access.can('expulsion.oversee'))
    or exists (
      select
      from expulsions.delivery d
      where d.batch_id = id
        and d.to_organisation = (select access.organisation())
    )
    or (
      (select access.organisation()) = any ((select expulsions.watchers())::uuid[])
      and exists (select from expulsions.border_refusal r where r.batch_id = id)
    )
  )
);

-- Refusals of a batch with their people, for its custodian and the bodies that are given every row.
create function expulsions.refusals_in(of_batch uuid, after integer, most integer)
returns table (id uuid, number integer, names jsonb, birth integer, refused_on date, border_point text, ground text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select r.id, coalesce(p.row_number, 1), p.names, p.birth, r.refused_on, r.border_point, r.ground
  from expulsions.border_refusal r
  join people.record p on p.id = r.record_id
  where r.batch_id = of_batch
    and coalesce(p.row_number, 1) > after
    and access.can('expulsion.read')
    and (r.custodian = access.organisation() or access.organisation() = any (expulsions.watchers()))
  order by coalesce(p.row_number, 1), r.id
  limit most;
end;

-- Where rows of a batch are, at others than the asker. Who watches over the exchange sees all of it. Whoever entered the rows sees
-- what bodies do that are given every row; of others that it was sent, always alike, whatever was held, and the question they asked.
create function expulsions.row_states(of_batch uuid, measures uuid[])
returns table (measure_id uuid, to_organisation uuid, state text, due_at timestamptz)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select r.measure_id, r.to_organisation, r.state, case when r.acknowledged_at is null then d.due_at end
  from expulsions.statement s
  join expulsions.delivery d on d.batch_id = s.batch_id
  join expulsions.delivery_row r
    on r.to_organisation = d.to_organisation and r.measure_id = s.measure_id and r.version = s.version
  where s.batch_id = of_batch
    and s.measure_id = any (measures)
    and d.to_organisation <> access.organisation()
    and access.can('expulsion.read')
    and (
      access.can('expulsion.oversee')
      or (s.custodian = access.organisation() and d.to_organisation = any (expulsions.watchers()))
    )
  union all
  select h.measure_id, h.to_organisation, 'held', null
  from expulsions.statement s
  join expulsions.held h on h.measure_id = s.measure_id and h.version = s.version
  where s.batch_id = of_batch
    and s.measure_id = any (measures)
    and access.can('expulsion.read')
    and access.can('expulsion.oversee')
  union all
  select s.measure_id, g.to_organisation,
    case
      when exists (
        select
        from expulsions.question q
        where q.batch_id = of_batch
          and q.measure_id = s.measure_id
          and q.from_organisation = g.to_organisation
          and q.asked_by is not null
          and q.answered_at is null
      ) then 'question'
      else 'sent'
    end,
    null
  from expulsions.statement s
  join expulsions.sending g on g.batch_id = s.batch_id and g.from_organisation = access.organisation()
  where s.batch_id = of_batch
    and s.measure_id = any (measures)
    and s.custodian = access.organisation()
    and access.can('expulsion.read')
    and not access.can('expulsion.oversee')
    and g.to_organisation <> all (expulsions.watchers());
end;

revoke execute on function expulsions.refusals_in(uuid, integer, integer), expulsions.row_states(uuid, uuid[]) from public;
grant execute on function expulsions.refusals_in(uuid, integer, integer), expulsions.row_states(uuid, uuid[]) to hamsafar_app;
