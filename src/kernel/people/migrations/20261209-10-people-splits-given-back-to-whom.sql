-- As before; and where a record can harm, also where the one from whom it was parted has lost records since: a ban that came by the document
-- of one of these would go back to others alone, to whom it was never compared.
create or replace function people.grown_since(split uuid) returns table (person_id uuid, other_id uuid, adverse boolean)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select e.person_id, e.other_id, bool_or(f.adverse)
  from people.event e
  join people.person p on p.id in (e.person_id, e.other_id)
  join people.finding f on f.person_id = p.root
  where e.id = split
    and e.kind = 'split'
    and people.sees_whole(e.person_id)
    and people.sees_whole(e.other_id)
  group by e.id
  having exists (
      select
      from people.person o
      join people.finding g on g.person_id = o.root
      where (o.id = e.other_id and (e.left_with is null or g.record_id <> all (e.left_with)))
        or (o.id = e.person_id and g.record_id <> e.record_id)
    )
    or bool_or(f.adverse) and exists (
      select
      from unnest(e.left_with) l (record_id)
      where not exists (
        select
        from people.person o
        join people.finding g on g.person_id = o.root
        where o.id = e.other_id
          and g.record_id = l.record_id
      )
    );
end;
