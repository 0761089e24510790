-- The registry of persons: what sources state, who it is about, who looked.
create schema people;
grant usage on schema people to hamsafar_app;

-- ---------------------------------------------------------------- who may see

-- What an organisation is to the registry. Without a line: it sees what it has custody of itself.
create table people.office (
  organisation_id uuid primary key references organisations.organisation (id),
  national boolean not null default false,
  unnamed boolean not null default false
);
comment on column people.office.national is 'its registry officers see the whole registry';
comment on column people.office.unnamed is 'a protected service: stands in a person''s own log without its name';

create function people.sees_all() returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('person.read')
  and exists (
    select
    from people.office o
    where o.organisation_id = access.organisation()
      and o.national
  );

-- The registry's own key, wrapped with one made from the installation's secret. Numbers are sealed and indexed under it,
-- so that another secret key means one row to wrap anew.
create table people.key (
  one boolean primary key default true
    constraint key_is_one check (one),
  key_id text not null,
  wrapped bytea not null
);

-- ---------------------------------------------------------------- what sources state: never changed

create table people.source (
  id uuid primary key,
  custodian uuid not null references organisations.organisation (id),
  kind text not null
    constraint source_kind_known check (kind in ('file', 'form', 'api', 'desk')),
  label text not null
    constraint source_label_given check (label = btrim(label) and label <> ''),
  sha256 bytea
    constraint source_sha256_long check (length(sha256) = 32),
  received_at timestamptz not null,
  constraint source_once unique (custodian, sha256)
);
comment on column people.source.label is 'what officers call it: the number of a letter, the name of a list';

create table people.record (
  id uuid primary key,
  source_id uuid not null references people.source (id),
  custodian uuid not null references organisations.organisation (id),
  row_number integer
    constraint record_row_positive check (row_number > 0),
  row_hash bytea not null,
  adverse boolean not null,
  names jsonb not null
    constraint record_names_listed check (jsonb_typeof(names) = 'array'),
  birth integer
    constraint record_birth_form check (birth between 10000000 and 99991231),
  sex text
    constraint record_sex_known check (sex in ('male', 'female')),
  citizenship text
    constraint record_citizenship_code check (citizenship ~ '^[A-Z]{2}$'),
  home_district text,
  received_at timestamptz not null,
  constraint record_once unique (source_id, row_hash)
);
comment on column people.record.row_hash is 'HMAC over all that the row states: a repeated row is no second one';
comment on column people.record.adverse is 'a ban, a notice, anything that can harm: never attached by likeness';
comment on column people.record.birth is 'year·10000 + month·100 + day; what the source does not state is 0 there';

create table people.document (
  id uuid primary key,
  record_id uuid not null references people.record (id),
  custodian uuid not null,
  kind text not null
    constraint document_kind_known
    check (kind in ('passport', 'travel_passport', 'id_card', 'birth_certificate', 'return_certificate', 'other')),
  country text
    constraint document_country_code check (country ~ '^[A-Z]{2}$'),
  number_sealed bytea not null,
  number_index bytea not null,
  issued_on date,
  expires_on date
);
create index document_of_record on people.document (record_id);
create index document_number on people.document (number_index);
comment on column people.document.number_sealed is 'AES-256-GCM, bound to the document (secrets.ts)';
comment on column people.document.number_index is 'HMAC of the number in one spelling: for exact look-up';

create table people.contact (
  id uuid primary key,
  record_id uuid not null references people.record (id),
  custodian uuid not null,
  phone_sealed bytea not null,
  phone_index bytea not null,
  only_theirs boolean,
  reach_sealed bytea,
  received_at timestamptz not null
);
create index contact_of_record on people.contact (record_id);
create index contact_phone on people.contact (phone_index);
comment on column people.contact.only_theirs is 'does nobody else use this telephone? null: not asked';
comment on column people.contact.reach_sealed is 'when and how it is safe to reach them, sealed';

create function people.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  raise exception 'what a source stated, and what was decided, is never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger source_immutable before update or delete or truncate on people.source
for each statement execute function people.refuse_change();
create trigger record_immutable before update or delete or truncate on people.record
for each statement execute function people.refuse_change();
create trigger document_immutable before update or delete or truncate on people.document
for each statement execute function people.refuse_change();

-- ---------------------------------------------------------------- who it is about

