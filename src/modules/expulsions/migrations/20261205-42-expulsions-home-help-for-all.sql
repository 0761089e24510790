-- Help at home is for anybody who returned and agrees, with a measure or without: as long as a measure was asked for, whoever stood in the
-- list of an employment office had one.
alter table expulsions.home_help
  alter column person_id drop not null,
  alter column measure_id drop not null,
  add constraint home_help_person_of_measure check ((person_id is null) = (measure_id is null));
comment on column expulsions.home_help.measure_id is
  'for whoever recorded it, null: offered without one; the employment office never learns of one';
comment on column expulsions.home_help.person_id is 'null without a measure: nothing but the contact is kept then';

-- As before; without a measure (null) nobody is looked up in the registry. The same again changes nothing.
create or replace function expulsions.give_home(
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
  if not access.can('home_help.give')
    or (measure is not null and not (access.can('expulsion.help') and expulsions.knows(measure)))
  then
    raise exception 'not allowed to help this person' using errcode = 'insufficient_privilege';
  end if;
  select d.organisation_id into office
  from expulsions.district_office d
  where d.place_code = place
    and expulsions.is_employment_office(d.organisation_id);
  if office is null then
    return 'no_office';
  end if;
  if measure is not null then
    whom := expulsions.person_as(measure);
    if whom is null or not people.may_relay(whom, 'employment') then
      return 'not_now';
    end if;
  end if;
  insert into expulsions.home_help
    (id, reference, person_id, measure_id, custodian, to_organisation, place_code, sealed, agreed_at, agreed_way, recorded_by)
  values
    (new_id, new_reference, whom, measure, access.organisation(), office, place, contents, at, way, access.actor())
  on conflict do nothing;
  return case when found then 'given' else 'there' end;
end
$$;

create or replace function expulsions.withdraw_home(wanted uuid, at timestamptz) returns uuid
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
    and access.can('home_help.give')
    and (h.measure_id is null or access.can('expulsion.help'))
  returning h.to_organisation;
end;

create or replace function expulsions.home_help_here()
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
    and (h.person_id is null or people.may_relay(h.person_id, 'employment'))
    and h.withdrawn_at is null
    and h.sealed is not null;
end;

drop policy home_help_recorded on expulsions.home_help;
create policy home_help_recorded on expulsions.home_help for select to hamsafar_app
using (
  (select access.can('home_help.give'))
  and custodian = (select access.organisation())
  and (measure_id is null or (select access.can('expulsion.help')))
);
drop policy district_office_seen on expulsions.district_office;
create policy district_office_seen on expulsions.district_office for select to hamsafar_app
using ((select access.can('expulsion.route')) or (select access.can('home_help.give')));
