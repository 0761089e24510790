-- Ends every PIN of the person of this holder, and gives no other: whoever proved the PIN, or sits at the desk where the person is.
-- What lies there is kept as without a PIN, seven days; so long slips must still be compared with what is known.
create function entry_check.end_pins(of_holder uuid, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  mine entry_check.holder;
begin
  select h.* into strict mine
  from entry_check.holder h
  where h.id = of_holder
    and (access.actor() is null or (h.created_by = access.actor() and h.organisation_id = access.organisation()));
  if access.actor() is not null and not access.can('entry_check.desk') then
    raise exception 'not allowed to end a PIN' using errcode = 'insufficient_privilege';
  end if;
  update entry_check.holder h
  set pin_sealed = null, ends_at = least(h.ends_at, at + interval '7 days')
  where h.subject = mine.subject
    and h.pin_sealed is not null;
end
$$;
revoke execute on function entry_check.end_pins from public;
grant execute on function entry_check.end_pins to hamsafar_app;
