-- Mails to who has no account: a link that proves a mailbox. Address and words are sealed while they wait, and gone once
-- the mail went out or failed.
alter table notifications.delivery
  alter column user_id drop not null,
  alter column subject drop not null,
  alter column body drop not null,
  add column sealed bytea,
  -- Keyed pseudonym of the address, for the quota.
  add column address_key bytea
    constraint delivery_address_key_sha256 check (length(address_key) = 32),
  add constraint delivery_to_somebody check ((user_id is null) = (address_key is not null)),
  add constraint delivery_words check (
    case
      when user_id is not null then subject is not null and body is not null and sealed is null
      else subject is null and body is null and (sealed is not null) = (state in ('waiting', 'kept'))
    end
  );
create index delivery_of_address on notifications.delivery (address_key, created_at) where address_key is not null;

-- Takes a mail into the queue, in the transaction of what it is about. Answers `taken`, also for one that was taken before
-- under the same message id; `quota` when the address has had enough within a day.
-- The first of the keys is made of the present secret key, a second one of the former, while a move is under way.
create function notifications.queue_mail(
  new_id uuid, lang text, sealed bytea, address_keys bytea[], message_id text, keep boolean, most integer, at timestamptz
) returns text
language plpgsql
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  -- Two at once must not both be the last that the quota lets through.
  perform pg_advisory_xact_lock(hashtextextended('notifications.mail ' || encode(address_keys[1], 'hex'), 0));
  if exists (select from notifications.delivery d where d.idempotency_key = message_id) then
    return 'taken';
  end if;
  if (
    select count(*)
    from notifications.delivery d
    where d.address_key = any (address_keys)
      and d.created_at > at - interval '24 hours'
  ) >= most then
    return 'quota';
  end if;
  insert into notifications.delivery
    (id, channel, lang, sealed, address_key, state, next_try, idempotency_key, created_at)
  values
    (new_id, 'email', queue_mail.lang, queue_mail.sealed, address_keys[1], case when keep then 'kept' else 'waiting' end,
     case when keep then null else at end, message_id, at);
  return 'taken';
end
$$;

drop function notifications.outbox(integer);
create function notifications.outbox(most integer)
returns table (
  id uuid, recipient text, lang text, subject text, body text, sealed bytea, state text, attempts integer, error text,
  idempotency_key text, created_at timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select d.id, u.email, d.lang, d.subject, d.body, d.sealed, d.state, d.attempts, d.error, d.idempotency_key, d.created_at
  from notifications.delivery d
  left join access.user_account u on u.id = d.user_id
  where (select i.demonstration from system.instance i)
    and (d.user_id is not null or d.sealed is not null)
  order by d.created_at desc, d.id desc
  limit most;
end;

revoke execute on all functions in schema notifications from public;
grant execute on all functions in schema notifications to hamsafar_app;
