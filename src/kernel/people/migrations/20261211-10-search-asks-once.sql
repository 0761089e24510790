-- What a search may do and whom it sees are asked for together: each way through memberships and roles took a fortieth of a search.
create or replace function people.search(
  lookup_id uuid, at timestamptz, purpose text, words text, asked text[], alternatives jsonb, most integer
) returns setof people.finding
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  actor constant uuid := access.actor();
  office constant uuid := access.organisation();
  may text[];
  everything boolean;
  count integer;
begin
  may := array(
    select g.permission
    from access.granted g
    where g.actor_id = actor
      and g.organisation_id = office
      and g.permission in ('person.search', 'person.read')
  );
  if 'person.search' <> all (may) then
    raise exception 'not allowed to search for people' using errcode = 'insufficient_privilege';
  end if;
  -- As people.sees_all() says.
  everything := 'person.read' = any (may)
    and exists (select from people.office o where o.organisation_id = office and o.national);
  return query
  select *
  from people.candidates(alternatives, case when not everything then office end, least(most, 200));
  get diagnostics count = row_count;
  insert into people.lookup (id, at, actor_id, organisation_id, purpose, words, asked, candidates)
  values (lookup_id, at, actor, office, purpose, words, asked, count);
  insert into audit.entry (actor_kind, actor_id, organisation_id, action, subject_type, subject_id, details)
  values ('staff', actor, office, 'person.search', 'lookup', lookup_id::text,
    jsonb_build_object('purpose', purpose, 'candidates', count));
end
$$;
