-- Help at home goes to employment offices alone. An office is one by an act of its own, never by being given a district; police,
-- security and border bodies cannot become one, neither at once nor by way of another kind.

alter table expulsions.body add uniformed boolean not null default false;
comment on column expulsions.body.uniformed is 'it is, or once was, police, security or border here';
update expulsions.body set uniformed = true where kind in ('interior', 'security', 'border');
alter table expulsions.body
  add constraint body_never_uniformed check (kind <> 'employment' or not uniformed);

-- Whether an organisation may be called an employment office at all: an authority, and no protected service of the registry.
create function expulsions.may_employ(office uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from organisations.organisation o
  where o.id = office
    and o.kind = 'authority'
    and o.closed_at is null
) and not exists (
  select
  from people.office p
  where p.organisation_id = office
    and p.unnamed
);

create function expulsions.keep_uniformed() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  new.uniformed := new.kind in ('interior', 'security', 'border')
    or exists (select from expulsions.body b where b.organisation_id = new.organisation_id and b.uniformed);
  if new.kind = 'employment' and not expulsions.may_employ(new.organisation_id) then
    raise exception 'this cannot be an employment office'
      using errcode = 'check_violation', constraint = 'body_never_uniformed';
  end if;
  return new;
end
$$;
create trigger body_uniformed before insert or update on expulsions.body
for each row execute function expulsions.keep_uniformed();

create or replace function expulsions.is_employment_office(office uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from expulsions.body b
  where b.organisation_id = office
    and b.kind = 'employment'
) and expulsions.may_employ(office);

create function expulsions.refuse_other_office() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  if not expulsions.is_employment_office(new.organisation_id) then
    raise exception 'a district is served by an employment office alone'
      using errcode = 'check_violation', constraint = 'district_office_employs';
  end if;
  return new;
end
$$;
create trigger district_office_employs before insert or update on expulsions.district_office
for each row execute function expulsions.refuse_other_office();

revoke execute on function expulsions.may_employ(uuid), expulsions.keep_uniformed(), expulsions.refuse_other_office() from public;

-- Those that were given a district without being an authority are neither from now on.
delete from expulsions.district_office d where not expulsions.is_employment_office(d.organisation_id);
