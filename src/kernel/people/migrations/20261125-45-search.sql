-- Whom a search shows is noted and read in one step: an officer waits for every way to the database. Visibility is asked for
-- once, not row by row. Answers, in the order shown, what the actor may see of each.
create function people.show_found(lookup uuid, at timestamptz, fits jsonb)
returns table (person_id uuid, reference text, names jsonb, birth integer, home_district text, citizenship text)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  everything boolean := people.sees_all();
  office uuid := access.organisation();
begin
  if not exists (select from people.lookup l where l.id = lookup and l.actor_id = access.actor())
    or not (everything or access.can('person.read')) then
    raise exception 'not allowed to look at people' using errcode = 'insufficient_privilege';
  end if;
  insert into people.look (id, at, person_id, lookup_id, what, position, probability)
  select r.id, show_found.at, r.person_id, lookup, 'found', r.position, r.fit
  from rows from (jsonb_to_recordset(fits) as (id uuid, person_id uuid, fit double precision))
    with ordinality r (id, person_id, fit, position)
  where everything
    or exists (select from people.finding f where f.person_id = r.person_id and f.custodian = office);
  update people.lookup l set shown = jsonb_array_length(fits) where l.id = lookup;
  return query
  select p.id, p.reference, f.names, f.birth, f.home_district, f.citizenship
  from rows from (jsonb_to_recordset(fits) as (person_id uuid)) with ordinality r (person_id, position)
  join people.person p on p.id = r.person_id
  join people.finding f on f.person_id = p.id
  where everything
    or f.custodian = office
  order by r.position, f.record_id;
end
$$;
revoke execute on function people.show_found(uuid, timestamptz, jsonb) from public;
grant execute on function people.show_found(uuid, timestamptz, jsonb) to hamsafar_app;

-- Records that fit one of several alternatives, the strongest first; of each, all groups of keys must be met. Null parts the
-- strong from the weak, which are asked for only where hardly anybody was found: each costs a way to the table for every row. Row
-- policies would keep the index from being used, so whose records may be found is asked for here (null: everybody's).
create or replace function people.candidates(alternatives jsonb, of_custodian uuid, most integer) returns setof people.finding
language plpgsql
stable
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
as $$
declare
  hardly_anybody constant integer := 10;
  alternative jsonb;
  one bigint[];
  two bigint[];
  three bigint[];
  found uuid[] := '{}';
  hit people.finding;
begin
  for alternative in select value from jsonb_array_elements(alternatives) loop
    if alternative = 'null' then
      exit when cardinality(found) >= hardly_anybody;
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

-- The same as people.candidates for many records at once, one row for each of their alternatives: `at` and `rank` say of which
-- record and how strong. Of each alternative so many.
create function people.candidates_of_each(asked jsonb, most integer)
returns table (at integer, rank integer, record_id uuid, person_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
as $$
begin
  return query
  select q.at, q.rank, f.record_id, f.person_id
  from jsonb_to_recordset(asked) q (at integer, rank integer, one bigint[], two bigint[], three bigint[])
  cross join lateral (
    select c.record_id, c.person_id
    from people.finding c
    where c.keys && q.one
      and q.two is null
    limit most
  ) f
  union all
  select q.at, q.rank, f.record_id, f.person_id
  from jsonb_to_recordset(asked) q (at integer, rank integer, one bigint[], two bigint[], three bigint[])
  cross join lateral (
    select c.record_id, c.person_id
    from people.finding c
    where c.keys && q.one
      and c.keys && q.two
      and c.keys && coalesce(q.three, q.two)
    limit most
  ) f
  where q.two is not null;
end
$$;
revoke execute on function people.candidates_of_each(jsonb, integer) from public;
