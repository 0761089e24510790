create schema access;

-- ---------------------------------------------------------------- who is there

create table access.user_account (
  id uuid primary key,
  email text not null unique
    constraint user_account_email_lower check (email = lower(email) and email like '%_@_%'),
  name text not null
    constraint user_account_name_given check (name = btrim(name) and name <> ''),
  locale text not null
    constraint user_account_locale_code check (locale ~ '^[a-z]{2,3}$'),
  state text not null default 'active'
    constraint user_account_state_known check (state in ('active', 'locked', 'closed')),
  password_hash text,
  totp_secret bytea,
  totp_last_step bigint,
  created_at timestamptz not null,
  last_sign_in_at timestamptz
);
comment on column access.user_account.totp_secret is 'AES-256-GCM, bound to the account (secrets.ts)';
comment on column access.user_account.totp_last_step is 'the 30-second step of the last accepted code: no code counts twice';

create table access.membership (
  id uuid primary key,
  user_id uuid not null references access.user_account (id),
  organisation_id uuid not null references organisations.organisation (id),
  since timestamptz not null,
  until timestamptz,
  constraint membership_ends_after_start check (until >= since)
);
create unique index membership_open on access.membership (user_id, organisation_id) where until is null;
create index membership_of_organisation on access.membership (organisation_id);

-- ---------------------------------------------------------------- the one permission table

-- Filled by the migrator from the manifests (permissions.ts); read by authorise() and by the row policies.
create table access.role (
  name text primary key
);

create table access.permission (
  name text primary key
    constraint permission_name_form check (name ~ '^[a-z_]+\.[a-z_]+$'),
  module text not null
);

create table access.role_permission (
  role text not null references access.role (name),
  permission text not null references access.permission (name) on delete cascade,
  primary key (role, permission)
);

create table access.membership_role (
  membership_id uuid not null references access.membership (id),
  role text not null references access.role (name),
  primary key (membership_id, role)
);

-- ---------------------------------------------------------------- sessions

create table access.session (
  id uuid primary key,
  token_hash bytea not null unique,
  user_id uuid not null references access.user_account (id),
  organisation_id uuid not null references organisations.organisation (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_until timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  agent text
);
comment on column access.session.agent is 'browser and system in two words, for the own list of sessions; no network address is kept';
create index session_open on access.session (user_id) where ended_at is null;

-- Attempts per account and per address; the keys are HMACs, also of addresses nobody has.
create table access.sign_in_throttle (
  key bytea primary key,
  attempts integer not null,
  window_start timestamptz not null,
  blocked_until timestamptz
);

-- ---------------------------------------------------------------- the actor of this transaction

create function access.actor() returns uuid
language sql
stable
set search_path = pg_catalog
return nullif(current_setting('app.actor', true), '')::uuid;

create function access.organisation() returns uuid
language sql
stable
set search_path = pg_catalog
return nullif(current_setting('app.organisation', true), '')::uuid;

-- The clock of the request (ctx.now), so that policies and pages agree on what is still valid.
create function access.moment() returns timestamptz
language sql
stable
set search_path = pg_catalog
return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());

-- Is this membership one that counts: running, of an active account, in an open organisation?
create function access.belongs(user_id uuid, organisation_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.membership m
  join access.user_account u on u.id = m.user_id
  join organisations.organisation o on o.id = m.organisation_id
  where m.user_id = belongs.user_id
    and m.organisation_id = belongs.organisation_id
    and m.since <= access.moment()
    and (m.until is null or m.until > access.moment())
    and u.state = 'active'
    and (o.closed_at is null or o.closed_at > access.moment())
);

-- What a user may do in an organisation. Empty without a membership that counts.
create function access.permissions_of(user_id uuid, organisation_id uuid) returns setof text
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select distinct rp.permission
  from access.membership m
  join access.membership_role mr on mr.membership_id = m.id
  join access.role_permission rp on rp.role = mr.role
  where m.user_id = permissions_of.user_id
    and m.organisation_id = permissions_of.organisation_id
    and m.since <= access.moment()
    and (m.until is null or m.until > access.moment())
    and access.belongs(permissions_of.user_id, permissions_of.organisation_id);
end;

