-- Records that fit one of several alternatives, the strongest first; of each, all groups of keys must be met. Nulls part the sure,
-- the strong, the weak and the weakest. The weak are asked for only where hardly anybody was found, because each costs a way to the
-- table for every row; the weakest not even there when a sure one found somebody. Row policies would keep the index from being used,
-- so whose records may be found is asked for here (null: everybody's). The index is always the way: planning each question anew took
-- longer than answering it. Each group of keys is an array as text, '{1,2}': making one of a list took a query of its own.
create or replace function people.candidates(alternatives jsonb, of_custodian uuid, most integer) returns setof people.finding
language plpgsql
stable
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
  hardly_anybody constant integer := 10;
  alternative jsonb;
  part integer := 1;
  sure boolean := false;
  one bigint[];
  two bigint[];
  three bigint[];
  found uuid[] := '{}';
  hit people.finding;
begin
  for alternative in select value from jsonb_array_elements(alternatives) loop
    if alternative = 'null' then
      sure := sure or (part = 1 and cardinality(found) > 0);
      part := part + 1;
      exit when (part > 2 and cardinality(found) >= hardly_anybody) or (part > 3 and sure);
      continue;
    end if;
    one := (alternative ->> 0)::bigint[];
    -- A second condition that says the same would be a second list to read.
    if jsonb_array_length(alternative) = 1 then
      for hit in
        select f.*
        from people.finding f
        where f.keys && one
          and (of_custodian is null or f.custodian = of_custodian)
          and f.record_id <> all (found)
        limit most - cardinality(found)
      loop
        found := found || hit.record_id;
        return next hit;
      end loop;
    else
      two := (alternative ->> 1)::bigint[];
      three := coalesce(alternative ->> 2, alternative ->> 1)::bigint[];
      for hit in
        select f.*
        from people.finding f
        where f.keys && one
          and f.keys && two
          and f.keys && three
          and (of_custodian is null or f.custodian = of_custodian)
          and f.record_id <> all (found)
        limit most - cardinality(found)
      loop
        found := found || hit.record_id;
        return next hit;
      end loop;
    end if;
    exit when cardinality(found) >= most;
  end loop;
end
$$;
