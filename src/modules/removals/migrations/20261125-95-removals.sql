-- People taken out of a country by air, rail or bus: on whose account, what it cost, who was asked to pay, what they paid.
create schema removals;
grant usage on schema removals to hamsafar_app;

-- One departure of one category. It says nothing about who the people are: see removals.about.
create table removals.removal (
  id uuid primary key,
  reference text not null unique,
  custodian uuid not null references organisations.organisation (id),
  carrier uuid not null references organisations.organisation (id),
  mode text not null
    constraint removal_mode_known check (mode in ('air', 'rail', 'bus')),
  category text not null
    constraint removal_category_known check (category in ('inadmissible', 'deportee')),
  people integer not null
    constraint removal_people_possible check (people between 1 and 1000),
  left_on date not null,
  service text
    constraint removal_service_given check (service = btrim(service) and service <> ''),
  origin text not null
    constraint removal_origin_given check (origin = btrim(origin) and origin <> ''),
  destination text not null
    constraint removal_destination_given check (destination = btrim(destination) and destination <> ''),
  country text not null
    constraint removal_country_code check (country ~ '^[A-Z]{2}$'),
  brought_by uuid references organisations.organisation (id),
  invited text not null default 'unknown'
    constraint removal_invited_known check (invited in ('unknown', 'none', 'known')),
  escort text not null default 'unknown'
    constraint removal_escort_known check (escort in ('unknown', 'none', 'officers', 'carrier_staff', 'medical')),
  entered_by uuid not null,
  entered_at timestamptz not null,
  import_id uuid,
  row_key bytea,
  content bytea,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  -- Who brought somebody in matters for passengers who were not admitted, who invited them for those who are deported.
  constraint removal_brought_inadmissible check (brought_by is null or category = 'inadmissible'),
  constraint removal_invited_deportee check (invited = 'unknown' or category = 'deportee'),
  constraint removal_withdrawn_whole check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index removal_row on removals.removal (custodian, row_key) where withdrawn_at is null;
create index removal_in_order on removals.removal (left_on desc, id desc);
create index removal_of_carrier on removals.removal (carrier, left_on desc, id desc);
create index removal_of_custodian on removals.removal (custodian, left_on desc, id desc);
comment on column removals.removal.custodian is 'whose staff entered it';
comment on column removals.removal.country is 'the country that sends back: its rules say who pays';
comment on column removals.removal.brought_by is 'the carrier that brought the passenger in; null: not stated';
comment on column removals.removal.row_key is 'HMAC by which the row of a sheet is recognised when it comes again; content: over all it says';

-- Whom a departure is about, and the legal basis: for who entered it, and for those who watch over removals. Never for the carrier.
create table removals.about (
  removal_id uuid primary key references removals.removal (id),
  custodian uuid not null references organisations.organisation (id),
  ground text
    constraint about_ground_given check (ground = btrim(ground) and ground <> ''),
  stated_sealed bytea,
  record_id uuid references people.record (id),
  document_hint text
);
create index about_of_record on removals.about (record_id);
comment on column removals.about.stated_sealed is 'who it is, until the registry has taken it';

create table removals.cost (
  id uuid primary key,
  removal_id uuid not null references removals.removal (id),
  kind text not null
    constraint cost_kind_known check (kind in ('carriage', 'escort', 'stay', 'documents', 'other', 'whole')),
  amount bigint not null
    constraint cost_amount_positive check (amount > 0),
  currency text not null
    constraint cost_currency_code check (currency ~ '^[A-Z]{3}$'),
  organisation_id uuid not null references organisations.organisation (id),
  added_by uuid not null,
  added_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  constraint cost_withdrawn_whole check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index cost_of_removal on removals.cost (removal_id, added_at);
comment on column removals.cost.amount is 'minor units; currencies are never added';
comment on column removals.cost.kind is 'whole: not broken down by who stated it';

-- Which measure or refusal at the border a removal carried out. For officers, never for carriers.
create table removals.joined (
  id uuid primary key,
  removal_id uuid not null references removals.removal (id),
  notice_id uuid not null,
  organisation_id uuid not null references organisations.organisation (id),
  joined_by uuid not null,
  joined_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  constraint joined_ended_whole check ((ended_at is null) = (ended_by is null))
);
create unique index joined_once on removals.joined (removal_id) where ended_at is null;
comment on column removals.joined.notice_id is 'of expulsions: a measure or a refusal at the border';

-- What a payer is asked for: the costs of one carrier in one year and one currency.
create table removals.claim (
  id uuid primary key,
  reference text not null unique,
  keeper uuid not null references organisations.organisation (id),
  carrier uuid not null references organisations.organisation (id),
  payer text not null
    constraint claim_payer_known check (payer in ('federal_budget', 'inviting_party', 'carrier')),
  payer_carrier uuid references organisations.organisation (id),
  rule_key text not null references law.rule (key),
  year integer not null,
  currency text not null
    constraint claim_currency_code check (currency ~ '^[A-Z]{3}$'),
  state text not null
    constraint claim_state_known
    check (state in ('drafted', 'sent', 'acknowledged', 'paid_part', 'paid', 'refused', 'disputed', 'withdrawn')),
  due_on date,
  drafted_by uuid not null,
  drafted_at timestamptz not null,
  constraint claim_payer_whole check ((payer = 'carrier') = (payer_carrier is not null)),
  constraint claim_not_to_oneself check (payer_carrier <> carrier)
);
create index claim_in_order on removals.claim (drafted_at desc, id desc);
create index claim_of_carrier on removals.claim (carrier, drafted_at desc);
create index claim_due on removals.claim (keeper, due_on) where due_on is not null;
comment on column removals.claim.due_on is 'when somebody must look at it again; null: nothing is awaited';

create table removals.claim_cost (
  claim_id uuid not null references removals.claim (id),
  cost_id uuid not null references removals.cost (id),
  released_at timestamptz,
  primary key (claim_id, cost_id)
);
create unique index cost_claimed_once on removals.claim_cost (cost_id) where released_at is null;

-- What happened to a claim, step by step. Nothing is changed: a step that was a mistake is marked as undone.
create table removals.claim_step (
  id uuid primary key,
  claim_id uuid not null references removals.claim (id),
  state text not null
    constraint step_state_known
    check (state in ('drafted', 'sent', 'acknowledged', 'paid_part', 'paid', 'refused', 'disputed', 'withdrawn')),
  stepped_on date not null,
  letter text
    constraint step_letter_given check (letter = btrim(letter) and letter <> ''),
  amount bigint
    constraint step_amount_positive check (amount > 0),
  currency text
    constraint step_currency_code check (currency ~ '^[A-Z]{3}$'),
  due_on date,
  organisation_id uuid not null,
  taken_by uuid not null,
  taken_at timestamptz not null,
  undone_at timestamptz,
  undone_by uuid,
  constraint step_paid_whole check (
    (amount is null) = (currency is null) and (state in ('paid', 'paid_part')) = (amount is not null)),
  constraint step_undone_whole check ((undone_at is null) = (undone_by is null))
);
create index step_of_claim on removals.claim_step (claim_id, taken_at, id);

-- ---------------------------------------------------------------- doors

-- The people of removals by name: for who entered them, and for those who watch over removals, as far as the registry allows.
create function removals.named(removals uuid[]) returns table (removal_id uuid, names jsonb, birth integer)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select a.removal_id, r.names, r.birth
  from removals.about a
  join people.record r on r.id = a.record_id
  where a.removal_id = any (removals)
    and access.can('removal.read')
    and (
      a.custodian = access.organisation()
      or (
        access.can('removal.oversee')
        and exists (
          select from people.link l where l.record_id = a.record_id and people.may_relay(l.person_id, 'migration'))
      )
    );
end;

-- All records of the person of a removal, as the registry has linked them: opaque, to ask others what they know of them.
create function removals.records_beside(removal uuid) returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select o.record_id
  from removals.about a
  join people.link l on l.record_id = a.record_id
  cross join lateral people.members(l.person_id) m (id)
  join people.link o on o.person_id = m.id
  where a.removal_id = removal
    and access.can('removal.join')
    and (a.custodian = access.organisation() or access.can('removal.oversee'));
end;

-- The removals of one person, for who watches over them and may see that person.
create function removals.of_person(person uuid) returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select a.removal_id
  from people.members(person) m (id)
  join people.link l on l.person_id = m.id
  join removals.about a on a.record_id = l.record_id
  where access.can('removal.oversee')
    and people.sees_person(person)
    and people.may_relay(person, 'migration');
end;

-- ---------------------------------------------------------------- what the app may see and do

alter table removals.removal enable row level security;
alter table removals.about enable row level security;
alter table removals.cost enable row level security;
alter table removals.joined enable row level security;
alter table removals.claim enable row level security;
alter table removals.claim_cost enable row level security;
alter table removals.claim_step enable row level security;

-- What a carrier sees never depends on who was on board: a row that came or went with a protection would tell of it.
create policy removal_seen on removals.removal for select to hamsafar_app
using (
  (select access.can('removal.read'))
  and ((select access.organisation()) in (custodian, carrier) or (select access.can('removal.oversee')))
);
-- Officers enter removals by any carrier, a carrier its own.
create policy removal_entered on removals.removal for insert to hamsafar_app
with check (
  (select access.can('removal.enter'))
  and custodian = (select access.organisation())
  and entered_by = (select access.actor())
  and (carrier = (select access.organisation()) or (select access.can('removal.join')))
);
create policy removal_withdrawn on removals.removal for update to hamsafar_app
using ((select access.can('removal.enter')) and custodian = (select access.organisation()));

create policy about_seen on removals.about for select to hamsafar_app
using (
  (select access.can('removal.read'))
  and (custodian = (select access.organisation()) or (select access.can('removal.oversee')))
);
create policy about_stated on removals.about for insert to hamsafar_app
with check ((select access.can('removal.enter')) and custodian = (select access.organisation()));

create policy cost_seen on removals.cost for select to hamsafar_app
using (exists (select from removals.removal r where r.id = removal_id));
create policy cost_added on removals.cost for insert to hamsafar_app
with check (
  (select access.can('removal.enter'))
  and organisation_id = (select access.organisation())
  and added_by = (select access.actor())
  and exists (select from removals.removal r where r.id = removal_id)
);
create policy cost_withdrawn on removals.cost for update to hamsafar_app
using ((select access.can('removal.enter')) and organisation_id = (select access.organisation()));

create policy joined_seen on removals.joined for select to hamsafar_app
using (
  (select access.can('removal.join'))
  and (organisation_id = (select access.organisation()) or (select access.can('removal.oversee')))
);
create policy joined_made on removals.joined for insert to hamsafar_app
with check (
  (select access.can('removal.join'))
  and organisation_id = (select access.organisation())
  and joined_by = (select access.actor())
  and exists (
    select
    from removals.removal r
    where r.id = removal_id
      and (r.custodian = (select access.organisation()) or (select access.can('removal.oversee')))
  )
);
create policy joined_ended on removals.joined for update to hamsafar_app
using ((select access.can('removal.join')) and organisation_id = (select access.organisation()));

create policy claim_seen on removals.claim for select to hamsafar_app
using (
  (select access.can('removal.read'))
  and ((select access.organisation()) in (keeper, carrier) or (select access.can('removal.oversee')))
);
create policy claim_drafted on removals.claim for insert to hamsafar_app
with check (
  (select access.can('removal.claim'))
  and keeper = (select access.organisation())
  and drafted_by = (select access.actor())
  and (carrier = (select access.organisation()) or (select access.can('removal.oversee')))
);
create policy claim_stepped on removals.claim for update to hamsafar_app
using ((select access.can('removal.claim')) and keeper = (select access.organisation()));

create policy claim_cost_seen on removals.claim_cost for select to hamsafar_app
using (exists (select from removals.claim c where c.id = claim_id));
create policy claim_cost_taken on removals.claim_cost for insert to hamsafar_app
with check (
  (select access.can('removal.claim'))
  and exists (select from removals.claim c where c.id = claim_id and c.keeper = (select access.organisation()))
  and exists (select from removals.cost o where o.id = cost_id)
);
create policy claim_cost_released on removals.claim_cost for update to hamsafar_app
using (
  (select access.can('removal.claim'))
  and exists (select from removals.claim c where c.id = claim_id and c.keeper = (select access.organisation()))
);

create policy claim_step_seen on removals.claim_step for select to hamsafar_app
using (exists (select from removals.claim c where c.id = claim_id));
create policy claim_step_taken on removals.claim_step for insert to hamsafar_app
with check (
  (select access.can('removal.claim'))
  and organisation_id = (select access.organisation())
  and taken_by = (select access.actor())
  and exists (select from removals.claim c where c.id = claim_id and c.keeper = (select access.organisation()))
);
create policy claim_step_undone on removals.claim_step for update to hamsafar_app
using (
  (select access.can('removal.claim'))
  and exists (select from removals.claim c where c.id = claim_id and c.keeper = (select access.organisation()))
);

grant select, insert on removals.removal, removals.about, removals.cost, removals.joined, removals.claim, removals.claim_cost,
  removals.claim_step to hamsafar_app;
grant update (withdrawn_at, withdrawn_by) on removals.removal, removals.cost to hamsafar_app;
grant update (ended_at, ended_by) on removals.joined to hamsafar_app;
grant update (state, due_on) on removals.claim to hamsafar_app;
grant update (released_at) on removals.claim_cost to hamsafar_app;
grant update (undone_at, undone_by) on removals.claim_step to hamsafar_app;

revoke execute on all functions in schema removals from public;
grant execute on function removals.named(uuid[]), removals.records_beside(uuid), removals.of_person(uuid) to hamsafar_app;
