-- Who may post adverts: employers and recruiting agencies, verified by an officer at home or by the Ministry's
-- representative in the country where the employer sits.
create schema employers;
grant usage on schema employers to hamsafar_app;

-- What somebody asked on the public page, until the mailbox is proven. Then it becomes an organisation, or is erased.
create table employers.registration (
  id uuid primary key,
  token_hash bytea not null unique,
  answers jsonb not null,
  lang text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  confirmed_at timestamptz
);
create index registration_expiry on employers.registration (expires_at);

create table employers.employer (
  organisation_id uuid primary key references organisations.organisation (id),
  reference text not null unique,
  kind text not null
    constraint employer_kind_known check (kind in ('employer', 'agency')),
  -- asked: waits for an officer · asked_back: the officer waits for the employer
  state text not null
    constraint employer_state_known check (state in ('asked', 'asked_back', 'verified', 'refused', 'suspended')),
  -- As the register of its country has it.
  legal_name text not null
    constraint employer_name_given check (legal_name = btrim(legal_name) and legal_name <> ''),
  country text not null
    constraint employer_country_code check (country ~ '^[A-Z]{2}$'),
  place_code text,
  address text,
  tin text
    constraint employer_tin_form check (tin ~ '^[0-9A-Z-]{4,20}$'),
  ogrn text
    constraint employer_ogrn_form check (ogrn ~ '^(\d{13}|\d{15})$'),
  website text,
  -- The office's number, shown to everybody: people compare it with the one that called them.
  phone text not null,
  contact_name text not null,
  contact_email text not null,
  lang text not null,
  licence_no text,
  licence_by text,
  licence_on date,
  licence_until date,
  -- Somebody rang and it was they.
  phone_checked_at timestamptz,
  phone_checked_by uuid references access.user_account (id),
  phone_checked_how text
    constraint employer_phone_how_known check (phone_checked_how in ('call', 'call_back', 'visit')),
  -- The day of the register extract that the facts were compared with.
  extract_on date,
  extract_checked_at timestamptz,
  extract_checked_by uuid references access.user_account (id),
  asked_at timestamptz not null,
  due_at timestamptz not null,
  verified_at timestamptz,
  -- Goes up with each change, so that two who edit at once learn of each other.
  version integer not null default 1,
  sample boolean not null default false,
  constraint employer_phone_check_whole check (
    (phone_checked_at is null) = (phone_checked_by is null) and (phone_checked_at is null) = (phone_checked_how is null)
  ),
  constraint employer_extract_whole check (
    (extract_checked_at is null) = (extract_checked_by is null) and (extract_checked_at is null) = (extract_on is null)
  ),
  constraint employer_licence_in_order check (licence_on <= licence_until),
  constraint employer_verified_since check (state not in ('verified', 'suspended') or verified_at is not null)
);
create unique index employer_tin_once on employers.employer (country, tin) where state <> 'refused';
create index employer_waiting on employers.employer (due_at, organisation_id) where state = 'asked';

create table employers.document (
  id uuid primary key,
  organisation_id uuid not null references employers.employer (organisation_id),
  kind text not null
    constraint document_kind_known check (kind in ('registration', 'licence', 'extract', 'contract', 'other')),
  file_id uuid not null unique,
  added_at timestamptz not null,
  added_by uuid not null references access.user_account (id),
  removed_at timestamptz
);
create index document_of_employer on employers.document (organisation_id, added_at);

-- What was decided about an employer, and what the employer said to it.
create table employers.decision (
  id uuid primary key,
  organisation_id uuid not null references employers.employer (organisation_id),
  act text not null
    constraint decision_act_known check (act in ('verify', 'ask_back', 'refuse', 'suspend', 'reinstate', 'answer')),
  -- Read by both sides.
  said text,
  -- Read by officers only.
  note text,
  state_before text not null,
  verified_before timestamptz,
  decided_at timestamptz not null,
  decided_by uuid not null references access.user_account (id),
  undone_at timestamptz,
  undone_by uuid references access.user_account (id),
  constraint decision_undone_whole check ((undone_at is null) = (undone_by is null))
);
create index decision_of_employer on employers.decision (organisation_id, decided_at);

