-- Passkeys, recovery codes, links to set up an account, fresh proof for dangerous acts, and administration in the workspace.

-- ---------------------------------------------------------------- how one proves who one is

alter table access.session add column proven_at timestamptz;
comment on column access.session.proven_at is 'when its owner last gave a code or a passkey: dangerous acts want this to be fresh';

create table access.passkey (
  id uuid primary key,
  user_id uuid not null references access.user_account (id),
  credential_id bytea not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null
    constraint passkey_name_given check (name = btrim(name) and name <> ''),
  created_at timestamptz not null,
  last_used_at timestamptz,
  removed_at timestamptz
);
create index passkey_of_user on access.passkey (user_id) where removed_at is null;

-- What a browser signed once counts once; kept until it would have run out anyhow.
create table access.spent_challenge (
  hash bytea primary key,
  expires_at timestamptz not null
);

-- Twelve digits each, as keyed hashes.
create table access.recovery_code (
  user_id uuid not null references access.user_account (id),
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  void_at timestamptz,
  primary key (user_id, code_hash)
);
comment on column access.recovery_code.void_at is 'when newer codes, or a new authenticator, took its place';

-- With such a link a person sets password and authenticator, once. An administrator hands it over.
create table access.set_up_link (
  id uuid primary key,
  token_hash bytea not null unique,
  user_id uuid not null references access.user_account (id),
  issued_by uuid references access.user_account (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  replaced_at timestamptz
);
create index set_up_link_open on access.set_up_link (user_id) where used_at is null and replaced_at is null;

-- ---------------------------------------------------------------- who administers whom

-- Did the actor give a code or a passkey in this session within the last ten minutes?
create function access.proven() returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.session s
  where s.id = nullif(current_setting('app.session', true), '')::uuid
    and s.user_id = access.actor()
    and s.ended_at is null
    and s.proven_at > access.moment() - interval '10 minutes'
);

