-- The same as people.candidates for many records at once: a row for each of their questions. `at` and `rank` say of which record it
-- is and how strong; its groups of keys, one to three, stand in `keys` behind `start` and end at `one`, `two` and `three`, which is
-- the end before where there is none. Numbers as arrays: as JSON they took longer to read than to look up. Of each question so many.
drop function people.candidates_of_each(jsonb, integer);
create function people.candidates_of_each(
  at integer[], rank integer[], start integer[], one integer[], two integer[], three integer[], keys bigint[], most integer
) returns table (at_record integer, strength integer, record_id uuid, person_id uuid)
language sql
stable
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
begin atomic
  select q.at, q.rank, f.record_id, f.person_id
  from unnest(at, rank, start, one, two, three) q (at, rank, start, one, two, three)
  cross join lateral (
    select c.record_id, c.person_id
    from people.finding c
    where c.keys && candidates_of_each.keys[q.start + 1:q.one]
      and q.two = q.one
    limit most
  ) f
  union all
  select q.at, q.rank, f.record_id, f.person_id
  from unnest(at, rank, start, one, two, three) q (at, rank, start, one, two, three)
  cross join lateral (
    select c.record_id, c.person_id
    from people.finding c
    where c.keys && candidates_of_each.keys[q.start + 1:q.one]
      and c.keys && candidates_of_each.keys[q.one + 1:q.two]
      and c.keys && candidates_of_each.keys[case when q.three > q.two then q.two else q.one end + 1:q.three]
    limit most
  ) f
  where q.two > q.one;
end;
revoke execute on function people.candidates_of_each(
  integer[], integer[], integer[], integer[], integer[], integer[], bigint[], integer
) from public;
