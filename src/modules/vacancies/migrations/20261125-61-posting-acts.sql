-- When a posting was last put out or renewed: the day on which its employer stood by it.
alter table vacancies.posting add column out_at timestamptz;

-- The columns of an own advert that an officer looks at, or refused it for: an employer is told where to look again, and
-- nothing of why.
create function vacancies.columns_to_correct(wanted_reference text) returns text[]
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select array(
    select distinct sign ->> 'part'
    from vacancies.vacancy v
    join vacancies.review r on r.vacancy_id = v.id
    cross join lateral jsonb_array_elements(coalesce(r.evidence -> 'signs', '[]')) sign
    where v.reference = wanted_reference
      and v.employer_id = access.organisation()
      and access.can('vacancy.post')
      and r.reason in ('military', 'risk')
      and r.undone_at is null
      and (r.decision is null or r.decision = 'reject')
    order by 1
  );
end;
revoke all on function vacancies.columns_to_correct from public;
grant execute on function vacancies.columns_to_correct to hamsafar_app;
