create schema notifications;
grant usage on schema notifications to hamsafar_app;

-- What somebody is told. The words are a message and its values, so that they are read in one's own language.
create table notifications.notification (
  id uuid primary key,
  user_id uuid not null references access.user_account (id),
  -- The work it concerns: shown while one acts for this organisation; null when it concerns the person.
  organisation_id uuid references organisations.organisation (id),
  kind text not null,
  subject_type text,
  subject_id text,
  message_key text not null,
  message_values jsonb not null default '{}',
  -- Below the language.
  href text not null
    constraint notification_href_local check (href ~ '^/[^/]'),
  -- While one with the same key is unread, another one only adds to `occurrences`.
  dedupe text,
  occurrences integer not null default 1,
  -- Since when it has waited, and when it last happened.
  created_at timestamptz not null,
  last_at timestamptz not null,
  read_at timestamptz,
  -- When an e-mail says that something waits, unless it is read before; null when none is to be sent.
  mail_at timestamptz,
  constraint notification_subject_whole check ((subject_type is null) = (subject_id is null))
);
create unique index notification_unread_once
on notifications.notification (user_id, organisation_id, dedupe) nulls not distinct
where read_at is null and dedupe is not null;
create index notification_of_user on notifications.notification (user_id, last_at desc, id desc);
create index notification_unread on notifications.notification (user_id, organisation_id) where read_at is null;
create index notification_mail on notifications.notification (mail_at) where mail_at is not null and read_at is null;

-- Which kinds somebody wants by e-mail; without a line as the kind itself proposes.
create table notifications.preference (
  user_id uuid not null references access.user_account (id),
  kind text not null,
  mail text not null
    constraint preference_mail_known check (mail in ('now', 'daily', 'off')),
  primary key (user_id, kind)
);

-- One e-mail: that something waits, and where. It gathers all that was due for a person at that moment.
create table notifications.delivery (
  id uuid primary key,
  user_id uuid not null references access.user_account (id),
  channel text not null
    constraint delivery_channel_known check (channel = 'email'),
  lang text not null,
  subject text not null,
  body text not null,
  -- kept: there is no mail server, the outbox page shows it.
  state text not null default 'waiting'
    constraint delivery_state_known check (state in ('waiting', 'sent', 'kept', 'failed')),
  attempts integer not null default 0,
  next_try timestamptz,
  -- What the mail server called it, and why it refused.
  provider_id text,
  error text,
  -- The Message-ID: sent twice after a crash, it is still the same mail to every mail server.
  idempotency_key text not null unique,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint delivery_waits_for_a_try check ((state = 'waiting') = (next_try is not null))
);
create index delivery_waiting on notifications.delivery (next_try) where state = 'waiting';
create index delivery_newest on notifications.delivery (created_at desc);

create table notifications.delivery_item (
  delivery_id uuid not null references notifications.delivery (id) on delete cascade,
  notification_id uuid not null references notifications.notification (id) on delete cascade,
  primary key (delivery_id, notification_id)
);
create index delivery_item_of_notification on notifications.delivery_item (notification_id);

alter table notifications.notification enable row level security;
alter table notifications.preference enable row level security;
alter table notifications.delivery enable row level security;
alter table notifications.delivery_item enable row level security;

create policy notification_own on notifications.notification for select to hamsafar_app
using (
  user_id = (select access.actor())
  and (organisation_id is null or organisation_id = (select access.organisation()))
);
create policy notification_read on notifications.notification for update to hamsafar_app
using (
  user_id = (select access.actor())
  and (organisation_id is null or organisation_id = (select access.organisation()))
);
create policy preference_own on notifications.preference for all to hamsafar_app
using (user_id = (select access.actor()))
with check (user_id = (select access.actor()));

grant select on notifications.notification to hamsafar_app;
grant update (read_at) on notifications.notification to hamsafar_app;
grant select, insert, update on notifications.preference to hamsafar_app;

-- Tells people something, in the transaction of what happened: named people, or whoever holds a permission, in one
-- organisation or in every one. Who is told, the caller does not learn. Answers how many.
create function notifications.notify(
  to_users uuid[], to_permission text, to_organisation uuid,
  kind text, mail text, gather interval,
  message_key text, message_values jsonb, href text, subject_type text, subject_id text, dedupe text, at timestamptz
) returns integer
language plpgsql
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  told integer;
begin
  with recipient as (
    select u.id as user_id, notify.to_organisation as organisation_id
    from access.user_account u
    where u.id = any (notify.to_users)
      and u.state = 'active'
    union
    select m.user_id, m.organisation_id
    from access.membership m
    join access.membership_role mr on mr.membership_id = m.id
    join access.role_permission rp on rp.role = mr.role
    where rp.permission = notify.to_permission
      and (notify.to_organisation is null or m.organisation_id = notify.to_organisation)
      and m.since <= notify.at
      and (m.until is null or m.until > notify.at)
      and access.belongs(m.user_id, m.organisation_id)
  )
  insert into notifications.notification as n
    (id, user_id, organisation_id, kind, subject_type, subject_id, message_key, message_values, href, dedupe,
     created_at, last_at, mail_at)
  select gen_random_uuid(), r.user_id, r.organisation_id, notify.kind, notify.subject_type, notify.subject_id,
    notify.message_key, notify.message_values, notify.href, notify.dedupe, notify.at, notify.at,
    case coalesce(p.mail, notify.mail)
      when 'now' then notify.at + notify.gather
      -- the next eight o'clock in the morning
      when 'daily' then
        (((notify.at at time zone 'Asia/Dushanbe') - interval '8 hours')::date + 1 + time '08:00') at time zone 'Asia/Dushanbe'
    end
  from recipient r
  left join notifications.preference p on p.user_id = r.user_id and p.kind = notify.kind
  -- always in one order: two at once must not wait for each other
  order by r.user_id, r.organisation_id
  on conflict (user_id, organisation_id, dedupe) where read_at is null and dedupe is not null do update
  set occurrences = n.occurrences + 1,
      message_values = excluded.message_values,
      last_at = excluded.last_at,
      mail_at = coalesce(n.mail_at, excluded.mail_at);
  get diagnostics told = row_count;
  return told;
end;
$$;

-- The mails of a demonstration, for the outbox page; of any other database nothing.
create function notifications.outbox(most integer)
returns table (
  id uuid, recipient text, lang text, subject text, body text, state text, attempts integer, error text,
  idempotency_key text, created_at timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select d.id, u.email, d.lang, d.subject, d.body, d.state, d.attempts, d.error, d.idempotency_key, d.created_at
  from notifications.delivery d
  join access.user_account u on u.id = d.user_id
  where (select i.demonstration from system.instance i)
  order by d.created_at desc, d.id desc
  limit most;
end;

revoke execute on all functions in schema notifications from public;
grant execute on all functions in schema notifications to hamsafar_app;

create trigger notification_live after insert or update or delete on notifications.notification
for each statement execute function live.announce();
