create schema webhooks;
grant usage on schema webhooks to hamsafar_app;

-- Where an organisation wants to be told of what, by a call of ours that it can check (Standard Webhooks).
create table webhooks.subscription (
  id uuid primary key,
  organisation_id uuid not null references organisations.organisation (id),
  url text not null
    constraint subscription_url_length check (length(url) <= 500),
  events text[] not null
    constraint subscription_events_some check (cardinality(events) between 1 and 50),
  -- The signing secret, sealed; and the one before it, which signs too until it ends.
  secret bytea not null,
  former_secret bytea,
  former_until timestamptz,
  created_by uuid not null references access.user_account (id),
  created_at timestamptz not null,
  -- Since when nothing has got through.
  failing_since timestamptz,
  -- Switched off: asked for, or because nothing got through for long, or because the receiver said that it is gone.
  off_at timestamptz,
  off_why text
    constraint subscription_off_why_known check (off_why in ('asked', 'failing', 'gone')),
  constraint subscription_former_whole check ((former_secret is null) = (former_until is null)),
  constraint subscription_off_whole check ((off_at is null) = (off_why is null))
);
create index subscription_of_organisation on webhooks.subscription (organisation_id, created_at desc);

-- One thing that happened, as an organisation is told of it. Its id goes with every try, to whichever address.
create table webhooks.message (
  id uuid primary key,
  organisation_id uuid not null references organisations.organisation (id),
  event text not null
    constraint message_event_form check (event ~ '^[a-z_]+(\.[a-z_]+)+$'),
  -- Of the sender: told twice of the same, one message is made.
  key text not null,
  -- References, counts, codes, dates; never what says something of a person.
  data jsonb not null
    constraint message_data_impersonal check (audit.is_impersonal(data)),
  at timestamptz not null,
  constraint message_once unique (organisation_id, event, key)
);
create index message_at on webhooks.message (at);

create table webhooks.delivery (
  id uuid primary key,
  message_id uuid not null references webhooks.message (id) on delete cascade,
  subscription_id uuid not null references webhooks.subscription (id) on delete cascade,
  state text not null default 'waiting'
    constraint delivery_state_known check (state in ('waiting', 'sent', 'failed')),
  attempts integer not null default 0,
  next_try timestamptz,
  -- What the receiver answered at the last try, or why there was no answer.
  status smallint,
  error text
    constraint delivery_error_code check (error ~ '^[a-z_]{1,40}$'),
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint delivery_once unique (message_id, subscription_id),
  constraint delivery_waits_for_a_try check ((state = 'waiting') = (next_try is not null))
);
create index delivery_waiting on webhooks.delivery (next_try, subscription_id) where state = 'waiting';
create index delivery_of_subscription on webhooks.delivery (subscription_id, created_at desc, id desc);

alter table webhooks.subscription enable row level security;
alter table webhooks.message enable row level security;
alter table webhooks.delivery enable row level security;

create policy subscription_own on webhooks.subscription for select to hamsafar_app
using ((select access.can('webhook.administer')) and organisation_id = (select access.organisation()));
create policy subscription_added on webhooks.subscription for insert to hamsafar_app
with check (
  (select access.can('webhook.administer') and access.proven())
  and organisation_id = (select access.organisation())
  and created_by = (select access.actor())
);
-- Switching off is always possible; switching on wants a fresh proof.
create policy subscription_switched on webhooks.subscription for update to hamsafar_app
using ((select access.can('webhook.administer')) and organisation_id = (select access.organisation()))
with check (off_at is not null or (select access.proven()));
create policy message_own on webhooks.message for select to hamsafar_app
using ((select access.can('webhook.administer')) and organisation_id = (select access.organisation()));
create policy delivery_own on webhooks.delivery for select to hamsafar_app
using (subscription_id in (select s.id from webhooks.subscription s));
create policy delivery_again on webhooks.delivery for update to hamsafar_app
using (subscription_id in (select s.id from webhooks.subscription s));

-- The secret is written and never read back: only the job, as the owner, signs with it.
grant select (id, organisation_id, url, events, former_until, created_by, created_at, failing_since, off_at, off_why),
  insert (id, organisation_id, url, events, secret, created_by, created_at),
  update (failing_since, off_at, off_why)
  on webhooks.subscription to hamsafar_app;
grant select on webhooks.message to hamsafar_app;
grant select, update (state, attempts, next_try, error) on webhooks.delivery to hamsafar_app;

-- Tells an organisation of something, in the transaction of what happened: a delivery for each address that wants to
-- hear of it, or for one alone. Nothing when it was told before, or nobody listens. Answers how many.
create function webhooks.send(
  new_id uuid, organisation uuid, event text, key text, data jsonb, only_to uuid, at timestamptz
) returns integer
language plpgsql
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  wanted uuid[];
begin
  select array_agg(s.id order by s.id) into wanted
  from webhooks.subscription s
  where s.organisation_id = send.organisation
    and s.off_at is null
    and case when only_to is null then send.event = any (s.events) else s.id = only_to end;
  if wanted is null then
    return 0;
  end if;
  insert into webhooks.message (id, organisation_id, event, key, data, at)
  values (new_id, send.organisation, send.event, send.key, send.data, send.at)
  on conflict do nothing;
  if not found then
    return 0;
  end if;
  insert into webhooks.delivery (id, message_id, subscription_id, next_try, created_at)
  select gen_random_uuid(), new_id, w.id, send.at, send.at
  from unnest(wanted) w (id);
  return cardinality(wanted);
end
$$;

-- Another secret signs from now on; the one before signs too until `until`. Wants a fresh proof.
create function webhooks.change_secret(wanted uuid, sealed bytea, until timestamptz) returns boolean
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  if not (access.can('webhook.administer') and access.proven()) then
    return false;
  end if;
  update webhooks.subscription s
  set former_secret = s.secret,
      former_until = until,
      secret = sealed
  where s.id = wanted
    and s.organisation_id = access.organisation();
  return found;
end
$$;

revoke execute on all functions in schema webhooks from public;
grant execute on all functions in schema webhooks to hamsafar_app;
