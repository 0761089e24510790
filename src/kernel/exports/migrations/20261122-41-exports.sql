create schema exports;
grant usage on schema exports to hamsafar_app;

-- A table too long to wait for: made by a job, kept as a file for a day. Its asker alone sees it.
create table exports.export (
  id uuid primary key,
  kind text not null,
  permission text not null,
  -- What was asked for: the query of the list's address.
  query text not null,
  format text not null constraint export_format check (format in ('csv', 'xlsx')),
  lang text not null,
  organisation_id uuid not null,
  created_by uuid not null,
  run_id uuid references jobs.run (id),
  file_id uuid references files.file (id) on delete set null,
  rows integer,
  created_at timestamptz not null,
  -- Row and file are forgotten then.
  expires_at timestamptz not null
);
create index export_of_person on exports.export (created_by, organisation_id, created_at desc);
create index export_run on exports.export (run_id);
create index export_file on exports.export (file_id);
create index export_expiry on exports.export (expires_at);

alter table exports.export enable row level security;
create policy export_seen on exports.export for select to hamsafar_app
using (created_by = (select access.actor()) and organisation_id = (select access.organisation()));
create policy export_asked on exports.export for insert to hamsafar_app
with check (
  created_by = (select access.actor())
  and organisation_id = (select access.organisation())
  and access.can(permission)
);
create policy export_made on exports.export for update to hamsafar_app
using (created_by = (select access.actor()) and organisation_id = (select access.organisation()));
grant select, insert on exports.export to hamsafar_app;
grant update (file_id, rows, expires_at) on exports.export to hamsafar_app;
