-- Who watches over the exchange is a body of migration, and holds the permission. The role can be given at every organisation, by its own
-- administrator: an embassy would have seen what others were given, what is held, and every proceeding.
create function expulsions.oversees() returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('expulsion.oversee') and exists (
  select
  from expulsions.body b
  where b.organisation_id = access.organisation()
    and b.kind = 'migration'
);

-- Wherever the permission alone was asked: in every policy and every door of this schema.
do $$
declare
  asked text := 'access.can(''expulsion.oversee''::text)';
  found record;
begin
  for found in
    select p.polname, p.polrelid::regclass as seen, pg_get_expr(p.polqual, p.polrelid) as condition
    from pg_policy p
    where p.polrelid::regclass::text like 'expulsions.%'
      and pg_get_expr(p.polqual, p.polrelid) like '%' || asked || '%'
  loop
    execute format('alter policy %I on %s using (%s)',
      found.polname, found.seen, replace(found.condition, asked, 'expulsions.oversees()'));
  end loop;
  for found in
    select pg_get_functiondef(p.oid) as definition
    from pg_proc p
    where p.pronamespace = 'expulsions'::regnamespace
      and p.proname <> 'oversees'
      and pg_get_functiondef(p.oid) like '%' || asked || '%'
  loop
    execute replace(found.definition, asked, 'expulsions.oversees()');
  end loop;
end
$$;

revoke execute on function expulsions.oversees() from public;
grant execute on function expulsions.oversees() to hamsafar_app;
