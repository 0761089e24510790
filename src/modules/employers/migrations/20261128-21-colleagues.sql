-- An employer brings its colleagues in itself: who registered it, and whom they let do the same. Nobody joins who has not said so
-- from the own mailbox, and nobody is given another role here than those of an employer.

create table employers.invitation (
  id uuid primary key,
  organisation_id uuid not null references employers.employer (organisation_id),
  token_hash bytea not null unique,
  email text not null,
  name text not null,
  lang text not null,
  -- May bring in others too.
  administers boolean not null,
  invited_by uuid not null references access.user_account (id),
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  joined_at timestamptz,
  withdrawn_at timestamptz
);
create index invitation_of_employer on employers.invitation (organisation_id);
create index invitation_expiry on employers.invitation (expires_at);
create unique index invitation_open_once on employers.invitation (organisation_id, email)
where joined_at is null and withdrawn_at is null;

alter table employers.invitation enable row level security;
create policy seen_by_its_administrators on employers.invitation for select to hamsafar_app
using (organisation_id = (select access.organisation()) and (select access.can('employer.administer')));
create policy sent_by_its_administrators on employers.invitation for insert to hamsafar_app
with check (
  organisation_id = (select access.organisation())
  and invited_by = (select access.actor())
  and (select access.can('employer.administer'))
  and (select access.proven())
);
create policy withdrawn_by_its_administrators on employers.invitation for update to hamsafar_app
using (
  organisation_id = (select access.organisation())
  and (select access.can('employer.administer'))
  and (select access.proven())
);
grant select, insert on employers.invitation to hamsafar_app;
grant update (withdrawn_at) on employers.invitation to hamsafar_app;

-- Who works for the employer for which the actor administers. `ours`: with roles of an employer only, so that its administrators
-- may end the membership.
create function employers.colleagues()
returns table (user_id uuid, name text, email text, since timestamptz, administers boolean, ours boolean)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select u.id, u.name, u.email, m.since,
    exists (
      select from access.membership_role r where r.membership_id = m.id and r.role = 'employer_administrator'
    ),
    not exists (
      select
      from access.membership_role r
      where r.membership_id = m.id
        and r.role not in ('employer', 'employer_administrator')
    )
  from access.membership m
  join access.user_account u on u.id = m.user_id
  where access.can('employer.administer')
    and m.organisation_id = access.organisation()
    and m.until is null
    and exists (select from employers.employer e where e.organisation_id = m.organisation_id)
  order by m.since, u.id;
end;

-- Ends a colleague's membership; nobody ends the own one. Answers whether there was one to end.
create function employers.end_colleague(colleague uuid) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can('employer.administer') or not access.proven() or colleague = access.actor() then
    raise exception 'not a colleague to part with' using errcode = 'insufficient_privilege';
  end if;
  update access.membership m
  set until = access.moment()
  where m.user_id = colleague
    and m.organisation_id = access.organisation()
    and m.until is null
    and exists (select from employers.colleagues() c where c.user_id = colleague and c.ours);
  return found;
end
$$;

