-- Who reports an advert may take a code along and ask with it what was decided. Only its digest stands here: whoever reads the
-- database learns no code, and the code leads to no person.
alter table vacancies.report
  add column code_hash bytea unique
    constraint report_code_hash_sha256 check (length(code_hash) = 32);

drop function vacancies.report_suspicion(uuid, uuid, text, text, text, text, timestamptz, timestamptz);
create function vacancies.report_suspicion(
  p_report_id uuid, p_review_id uuid, p_reference text, p_reason text, p_story text, p_lang text,
  p_at timestamptz, p_due_at timestamptz, p_code_hash bytea default null
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
  insert into vacancies.report (id, vacancy_id, reason, story, lang, reported_at, code_hash)
  values (p_report_id, v_vacancy, p_reason, p_story, p_lang, p_at, p_code_hash);
  insert into vacancies.review (id, vacancy_id, reason, opened_at, due_at)
  values (p_review_id, v_vacancy, 'report', p_at, p_due_at)
  on conflict (vacancy_id, reason) where decision is null do nothing;
  return true;
end;
$$;
revoke all on function vacancies.report_suspicion from public;
grant execute on function vacancies.report_suspicion to hamsafar_app;

-- What became of a report: waits, or what an officer decided about it and when. Neither the advert nor the words are told: the
-- code may be found on somebody's telephone.
create function vacancies.report_outcome(p_code_hash bytea)
returns table (decision text, reported_at timestamptz, due_at timestamptz, decided_at timestamptz)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select r.decision, p.reported_at, r.due_at, r.decided_at
  from vacancies.report p
  join vacancies.review r on r.vacancy_id = p.vacancy_id and r.reason = 'report' and r.undone_at is null
  where p.code_hash = p_code_hash
    and r.opened_at <= p.reported_at
    and (r.decided_at is null or r.decided_at >= p.reported_at)
  order by r.opened_at desc
  limit 1;
end;
revoke all on function vacancies.report_outcome from public;
grant execute on function vacancies.report_outcome to hamsafar_app;
