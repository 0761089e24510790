create schema vacancies;

-- What was received, as it was received, once per wording. Never changed, never shown to the public.
create table vacancies.source_record (
  id uuid primary key,
  source text not null,
  source_id text not null,
  content_hash text not null,
  import_id uuid,
  received_at timestamptz not null,
  raw jsonb not null,
  constraint source_record_once unique (source, source_id, content_hash)
);

-- An advert as we understand it. Null means that the source does not state it.
create table vacancies.vacancy (
  id uuid primary key,
  reference text not null unique,
  source text not null,
  source_id text not null,
  source_url text,
  content_hash text not null,
  lang text not null,
  title text not null,
  profession text,
  employer_name text,
  employer_inn text,
  employer_ogrn text,
  country text not null,
  place_code text,
  region_text text,
  workplace_text text,
  -- Where the employer is registered, by name and as a place; the work may be anywhere.
  employer_region text,
  employer_place_code text,
  pay_min bigint,
  pay_max bigint,
  pay_currency text,
  pay_period text constraint vacancy_pay_period_known check (pay_period in ('hour', 'day', 'shift', 'week', 'month', 'year', 'total')),
  pay_gross boolean,
  published_on date,
  modified_on date,
  expires_on date,
  duties text,
  requirements text,
  conditions text,
  schedule text,
  hours text,
  contract text constraint vacancy_contract_known check (contract in ('permanent', 'fixed_term', 'seasonal', 'service', 'none')),
  positions integer constraint vacancy_positions_positive check (positions > 0),
  education text,
  experience text,
  accommodation boolean,
  food boolean,
  transport boolean,
  medical_card boolean,
  foreigners text constraint vacancy_foreigners_known check (foreigners in ('yes', 'no', 'quota')),
  -- The sentence of the advert that says so.
  foreigners_quote text,
  contacts jsonb not null default '[]',
  costs jsonb not null default '[]',
  documents jsonb not null default '[]',
  isco text,
  isco_confidence real,
  isco_by text constraint vacancy_isco_by_known check (isco_by in ('text', 'officer')),
  -- Invented for the demonstration, and labelled so wherever it is shown.
  sample boolean not null default false,
  state text not null constraint vacancy_state_known check (state in ('published', 'held', 'rejected', 'withdrawn')),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint vacancy_once_per_source unique (source, source_id),
  constraint vacancy_pay_has_currency check (pay_currency is not null or coalesce(pay_min, pay_max) is null),
  constraint vacancy_pay_in_order check (pay_min <= pay_max)
);
create index vacancy_state_idx on vacancies.vacancy (state, first_seen_at);

-- What the public search reads: exactly the adverts that are published. Everybody reads it, so that no policy with a
-- condition keeps PostgreSQL from using the text indexes; publishing.ts is its only writer.
create table vacancies.listing (
  vacancy_id uuid primary key references vacancies.vacancy (id),
  reference text not null unique,
  lang text not null,
  title text not null,
  isco text,
  country text not null,
  place_code text,
  employer_place_code text,
  -- Where it is found: the place of work and the employer's, with all that contain them.
  place_codes text[] not null,
  pay_min bigint,
  pay_max bigint,
  pay_currency text,
  pay_period text,
  pay_gross boolean,
  -- The best pay offered, as an amount in a month; null where the period allows no comparison.
  pay_month bigint,
  accommodation boolean,
  foreigners text,
  contract text,
  employer_name text,
  source text not null,
  source_url text,
  sample boolean not null,
  published_on date,
  -- The last day on which the source is known to have stood by it.
  confirmed_on date,
  expires_on date,
  -- Newest first is an index read: undated adverts stand last.
  sort_on date not null,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  document tsvector not null
);
create index listing_newest on vacancies.listing (sort_on desc, vacancy_id desc);
create index listing_document on vacancies.listing using gin (document);
create index listing_places on vacancies.listing using gin (place_codes);
create index listing_isco on vacancies.listing (isco text_pattern_ops);

-- What stood at an address that is closed: the address answers "no longer offered", and nothing else of it is shown.
create table vacancies.closure (
  vacancy_id uuid primary key references vacancies.vacancy (id),
  reference text not null unique,
  closed_on date not null
);

