-- Whoever watches over removals and their costs is who watches over the exchange: the role can be given at every organisation, by its own
-- administrator, so that the permission alone showed an embassy or carrier what the others entered.
create function removals.oversees() returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('removal.oversee') and expulsions.oversees();

-- Wherever the permission alone was asked: in every policy and every door of this schema.
do $$
declare
  asked text := 'access.can(''removal.oversee''::text)';
  found record;
begin
  for found in
    select p.polname, p.polrelid::regclass as seen, pg_get_expr(p.polqual, p.polrelid) as condition
    from pg_policy p
    where p.polrelid::regclass::text like 'removals.%'
      and pg_get_expr(p.polqual, p.polrelid) like '%' || asked || '%'
  loop
    execute format('alter policy %I on %s using (%s)',
      found.polname, found.seen, replace(found.condition, asked, 'removals.oversees()'));
  end loop;
  for found in
    select pg_get_functiondef(p.oid) as definition
    from pg_proc p
    where p.pronamespace = 'removals'::regnamespace
      and p.proname <> 'oversees'
      and pg_get_functiondef(p.oid) like '%' || asked || '%'
  loop
    execute replace(found.definition, asked, 'removals.oversees()');
  end loop;
end
$$;

drop policy named_payer_named on removals.named_payer;
create policy named_payer_named on removals.named_payer for insert to hamsafar_app
with check (
  (select removals.oversees())
  and organisation_id = (select access.organisation())
  and named_by = (select access.actor())
  and exists (select from removals.removal r where r.id = removal_id)
);

revoke execute on function removals.oversees() from public;
grant execute on function removals.oversees() to hamsafar_app;
