-- Adverts that employers post themselves. What an employer writes is a posting; put out, it becomes an advert by the same
-- way as any other (adverts.ts): the job does it, so that no employer writes what the public reads.

-- The organisation that posted it; null for what came from elsewhere.
alter table vacancies.vacancy add column employer_id uuid references organisations.organisation (id);
create index vacancy_of_employer on vacancies.vacancy (employer_id, first_seen_at desc) where employer_id is not null;
create policy own_to_employers on vacancies.vacancy for select
  using (employer_id = (select access.organisation()) and (select access.can('vacancy.post')));

create table vacancies.posting (
  -- Also the advert's `source_id`.
  id uuid primary key,
  -- Also the vacancy's.
  reference text not null unique,
  employer_id uuid not null references organisations.organisation (id),
  -- As it is being written: values by column, as the columns of a file read them.
  content jsonb not null,
  -- As it was last put out.
  published jsonb,
  state text not null
    constraint posting_state_known check (state in ('draft', 'out', 'closed')),
  -- Goes up with each change, so that two who write at once learn of each other.
  version integer not null default 1,
  -- What was put out or closed, and how far the job is with it.
  out_version integer not null default 0,
  done_version integer not null default 0,
  -- The employer's own number, from its sheet or its program.
  own_key text,
  -- The last act that can be taken back, until when, and what was before.
  undo jsonb,
  undo_until timestamptz,
  created_at timestamptz not null,
  created_by uuid references access.user_account (id),
  changed_at timestamptz not null,
  changed_by uuid references access.user_account (id),
  published_at timestamptz,
  closed_at timestamptz,
  constraint posting_out_has_content check (state = 'draft' or published is not null),
  constraint posting_undo_ends check ((undo is null) = (undo_until is null))
);
create index posting_of_employer on vacancies.posting (employer_id, changed_at desc, id);
create unique index posting_own_key_once on vacancies.posting (employer_id, own_key) where own_key is not null;
create trigger posting_live after insert or update or delete on vacancies.posting
for each statement execute function live.announce();

alter table vacancies.posting enable row level security;
create policy own_to_employers on vacancies.posting for all to hamsafar_app
  using (employer_id = (select access.organisation()) and (select access.can('vacancy.post')))
  with check (employer_id = (select access.organisation()) and (select access.can('vacancy.post')));
create policy read_by_reviewers on vacancies.posting for select to hamsafar_app
  using ((select access.can('vacancy.review')));
grant select, insert, update on vacancies.posting to hamsafar_app;
