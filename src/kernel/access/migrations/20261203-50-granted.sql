-- Who may do what is asked in nearly every statement. One rule in one view, so that the question is one short plan instead of functions
-- that call functions; and the three that only read a setting become part of the statement that asks: their bodies are bound
-- already, so no search path can change them, and setting one would keep them apart.
alter function access.actor() reset search_path;
alter function access.organisation() reset search_path;
alter function access.moment() reset search_path;

-- Memberships that count: running, of an active account, in an open organisation.
create view access.counting_membership as
select m.id, m.user_id, m.organisation_id
from access.membership m
join access.user_account u on u.id = m.user_id
join organisations.organisation o on o.id = m.organisation_id
where m.since <= access.moment()
  and (m.until is null or m.until > access.moment())
  and u.state = 'active'
  and (o.closed_at is null or o.closed_at > access.moment());

-- What an actor may do in an organisation: a member of staff by their roles, a program by what it was given. One may come twice.
create view access.granted as
select m.user_id as actor_id, m.organisation_id, rp.permission
from access.counting_membership m
join access.membership_role mr on mr.membership_id = m.id
join access.role_permission rp on rp.role = mr.role
union all
select c.id, c.organisation_id, p.name
from access.api_client c
join organisations.organisation o on o.id = c.organisation_id
join access.permission p on p.name = any (c.permissions)
where c.revoked_at is null
  and (o.closed_at is null or o.closed_at > access.moment())
  and (p.clients = 'key' or (p.clients = 'signature' and c.public_key is not null));

create or replace function access.belongs(user_id uuid, organisation_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.counting_membership m
  where m.user_id = belongs.user_id
    and m.organisation_id = belongs.organisation_id
);

create or replace function access.permissions_of(user_id uuid, organisation_id uuid) returns setof text
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select distinct g.permission
  from access.granted g
  where g.actor_id = permissions_of.user_id
    and g.organisation_id = permissions_of.organisation_id;
end;

create or replace function access.can(permission text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.granted g
  where g.actor_id = access.actor()
    and g.organisation_id = access.organisation()
    and g.permission = can.permission
);