-- Why an officer must look at an advert, and what became of it.
create table vacancies.review (
  id uuid primary key,
  vacancy_id uuid not null references vacancies.vacancy (id),
  reason text not null constraint review_reason_known check (reason in ('occupation', 'military', 'report')),
  evidence jsonb not null default '{}',
  opened_at timestamptz not null,
  due_at timestamptz not null,
  decision text constraint review_decision_known check (decision in ('publish', 'reject')),
  decided_at timestamptz,
  decided_by uuid references access.user_account (id),
  note text,
  -- The advert's state and occupation before the decision: what undoing it restores.
  before jsonb,
  undone_at timestamptz,
  undone_by uuid references access.user_account (id),
  constraint review_decided_whole check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))
);
create unique index review_open_once on vacancies.review (vacancy_id, reason) where decision is null;
create index review_queue on vacancies.review (due_at, id) where decision is null;
create index review_of_vacancy on vacancies.review (vacancy_id, opened_at);

-- What somebody passing by suspects. No name, no address: nothing leads back to who told us.
create table vacancies.report (
  id uuid primary key,
  vacancy_id uuid not null references vacancies.vacancy (id),
  reason text not null constraint report_reason_known check (reason in ('fee', 'documents', 'military', 'false', 'other')),
  story text constraint report_story_short check (length(story) <= 2000),
  lang text not null,
  reported_at timestamptz not null
);
create index report_of_vacancy on vacancies.report (vacancy_id, reported_at);

alter table vacancies.source_record enable row level security;
alter table vacancies.vacancy enable row level security;
alter table vacancies.review enable row level security;
alter table vacancies.report enable row level security;

create policy published_to_all on vacancies.vacancy for select
  using (state = 'published' or (select access.can('vacancy.review')));
create policy changed_by_reviewers on vacancies.vacancy for update
  using ((select access.can('vacancy.review')));
create policy read_by_reviewers on vacancies.source_record for select
  using ((select access.can('vacancy.review')));
create policy for_reviewers on vacancies.review for all
  using ((select access.can('vacancy.review')));
create policy read_by_reviewers on vacancies.report for select
  using ((select access.can('vacancy.review')));

-- Only who reviews adverts changes from the app what is public. A reading policy that is simply true leaves the text
-- indexes usable; one with a condition would not.
alter table vacancies.listing enable row level security;
alter table vacancies.closure enable row level security;
create policy read_by_all on vacancies.listing for select using (true);
create policy added_by_reviewers on vacancies.listing for insert with check ((select access.can('vacancy.review')));
create policy changed_by_reviewers on vacancies.listing for update using ((select access.can('vacancy.review')));
create policy removed_by_reviewers on vacancies.listing for delete using ((select access.can('vacancy.review')));
create policy read_by_all on vacancies.closure for select using (true);
create policy added_by_reviewers on vacancies.closure for insert with check ((select access.can('vacancy.review')));
create policy removed_by_reviewers on vacancies.closure for delete using ((select access.can('vacancy.review')));

grant usage on schema vacancies to hamsafar_app;
grant select on vacancies.source_record, vacancies.report to hamsafar_app;
grant select, update on vacancies.vacancy to hamsafar_app;
grant select, insert, update on vacancies.review to hamsafar_app;
grant select, insert, update, delete on vacancies.listing, vacancies.closure to hamsafar_app;

-- A visitor may tell a suspicion about a published advert, and can read none. The advert stays until somebody
-- decides: otherwise a competitor could take it down. Answers whether there was such an advert.
create function vacancies.report_suspicion(
  p_report_id uuid, p_review_id uuid, p_reference text, p_reason text, p_story text, p_lang text,
  p_at timestamptz, p_due_at timestamptz
) returns boolean
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
  v_vacancy uuid := (select v.id from vacancies.vacancy v where v.reference = p_reference and v.state = 'published');
begin
  if v_vacancy is null then
    return false;
  end if;
  insert into vacancies.report (id, vacancy_id, reason, story, lang, reported_at)
  values (p_report_id, v_vacancy, p_reason, p_story, p_lang, p_at);
  insert into vacancies.review (id, vacancy_id, reason, opened_at, due_at)
  values (p_review_id, v_vacancy, 'report', p_at, p_due_at)
  on conflict (vacancy_id, reason) where decision is null do nothing;
  return true;
end;
$$;
revoke all on function vacancies.report_suspicion from public;
grant execute on function vacancies.report_suspicion to hamsafar_app;