-- What an open invitation stands for: for the page that asks whether somebody wants to join.
create function employers.find_invitation(wanted_hash bytea, at timestamptz)
returns table (legal_name text, email text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select e.legal_name, i.email
  from employers.invitation i
  join employers.employer e on e.organisation_id = i.organisation_id
  where i.token_hash = wanted_hash
    and i.joined_at is null
    and i.withdrawn_at is null
    and i.expires_at > at
    and e.state <> 'refused';
end;

-- Whoever holds the mailbox joins. `gone`: no such invitation any more; `known`: they had an account already; `new`: the link
-- to set one up is open.
create function employers.join_colleagues(
  wanted_hash bytea, at timestamptz, new_user uuid, new_membership uuid, new_link uuid, link_hash bytea,
  link_until timestamptz, out outcome text, out employer uuid
) returns record
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked employers.invitation%rowtype;
  member uuid;
begin
  select i.* into asked
  from employers.invitation i
  join employers.employer e on e.organisation_id = i.organisation_id
  where i.token_hash = wanted_hash
    and i.joined_at is null
    and i.withdrawn_at is null
    and i.expires_at > at
    and e.state <> 'refused'
  for update of i;
  if not found then
    outcome := 'gone';
    return;
  end if;
  employer := asked.organisation_id;
  update employers.invitation i
  set joined_at = at
  where i.id = asked.id;
  insert into access.user_account (id, email, name, locale, created_at)
  values (new_user, asked.email, asked.name, asked.lang, at)
  on conflict (email) do nothing;
  outcome := case when found then 'new' else 'known' end;
  select u.id into member from access.user_account u where u.email = asked.email;
  -- Who works there already keeps the roles held.
  if not exists (
    select
    from access.membership m
    where m.user_id = member
      and m.organisation_id = asked.organisation_id
      and m.until is null
  ) then
    insert into access.membership (id, user_id, organisation_id, since)
    values (new_membership, member, asked.organisation_id, at);
    insert into access.membership_role (membership_id, role)
    select new_membership, role
    from unnest(array['employer', case when asked.administers then 'employer_administrator' end]) role
    where role is not null;
  end if;
  if outcome = 'new' then
    insert into access.set_up_link (id, token_hash, user_id, created_at, expires_at)
    values (new_link, link_hash, member, at, link_until);
  end if;
end
$$;

-- Who registers an employer administers its colleagues.
create or replace function employers.confirm(
  wanted_hash bytea, at timestamptz, due timestamptz, new_reference text, new_organisation uuid, new_user uuid,
  new_membership uuid, new_link uuid, link_hash bytea, link_until timestamptz, out outcome text
) returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked employers.registration%rowtype;
  member uuid;
begin
  select * into asked
  from employers.registration r
  where r.token_hash = wanted_hash
    and r.confirmed_at is null
    and r.expires_at > at
  for update;
  if not found then
    outcome := 'gone';
    return;
  end if;
  if exists (
    select
    from employers.employer e
    where e.country = asked.answers ->> 'country'
      and e.tin = asked.answers ->> 'tin'
      and e.state <> 'refused'
  ) then
    outcome := 'taken';
    return;
  end if;
  update employers.registration r
  set confirmed_at = at,
      answers = '{}'
  where r.id = asked.id;

  insert into organisations.organisation (id, kind, country, created_at)
  values (new_organisation, asked.answers ->> 'kind', asked.answers ->> 'country', at);
  insert into organisations.organisation_name (organisation_id, lang, name)
  values (new_organisation, asked.lang, asked.answers ->> 'legal_name');
  insert into employers.employer
    (organisation_id, reference, kind, state, legal_name, country, tin, phone, contact_name, contact_email, lang,
     asked_at, due_at)
  values
    (new_organisation, new_reference, asked.answers ->> 'kind', 'asked', asked.answers ->> 'legal_name',
     asked.answers ->> 'country', asked.answers ->> 'tin', asked.answers ->> 'phone', asked.answers ->> 'contact_name',
     asked.answers ->> 'email', asked.lang, at, due);

  insert into access.user_account (id, email, name, locale, created_at)
  values (new_user, asked.answers ->> 'email', asked.answers ->> 'contact_name', asked.lang, at)
  on conflict (email) do nothing;
  outcome := case when found then 'new' else 'known' end;
  select u.id into member from access.user_account u where u.email = asked.answers ->> 'email';
  insert into access.membership (id, user_id, organisation_id, since)
  values (new_membership, member, new_organisation, at);
  insert into access.membership_role (membership_id, role)
  values (new_membership, 'employer'), (new_membership, 'employer_administrator');
  if outcome = 'new' then
    insert into access.set_up_link (id, token_hash, user_id, created_at, expires_at)
    values (new_link, link_hash, member, at, link_until);
  end if;
end
$$;

-- So does who has been there longest where one is registered already.
insert into access.role (name) values ('employer_administrator') on conflict do nothing;
insert into access.membership_role (membership_id, role)
select distinct on (m.organisation_id) m.id, 'employer_administrator'
from employers.employer e
join access.membership m on m.organisation_id = e.organisation_id and m.until is null
join access.membership_role r on r.membership_id = m.id and r.role = 'employer'
order by m.organisation_id, m.since, m.id;

revoke execute on all functions in schema employers from public;
grant execute on all functions in schema employers to hamsafar_app;
