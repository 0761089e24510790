-- Which office was given what about somebody, for the person's own log.

-- When a row came to its recipient: its batch may have been sent long before. Null where nobody said the clock, as in the import that
-- sends the batch: then it came with it.
alter table expulsions.delivery_row add given_at timestamptz;
alter table expulsions.delivery_row
alter given_at set default nullif(current_setting('app.now', true), '')::timestamptz;

-- Protected services stand in it unnamed, without mandate. Whoever does not see the whole registry is shown lines of what it has itself,
-- else a line would tell that somebody is listed; and of these what goes to bodies of migration, who get everything, and to itself, else
-- one that is missing would tell that the person is protected.
create function expulsions.given_of(person uuid)
returns table (id uuid, at timestamptz, organisation_id uuid, what text, why text, words text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  with member as (
    select m.id
    from people.members(person) m (id)
    where people.sees_person(person)
  ), of_person as (
    select l.record_id
    from member m
    join people.link l on l.person_id = m.id
  ), given as (
    select md5(r.to_organisation::text || r.measure_id::text || r.version::text)::uuid as id, coalesce(r.given_at, d.sent_at) as at,
      r.to_organisation as office, 'notice' as what,
      case
        when d.route_id is not null then 'route'
        when b.kind = 'migration' then 'copy'
        else 'follows'
      end as why,
      o.mandate || '. ' || o.act as words, b.kind,
      l.custodian = access.organisation() or exists (
        select
        from expulsions.delivery_row own
        where own.to_organisation = access.organisation()
          and own.measure_id = s.measure_id
          and own.version = s.version
      ) as had
    from of_person p
    join expulsions.statement s on s.record_id = p.record_id
    join expulsions.batch l on l.id = s.batch_id
    join expulsions.delivery d on d.batch_id = s.batch_id
    join expulsions.delivery_row r
      on r.to_organisation = d.to_organisation and r.measure_id = s.measure_id and r.version = s.version
    left join expulsions.body b on b.organisation_id = r.to_organisation
    left join expulsions.route o on o.id = d.route_id
    union all
    select md5(b.organisation_id::text || f.id::text)::uuid, f.stated_at, b.organisation_id, 'refusal', 'copy', null, b.kind,
      f.custodian = access.organisation()
    from of_person p
    join expulsions.border_refusal f on f.record_id = p.record_id
    join expulsions.body b on b.kind = 'migration' and b.organisation_id <> f.custodian
    union all
    select h.id, h.agreed_at, h.to_organisation, 'contact', 'agreed', null, 'employment',
      access.organisation() in (h.custodian, h.to_organisation)
    from member m
    join expulsions.home_help h on h.person_id = m.id
  )
  select g.id, g.at, case when not coalesce(u.unnamed, false) then g.office end, g.what,
    case when not coalesce(u.unnamed, false) then g.why end, case when not coalesce(u.unnamed, false) then g.words end
  from given g
  left join people.office u on u.organisation_id = g.office
  where people.sees_all()
    or (g.had and (g.office = access.organisation() or g.kind in ('migration', 'employment')));
end;
revoke execute on function expulsions.given_of(uuid) from public;
grant execute on function expulsions.given_of(uuid) to hamsafar_app;
