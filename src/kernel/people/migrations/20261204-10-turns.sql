-- Whoever makes persons, or erases them, does so in a turn, one after the other, until its transaction ends. The number says whether
-- somebody else had a turn in between; one whose transaction was taken back is missing.
create sequence people.turn;

create function people.take_turn() returns bigint
language plpgsql
volatile
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtext('people.match'));
  return nextval('people.turn');
end
$$;
revoke execute on function people.take_turn() from public;
