create schema live;

-- Tells every process that something which people see counted has changed. A part attaches it to its tables, once per
-- statement; PostgreSQL delivers equal messages of a transaction once, and only when it commits.
create function live.announce() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  perform pg_notify('hamsafar_live', '');
  return null;
end;
$$;
revoke all on function live.announce from public;
