-- The twelve persons who may be meant most likely are kept as pairs, not three, and whoever else is protected: a protection of any of
-- them holds the record back.
-- Officers are still asked about three at a time, the likeliest first.
alter table people.review add place integer not null default 1;
comment on column people.review.place is 'how likely among the pairs of its record, 1 the likeliest; those behind the third wait for the others';

-- Of records for which more people were found than are compared: the protected among them, each of whom is. Asked as candidates_of_each.
create function people.protected_of_each(
  at integer[], rank integer[], start integer[], one integer[], two integer[], three integer[], keys bigint[]
) returns table (at_record integer, strength integer, record_id uuid, person_id uuid)
language sql
stable
security definer
set search_path = pg_catalog
set jit = off
begin atomic
  with protected as materialized (
    select f.record_id, f.person_id, f.keys
    from (
      select distinct p.root
      from people.protection g
      join people.person p on p.id = g.person_id
      where g.until is null
    ) g
    join people.finding f on f.person_id = g.root
    where f.keys && protected_of_each.keys
  )
  select q.at, q.rank, c.record_id, c.person_id
  from unnest(at, rank, start, one, two, three) q (at, rank, start, one, two, three)
  join protected c on c.keys && protected_of_each.keys[q.start + 1:q.one]
    and (q.two = q.one or c.keys && protected_of_each.keys[q.one + 1:q.two])
    and (q.three = q.two or c.keys && protected_of_each.keys[q.two + 1:q.three]);
end;
revoke execute on function people.protected_of_each(
  integer[], integer[], integer[], integer[], integer[], integer[], bigint[]
) from public;
