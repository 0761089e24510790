-- Which records of the registry had exactly this document and birth date when it was asked: by them a person sees checks of an
-- earlier passport too. Of records, not persons: whose they are is read anew each time, so that what is parted later stays apart.
create table entry_check.about (
  inquiry_id uuid not null references entry_check.inquiry (id) on delete cascade,
  record_id uuid not null references people.record (id),
  primary key (inquiry_id, record_id)
);
create index about_record on entry_check.about (record_id);
alter table entry_check.about enable row level security;

insert into entry_check.about (inquiry_id, record_id)
select distinct i.id, f.record_id
from entry_check.inquiry i
join people.look k on k.lookup_id = i.id
join people.person p on p.id = k.person_id
join people.finding f on f.person_id = p.root;

-- It goes by a clock: see retention.ts.
alter table entry_check.holder alter column subject drop not null;

-- Who checked whoever an open answer is about, the newest first, as of now: by the document that was asked with, and by the person.
-- With reference and PIN (nobody is signed in then) as long as the PIN opens anything; at a desk, what there was at that moment.
create function entry_check.who_looked(of_inquiry uuid, moment timestamptz, passed_over integer, most integer)
returns table (at timestamptz, way text, organisation_id uuid, purpose text, total integer)
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
    join entry_check.about a on a.inquiry_id = q.id
    join people.finding f on f.record_id = a.record_id
  ),
  checked as (
    select i.id
    from asked q
    join entry_check.holder h on h.subject = q.subject
    join entry_check.inquiry i on i.holder_id = h.id
    union
    select a.inquiry_id
    from root r
    join people.finding f on f.person_id = r.id
    join entry_check.about a on a.record_id = f.record_id
  ),
  seen as (
    select i.id, i.at, i.way, i.organisation_id, i.purpose
    from checked c
    join entry_check.inquiry i on i.id = c.id
    union all
    select k.id, k.at, 'registry', case when not coalesce(o.unnamed, false) then l.organisation_id end,
      case when not coalesce(o.unnamed, false) then l.purpose end
    from root r
    join people.person p on p.root = r.id
    join people.look k on k.person_id = p.id
    join people.lookup l on l.id = k.lookup_id
    left join people.office o on o.organisation_id = l.organisation_id
    where not exists (select from checked c where c.id = l.id)
  )
  select s.at, s.way, s.organisation_id, s.purpose, (count(*) over ())::integer
  from seen s
  join asked q on s.at <= q.until
  order by s.at desc, s.id desc
  offset passed_over
  limit most;
end;

-- ---------------------------------------------------------------- limits

-- From when on the fullest of these keys has room again: then the attempt that fills it is as old as `since` was.
create function entry_check.full_since(keys bytea[], most integer[], since timestamptz) returns timestamptz
language sql
stable
security definer
set search_path = pg_catalog
return (
  select max(f.at)
  from unnest(keys, most) w (key, most),
    lateral (
      select a.at
      from my_case.attempt a
      where a.key = w.key and a.at > since
      order by a.at desc
      offset w.most - 1
      limit 1
    ) f
);

-- The right PIN was no wrong one: one attempt less.
create function entry_check.give_back(wanted bytea) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  delete from my_case.attempt
  where ctid = (select a.ctid from my_case.attempt a where a.key = wanted order by a.at desc limit 1);
end;

revoke execute on function entry_check.who_looked, entry_check.full_since, entry_check.give_back from public;
grant execute on function entry_check.who_looked, entry_check.full_since, entry_check.give_back to hamsafar_app;
