create schema files;
grant usage on schema files to hamsafar_app;

-- What the platform keeps outside the tables. The bytes lie in the file store under the row's id; a row that is gone
-- leaves bytes that nobody reaches, and that the reaper takes away.
create table files.file (
  id uuid primary key,
  -- Whoever may read it: members of the organisation with this permission. Without an organisation, the system only.
  organisation_id uuid,
  permission text not null,
  created_by uuid,
  name text not null,
  -- As its content shows, never as somebody said.
  type text not null,
  -- Of the content, in bytes.
  size bigint not null constraint file_size check (size >= 0),
  -- Of the bytes as they lie in the store: encrypted, where the file is protected.
  sha256 bytea not null constraint file_sha256 check (length(sha256) = 32),
  -- A protected file has a key of its own, wrapped by the installation's key `key_id`. Without it the bytes are noise.
  encrypted boolean not null,
  key_id text,
  wrapped_key bytea,
  -- `pending`: received, but no record refers to it yet; forgotten after a day.
  state text not null default 'pending' constraint file_state check (state in ('pending', 'stored')),
  created_at timestamptz not null,
  -- Forgotten then; kept as long as its record without it.
  expires_at timestamptz,
  constraint file_key check (encrypted = (key_id is not null) and encrypted = (wrapped_key is not null))
);
create index file_pending on files.file (created_at) where state = 'pending';
create index file_expiry on files.file (expires_at) where expires_at is not null;
create index file_key_id on files.file (key_id) where key_id is not null;

alter table files.file enable row level security;
create policy file_seen on files.file for select to hamsafar_app
using (organisation_id = (select access.organisation()) and access.can(permission));
create policy file_received on files.file for insert to hamsafar_app
with check (
  organisation_id = (select access.organisation())
  and created_by = (select access.actor())
  and access.can(permission)
);
create policy file_kept on files.file for update to hamsafar_app
using (organisation_id = (select access.organisation()) and access.can(permission));
create policy file_forgotten on files.file for delete to hamsafar_app
using (organisation_id = (select access.organisation()) and access.can(permission));
grant select, insert, delete on files.file to hamsafar_app;
grant update (state, expires_at) on files.file to hamsafar_app;
