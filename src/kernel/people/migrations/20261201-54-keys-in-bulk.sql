-- The keys of all records of a statement go into the index together, each key once: one by one they rewrote the long lists of common
-- names for every record. Nothing may wait there afterwards, because every search would have to read all that waits.
alter index people.finding_keys set (fastupdate = on);

create function people.keys_to_index() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  perform gin_clean_pending_list('people.finding_keys');
  return null;
end
$$;
revoke execute on function people.keys_to_index() from public;
create trigger finding_indexed
after insert or update on people.finding
for each statement execute function people.keys_to_index();
