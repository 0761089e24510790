-- People look for work without an account; verified employers answer them. Names and telephones lie sealed.
create schema applications;
grant usage on schema applications to hamsafar_app;

-- Who looks for work. The id is that of my_case.holder.
create table applications.seeker (
  id uuid primary key references my_case.holder (id),
  lang text not null,
  -- Name, telephone, how it is safe to reach them; null once all of it was withdrawn or its time has passed.
  facts_sealed bytea,
  -- What they can do, in their words, and as unit groups of ISCO-08.
  trade text not null,
  isco text[] not null,
  -- [{lang, level}]
  languages jsonb not null default '[]',
  licences text[] not null default '{}',
  -- Where they would work; empty: anywhere.
  place_codes text[] not null default '{}',
  -- Whose adviser filled it in with them.
  assisted_by uuid references organisations.organisation (id),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz
);
create index seeker_changed on applications.seeker (changed_at) where facts_sealed is not null;

-- What employers may find of those who agreed: only this, and only as long as they agree. It names nobody.
create table applications.candidate (
  id uuid primary key,
  seeker_id uuid not null unique references applications.seeker (id),
  isco text[] not null,
  -- Null: not to be shown.
  languages jsonb,
  licences text[],
  place_codes text[],
  since timestamptz not null
);
create index candidate_isco on applications.candidate using gin (isco);

create table applications.application (
  id uuid primary key,
  reference text not null unique,
  seeker_id uuid not null references applications.seeker (id),
  vacancy_id uuid not null,
  vacancy_reference text not null,
  -- The verified employer that posted the advert.
  organisation_id uuid not null references organisations.organisation (id),
  -- The advert as it was when they applied.
  snapshot jsonb not null,
  -- What the employer sees of the person; null after a withdrawal.
  shared_sealed bytea,
  state text not null
    constraint application_state_known check (state in ('received', 'invited', 'declined', 'hired', 'withdrawn')),
  phone_asked_at timestamptz,
  phone_released_at timestamptz,
  applied_at timestamptz not null,
  changed_at timestamptz not null,
  constraint application_ends_access check ((state = 'withdrawn') = (shared_sealed is null))
);
create unique index application_once on applications.application (seeker_id, vacancy_id) where state <> 'withdrawn';
create index application_inbox on applications.application (organisation_id, applied_at desc, id desc) where state <> 'withdrawn';
create index application_of_vacancy on applications.application (vacancy_id);

-- What happened to it, and what the employer noted.
create table applications.event (
  id uuid primary key,
  application_id uuid not null references applications.application (id),
  at timestamptz not null,
  act text not null
    constraint event_act_known check (
      act in ('apply', 'invite', 'decline', 'hire', 'reopen', 'withdraw', 'ask_phone', 'release_phone', 'hide_phone', 'note')
    ),
  -- The member of staff; null where it was the person.
  actor_id uuid references access.user_account (id),
  -- Why it was declined: a code. What was said or noted.
  reason text,
  words text
);
create index event_of_application on applications.event (application_id, at);

create table applications.placement (
  id uuid primary key,
  application_id uuid not null unique references applications.application (id),
  vacancy_id uuid not null,
  organisation_id uuid not null references organisations.organisation (id),
  country text not null,
  isco text,
  hired_at timestamptz not null,
  starts_on date not null
);

-- Whether all is well after 7, 30 and 90 days.
create table applications.check_in (
  placement_id uuid not null references applications.placement (id),
  day integer not null
    constraint check_in_day_known check (day in (7, 30, 90)),
  due_at timestamptz not null,
  -- When they were told that a question waits; null: not yet, or only in My case.
  told_at timestamptz,
  answered_at timestamptz,
  paid boolean,
  papers boolean,
  primary key (placement_id, day),
  constraint check_in_answered_whole check (
    (answered_at is null) = (paid is null) and (answered_at is null) = (papers is null)
  )
);
create index check_in_due on applications.check_in (due_at) where told_at is null and answered_at is null;

-- The contract that was given to sign, beside the advert.
create table applications.contract (
  id uuid primary key,
  application_id uuid not null references applications.application (id),
  -- The photograph, encrypted.
  file_id uuid,
  -- Point → what the person read there: {same | other | missing, words}.
  said jsonb not null,
  made_at timestamptz not null
);
create index contract_of_application on applications.contract (application_id, made_at desc);

