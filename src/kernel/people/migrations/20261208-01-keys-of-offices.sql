-- An office that sees its own records only waited for the matches of all others, which the index named and the table was read for; and
-- the time told how common a name is elsewhere. So whose a record is stands among its keys, and the index answers for one office.
-- The half of an identifier that is drawn by chance: no version of a hash function may come between it and what is stored.
create function people.key_of_office(office uuid) returns bigint
language sql
immutable
parallel safe
return ('x' || right(replace(office::text, '-', ''), 16))::bit(64)::bigint;
revoke execute on function people.key_of_office(uuid) from public;

create function people.key_whose() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  new.keys := new.keys || people.key_of_office(new.custodian);
  return new;
end
$$;
revoke execute on function people.key_whose() from public;
create trigger finding_whose before insert or update of keys, custodian on people.finding
for each row execute function people.key_whose();

update people.finding set keys = keys;

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
  whose bigint[] := case when of_custodian is not null then array[people.key_of_office(of_custodian)] end;
  one bigint[];
  two bigint[];
  three bigint[];
  four bigint[];
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
    if jsonb_array_length(alternative) = 1 and whose is null then
      for hit in
        select f.*
        from people.finding f
        where f.keys && one
          and f.record_id <> all (found)
        limit most - cardinality(found)
      loop
        found := found || hit.record_id;
        return next hit;
      end loop;
    else
      two := coalesce(alternative ->> 1, alternative ->> 0)::bigint[];
      three := coalesce(alternative ->> 2, alternative ->> 1, alternative ->> 0)::bigint[];
      four := coalesce(whose, three);
      for hit in
        select f.*
        from people.finding f
        where f.keys && one
          and f.keys && two
          and f.keys && three
          and f.keys && four
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
