-- People entered by hand at a desk. The registry is the owner's: what the form states waits here, sealed, until a job has
-- given it to the registry; then only who entered which record stays.
create table people.entry (
  id uuid primary key,
  custodian uuid not null references organisations.organisation (id),
  entered_by uuid not null references access.user_account (id),
  entered_at timestamptz not null,
  label text not null
    constraint entry_label_given check (label = btrim(label) and label <> ''),
  lookup_id uuid references people.lookup (id) on delete set null,
  same_as uuid references people.person (id),
  flag text
    constraint entry_flag_known check (flag in ('asylum_seeker', 'victim', 'child')),
  stated_sealed bytea,
  record_id uuid references people.record (id),
  constraint entry_waits_or_is_kept check ((stated_sealed is null) = (record_id is not null))
);
comment on column people.entry.same_as is 'whom the person who entered it says this is';
create index entry_of_record on people.entry (record_id) where record_id is not null;
create index entry_of_lookup on people.entry (lookup_id) where lookup_id is not null;

alter table people.entry enable row level security;
create policy entry_own on people.entry for select to hamsafar_app
using (entered_by = (select access.actor()) and custodian = (select access.organisation()));
create policy entry_made on people.entry for insert to hamsafar_app
with check (
  entered_by = (select access.actor())
  and custodian = (select access.organisation())
  and (select access.can('person.enter'))
  and (flag is null or (select access.can('person.protect')))
  and (same_as is null or people.sees_person(same_as))
);
grant select, insert (id, custodian, entered_by, entered_at, label, lookup_id, same_as, flag, stated_sealed) on people.entry
  to hamsafar_app;

-- The reference of the person that an own entry is counted with now; whoever may only enter people learns no more.
create function people.entered_as(entry uuid) returns text
language sql
stable
security definer
set search_path = pg_catalog
return (
  select p.reference
  from people.entry e
  join people.finding f on f.record_id = e.record_id
  join people.person p on p.id = f.person_id
  where e.id = entered_as.entry
    and e.entered_by = access.actor()
    and e.custodian = access.organisation()
);
revoke execute on function people.entered_as(uuid) from public;
grant execute on function people.entered_as(uuid) to hamsafar_app;
