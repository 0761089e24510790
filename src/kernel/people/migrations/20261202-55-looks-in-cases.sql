-- Whoever sees somebody by name in a case of another part (a measure, a proceeding, a removal) stands in the person's own log, too.
alter table people.look
  drop constraint look_what_known,
  add constraint look_what_known check (what in ('found', 'opened', 'numbers', 'compared', 'log', 'case'));

-- The database finds the person: who opens a case need not see the registry, and learns nothing of it. Nothing is noted where the
-- registry has not received the record yet.
create function people.note_case(new_lookup uuid, new_look uuid, record uuid, purpose text, at timestamptz) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  insert into people.lookup (id, at, actor_id, organisation_id, purpose, asked, candidates, shown)
  select new_lookup, note_case.at, access.actor(), access.organisation(), note_case.purpose, array[]::text[], 1, 1
  from people.link l
  where l.record_id = note_case.record;
  insert into people.look (id, at, person_id, lookup_id, what)
  select new_look, note_case.at, l.person_id, new_lookup, 'case'
  from people.link l
  where l.record_id = note_case.record;
end;
revoke execute on function people.note_case(uuid, uuid, uuid, text, timestamptz) from public;
grant execute on function people.note_case(uuid, uuid, uuid, text, timestamptz) to hamsafar_app;
