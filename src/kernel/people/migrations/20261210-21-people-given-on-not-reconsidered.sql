-- As where one officer gives it back: a record that went on from there is no longer with those who would be compared. Others would be.
create or replace function people.reconsider(event_id uuid, split uuid, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wrong people.event;
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select * into strict wrong from people.event where id = split and kind = 'split';
  perform people.require('person.merge', wrong.person_id, wrong.other_id);
  if (select l.person_id is distinct from wrong.person_id from people.link l where l.record_id = wrong.record_id) then
    raise exception 'the record was given on since' using errcode = 'unique_violation';
  end if;
  insert into people.event (id, at, kind, person_id, other_id, record_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unapart', wrong.person_id, wrong.other_id, wrong.record_id, split, access.actor(), access.organisation(),
    'undo');
  delete from people.apart a where a.event_id = split;
end
$$;
