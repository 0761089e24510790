-- The badge of the review queue follows in every process.
create trigger review_live after insert or update or delete on vacancies.review
for each statement execute function live.announce();

-- Staff find any advert by part of its title or employer. Row policies would keep PostgreSQL from using these indexes
-- (ilike is not leakproof), so the function looks past them and asks for the permission itself.
create extension if not exists pg_trgm;
create index vacancy_title_part on vacancies.vacancy using gin (title gin_trgm_ops);
create index vacancy_employer_part on vacancies.vacancy using gin (employer_name gin_trgm_ops);

create function vacancies.find_for_staff(wanted_reference text, part text, most integer)
returns table (
  reference text, title text, lang text, employer_name text, place_code text, country text, state text, waits boolean
)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  with hit as (
    select v.id
    from vacancies.vacancy v
    where v.reference = wanted_reference
    union
    -- A word of every tenth advert fits too many to sort them all: of those, whichever thousand come first.
    (
      select v.id
      from vacancies.vacancy v
      where v.title ilike part or v.employer_name ilike part
      limit 1000
    )
  )
  select v.reference, v.title, v.lang, v.employer_name, v.place_code, v.country, v.state,
    exists (select from vacancies.review r where r.vacancy_id = v.id and r.decision is null)
  from hit
  join vacancies.vacancy v on v.id = hit.id
  where access.can('vacancy.review')
  order by v.reference = wanted_reference desc nulls last, v.first_seen_at desc, v.id
  limit most;
end;
revoke all on function vacancies.find_for_staff from public;
grant execute on function vacancies.find_for_staff to hamsafar_app;
