-- A visitor registers an employer, and proves the mailbox by a link.

create policy asked_by_anybody on employers.registration for insert to hamsafar_app with check (true);
grant insert on employers.registration to hamsafar_app;

-- What an open link stands for: for the page that asks whether it is meant.
create function employers.find_registration(wanted_hash bytea, at timestamptz)
returns table (legal_name text, email text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select r.answers ->> 'legal_name', r.answers ->> 'email'
  from employers.registration r
  where r.token_hash = wanted_hash
    and r.confirmed_at is null
    and r.expires_at > at;
end;

-- The mailbox is proven: the organisation comes into being, waits for an officer, and its contact person gets an account
-- in it with the link to set it up. `gone`: no such link any more; `taken`: an employer with this number is here;
-- `known`: the person had an account already and belongs to the organisation now; `new`: the link is open.
create function employers.confirm(
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
  insert into access.membership_role (membership_id, role) values (new_membership, 'employer');
  if outcome = 'new' then
    insert into access.set_up_link (id, token_hash, user_id, created_at, expires_at)
    values (new_link, link_hash, member, at, link_until);
  end if;
end
$$;

revoke execute on all functions in schema employers from public;
grant execute on all functions in schema employers to hamsafar_app;
