-- Ends every PIN of the person of this holder, and gives no other; answers whether there was one. Whoever proved a PIN ends with it as long
-- as it is the one that counts (proven: the digest of its seal): a page that an earlier PIN opened must not end the one that replaced it.
-- Without a proof it is the desk where the person is. What lies there is kept as without a PIN, seven days; so long slips must still be
-- compared with what is known.
drop function entry_check.end_pins(uuid, timestamptz);
create function entry_check.end_pins(of_holder uuid, proven bytea, at timestamptz) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  whose bytea;
begin
  if proven is null and not access.can('entry_check.desk') then
    raise exception 'not allowed to end a PIN' using errcode = 'insufficient_privilege';
  end if;
  select h.subject into whose
  from entry_check.holder h
  where h.id = of_holder
    and case
      when proven is null then h.created_by = access.actor() and h.organisation_id = access.organisation()
      else sha256(h.pin_sealed) = proven and h.ends_at > at
    end;
  update entry_check.holder h
  set pin_sealed = null, ends_at = least(h.ends_at, at + interval '7 days')
  where h.subject = whose
    and h.pin_sealed is not null;
  return found;
end
$$;
revoke execute on function entry_check.end_pins from public;
grant execute on function entry_check.end_pins to hamsafar_app;
