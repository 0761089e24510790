-- A look at somebody shows the records of all who are counted as one with them, so it belongs to each of these, also when they are parted
-- later. Each has a line of their own; `of` says of which line it is another, so that one look is read once.
alter table people.look add column of uuid references people.look (id) on delete cascade;
comment on column people.look.of is 'the line of the same look at the person who was opened; null: this one is';
create index look_of_look on people.look (of) where of is not null;

create function people.spread_looks() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
as $$
begin
  insert into people.look (id, at, person_id, lookup_id, what, position, probability, of)
  select gen_random_uuid(), n.at, m.id, n.lookup_id, n.what, n.position, n.probability, n.id
  from seen n
  join people.person p on p.id = n.person_id
  join people.person m on m.root = p.root and m.id <> p.id
  where n.of is null;
  return null;
end
$$;
create trigger look_of_all after insert on people.look
referencing new table as seen
for each statement when (pg_trigger_depth() = 0)
execute function people.spread_looks();

-- Whoever a record is given to was looked at whenever it was shown.
create function people.bring_looks() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
as $$
begin
  insert into people.look (id, at, person_id, lookup_id, what, position, probability, of)
  select gen_random_uuid(), k.at, new.person_id, k.lookup_id, k.what, k.position, k.probability, coalesce(k.of, k.id)
  from people.look k
  where k.person_id = old.person_id
    and k.at >= (select r.received_at from people.record r where r.id = new.record_id)
    and not exists (
      select
      from people.look o
      where o.person_id = new.person_id
        and coalesce(o.of, o.id) = coalesce(k.of, k.id)
    );
  return null;
end
$$;
create trigger link_looks after update of person_id on people.link
for each row when (new.person_id <> old.person_id)
execute function people.bring_looks();
revoke execute on function people.spread_looks(), people.bring_looks() from public;

-- Those before: of whoever has been counted as one since the last of them came to the others.
insert into people.look (id, at, person_id, lookup_id, what, position, probability, of)
select gen_random_uuid(), k.at, m.id, k.lookup_id, k.what, k.position, k.probability, k.id
from people.look k
join people.person p on p.id = k.person_id
join people.person m on m.root = p.root and m.id <> p.id
where k.of is null
  and k.at >= (
    select max(e.at)
    from people.event e
    join people.person g on g.id = e.person_id
    where g.root = p.root
      and e.kind = 'merge'
  );

-- The own log of a person, whole: of each look one line.
create or replace function people.looks_at(person uuid)
returns table (id uuid, at timestamptz, organisation_id uuid, purpose text, what text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select distinct on (coalesce(k.of, k.id)) coalesce(k.of, k.id), k.at,
    case when not coalesce(o.unnamed, false) then u.organisation_id end,
    case when not coalesce(o.unnamed, false) then u.purpose end, k.what
  from people.members(person) m (id)
  join people.look k on k.person_id = m.id
  join people.lookup u on u.id = k.lookup_id
  left join people.office o on o.organisation_id = u.organisation_id
  where people.sees_person(person)
  order by coalesce(k.of, k.id), k.id;
end;