-- Somebody wants to be called: for advisers.
create table applications.help_request (
  id uuid primary key,
  reference text not null unique,
  seeker_id uuid not null references applications.seeker (id),
  application_id uuid references applications.application (id),
  about text not null
    constraint help_request_about_known check (about in ('check_in', 'contract')),
  -- Codes of what is wrong, such as not_paid.
  what text[] not null,
  -- Name, telephone and when to call; null once it is closed.
  contact_sealed bytea,
  -- The centre that helped to apply, or the one that took it; null: any.
  organisation_id uuid references organisations.organisation (id),
  taken_by uuid references access.user_account (id),
  asked_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz,
  outcome text
    constraint help_request_outcome_known check (outcome in ('helped', 'referred', 'not_reached', 'withdrawn')),
  constraint help_request_closed_whole check ((closed_at is null) = (outcome is null)),
  constraint help_request_forgets check (closed_at is null or contact_sealed is null)
);
create index help_request_open on applications.help_request (due_at) where closed_at is null;

-- An employer asks a candidate to apply.
create table applications.approach (
  id uuid primary key,
  candidate_id uuid not null references applications.candidate (id) on delete cascade,
  vacancy_id uuid not null,
  vacancy_reference text not null,
  vacancy_title text not null,
  organisation_id uuid not null references organisations.organisation (id),
  at timestamptz not null,
  constraint approach_once unique (candidate_id, vacancy_id)
);

create function applications.my_candidate_id() returns uuid
language sql
stable
security definer
set search_path = pg_catalog
return (select c.id from applications.candidate c where c.seeker_id = my_case.holder());

-- Members of a verified employer, for their own organisation.
create function applications.handles() returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('application.handle')
  and exists (
    select
    from employers.known k
    where k.organisation_id = access.organisation()
      and k.state = 'verified'
  );

alter table applications.seeker enable row level security;
alter table applications.candidate enable row level security;
alter table applications.application enable row level security;
alter table applications.event enable row level security;
alter table applications.placement enable row level security;
alter table applications.check_in enable row level security;
alter table applications.contract enable row level security;
alter table applications.help_request enable row level security;
alter table applications.approach enable row level security;

-- ---------------------------------------------------------------- the person: exactly what is theirs

create policy own on applications.seeker for all to hamsafar_app
using (id = (select my_case.holder())) with check (id = (select my_case.holder()));
create policy own on applications.application for all to hamsafar_app
using (seeker_id = (select my_case.holder())) with check (seeker_id = (select my_case.holder()));
create policy own_seen on applications.event for select to hamsafar_app
using (
  act <> 'note'
  and application_id in (select a.id from applications.application a where a.seeker_id = (select my_case.holder()))
);
create policy own_made on applications.event for insert to hamsafar_app
with check (
  actor_id is not distinct from access.actor()
  and act in ('apply', 'withdraw', 'release_phone', 'hide_phone')
  and application_id in (select a.id from applications.application a where a.seeker_id = (select my_case.holder()))
);
create policy own_seen on applications.placement for select to hamsafar_app
using (application_id in (select a.id from applications.application a where a.seeker_id = (select my_case.holder())));
create policy own on applications.check_in for all to hamsafar_app
using (
  placement_id in (
    select p.id
    from applications.placement p
    join applications.application a on a.id = p.application_id
    where a.seeker_id = (select my_case.holder())
  )
);
create policy own on applications.contract for all to hamsafar_app
using (application_id in (select a.id from applications.application a where a.seeker_id = (select my_case.holder())));
create policy own on applications.help_request for all to hamsafar_app
using (seeker_id = (select my_case.holder())) with check (seeker_id = (select my_case.holder()));
create policy own_seen on applications.approach for select to hamsafar_app
using (candidate_id = (select applications.my_candidate_id()));

-- ---------------------------------------------------------------- the employer: what was not withdrawn

