-- Which parts have put their demonstration data into this database; each does so once.
create table system.demonstration_part (
  name text primary key,
  loaded_at timestamptz not null default now()
);
