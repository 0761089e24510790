-- Notices about people who are to leave, left, or may not come back: what was stated, and who was told.
create schema expulsions;
grant usage on schema expulsions to hamsafar_app;

-- What an organisation is in this exchange. One without a line gets nothing: what is not known to be allowed is not.
create table expulsions.body (
  organisation_id uuid primary key references organisations.organisation (id),
  kind text not null
    constraint body_kind_known
    check (kind in ('migration', 'foreign_affairs', 'interior', 'security', 'border', 'employment'))
);
comment on column expulsions.body.kind is 'asked of people.may_relay; a body of migration always gets its copy';

create table expulsions.route (
  id uuid primary key,
  from_organisation uuid not null references organisations.organisation (id),
  to_organisation uuid not null references organisations.organisation (id),
  mandate text not null
    constraint route_mandate_given check (mandate = btrim(mandate) and mandate <> ''),
  act text not null
    constraint route_act_given check (act = btrim(act) and act <> ''),
  term_hours integer not null
    constraint route_term_possible check (term_hours between 1 and 8760),
  since timestamptz not null,
  ended_at timestamptz,
  constraint route_leads_on check (from_organisation <> to_organisation)
);
create unique index route_active on expulsions.route (from_organisation, to_organisation) where ended_at is null;
comment on column expulsions.route.act is 'the act that assigns the function: its name, number and date';

create table expulsions.batch (
  id uuid primary key,
  reference text not null unique,
  kind text not null
    constraint batch_kind_known check (kind in ('list', 'decision')),
  custodian uuid not null references organisations.organisation (id),
  letter text
    constraint batch_letter_given check (letter = btrim(letter) and letter <> ''),
  file_name text,
  sha256 bytea,
  import_id uuid unique,
  source_id uuid references people.source (id),
  entered_by uuid,
  received_at timestamptz not null,
  constraint batch_list_has_source check (kind <> 'list' or source_id is not null)
);
create index batch_of_custodian on expulsions.batch (custodian, received_at desc);
create index batch_received on expulsions.batch (received_at desc, id desc);
comment on column expulsions.batch.kind is 'decision: what was decided or answered about one measure afterwards';

-- One measure against one person, however often it was stated.
create table expulsions.measure (
  id uuid primary key,
  reference text not null unique,
  custodian uuid not null references organisations.organisation (id),
  latest integer not null,
  content bytea not null
);
comment on column expulsions.measure.content is 'HMAC over the row as last received: the same row again changes nothing';

-- By what a row is recognised when it comes again, as keyed fingerprints: see recognise.ts.
create table expulsions.measure_key (
  custodian uuid not null,
  key uuid not null,
  measure_id uuid not null references expulsions.measure (id),
  of text not null
    constraint measure_key_of_known check (of in ('document', 'name')),
  primary key (custodian, key, measure_id)
);
create index measure_key_of_measure on expulsions.measure_key (measure_id);

-- What was stated about a measure, version by version. Never changed: a correction is another version.
create table expulsions.statement (
  measure_id uuid not null references expulsions.measure (id),
  version integer not null,
  batch_id uuid not null references expulsions.batch (id),
  custodian uuid not null,
  row_number integer,
  record_id uuid not null references people.record (id),
  document_hint text,
  kind text not null
    constraint statement_kind_known
    check (kind in ('expulsion', 'deportation', 'readmission', 'undesirability', 'entry_ban', 'controlled_persons')),
  issuer text,
  ground text,
  decision_no text,
  decision_on date,
  starts_on date,
  term text not null
    constraint statement_term_known check (term in ('until', 'indefinite', 'unknown')),
  ends_on date,
  executed_on date,
  border_point text,
  status text not null
    constraint statement_status_known check (status in ('in_force', 'appealed', 'lifted', 'served', 'not_me')),
  status_on date,
  stated_at timestamptz not null,
  primary key (measure_id, version),
  constraint statement_once_a_batch unique (batch_id, measure_id),
  constraint statement_term_whole check ((term = 'until') = (ends_on is not null))
);
create index statement_of_record on expulsions.statement (record_id);
create index statement_in_order on expulsions.statement (batch_id, row_number);
comment on column expulsions.statement.term is 'unknown: the source does not say; it never means that there is no ban';

