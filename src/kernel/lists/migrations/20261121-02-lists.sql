-- Which version of each reference list shipped in data/ the database holds.
create schema lists;

create table lists.version (
  list text primary key,
  -- SHA-256 of the files, and of what else decides the rows.
  checksum text not null,
  loaded_at timestamptz not null default now()
);

grant usage on schema lists to hamsafar_app;
grant select on lists.version to hamsafar_app;