-- Accounts and roles of this organisation: its own administrator, or one of the whole platform.
create function access.administers_in(organisation_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('user.administer')
  and (organisation_id = access.organisation() or access.can('user.administer_everywhere'));

-- Does this role let one administer the whole platform?
create function access.is_platform_role(role text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.role_permission rp
  where rp.role = is_platform_role.role
    and rp.permission = 'user.administer_everywhere'
);

create function access.is_platform_administrator(user_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.membership m
  join access.membership_role mr on mr.membership_id = m.id
  where m.user_id = is_platform_administrator.user_id
    and (m.until is null or m.until > access.moment())
    and access.is_platform_role(mr.role)
);

-- May the actor lock, close or reset this account? Nobody the own one. An organisation's administrator only one that
-- belongs nowhere else, and never a platform administrator's: whoever resets an account could take it over.
create function access.administers(user_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('user.administer')
  and user_id <> access.actor()
  and (
    access.can('user.administer_everywhere')
    or (
      exists (
        select
        from access.membership m
        where m.user_id = administers.user_id
          and m.organisation_id = access.organisation()
      )
      and not exists (
        select
        from access.membership m
        where m.user_id = administers.user_id
          and m.organisation_id <> access.organisation()
          and (m.until is null or m.until > access.moment())
      )
      and not access.is_platform_administrator(administers.user_id)
    )
  );

-- May the actor change the roles that this user holds in this organisation, or end the membership?
create function access.administers_member(user_id uuid, organisation_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.administers_in(organisation_id)
  and user_id <> access.actor()
  and (
    access.can('user.administer_everywhere')
    or not access.is_platform_administrator(user_id)
  );

-- May the actor bring this user into this organisation? A new account, or one the actor administers already.
create function access.may_admit(user_id uuid, organisation_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.administers_in(organisation_id)
  and (
    access.administers(user_id)
    or not exists (
      select
      from access.membership m
      where m.user_id = may_admit.user_id
    )
  );

create function access.administers_membership(membership_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.membership m
  where m.id = membership_id
    and m.until is null
    and access.administers_member(m.user_id, m.organisation_id)
);

-- A column of the own row that its owner must not write: grants know no rows, policies no columns.
create function access.refuse_own_state() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  if new.id = access.actor() then
    raise exception 'nobody changes the state of the own account' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger user_account_state_by_others before update of state on access.user_account
for each row execute function access.refuse_own_state();

-- ---------------------------------------------------------------- doors before there is an actor, and to secrets

-- Each proof is spent in the transaction that it lets in. False or null: it does not count, or not again.
create function access.spend_step(wanted_user uuid, step bigint) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  update access.user_account u
  set totp_last_step = step
  where u.id = wanted_user
    and u.state = 'active'
    and (u.totp_last_step is null or u.totp_last_step < step);
  return found;
end
$$;

-- How many codes are left after this one.
create function access.spend_recovery_code(wanted_user uuid, wanted_hash bytea, at timestamptz) returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  update access.recovery_code r
  set used_at = at
  where r.user_id = wanted_user
    and r.code_hash = wanted_hash
    and r.used_at is null
    and r.void_at is null;
  if not found then
    return null;
  end if;
  return (
    select count(*)
    from access.recovery_code r
    where r.user_id = wanted_user
      and r.used_at is null
      and r.void_at is null
  );
end
$$;

create function access.spend_challenge(wanted_hash bytea, expiry timestamptz) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  insert into access.spent_challenge (hash, expires_at)
  values (wanted_hash, expiry)
  on conflict do nothing;
  return found;
end
$$;

-- What is needed to check what a passkey signed.
create function access.passkey_candidate(wanted_credential bytea)
returns table (passkey_id uuid, user_id uuid, state text, public_key bytea, counter bigint, transports text[])
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select p.id, p.user_id, u.state, p.public_key, p.counter, p.transports
  from access.passkey p
  join access.user_account u on u.id = p.user_id
  where p.credential_id = wanted_credential
    and p.removed_at is null;
end;

-- The counter of a passkey only rises; those that stay on several devices always say 0.
create function access.spend_passkey(wanted_passkey uuid, new_counter bigint, at timestamptz) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  update access.passkey p
  set counter = new_counter,
      last_used_at = at
  where p.id = wanted_passkey
    and p.removed_at is null
    and (new_counter > p.counter or (new_counter = 0 and p.counter = 0));
  return found;
end
$$;

-- Opens a session after a proof was spent in the same transaction, and forgives the attempts. Returns the organisation
-- worked in (null when the user belongs to none), whether the user should choose (several, and none worked in before),
-- and the user's language.
drop function access.open_session(
  uuid, bigint, bytea, bytea, uuid, bytea, timestamptz, timestamptz, timestamptz, text
);
create function access.start_session(
  wanted_user uuid, account_key bytea, address_key bytea, session_id uuid, new_token_hash bytea,
  at timestamptz, idle timestamptz, absolute timestamptz, shown_agent text, proven boolean
) returns table (organisation_id uuid, choose boolean, locale text)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  chosen uuid;
  to_choose boolean;
begin
  perform set_config('app.now', at::text, true);
  -- the organisation of the last session, else the oldest membership
  select m.organisation_id into chosen
  from access.membership m
  where m.user_id = wanted_user
    and access.belongs(m.user_id, m.organisation_id)
  order by (
    select max(s.created_at)
    from access.session s
    where s.user_id = m.user_id
      and s.organisation_id = m.organisation_id
  ) desc nulls last, m.since, m.id
  limit 1;

  select count(*) > 1 and not exists (select from access.session s where s.user_id = wanted_user) into to_choose
  from access.membership m
  where m.user_id = wanted_user
    and access.belongs(m.user_id, m.organisation_id);

  if chosen is not null then
    update access.user_account u set last_sign_in_at = at where u.id = wanted_user;
    insert into access.session
      (id, token_hash, user_id, organisation_id, created_at, last_seen_at, idle_until, expires_at, agent, proven_at)
    values
      (session_id, new_token_hash, wanted_user, chosen, at, at, least(idle, absolute), absolute, shown_agent,
       case when proven then at end);
    delete from access.sign_in_throttle t where t.key = account_key;
    update access.sign_in_throttle t set attempts = greatest(t.attempts - 1, 0) where t.key = address_key;
  end if;
  return query
  select chosen, to_choose, u.locale
  from access.user_account u
  where u.id = wanted_user;
end
$$;

-- Notes a fresh proof in the actor's session, which gets another token: it may do more from now on.
create function access.prove(new_token_hash bytea, account_key bytea) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  update access.session s
  set proven_at = access.moment(),
      token_hash = new_token_hash
  where s.id = nullif(current_setting('app.session', true), '')::uuid
    and s.user_id = access.actor()
    and s.ended_at is null;
  if found then
    delete from access.sign_in_throttle t where t.key = account_key;
  end if;
  return found;
end
$$;

-- The actor's own new password; wants a fresh proof. Every other session ends.
create function access.change_password(new_hash text) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not access.proven() then
    return false;
  end if;
  update access.user_account u set password_hash = new_hash where u.id = access.actor();
  update access.session s
  set ended_at = access.moment()
  where s.user_id = access.actor()
    and s.ended_at is null
    and s.id <> current_setting('app.session')::uuid;
  return true;
end
$$;

create function access.find_link(wanted_hash bytea, at timestamptz)
returns table (user_id uuid, email text, name text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select u.id, u.email, u.name
  from access.set_up_link l
  join access.user_account u on u.id = l.user_id
  where l.token_hash = wanted_hash
    and l.used_at is null
    and l.replaced_at is null
    and l.expires_at > at
    and u.state = 'active';
end;

-- Password and authenticator are new; whatever else opened the account before does so no longer.
create function access.use_link(
  wanted_hash bytea, at timestamptz, new_hash text, new_secret bytea, step bigint, account_key bytea
) returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  owner uuid;
begin
  select l.user_id into owner from access.find_link(wanted_hash, at) l;
  update access.set_up_link l
  set used_at = at
  where l.token_hash = wanted_hash
    and l.used_at is null
    and l.user_id = owner;
  if not found then
    return null;
  end if;
  update access.user_account u
  set password_hash = new_hash,
      totp_secret = new_secret,
      totp_last_step = step
  where u.id = owner;
  update access.session s set ended_at = at where s.user_id = owner and s.ended_at is null;
  update access.passkey p set removed_at = at where p.user_id = owner and p.removed_at is null;
  update access.recovery_code r set void_at = at where r.user_id = owner and r.used_at is null and r.void_at is null;
  delete from access.sign_in_throttle t where t.key = account_key;
  return owner;
end
$$;

-- ---------------------------------------------------------------- what the app may see and do

alter table access.passkey enable row level security;
alter table access.spent_challenge enable row level security;
alter table access.recovery_code enable row level security;
alter table access.set_up_link enable row level security;

create policy user_account_seen_everywhere on access.user_account for select to hamsafar_app
using ((select access.can('user.administer_everywhere')));

create policy user_account_created on access.user_account for insert to hamsafar_app
with check ((select access.can('user.administer') and access.proven()));

create policy user_account_administered on access.user_account for update to hamsafar_app
using ((select access.proven()) and access.administers(id))
with check (access.administers(id));

create policy membership_seen_everywhere on access.membership for select to hamsafar_app
using ((select access.can('user.administer_everywhere')));

create policy membership_opened on access.membership for insert to hamsafar_app
with check ((select access.proven()) and access.may_admit(user_id, organisation_id));

create policy membership_ended on access.membership for update to hamsafar_app
using ((select access.proven()) and until is null and access.administers_member(user_id, organisation_id))
with check (until is not null and access.administers_in(organisation_id));

create policy membership_role_given on access.membership_role for insert to hamsafar_app
with check (
  (select access.proven())
  and access.administers_membership(membership_id)
  and ((select access.can('user.administer_everywhere')) or not access.is_platform_role(role))
);

create policy membership_role_taken on access.membership_role for delete to hamsafar_app
using ((select access.proven()) and access.administers_membership(membership_id));

create policy session_administered on access.session for select to hamsafar_app
using (access.administers(user_id));

create policy session_ended_for_others on access.session for update to hamsafar_app
using (ended_at is null and access.administers(user_id))
with check (ended_at is not null and access.administers(user_id));

-- Keys are HMACs: whoever forgives attempts must know whose they are.
create policy sign_in_throttle_forgiven on access.sign_in_throttle for delete to hamsafar_app
using ((select access.can('user.administer')));
create policy sign_in_throttle_found on access.sign_in_throttle for select to hamsafar_app
using ((select access.can('user.administer')));

create policy passkey_own on access.passkey for select to hamsafar_app
using (user_id = (select access.actor()));
create policy passkey_added on access.passkey for insert to hamsafar_app
with check (user_id = (select access.actor()) and (select access.proven()));
create policy passkey_changed on access.passkey for update to hamsafar_app
using (user_id = (select access.actor()) and removed_at is null)
with check (user_id = (select access.actor()));

create policy recovery_code_own on access.recovery_code for select to hamsafar_app
using (user_id = (select access.actor()));
create policy recovery_code_made on access.recovery_code for insert to hamsafar_app
with check (user_id = (select access.actor()) and (select access.proven()));
create policy recovery_code_void on access.recovery_code for update to hamsafar_app
using (user_id = (select access.actor()) and void_at is null and (select access.proven()))
with check (user_id = (select access.actor()) and void_at is not null);

create policy set_up_link_administered on access.set_up_link for select to hamsafar_app
using (access.administers(user_id));
create policy set_up_link_issued on access.set_up_link for insert to hamsafar_app
with check ((select access.proven()) and issued_by = (select access.actor()) and access.administers(user_id));
create policy set_up_link_replaced on access.set_up_link for update to hamsafar_app
using (access.administers(user_id))
with check (access.administers(user_id) and replaced_at is not null);

grant insert (id, email, name, locale, created_at), update (state) on access.user_account to hamsafar_app;
grant insert (id, user_id, organisation_id, since), update (until) on access.membership to hamsafar_app;
grant insert, delete on access.membership_role to hamsafar_app;
grant select (key), delete on access.sign_in_throttle to hamsafar_app;
grant select (id, user_id, credential_id, transports, name, created_at, last_used_at, removed_at),
  insert (id, user_id, credential_id, public_key, counter, transports, name, created_at),
  update (name, removed_at)
  on access.passkey to hamsafar_app;
grant select (user_id, created_at, used_at, void_at), insert (user_id, code_hash, created_at), update (void_at)
  on access.recovery_code to hamsafar_app;
grant select (id, user_id, issued_by, created_at, expires_at, used_at, replaced_at),
  insert (id, token_hash, user_id, issued_by, created_at, expires_at), update (replaced_at)
  on access.set_up_link to hamsafar_app;

revoke execute on all functions in schema access from public;
grant execute on all functions in schema access to hamsafar_app;
