-- Gives back the attempt that was a success.
create function access.give_back_attempt(wanted_key bytea) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update access.sign_in_throttle t
  set attempts = greatest(t.attempts - 1, 0)
  where t.key = wanted_key;
end;
revoke execute on function access.give_back_attempt(bytea) from public;
grant execute on function access.give_back_attempt(bytea) to hamsafar_app;