create function expulsions.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  raise exception 'what was stated and delivered is never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger statement_immutable before update or delete or truncate on expulsions.statement
for each statement execute function expulsions.refuse_change();

-- Refused at the border: something that happened, not a measure.
create table expulsions.border_refusal (
  id uuid primary key,
  custodian uuid not null references organisations.organisation (id),
  batch_id uuid references expulsions.batch (id),
  record_id uuid not null unique references people.record (id),
  refused_on date,
  border_point text,
  ground text,
  stated_at timestamptz not null
);

-- ---------------------------------------------------------------- who was told

create table expulsions.delivery (
  batch_id uuid not null references expulsions.batch (id),
  to_organisation uuid not null references organisations.organisation (id),
  from_organisation uuid not null,
  custodian uuid not null,
  route_id uuid references expulsions.route (id),
  sent_at timestamptz not null,
  due_at timestamptz not null,
  received_at timestamptz,
  acknowledged_at timestamptz,
  reminders integer not null default 0,
  reminded_at timestamptz,
  escalated_at timestamptz,
  primary key (batch_id, to_organisation)
);
create index delivery_to on expulsions.delivery (to_organisation, due_at) where acknowledged_at is null;
create index delivery_due on expulsions.delivery (due_at) where acknowledged_at is null;
comment on column expulsions.delivery.route_id is 'null: the copy that a body of migration always gets, or a decision that follows a row';
comment on column expulsions.delivery.acknowledged_at is 'since when every row is acknowledged';

-- How many rows are where. Only for the recipient and for those who watch over the exchange: to others the number of rows
-- that somebody got would tell that one was held back.
create table expulsions.tally (
  batch_id uuid not null,
  to_organisation uuid not null,
  rows integer not null default 0,
  acknowledged integer not null default 0,
  questioned integer not null default 0,
  primary key (batch_id, to_organisation),
  foreign key (batch_id, to_organisation) references expulsions.delivery (batch_id, to_organisation)
);

create table expulsions.delivery_row (
  to_organisation uuid not null,
  measure_id uuid not null,
  version integer not null,
  batch_id uuid not null,
  position integer not null,
  state text not null
    constraint row_state_known check (state in ('sent', 'received', 'question', 'answered', 'acknowledged', 'passed_on')),
  received_at timestamptz,
  acknowledged_at timestamptz,
  primary key (to_organisation, measure_id, version),
  constraint row_position_once unique (batch_id, to_organisation, position),
  foreign key (measure_id, version) references expulsions.statement (measure_id, version),
  foreign key (batch_id, to_organisation) references expulsions.delivery (batch_id, to_organisation)
);
create index row_waiting on expulsions.delivery_row (batch_id, to_organisation) where state in ('sent', 'received', 'question', 'answered');
comment on column expulsions.delivery_row.position is 'counted for each recipient: a gap would tell that a row was held back';

-- What was not passed on, for a recipient who may not have it now.
create table expulsions.held (
  to_organisation uuid not null,
  measure_id uuid not null,
  version integer not null,
  batch_id uuid not null,
  from_organisation uuid not null,
  held_at timestamptz not null,
  primary key (to_organisation, measure_id, version)
);

-- ---------------------------------------------------------------- questions, decisions, what happened

