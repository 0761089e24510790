-- Help at home: with the person's agreement, and no more than a name and a safe contact, to an employment office.

-- Which employment office serves a district or city.
create table expulsions.district_office (
  place_code text primary key references places.place,
  organisation_id uuid not null references organisations.organisation (id),
  set_at timestamptz not null
);

-- A person who agreed that the employment office of their district offers them work or training.
create table expulsions.home_help (
  id uuid primary key,
  reference text not null unique,
  person_id uuid not null references people.person (id),
  measure_id uuid not null references expulsions.measure (id),
  custodian uuid not null references organisations.organisation (id),
  to_organisation uuid not null references organisations.organisation (id),
  place_code text not null references places.place,
  sealed bytea,
  agreed_at timestamptz not null,
  agreed_way text not null
    constraint home_help_way_known check (agreed_way in ('desk', 'telephone')),
  recorded_by uuid not null,
  state text not null default 'waiting'
    constraint home_help_state_known
    check (state in ('waiting', 'contacted', 'work', 'training', 'declined', 'not_reached')),
  contacted_at timestamptz,
  closed_at timestamptz,
  withdrawn_at timestamptz,
  constraint home_help_withdrawn_empty check (withdrawn_at is null or sealed is null)
);
create unique index home_help_once on expulsions.home_help (person_id, to_organisation)
where withdrawn_at is null and closed_at is null;
create index home_help_to on expulsions.home_help (to_organisation, agreed_at) where withdrawn_at is null;
create index home_help_of_measure on expulsions.home_help (measure_id, agreed_at);
comment on column expulsions.home_help.sealed is 'name and safe contact as the person gave them for this; gone when they withdraw';
comment on column expulsions.home_help.measure_id is 'for whoever recorded it; the employment office never learns of one';

-- Whether an organisation may get this: it is an employment office in the exchange, and open. Police, military, border,
-- foreign affairs and whatever has no kind: no.
create function expulsions.is_employment_office(office uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from expulsions.body b
  join organisations.organisation o on o.id = b.organisation_id
  where b.organisation_id = office
    and b.kind = 'employment'
    and o.closed_at is null
);

-- Gives name and contact to the employment office of a district. Answers what became of it; nothing is kept unless `given`.
create function expulsions.give_home(
  new_id uuid, new_reference text, measure uuid, place text, contents bytea, way text, at timestamptz
) returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  office uuid;
  whom uuid;
begin
  if not access.can('expulsion.help') or not expulsions.knows(measure) then
    raise exception 'not allowed to help this person' using errcode = 'insufficient_privilege';
  end if;
  select d.organisation_id into office
  from expulsions.district_office d
  where d.place_code = place
    and expulsions.is_employment_office(d.organisation_id);
  if office is null then
    return 'no_office';
  end if;
  whom := expulsions.person_as(measure);
  if whom is null or not people.may_relay(whom, 'employment') then
    return 'not_now';
  end if;
  insert into expulsions.home_help
    (id, reference, person_id, measure_id, custodian, to_organisation, place_code, sealed, agreed_at, agreed_way, recorded_by)
  values
    (new_id, new_reference, whom, measure, access.organisation(), office, place, contents, at, way, access.actor())
  on conflict (person_id, to_organisation) where withdrawn_at is null and closed_at is null do nothing;
  return case when found then 'given' else 'there' end;
end
$$;

-- Ends it at once: what the employment office could see is gone.
create function expulsions.withdraw_home(wanted uuid, at timestamptz) returns uuid
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update expulsions.home_help h
  set withdrawn_at = withdraw_home.at, sealed = null
  where h.id = wanted
    and h.withdrawn_at is null
    and h.custodian = access.organisation()
    and access.can('expulsion.help')
  returning h.to_organisation;
end;

-- What an employment office has: no measure, no source, no other number of the person.
create function expulsions.home_help_here()
returns table (
  id uuid, reference text, sealed bytea, place_code text, agreed_at timestamptz, state text, contacted_at timestamptz,
  closed_at timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select h.id, h.reference, h.sealed, h.place_code, h.agreed_at, h.state, h.contacted_at, h.closed_at
  from expulsions.home_help h
  where h.to_organisation = access.organisation()
    and access.can('home_help.follow')
    and expulsions.is_employment_office(access.organisation())
    and people.may_relay(h.person_id, 'employment')
    and h.withdrawn_at is null
    and h.sealed is not null;
end;

-- The office notes what became of it.
create function expulsions.mark_home(wanted uuid, new_state text, at timestamptz) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not exists (select from expulsions.home_help_here() h where h.id = wanted) then
    return false;
  end if;
  update expulsions.home_help h
  set state = new_state,
      contacted_at = case when new_state in ('waiting', 'not_reached') then h.contacted_at else coalesce(h.contacted_at, at) end,
      closed_at = case when new_state in ('work', 'training', 'declined') then at end
  where h.id = wanted;
  return true;
end
$$;

alter table expulsions.district_office enable row level security;
alter table expulsions.home_help enable row level security;
create policy district_office_seen on expulsions.district_office for select to hamsafar_app
using ((select access.can('expulsion.route')) or (select access.can('expulsion.help')));
create policy district_office_set on expulsions.district_office for all to hamsafar_app
using ((select access.can('expulsion.route')));
create policy home_help_recorded on expulsions.home_help for select to hamsafar_app
using ((select access.can('expulsion.help')) and custodian = (select access.organisation()));
grant select, insert, update, delete on expulsions.district_office to hamsafar_app;
grant select (id, reference, measure_id, custodian, to_organisation, place_code, agreed_at, agreed_way, recorded_by, state,
  contacted_at, closed_at, withdrawn_at)
  on expulsions.home_help to hamsafar_app;

create trigger home_help_announced after insert or update on expulsions.home_help
for each statement execute function live.announce();

revoke execute on function expulsions.is_employment_office(uuid),
  expulsions.give_home(uuid, text, uuid, text, bytea, text, timestamptz), expulsions.withdraw_home(uuid, timestamptz),
  expulsions.home_help_here(), expulsions.mark_home(uuid, text, timestamptz)
  from public;
grant execute on function expulsions.is_employment_office(uuid),
  expulsions.give_home(uuid, text, uuid, text, bytea, text, timestamptz), expulsions.withdraw_home(uuid, timestamptz),
  expulsions.home_help_here(), expulsions.mark_home(uuid, text, timestamptz)
  to hamsafar_app;
