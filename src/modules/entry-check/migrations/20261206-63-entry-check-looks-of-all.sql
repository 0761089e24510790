-- As before, but a look at several who were counted as one, which has a line for each of them, stands there once.
create or replace function entry_check.who_looked(of_inquiry uuid, moment timestamptz, passed_over integer, most integer)
returns table (at timestamptz, way text, agrees text, organisation_id uuid, purpose text, total integer)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  with asked as (
    select i.id, h.subject, case when access.actor() is null then moment else i.at end as until
    from entry_check.inquiry i
    join entry_check.holder h on h.id = i.holder_id
    where i.id = of_inquiry
      and i.answer_sealed is not null
      and i.open_until > moment
      and case
        when access.actor() is null then h.pin_sealed is not null and h.ends_at > moment
        else i.actor_id = access.actor() and i.organisation_id = access.organisation() and access.can('entry_check.desk')
      end
  ),
  root as (
    select distinct f.person_id as id
    from asked q
    join entry_check.about a on a.inquiry_id = q.id and a.agrees = 'wholly'
    join people.finding f on f.record_id = a.record_id
  ),
  agreed as (
    select i.id, 'wholly' as agrees
    from asked q
    join entry_check.holder h on h.subject = q.subject
    join entry_check.inquiry i on i.holder_id = h.id
    union all
    select a.inquiry_id, a.agrees
    from root r
    join people.finding f on f.person_id = r.id
    join entry_check.about a on a.record_id = f.record_id
    join entry_check.inquiry i on i.id = a.inquiry_id
    where a.agrees = 'wholly' or i.way = 'desk'
  ),
  -- Several records of one person may agree with one check: by the most, and it stands there once.
  checked as (
    select g.id, case when bool_or(g.agrees = 'wholly') then 'wholly' else min(g.agrees) end as agrees
    from agreed g
    group by g.id
  ),
  seen as (
    select i.id, i.at, i.way, c.agrees, i.organisation_id, i.purpose
    from checked c
    join entry_check.inquiry i on i.id = c.id
    union all
    select distinct on (coalesce(k.of, k.id)) coalesce(k.of, k.id), k.at, 'registry',
      case when k.what = 'alike' then 'name' else 'wholly' end, l.organisation_id, l.purpose
    from root r
    join people.person p on p.root = r.id
    join people.look k on k.person_id = p.id
    join people.lookup l on l.id = k.lookup_id
    where not exists (select from checked c where c.id = l.id)
  )
  select s.at, s.way, s.agrees, case when not coalesce(o.unnamed, false) then s.organisation_id end,
    case when not coalesce(o.unnamed, false) then s.purpose end, (count(*) over ())::integer
  from seen s
  join asked q on s.at <= q.until
  left join people.office o on o.organisation_id = s.organisation_id
  order by s.at desc, s.id desc
  offset passed_over
  limit most;
end;