-- May the actor decide about employers of this country? Whoever sits there; at home also for countries where nobody does.
create function employers.verifies(of_country text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('employer.verify')
  and exists (
    select
    from organisations.organisation own
    where own.id = access.organisation()
      and (
        own.country = of_country
        or (
          own.country = 'TJ'
          and not exists (
            select
            from organisations.organisation other
            join access.membership m on m.organisation_id = other.id
            join access.membership_role mr on mr.membership_id = m.id
            join access.role_permission rp on rp.role = mr.role
            where other.country = of_country
              and rp.permission = 'employer.verify'
              and access.belongs(m.user_id, m.organisation_id)
          )
        )
      )
  );

-- An employer changes its facts, never what was found about them.
create function employers.refuse_own_standing() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  if access.actor() is not null and not employers.verifies(old.country) and (
    (new.state is distinct from old.state and new.state <> 'asked')
    or (new.verified_at is distinct from old.verified_at)
    or (new.phone_checked_at is distinct from old.phone_checked_at and new.phone_checked_at is not null)
    or (new.extract_checked_at is distinct from old.extract_checked_at and new.extract_checked_at is not null)
  ) then
    raise exception 'nobody verifies the own organisation' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger employer_standing_by_others before update on employers.employer
for each row execute function employers.refuse_own_standing();

create trigger employer_live after insert or update or delete on employers.employer
for each statement execute function live.announce();

-- What everybody may know of whoever was verified. Owned by the owner: no policy hides a row of it.
create view employers.known as
select e.organisation_id, e.reference, e.kind, e.state, e.legal_name, e.country, e.place_code, e.website, e.phone,
  e.tin, e.ogrn, e.licence_no, e.licence_by, e.licence_on, e.licence_until, e.phone_checked_at, e.extract_on,
  e.verified_at, e.sample,
  (
    select array_agg(n.name order by n.lang)
    from organisations.organisation_name n
    where n.organisation_id = e.organisation_id
  ) as names
from employers.employer e
where e.state in ('verified', 'suspended');

alter table employers.registration enable row level security;
alter table employers.employer enable row level security;
alter table employers.document enable row level security;
alter table employers.decision enable row level security;

create policy seen_by_its_own on employers.employer for select to hamsafar_app
using (organisation_id = (select access.organisation()) and (select access.can('employer.edit')));
create policy seen_by_officers on employers.employer for select to hamsafar_app
using ((select access.can('employer.verify')));
create policy changed_by_its_own on employers.employer for update to hamsafar_app
using (organisation_id = (select access.organisation()) and (select access.can('employer.edit')));
create policy changed_by_officers on employers.employer for update to hamsafar_app
using (employers.verifies(country));

create policy seen_by_its_own on employers.document for select to hamsafar_app
using (organisation_id = (select access.organisation()) and (select access.can('employer.edit')));
create policy seen_by_officers on employers.document for select to hamsafar_app
using ((select access.can('employer.verify')));
create policy added on employers.document for insert to hamsafar_app
with check (
  added_by = (select access.actor())
  and (
    (organisation_id = (select access.organisation()) and (select access.can('employer.edit')))
    or exists (
      select
      from employers.employer e
      where e.organisation_id = document.organisation_id
        and employers.verifies(e.country)
    )
  )
);
create policy taken_back on employers.document for update to hamsafar_app
using (added_by = (select access.actor()));

-- The papers of an employer are read by its officers too, though they are the employer's.
create policy employer_document_seen on files.file for select to hamsafar_app
using (
  (select access.can('employer.verify'))
  and exists (select from employers.document d where d.file_id = file.id)
);

create policy seen_by_officers on employers.decision for select to hamsafar_app
using ((select access.can('employer.verify')));
create policy seen_by_its_own on employers.decision for select to hamsafar_app
using (organisation_id = (select access.organisation()) and (select access.can('employer.edit')));
create policy made_by_officers on employers.decision for insert to hamsafar_app
with check (
  decided_by = (select access.actor())
  and act <> 'answer'
  and exists (
    select
    from employers.employer e
    where e.organisation_id = decision.organisation_id
      and employers.verifies(e.country)
  )
);
create policy answered_by_its_own on employers.decision for insert to hamsafar_app
with check (
  decided_by = (select access.actor())
  and act = 'answer'
  and organisation_id = (select access.organisation())
  and (select access.can('employer.edit'))
);
create policy undone_by_officers on employers.decision for update to hamsafar_app
using (
  act <> 'answer'
  and exists (
    select
    from employers.employer e
    where e.organisation_id = decision.organisation_id
      and employers.verifies(e.country)
  )
);

grant select on employers.known to hamsafar_app;
grant select, update on employers.employer to hamsafar_app;
grant select, insert on employers.document to hamsafar_app;
grant update (removed_at) on employers.document to hamsafar_app;
grant select, insert on employers.decision to hamsafar_app;
grant update (undone_at, undone_by) on employers.decision to hamsafar_app;

revoke execute on all functions in schema employers from public;
grant execute on all functions in schema employers to hamsafar_app;
