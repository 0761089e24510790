-- One text message: that an answer waits, or a code. Number and text are sealed while it waits, and gone once it went
-- out or failed.
create table notifications.sms (
  id uuid primary key,
  -- Which of the neutral texts, and in what language.
  text_key text not null
    constraint sms_text_key_form check (text_key ~ '^[a-z_]+$'),
  lang text not null,
  sealed bytea,
  -- Keyed pseudonym of the number, for the quota.
  number_key bytea not null
    constraint sms_number_key_sha256 check (length(number_key) = 32),
  -- Keyed pseudonym of the caller's name for the one act that this message belongs to.
  act_key bytea not null unique
    constraint sms_act_key_sha256 check (length(act_key) = 32),
  -- kept: a demonstration, the outbox page shows it.
  state text not null
    constraint sms_state_known check (state in ('waiting', 'sent', 'kept', 'failed')),
  attempts integer not null default 0,
  next_try timestamptz,
  -- Of no use later: a code is old by then.
  not_after timestamptz not null,
  -- Why the gateway did not take it, as a code of ours.
  error text
    constraint sms_error_code check (error ~ '^[a-z_0-9]{1,40}$'),
  -- Who is told when it has failed, where they go on, and in which work.
  asked_by uuid references access.user_account (id),
  organisation_id uuid references organisations.organisation (id),
  href text
    constraint sms_href_local check (href ~ '^/[^/]'),
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint sms_waits_for_a_try check ((state = 'waiting') = (next_try is not null)),
  constraint sms_forgets check ((state in ('waiting', 'kept')) = (sealed is not null))
);
create index sms_waiting on notifications.sms (next_try) where state = 'waiting';
create index sms_of_number on notifications.sms (number_key, created_at);
create index sms_newest on notifications.sms (created_at desc);
alter table notifications.sms enable row level security;

-- Takes a message into the queue, in the transaction of what it is about. Answers `taken`, also for one that was taken
-- before for the same act; `quota` when the number has had enough within a day.
-- The first of the keys is made of the present secret key, a second one of the former, while a move is under way.
create function notifications.queue_sms(
  new_id uuid, text_key text, lang text, sealed bytea, number_keys bytea[], act_keys bytea[], keep boolean,
  not_after timestamptz, href text, most integer, at timestamptz, out outcome text, out id uuid
) returns record
language plpgsql
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  -- Two at once must not both be the last that the quota lets through.
  perform pg_advisory_xact_lock(hashtextextended('notifications.sms ' || encode(number_keys[1], 'hex'), 0));
  select s.id into id from notifications.sms s where s.act_key = any (act_keys);
  if found then
    outcome := 'taken';
    return;
  end if;
  if (
    select count(*)
    from notifications.sms s
    where s.number_key = any (number_keys)
      and s.created_at > at - interval '24 hours'
  ) >= most then
    outcome := 'quota';
    return;
  end if;
  insert into notifications.sms as s
    (id, text_key, lang, sealed, number_key, act_key, state, next_try, not_after, asked_by, organisation_id, href,
     created_at)
  values
    (new_id, queue_sms.text_key, queue_sms.lang, queue_sms.sealed, number_keys[1], act_keys[1],
     case when keep then 'kept' else 'waiting' end, case when keep then null else at end, queue_sms.not_after,
     access.actor(), access.organisation(), queue_sms.href, at)
  on conflict (act_key) do nothing
  returning s.id into id;
  if id is null then
    select s.id into id from notifications.sms s where s.act_key = any (act_keys);
  end if;
  outcome := 'taken';
end
$$;

-- How far one message is: for whoever holds its id, which nobody can guess.
create function notifications.sms_state(wanted uuid) returns text
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.state from notifications.sms s where s.id = wanted;
end;

-- The text messages of a demonstration, for the outbox page; of any other database nothing.
create function notifications.sms_outbox(most integer)
returns table (id uuid, lang text, sealed bytea, state text, created_at timestamptz)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.id, s.lang, s.sealed, s.state, s.created_at
  from notifications.sms s
  where (select i.demonstration from system.instance i)
    and s.sealed is not null
  order by s.created_at desc, s.id desc
  limit most;
end;

revoke execute on all functions in schema notifications from public;
grant execute on all functions in schema notifications to hamsafar_app;
