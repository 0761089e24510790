-- Asked of long lists: whom of many something may not be told of, and who counts as one with whom, by index.
drop index people.person_of_root;
create index person_of_root on people.person (root);

-- Those of these people about whom nothing may go to this kind of recipient: all of them where it is not known to be allowed.
-- Whoever might be the same person, while nobody has decided, is protected too.
create function people.withheld(persons uuid[], recipient text) returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  with asked as materialized (
    select p.id, p.root
    from people.person p
    where p.id = any (persons)
  ), near as (
    select a.id, a.root
    from asked a
    union
    select a.id, o.root
    from asked a
    join people.person m on m.root = a.root
    join people.review r on r.person_id = m.id and r.settled_at is null
    join people.person o on o.id = r.other_id
    union
    select a.id, o.root
    from asked a
    join people.person m on m.root = a.root
    join people.review r on r.other_id = m.id and r.settled_at is null
    join people.person o on o.id = r.person_id
  )
  select n.id
  from near n
  join people.person m on m.root = n.root
  join people.protection g on g.person_id = m.id and g.until is null
  where recipient in ('foreign_affairs', 'security', 'interior', 'border', 'carrier')
  union
  select p.id
  from unnest(persons) p (id)
  where coalesce(recipient, '') not in (
      'migration', 'employment', 'health', 'social', 'support', 'ombudsman',
      'foreign_affairs', 'security', 'interior', 'border', 'carrier'
    )
    or not exists (
      select
      from people.person k
      where k.id = p.id
    );
end;

-- The same of one person; false for somebody who is not there.
create or replace function people.may_relay(person uuid, recipient text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return person is not null and not exists (select from people.withheld(array[person], recipient));

revoke execute on function people.withheld(uuid[], text) from public;
