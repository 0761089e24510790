-- What an officer asks an employer about its held advert, and what it answers. Both read both.
create table vacancies.question (
  id uuid primary key,
  vacancy_id uuid not null references vacancies.vacancy (id),
  words text not null constraint question_words_short check (length(words) <= 2000),
  asked_at timestamptz not null,
  asked_by uuid not null references access.user_account (id),
  answer text constraint question_answer_short check (length(answer) <= 2000),
  answered_at timestamptz,
  answered_by uuid references access.user_account (id),
  constraint question_answered_whole check ((answer is null) = (answered_at is null))
);
create index question_of_vacancy on vacancies.question (vacancy_id, asked_at);
create unique index question_open_once on vacancies.question (vacancy_id) where answered_at is null;

alter table vacancies.question enable row level security;
create policy read_by_reviewers on vacancies.question for select to hamsafar_app
  using ((select access.can('vacancy.review')));
create policy asked_by_reviewers on vacancies.question for insert to hamsafar_app
  with check ((select access.can('vacancy.review')) and asked_by = (select access.actor()) and answer is null);
create policy read_by_employers on vacancies.question for select to hamsafar_app
  using (
    (select access.can('vacancy.post'))
    and exists (
      select from vacancies.vacancy v where v.id = vacancy_id and v.employer_id = (select access.organisation())
    )
  );
create policy answered_by_employers on vacancies.question for update to hamsafar_app
  using (
    answered_at is null
    and (select access.can('vacancy.post'))
    and exists (
      select from vacancies.vacancy v where v.id = vacancy_id and v.employer_id = (select access.organisation())
    )
  )
  with check (answered_by = (select access.actor()));
grant select, insert on vacancies.question to hamsafar_app;
grant update (answer, answered_at, answered_by) on vacancies.question to hamsafar_app;
