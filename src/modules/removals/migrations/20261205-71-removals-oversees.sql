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
    select p.polname, p.polrelid::regclass as seen, c.clause, pg_get_expr(c.expression, p.polrelid) as condition
    from pg_policy p
    cross join lateral (values ('using', p.polqual), ('with check', p.polwithcheck)) c (clause, expression)
    where p.polrelid::regclass::text like 'removals.%'
      and pg_get_expr(c.expression, p.polrelid) like '%' || asked || '%'
  loop
    execute format('alter policy %I on %s %s (%s)',
      found.polname, found.seen, found.clause, replace(found.condition, asked, 'removals.oversees()'));
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

revoke execute on function removals.oversees() from public;
grant execute on function removals.oversees() to hamsafar_app;
