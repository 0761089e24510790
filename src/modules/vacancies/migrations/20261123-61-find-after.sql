-- The same with a cursor: the last advert seen.
drop function vacancies.find_for_staff(text, text, integer);

create function vacancies.find_for_staff(wanted_reference text, part text, after uuid, most integer)
returns table (
  id uuid, reference text, title text, lang text, employer_name text, place_code text, country text, state text, waits boolean
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
  select v.id, v.reference, v.title, v.lang, v.employer_name, v.place_code, v.country, v.state,
    exists (select from vacancies.review r where r.vacancy_id = v.id and r.decision is null)
  from hit
  join vacancies.vacancy v on v.id = hit.id
  left join vacancies.vacancy seen on seen.id = after
  where access.can('vacancy.review')
    -- What goes by its reference stands first, so it was seen.
    and (after is null or (v.first_seen_at, v.id) < (seen.first_seen_at, seen.id) and v.reference is distinct from wanted_reference)
  order by v.reference = wanted_reference desc nulls last, v.first_seen_at desc, v.id desc
  limit most;
end;
revoke all on function vacancies.find_for_staff from public;
grant execute on function vacancies.find_for_staff to hamsafar_app;
