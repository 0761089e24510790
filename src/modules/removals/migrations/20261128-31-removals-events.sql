-- What happened to a removal, act by act. A state alone does not tell that something was taken out and put back.
create table removals.event (
  id bigint generated always as identity primary key,
  removal_id uuid not null references removals.removal (id),
  at timestamptz not null,
  kind text not null
    constraint event_kind_known
    check (kind in (
      'entered', 'imported', 'corrected', 'withdrawn', 'restored', 'cost_added', 'cost_withdrawn', 'cost_restored', 'joined', 'parted')),
  cost_id uuid references removals.cost (id),
  organisation_id uuid not null references organisations.organisation (id),
  by_user uuid not null,
  constraint event_of_cost_whole check ((kind like 'cost%') = (cost_id is not null))
);
create index event_of_removal on removals.event (removal_id, at, id);

-- What is here already, as far as it can still be told.
insert into removals.event (removal_id, at, kind, cost_id, organisation_id, by_user)
select *
from (
  select r.id, r.entered_at, case when r.import_id is null then 'entered' else 'imported' end, null::uuid, r.custodian, r.entered_by
  from removals.removal r
  union all
  select r.id, r.withdrawn_at, 'withdrawn', null, r.custodian, r.withdrawn_by
  from removals.removal r
  where r.withdrawn_at is not null
  union all
  select c.removal_id, c.added_at, 'cost_added', c.id, c.organisation_id, c.added_by
  from removals.cost c
  union all
  select c.removal_id, c.withdrawn_at, 'cost_withdrawn', c.id, c.organisation_id, c.withdrawn_by
  from removals.cost c
  where c.withdrawn_at is not null
  union all
  select j.removal_id, j.joined_at, 'joined', null, j.organisation_id, j.joined_by
  from removals.joined j
  union all
  select j.removal_id, j.ended_at, 'parted', null, j.organisation_id, j.ended_by
  from removals.joined j
  where j.ended_at is not null
) x (removal_id, at, kind, cost_id, organisation_id, by_user)
order by x.at;

create function removals.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  raise exception 'what happened to a removal is never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger event_append_only before update or delete or truncate on removals.event
for each statement execute function removals.refuse_change();

alter table removals.event enable row level security;
-- As much as of the removal; that it was joined to a measure or refusal is for officers, never for carriers.
create policy event_seen on removals.event for select to hamsafar_app
using (
  exists (select from removals.removal r where r.id = removal_id)
  and (
    kind not in ('joined', 'parted')
    or (
      (select access.can('removal.join'))
      and (organisation_id = (select access.organisation()) or (select access.can('removal.oversee')))
    )
  )
);
create policy event_noted on removals.event for insert to hamsafar_app
with check (
  organisation_id = (select access.organisation())
  and by_user = (select access.actor())
  and (select access.can('removal.read'))
  and exists (select from removals.removal r where r.id = removal_id)
);
grant select, insert on removals.event to hamsafar_app;
