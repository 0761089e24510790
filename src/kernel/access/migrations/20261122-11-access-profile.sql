-- Administrators put right the name, the address and the language of an account.

drop trigger user_account_state_by_others on access.user_account;
drop function access.refuse_own_state();

-- Columns of the own row that its owner must not write: grants know no rows, policies no columns.
create function access.refuse_own_account() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  if new.id = access.actor() then
    raise exception 'nobody changes state, name or address of the own account' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger user_account_changed_by_others before update of state, name, email on access.user_account
for each row execute function access.refuse_own_account();

grant update (name, email) on access.user_account to hamsafar_app;
revoke execute on function access.refuse_own_account() from public;
