-- Whoever sends sees that it was sent, always alike. Whether a recipient was given anything, looked at it or confirmed it would
-- tell, of a list of one, that the person in it is protected: that is for the recipient and for those who watch over the
-- exchange. Bodies of migration get every row, so what they did tells nothing and may be seen.
create table expulsions.sending (
  batch_id uuid not null references expulsions.batch (id),
  from_organisation uuid not null,
  to_organisation uuid not null references organisations.organisation (id),
  route_id uuid not null references expulsions.route (id),
  sent_at timestamptz not null,
  due_at timestamptz not null,
  primary key (batch_id, from_organisation, to_organisation)
);
comment on table expulsions.sending is 'written along every route, also where all rows are held from the recipient';

insert into expulsions.sending
select d.batch_id, d.from_organisation, d.to_organisation, d.route_id, d.sent_at, d.due_at
from expulsions.delivery d
where d.route_id is not null
union
select h.batch_id, h.from_organisation, h.to_organisation, r.id, min(h.held_at), min(h.held_at) + make_interval(hours => r.term_hours)
from expulsions.held h
join expulsions.route r on r.from_organisation = h.from_organisation and r.to_organisation = h.to_organisation and r.ended_at is null
where not exists (
    select
    from expulsions.delivery d
    where d.batch_id = h.batch_id
      and d.to_organisation = h.to_organisation
  )
group by h.batch_id, h.from_organisation, h.to_organisation, r.id;

-- As before, and what goes along a route is noted, whether rows of it are held or not.
create or replace function expulsions.relay_as(of_batch uuid, sender uuid, at timestamptz, measures uuid[])
returns table (to_organisation uuid, sent integer, fresh boolean)
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
    and measures <> '{}'
  on conflict do nothing;
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
  )
  select t.recipient, d.sent, d.fresh
  from target t
  cross join lateral expulsions.deliver_as(of_batch, sender, t.recipient, t.route_id, t.term_hours, at, measures) d
  where d.sent > 0;
end;

-- The bodies that are given every row.
create function expulsions.watchers() returns uuid[]
language sql
stable
security definer
set search_path = pg_catalog
return array(select b.organisation_id from expulsions.body b where b.kind = 'migration' and access.can('expulsion.read'));

drop policy delivery_seen on expulsions.delivery;
create policy delivery_seen on expulsions.delivery for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    to_organisation = (select access.organisation())
    or (select access.can('expulsion.oversee'))
    or (
      (select access.organisation()) in (from_organisation, custodian)
      and to_organisation = any ((select expulsions.watchers())::uuid[])
    )
  )
);
drop policy event_seen on expulsions.event;
create policy event_seen on expulsions.event for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    organisation_id = (select access.organisation())
    or (select access.can('expulsion.oversee'))
    or (
      custodian = (select access.organisation())
      and (
        kind not in ('sent', 'received', 'acknowledged', 'reminded', 'escalated')
        or organisation_id = any ((select expulsions.watchers())::uuid[])
      )
    )
  )
);
alter table expulsions.sending enable row level security;
create policy sending_seen on expulsions.sending for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (from_organisation = (select access.organisation()) or (select access.can('expulsion.oversee')))
);
grant select on expulsions.sending to hamsafar_app;
revoke execute on function expulsions.watchers() from public;
grant execute on function expulsions.watchers() to hamsafar_app;
