-- Which adverts offer the same work in the same words: they stand in one group, and the public search shows its head.
create table vacancies.fingerprint (
  vacancy_id uuid primary key references vacancies.vacancy (id),
  group_id uuid not null,
  -- Adverts that share one of these may be the same: see duplicates/keys.ts. None: too few words to tell.
  keys integer[] not null
);
create index fingerprint_keys on vacancies.fingerprint using gin (keys);
create index fingerprint_group on vacancies.fingerprint (group_id);

-- What an officer took apart stays apart: this advert never comes into this group again.
create table vacancies.apart (
  vacancy_id uuid not null references vacancies.vacancy (id),
  group_id uuid not null,
  -- It was taken out; false: it stood there when another was taken out into this group.
  taken_out boolean not null,
  decided_at timestamptz not null,
  decided_by uuid not null references access.user_account (id),
  primary key (vacancy_id, group_id)
);

alter table vacancies.fingerprint enable row level security;
alter table vacancies.apart enable row level security;
-- Whoever may see the advert may know what it is the same as.
create policy read_with_its_advert on vacancies.fingerprint for select to hamsafar_app
  using (exists (select from vacancies.vacancy v where v.id = vacancy_id));
create policy added_by_reviewers on vacancies.fingerprint for insert to hamsafar_app
  with check ((select access.can('vacancy.review')));
create policy changed_by_reviewers on vacancies.fingerprint for update to hamsafar_app
  using ((select access.can('vacancy.review')));
create policy for_reviewers on vacancies.apart for all to hamsafar_app
  using ((select access.can('vacancy.review')));
grant select, insert, update on vacancies.fingerprint to hamsafar_app;
grant select, insert, delete on vacancies.apart to hamsafar_app;
