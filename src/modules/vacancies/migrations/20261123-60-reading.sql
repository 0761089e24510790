alter table vacancies.vacancy
  -- By which version of our reading its words were last read: see reading/read-text.ts. 0: before versions were kept.
  add column reading_version integer not null default 0,
  -- The source's last word is that it took the advert back, whatever an officer decided about it.
  add column source_withdrew boolean not null default false;

update vacancies.vacancy v
set source_withdrew = true
where v.state = 'withdrawn'
  and (
    select r.decision
    from vacancies.review r
    where r.vacancy_id = v.id and r.decision is not null and r.undone_at is null
    order by r.decided_at desc
    limit 1
  ) is distinct from 'reject';

create index vacancy_reading on vacancies.vacancy (reading_version, id);
