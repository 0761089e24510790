-- Programs of an organisation: each acts for it with rights of its own, and proves at every call who it is.

alter table access.permission add column clients text
  constraint permission_clients_known check (clients in ('key', 'signature'));
comment on column access.permission.clients
is 'how a program that holds it must prove who it is: by a key that it sends, or by signing; null: it is for people only';

create table access.api_client (
  id uuid primary key,
  organisation_id uuid not null references organisations.organisation (id),
  label text not null
    constraint api_client_label_given check (label = btrim(label) and label <> '' and length(label) <= 80),
  permissions text[] not null
    constraint api_client_permissions_some check (cardinality(permissions) between 1 and 50),
  -- SHA-256 of the key that it sends; or the public half of the key that it signs with (Ed25519).
  key_hash bytea unique
    constraint api_client_key_hash_sha256 check (length(key_hash) = 32),
  public_key bytea
    constraint api_client_public_key_ed25519 check (length(public_key) = 32),
  created_by uuid not null references access.user_account (id),
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint api_client_one_proof check ((key_hash is null) <> (public_key is null))
);
create index api_client_of_organisation on access.api_client (organisation_id, created_at desc);

-- What was written by a call, so that the same call again is answered alike and does nothing.
create table access.api_call (
  client_id uuid not null references access.api_client (id) on delete cascade,
  idempotency_key text not null
    constraint api_call_key_form check (idempotency_key ~ '^[A-Za-z0-9._:-]{1,80}$'),
  request bytea not null
    constraint api_call_request_sha256 check (length(request) = 32),
  answer jsonb,
  at timestamptz not null,
  primary key (client_id, idempotency_key)
);
comment on column access.api_call.request is 'digest of address and body: another request cannot use the same key';
create index api_call_at on access.api_call (at);

-- An actor is a member of staff, or a program of the organisation.
create or replace function access.permissions_of(user_id uuid, organisation_id uuid) returns setof text
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select distinct rp.permission
  from access.membership m
  join access.membership_role mr on mr.membership_id = m.id
  join access.role_permission rp on rp.role = mr.role
  where m.user_id = permissions_of.user_id
    and m.organisation_id = permissions_of.organisation_id
    and m.since <= access.moment()
    and (m.until is null or m.until > access.moment())
    and access.belongs(permissions_of.user_id, permissions_of.organisation_id)
  union
  select p.name
  from access.api_client c
  join organisations.organisation o on o.id = c.organisation_id
  join access.permission p on p.name = any (c.permissions)
  where c.id = permissions_of.user_id
    and c.organisation_id = permissions_of.organisation_id
    and c.revoked_at is null
    and (o.closed_at is null or o.closed_at > access.moment())
    and (p.clients = 'key' or (p.clients = 'signature' and c.public_key is not null));
end;

-- The program that a key belongs to, or that says who it is and will be asked for its signature. None when it was revoked.
create function access.find_client(wanted uuid, hash bytea)
returns table (client_id uuid, organisation_id uuid, public_key bytea, permissions text[])
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select c.id, c.organisation_id, c.public_key, array(select access.permissions_of(c.id, c.organisation_id))
  from access.api_client c
  where (c.key_hash = find_client.hash or (c.id = find_client.wanted and c.public_key is not null))
    and c.revoked_at is null;
end;

alter table access.api_client enable row level security;
alter table access.api_call enable row level security;

-- Colleagues read its label under what it did; who administers them sees when it was used.
create policy api_client_seen on access.api_client for select to hamsafar_app
using (organisation_id = (select access.organisation()));
create policy api_client_added on access.api_client for insert to hamsafar_app
with check (
  (select access.can('client.administer') and access.proven())
  and organisation_id = (select access.organisation())
  and created_by = (select access.actor())
);
-- Revoking is always possible, and for good.
create policy api_client_revoked on access.api_client for update to hamsafar_app
using ((select access.can('client.administer')) and organisation_id = (select access.organisation()) and revoked_at is null)
with check (revoked_at is not null);
create policy api_client_used on access.api_client for update to hamsafar_app
using (id = (select access.actor()));
create policy api_call_own on access.api_call for all to hamsafar_app
using (client_id = (select access.actor()));

grant select (id, organisation_id, label, permissions, created_by, created_at, last_used_at, revoked_at),
  insert (id, organisation_id, label, permissions, key_hash, public_key, created_by, created_at),
  update (last_used_at, revoked_at)
  on access.api_client to hamsafar_app;
grant select, insert, update (answer) on access.api_call to hamsafar_app;

revoke execute on function access.find_client from public;
grant execute on function access.find_client to hamsafar_app;