create table expulsions.question (
  id uuid primary key,
  measure_id uuid not null references expulsions.measure (id),
  batch_id uuid not null references expulsions.batch (id),
  about text not null
    constraint question_about_known check (about in ('term', 'ground', 'identity', 'other')),
  from_organisation uuid not null,
  to_organisation uuid not null,
  asked_by uuid,
  words text,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid,
  answer text,
  constraint question_answered_whole check ((answered_at is null) = (answer is null))
);
create unique index question_open on expulsions.question (measure_id, about, from_organisation) where answered_at is null;
create index question_to on expulsions.question (to_organisation, due_at) where answered_at is null;
create index question_of_batch on expulsions.question (batch_id, asked_at);

create table expulsions.correction (
  id uuid primary key,
  measure_id uuid not null references expulsions.measure (id),
  wanted text not null
    constraint correction_wanted_known check (wanted in ('not_me', 'lifted')),
  reason text not null
    constraint correction_reason_given check (btrim(reason) <> ''),
  proposed_by uuid not null,
  proposed_for uuid not null,
  proposed_at timestamptz not null,
  due_at timestamptz not null,
  decided_by uuid,
  decided_for uuid,
  decided_at timestamptz,
  outcome text
    constraint correction_outcome_known check (outcome in ('confirmed', 'refused')),
  batch_id uuid references expulsions.batch (id),
  constraint correction_by_two check (decided_by <> proposed_by),
  constraint correction_decided_whole
    check ((outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null))
);
create unique index correction_open on expulsions.correction (measure_id) where outcome is null;
create index correction_due on expulsions.correction (due_at) where outcome is null;

create table expulsions.event (
  id bigint generated always as identity primary key,
  batch_id uuid not null references expulsions.batch (id),
  at timestamptz not null,
  kind text not null
    constraint event_kind_known
    check (kind in ('entered', 'repeated', 'corrected', 'sent', 'received', 'acknowledged', 'reminded', 'escalated', 'asked', 'answered', 'decided')),
  organisation_id uuid,
  custodian uuid not null,
  rows integer,
  import_id uuid,
  constraint event_once_an_import unique (batch_id, kind, import_id)
);
create index event_of_batch on expulsions.event (batch_id, at, id);

-- ---------------------------------------------------------------- proceedings: not yet a measure, help is still possible

create table expulsions.proceeding (
  id uuid primary key,
  reference text not null unique,
  custodian uuid not null references organisations.organisation (id),
  record_id uuid references people.record (id),
  stated_sealed bytea,
  status text not null default 'open'
    constraint proceeding_status_known check (status in ('open', 'appealed', 'released', 'ordered', 'closed')),
  authority text,
  place_code text not null,
  detained_at text,
  detained_on date,
  hearing_at timestamptz,
  decision_on date,
  served_on date,
  appeal_until timestamptz,
  appeal_basis text,
  appealed_on date,
  lawyer text not null default 'unknown'
    constraint proceeding_lawyer_known check (lawyer in ('unknown', 'none', 'asked', 'has')),
  interpreter text not null default 'unknown'
    constraint proceeding_interpreter_known check (interpreter in ('unknown', 'none', 'asked', 'has')),
  visited_on date,
  certificate text not null default 'unknown'
    constraint proceeding_certificate_known check (certificate in ('unknown', 'not_needed', 'asked', 'issued')),
  children integer
    constraint proceeding_children_possible check (children between 0 and 30),
  wages_owed text not null default 'unknown'
    constraint proceeding_wages_known check (wages_owed in ('unknown', 'no', 'yes')),
  belongings text not null default 'unknown'
    constraint proceeding_belongings_known check (belongings in ('unknown', 'with_person', 'left')),
  entered_by uuid not null,
  entered_at timestamptz not null,
  changed_at timestamptz not null
);
create index proceeding_clock on expulsions.proceeding (appeal_until, id) where status in ('open', 'ordered');
create index proceeding_of_record on expulsions.proceeding (record_id);
comment on column expulsions.proceeding.stated_sealed is 'who it is about, until the registry has taken it';
comment on column expulsions.proceeding.appeal_until is 'the end of the last day, by the clock of the place';
comment on column expulsions.proceeding.children is 'null: nobody asked';
