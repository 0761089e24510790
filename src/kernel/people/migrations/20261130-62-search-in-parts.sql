-- Records that fit one of several alternatives, the strongest first; of each, all groups of keys must be met. Nulls part the sure,
-- the strong, the weak and the weakest. The weak are asked for only where hardly anybody was found, because each costs a way to the
-- table for every row; the weakest not even there when a sure one found somebody. Row policies would keep the index from being used,
-- so whose records may be found is asked for here (null: everybody's). The index is always the way: planning each question anew took
-- longer than answering it.
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
    one := array(select v::bigint from jsonb_array_elements_text(alternative -> 0) v);
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
      two := array(select v::bigint from jsonb_array_elements_text(alternative -> 1) v);
      three := array(select v::bigint from jsonb_array_elements_text(coalesce(alternative -> 2, alternative -> 1)) v);
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

-- The officers' search. It cannot be asked without a purpose, and leaves a line in both logs.
create or replace function people.search(
  lookup_id uuid, at timestamptz, purpose text, words text, asked text[], alternatives jsonb, most integer
) returns setof people.finding
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  count integer;
begin
  if not access.can('person.search') then
    raise exception 'not allowed to search for people' using errcode = 'insufficient_privilege';
  end if;
  return query
  select *
  from people.candidates(alternatives, case when not people.sees_all() then access.organisation() end, least(most, 200));
  get diagnostics count = row_count;
  insert into people.lookup (id, at, actor_id, organisation_id, purpose, words, asked, candidates)
  values (lookup_id, at, access.actor(), access.organisation(), purpose, words, asked, count);
  insert into audit.entry (actor_kind, actor_id, organisation_id, action, subject_type, subject_id, details)
  values ('staff', access.actor(), access.organisation(), 'person.search', 'lookup', lookup_id::text,
    jsonb_build_object('purpose', purpose, 'candidates', count));
end
$$;
