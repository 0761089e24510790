-- Who says that two are one, or different, sees all records of both then. The digest of these is nobody's to ask for: whether an opinion
-- still stands is told to whoever sees the pair, and of records that they do not see they learn nothing by it.
revoke execute on function people.review_digest(uuid) from hamsafar_app;

create function people.still_about(review uuid, about text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return (
  select not (people.sees_whole(r.person_id) and people.sees_whole(r.other_id))
    or still_about.about = people.review_digest(r.id)
  from people.review r
  where r.id = still_about.review
    and still_about.about is not null
    and access.can('person.review')
    and (people.sees_all() or r.custodians <@ array[access.organisation()])
);
revoke execute on function people.still_about(uuid, text) from public;
grant execute on function people.still_about(uuid, text) to hamsafar_app;

create or replace function people.decision_about() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
  pair people.review;
begin
  select * into strict pair from people.review where id = new.review_id;
  if new.decision <> 'unclear' then
    perform people.require('person.review', pair.person_id, pair.other_id);
  end if;
  new.about := people.review_digest(new.review_id);
  return new;
end
$$;

-- What an officer has taken back, nobody else says for them.
create function people.keep_undone() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  raise exception 'what was taken back stays so' using errcode = 'insufficient_privilege';
end
$$;
create trigger decision_undone_stays before update of undone_at on people.decision
for each row when (old.undone_at is not null and new.undone_at is distinct from old.undone_at)
execute function people.keep_undone();
revoke execute on function people.keep_undone() from public;

-- Of a split: both persons, where either has got records since that were not counted with it then, and whether a record of the two can harm.
-- Given back alone, a record would leave a ban behind that was joined to it meanwhile. Nothing of all else.
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
    and exists (
      select
      from people.person o
      join people.finding g on g.person_id = o.root
      where (o.id = e.other_id and (e.left_with is null or g.record_id <> all (e.left_with)))
        or (o.id = e.person_id and g.record_id <> e.record_id)
    )
  group by e.person_id, e.other_id;
end;
