-- What the database says about itself. One row.
create schema if not exists system;

create table system.instance (
  only_one boolean primary key default true constraint one_instance check (only_one),
  -- Decided when the database is made and never changed: production refuses a demonstration.
  demonstration boolean not null,
  created_at timestamptz not null default now()
);

grant usage on schema system to hamsafar_app;
grant select on system.instance to hamsafar_app;
