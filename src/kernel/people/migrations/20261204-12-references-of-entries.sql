-- Each entry gets a reference of its own, of chance. That of the person it is counted with told whoever may only enter people whether
-- a second entry of the same words came to the same person, which a list of the banned prevents: so it told who is on one.
alter table people.entry add column reference text unique
  constraint entry_reference_form check (reference ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$');
comment on column people.entry.reference is 'given when the registry has it; none before entries had their own';

drop function people.entered_as(uuid);

-- Whom the entry with this reference is counted with now, for those who see that person.
create function people.entered_as(entry_reference text) returns uuid
language sql
stable
security definer
set search_path = pg_catalog
return (
  select f.person_id
  from people.entry e
  join people.finding f on f.record_id = e.record_id
  where e.reference = entry_reference and people.sees_person(f.person_id)
);
revoke execute on function people.entered_as(text) from public;
grant execute on function people.entered_as(text) to hamsafar_app;
