-- The own log of a person, whole: it ended at 500 lines, and did not say so. With the id of each, by which it is turned page by page.
drop function people.looks_at(uuid);
create function people.looks_at(person uuid)
returns table (id uuid, at timestamptz, organisation_id uuid, purpose text, what text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select k.id, k.at, case when not coalesce(o.unnamed, false) then u.organisation_id end,
    case when not coalesce(o.unnamed, false) then u.purpose end, k.what
  from people.members(person) m (id)
  join people.look k on k.person_id = m.id
  join people.lookup u on u.id = k.lookup_id
  left join people.office o on o.organisation_id = u.organisation_id
  where people.sees_person(person);
end;
revoke execute on function people.looks_at(uuid) from public;
grant execute on function people.looks_at(uuid) to hamsafar_app;