create table people.person (
  id uuid primary key,
  reference text not null unique
    constraint person_reference_form check (reference ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  merged_into uuid references people.person (id),
  root uuid not null references people.person (id),
  created_at timestamptz not null,
  constraint person_merged_has_root check ((merged_into is null) = (root = id))
);
create index person_of_root on people.person (root) where root <> id;
create index person_merged on people.person (merged_into) where merged_into is not null;
comment on column people.person.root is 'the person this one is now counted as: itself, or the end of merged_into';

create table people.event (
  id uuid primary key,
  at timestamptz not null,
  kind text not null
    constraint event_kind_known
    check (kind in ('create', 'link', 'merge', 'unmerge', 'split', 'unsplit', 'apart', 'unapart')),
  person_id uuid not null references people.person (id),
  other_id uuid references people.person (id),
  record_id uuid references people.record (id),
  undoes uuid unique references people.event (id),
  actor_id uuid,
  second_id uuid,
  organisation_id uuid,
  reason text not null
    constraint event_reason_known
    check (reason in ('new', 'automatic', 'document', 'review', 'officer', 'undo')),
  probability double precision,
  explanation jsonb not null default '[]',
  weights_version text,
  constraint event_two_officers check (second_id is null or second_id <> actor_id)
);
create index event_of_person on people.event (person_id, at);
create index event_of_other on people.event (other_id, at) where other_id is not null;
create index event_of_record on people.event (record_id) where record_id is not null;
comment on column people.event.person_id is 'whom it happened to; in a merge the one that went into the other';
comment on column people.event.organisation_id is 'the custodian of the record, or the office that decided';
create trigger event_append_only before update or delete or truncate on people.event
for each statement execute function people.refuse_change();

-- The state that the events make.
create table people.link (
  record_id uuid primary key references people.record (id),
  person_id uuid not null references people.person (id),
  event_id uuid not null references people.event (id)
);
create index link_of_person on people.link (person_id);

create table people.apart (
  left_id uuid not null references people.person (id),
  right_id uuid not null references people.person (id),
  event_id uuid not null references people.event (id),
  primary key (left_id, right_id),
  constraint apart_in_order check (left_id < right_id)
);
create index apart_of_right on people.apart (right_id);

-- What is searched: one row a record, made anew at any time from what stands above.
create table people.finding (
  record_id uuid primary key references people.record (id),
  person_id uuid not null references people.person (id),
  custodian uuid not null,
  adverse boolean not null,
  names jsonb not null,
  birth integer,
  sex text,
  citizenship text,
  home_district text,
  documents text[] not null,
  keys bigint[] not null,
  keys_version integer not null
);
create index finding_keys on people.finding using gin (keys) with (fastupdate = off);
create index finding_of_person on people.finding (person_id);
create index finding_outdated on people.finding (keys_version);
comment on column people.finding.person_id is 'the root: whom the record is counted with now';
comment on column people.finding.documents is 'number_index of each document, in hexadecimal';

create table people.protection (
  id uuid primary key,
  person_id uuid not null references people.person (id),
  flag text not null
    constraint protection_flag_known check (flag in ('asylum_seeker', 'victim', 'child')),
  since timestamptz not null,
  set_by uuid,
  organisation_id uuid,
  until timestamptz,
  lifted_by uuid,
  constraint protection_lifted_later check (until >= since)
);
create unique index protection_in_force on people.protection (person_id, flag) where until is null;

-- ---------------------------------------------------------------- who decides

create table people.review (
  id uuid primary key,
  record_id uuid not null references people.record (id),
  person_id uuid not null references people.person (id),
  other_id uuid not null references people.person (id),
  other_record_id uuid not null references people.record (id),
  adverse boolean not null,
  probability double precision not null,
  explanation jsonb not null,
  weights_version text not null,
  custodians uuid[] not null,
  state text not null default 'open'
    constraint review_state_known check (state in ('open', 'proposed', 'unclear', 'same', 'different', 'void')),
  opened_at timestamptz not null,
  due_at timestamptz not null,
  settled_at timestamptz,
  event_id uuid references people.event (id),
  constraint review_settled check ((state in ('same', 'different', 'void')) = (settled_at is not null))
);
create unique index review_waiting on people.review (least(person_id, other_id), greatest(person_id, other_id))
where settled_at is null;
create index review_queue on people.review (due_at, id) where settled_at is null;
create index review_of_person on people.review (person_id);
create index review_of_other on people.review (other_id);
comment on column people.review.custodians is 'of both records: who sees both may decide';

create table people.decision (
  id uuid primary key,
  review_id uuid not null references people.review (id),
  user_id uuid not null,
  organisation_id uuid not null,
  decision text not null
    constraint decision_known check (decision in ('same', 'different', 'unclear')),
  at timestamptz not null,
  undone_at timestamptz
);
create index decision_of_review on people.decision (review_id, at);

-- ---------------------------------------------------------------- who looked, and why

create table people.lookup (
  id uuid primary key,
  at timestamptz not null,
  actor_id uuid not null,
  organisation_id uuid not null,
  purpose text not null
    constraint lookup_purpose_known
    check (purpose in ('request', 'help', 'notice', 'correction', 'review', 'complaint', 'other', 'find')),
  words text,
  asked text[] not null,
  candidates integer not null default 0,
  shown integer not null default 0
);
create index lookup_of_actor on people.lookup (actor_id, at desc);
create index lookup_at on people.lookup (at);
comment on column people.lookup.asked is 'what was asked for (name, birth, document), never with what';

create table people.look (
  id uuid primary key,
  at timestamptz not null,
  person_id uuid not null references people.person (id),
  lookup_id uuid not null references people.lookup (id) on delete cascade,
  what text not null
    constraint look_what_known check (what in ('found', 'opened', 'numbers', 'compared', 'log')),
  position smallint,
  probability double precision
);
create index look_of_person on people.look (person_id, at desc);
create index look_of_lookup on people.look (lookup_id);

-- How often words stand in names, and dates in births: learnt from a sample. Rare agreement says more.
create table people.frequency (
  field smallint not null,
  term text not null,
  share double precision not null,
  primary key (field, term)
);
create table people.frequency_state (
  one boolean primary key default true
    constraint frequency_state_is_one check (one),
  version text not null,
  persons bigint not null
);
