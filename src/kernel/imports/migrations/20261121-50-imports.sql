create schema imports;
grant usage on schema imports to hamsafar_app;

-- One file on its way: read, its columns mapped, its rows checked, imported, reported.
create table imports.import (
  id uuid primary key,
  kind text not null,
  -- Whoever may import this kind sees it; written with the row so that the policy below can read it.
  permission text not null,
  organisation_id uuid,
  created_by uuid,
  file_name text not null,
  file_size integer not null,
  sha256 bytea not null,
  -- Dropped when the rows are checked.
  content bytea,
  source text,
  state text not null default 'uploaded'
    constraint import_state check (
      state in ('uploaded', 'reading', 'mapping', 'checking', 'checked', 'importing', 'done', 'cancelled', 'failed')
    ),
  -- What kept the file from being read: a message with its values.
  problem jsonb,
  format text
    constraint import_format check (format in ('csv', 'xlsx', 'jsonl', 'json')),
  native_format text,
  sheet text,
  sheets jsonb not null default '[]',
  headings jsonb not null default '[]',
  -- field → column
  mapping jsonb not null default '{}',
  run_id uuid references jobs.run (id),
  rows integer not null default 0,
  ready integer not null default 0,
  repaired integer not null default 0,
  errors integer not null default 0,
  same integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint import_ended check ((finished_at is not null) = (state in ('done', 'cancelled', 'failed'))),
  constraint import_content_freed check (content is null or state in ('uploaded', 'reading', 'mapping', 'checking'))
);
create index import_organisation on imports.import (organisation_id, created_at desc);
create index import_file on imports.import (sha256, kind);
create index import_run on imports.import (run_id);

create table imports.row (
  import_id uuid not null references imports.import (id),
  -- As a person finds it in the file: the line of a table, the place in a list.
  number integer not null,
  raw jsonb not null,
  state text not null default 'read'
    constraint row_state check (state in ('read', 'ready', 'repaired', 'error', 'same', 'imported')),
  value jsonb,
  -- field → {kind: repaired|error, key, values}
  notes jsonb not null default '{}',
  outcome text
    constraint row_outcome check (outcome in ('created', 'updated', 'same')),
  subject_id uuid,
  primary key (import_id, number)
);
create index row_problem on imports.row (import_id, state, number);

alter table imports.import enable row level security;
create policy import_seen on imports.import for select to hamsafar_app
using (organisation_id = (select access.organisation()) and access.can(permission));
create policy import_started on imports.import for insert to hamsafar_app
with check (
  organisation_id = (select access.organisation())
  and created_by = (select access.actor())
  and access.can(permission)
);
create policy import_continued on imports.import for update to hamsafar_app
using (organisation_id = (select access.organisation()) and access.can(permission));
grant select, insert on imports.import to hamsafar_app;
grant update (state, problem, sheet, mapping, run_id, content, finished_at) on imports.import to hamsafar_app;

-- Rows are written by jobs only.
alter table imports.row enable row level security;
create policy row_seen on imports.row for select to hamsafar_app
using (exists (select from imports.import i where i.id = import_id));
grant select on imports.row to hamsafar_app;
-- What was only read is forgotten when its import is cancelled.
create policy row_forgotten on imports.row for delete to hamsafar_app
using (exists (select from imports.import i where i.id = import_id and i.state = 'cancelled') and state <> 'imported');
grant delete on imports.row to hamsafar_app;