-- May the actor of this transaction do this? Nobody set, nothing allowed.
-- In a policy write (select access.can('thing.verb')): asked once per query instead of once per row.
create function access.can(permission text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.actor() is not null
  and permission in (select access.permissions_of(access.actor(), access.organisation()));

-- Did this user ever work in the active organisation? Names under old decisions stay readable.
create function access.is_colleague(user_id uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from access.membership m
  where m.user_id = is_colleague.user_id
    and m.organisation_id = access.organisation()
)
and access.belongs(access.actor(), access.organisation());

-- ---------------------------------------------------------------- before there is an actor
-- The app cannot read password hashes, secrets or foreign sessions. It calls these four doors.

-- Counts one attempt and answers until when the key is blocked, or null.
create function access.take_attempt(
  wanted_key bytea, at timestamptz, attempt_limit integer, within interval, blocked_for interval
) returns timestamptz
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  insert into access.sign_in_throttle as t (key, attempts, window_start)
  values (wanted_key, 1, at)
  on conflict (key) do update
  set attempts = case
        when t.blocked_until > at then t.attempts
        when t.blocked_until is not null or t.window_start + within <= at then 1
        else t.attempts + 1
      end,
      window_start = case
        when t.blocked_until > at then t.window_start
        when t.blocked_until is not null or t.window_start + within <= at then at
        else t.window_start
      end,
      blocked_until = case
        when t.blocked_until > at then t.blocked_until
        when t.blocked_until is null and t.window_start + within > at and t.attempts + 1 > attempt_limit
          then at + blocked_for
      end
  returning t.blocked_until;
end;

-- What is needed to check one sign-in. Nothing for an address nobody has.
create function access.sign_in_candidate(wanted_email text)
returns table (user_id uuid, state text, password_hash text, totp_secret bytea)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select u.id, u.state, u.password_hash, u.totp_secret
  from access.user_account u
  where u.email = lower(wanted_email);
end;

-- Opens a session after password and code were right. Uses up the code's step, forgives the attempts.
-- No row: the step was used before. Else the organisation worked in (null when the user belongs to none), and
-- whether the user should choose: several organisations, and none worked in before.
create function access.open_session(
  wanted_user uuid, step bigint, account_key bytea, address_key bytea,
  session_id uuid, new_token_hash bytea, at timestamptz, idle timestamptz, absolute timestamptz, shown_agent text
) returns table (organisation_id uuid, choose boolean)
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
  update access.user_account u
  set totp_last_step = step
  where u.id = wanted_user
    and u.state = 'active'
    and (u.totp_last_step is null or u.totp_last_step < step);
  if not found then
    return;
  end if;

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
      (id, token_hash, user_id, organisation_id, created_at, last_seen_at, idle_until, expires_at, agent)
    values
      (session_id, new_token_hash, wanted_user, chosen, at, at, least(idle, absolute), absolute, shown_agent);
    delete from access.sign_in_throttle t where t.key = account_key;
    update access.sign_in_throttle t set attempts = greatest(t.attempts - 1, 0) where t.key = address_key;
  end if;
  return query select chosen, to_choose;
end
$$;

-- Finds a live session by its token and moves its idle limit on (at most once a minute).
-- The organisation is named in the wanted language.
create function access.find_session(wanted_hash bytea, at timestamptz, idle timestamptz, lang text)
returns table (
  session_id uuid, user_id uuid, name text, organisation_id uuid, organisation_name text, permissions text[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  found_id uuid;
begin
  perform set_config('app.now', at::text, true);
  select s.id into found_id
  from access.session s
  where s.token_hash = wanted_hash
    and s.ended_at is null
    and s.idle_until > at
    and s.expires_at > at
    and access.belongs(s.user_id, s.organisation_id);
  if found_id is null then
    return;
  end if;

  update access.session s
  set last_seen_at = at,
      idle_until = least(idle, s.expires_at)
  where s.id = found_id
    and s.last_seen_at < at - interval '1 minute';

  return query
  select s.id, s.user_id, u.name, s.organisation_id, organisations.name_of(s.organisation_id, lang),
    array(select access.permissions_of(s.user_id, s.organisation_id))
  from access.session s
  join access.user_account u on u.id = s.user_id
  where s.id = found_id;
end
$$;

-- Ends the session of a token: for a browser that signs in anew.
create function access.end_session(wanted_hash bytea, at timestamptz) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update access.session s
  set ended_at = at
  where s.token_hash = wanted_hash
    and s.ended_at is null;
end;

-- ---------------------------------------------------------------- what the app may see and do

alter table access.user_account enable row level security;
alter table access.membership enable row level security;
alter table access.membership_role enable row level security;
alter table access.session enable row level security;
alter table access.sign_in_throttle enable row level security;

create policy user_account_seen on access.user_account for select to hamsafar_app
using (id = (select access.actor()) or access.is_colleague(id));

create policy user_account_own on access.user_account for update to hamsafar_app
using (id = (select access.actor()))
with check (id = (select access.actor()));

create policy membership_seen on access.membership for select to hamsafar_app
using (
  user_id = (select access.actor())
  or (organisation_id = (select access.organisation()) and (select access.can('user.administer')))
);

create policy membership_role_seen on access.membership_role for select to hamsafar_app
using (exists (select from access.membership m where m.id = membership_id));

create policy session_own on access.session for select to hamsafar_app
using (user_id = (select access.actor()));

-- Own open sessions may be ended, and moved to another organisation the user belongs to.
create policy session_own_change on access.session for update to hamsafar_app
using (user_id = (select access.actor()) and ended_at is null)
with check (user_id = (select access.actor()) and (ended_at is not null or access.belongs(user_id, organisation_id)));

grant usage on schema access to hamsafar_app;
grant select on access.role, access.permission, access.role_permission to hamsafar_app;
grant select (id, email, name, locale, state, created_at, last_sign_in_at) on access.user_account to hamsafar_app;
grant update (locale) on access.user_account to hamsafar_app;
grant select on access.membership, access.membership_role to hamsafar_app;
grant select (id, user_id, organisation_id, created_at, last_seen_at, idle_until, expires_at, ended_at, agent)
  on access.session to hamsafar_app;
grant update (token_hash, organisation_id, ended_at) on access.session to hamsafar_app;

revoke execute on all functions in schema access from public;
grant execute on all functions in schema access to hamsafar_app;