create policy handled on applications.application for select to hamsafar_app
using (organisation_id = (select access.organisation()) and state <> 'withdrawn' and (select applications.handles()));
create policy moved on applications.application for update to hamsafar_app
using (organisation_id = (select access.organisation()) and state <> 'withdrawn' and (select applications.handles()))
with check (organisation_id = (select access.organisation()) and state <> 'withdrawn');
create policy handled on applications.event for select to hamsafar_app
using (
  (select applications.handles())
  and application_id in (
    select a.id from applications.application a where a.organisation_id = (select access.organisation())
  )
);
create policy made on applications.event for insert to hamsafar_app
with check (
  actor_id = (select access.actor())
  and act in ('invite', 'decline', 'hire', 'reopen', 'ask_phone', 'note')
  and (select applications.handles())
  and application_id in (
    select a.id from applications.application a where a.organisation_id = (select access.organisation())
  )
);
create policy recorded on applications.placement for insert to hamsafar_app
with check (organisation_id = (select access.organisation()) and (select applications.handles()));
create policy recorded_check_in on applications.check_in for insert to hamsafar_app
with check (
  (select applications.handles())
  and placement_id in (
    select p.id from applications.placement p where p.organisation_id = (select access.organisation())
  )
);
create policy recorded_seen on applications.placement for select to hamsafar_app
using (
  organisation_id = (select access.organisation())
  and (select applications.handles())
  -- Through the application: who withdrew is in no placement either.
  and application_id in (select a.id from applications.application a where a.organisation_id = (select access.organisation()))
);
create policy offered on applications.candidate for select to hamsafar_app
using ((select applications.handles()));
create policy made on applications.approach for insert to hamsafar_app
with check (organisation_id = (select access.organisation()) and (select applications.handles()));
create policy made_seen on applications.approach for select to hamsafar_app
using (organisation_id = (select access.organisation()) and (select applications.handles()));

-- ---------------------------------------------------------------- the adviser: who asked to be called

create policy helped on applications.help_request for select to hamsafar_app
using (
  (select access.can('application.assist'))
  and (organisation_id is null or organisation_id = (select access.organisation()))
);
create policy taken on applications.help_request for update to hamsafar_app
using (
  (select access.can('application.assist'))
  and (organisation_id is null or organisation_id = (select access.organisation()))
);

grant select, insert, update on applications.seeker, applications.application, applications.check_in,
  applications.contract, applications.help_request to hamsafar_app;
grant select, insert on applications.event, applications.placement, applications.approach to hamsafar_app;
-- Not whose it is: an employer must not lay candidates and applicants side by side.
grant select (id, isco, languages, licences, place_codes, since) on applications.candidate to hamsafar_app;

-- What the person agreed to have shown, and to have shown no more.
create function applications.my_candidate() returns table (languages boolean, licences boolean, places boolean)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select c.languages is not null, c.licences is not null, c.place_codes is not null
  from applications.candidate c
  where c.seeker_id = my_case.holder();
end;

create function applications.offer(
  new_id uuid, trades text[], spoken jsonb, papers text[], places text[], at timestamptz
) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  insert into applications.candidate (id, seeker_id, isco, languages, licences, place_codes, since)
  select new_id, my_case.holder(), trades, spoken, papers, places, at
  where my_case.holder() is not null
  on conflict (seeker_id) do update
  set isco = excluded.isco, languages = excluded.languages, licences = excluded.licences, place_codes = excluded.place_codes;
end;

create function applications.stop_offer() returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  delete from applications.candidate c where c.seeker_id = my_case.holder();
end;

-- What a person shares, and whether it is shared at all, only they change.
create function applications.refuse_others() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  if access.actor() is not null and my_case.holder() is distinct from old.seeker_id and (
    new.seeker_id is distinct from old.seeker_id
    or new.shared_sealed is distinct from old.shared_sealed
    or new.phone_released_at is distinct from old.phone_released_at
    or new.snapshot is distinct from old.snapshot
    or new.organisation_id is distinct from old.organisation_id
  ) then
    raise exception 'only the person changes what they share' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger application_shared_by_its_own before update on applications.application
for each row execute function applications.refuse_others();

-- The words said and noted about somebody who withdrew go too; no actor of the app may change what was said otherwise.
create function applications.forget_words(of_application uuid) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update applications.event e
  set words = null
  from applications.application a
  where a.id = of_application
    and e.application_id = a.id
    and a.seeker_id = my_case.holder();
end;

revoke execute on all functions in schema applications from public;
grant execute on all functions in schema applications to hamsafar_app;

create trigger application_live after insert or update or delete on applications.application
for each statement execute function live.announce();
create trigger help_request_live after insert or update or delete on applications.help_request
for each statement execute function live.announce();
