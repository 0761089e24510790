-- Who asked whether they are banned from entry, and what was answered. What is about a person lies sealed.
create schema entry_check;
grant usage on schema entry_check to hamsafar_app;

-- The key that signs slips. Its private half is wrapped with one made from the installation's secret.
create table entry_check.key (
  one boolean primary key default true
    constraint key_is_one check (one),
  private_sealed bytea not null,
  public bytea not null
    constraint key_public_long check (length(public) = 32)
);

-- Somebody who proved who they are, at a desk.
create table entry_check.holder (
  id uuid primary key,
  reference text not null unique
    constraint holder_reference_form check (reference ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  subject bytea not null,
  facts_sealed bytea,
  pin_sealed bytea,
  organisation_id uuid not null references organisations.organisation (id),
  created_by uuid not null,
  created_at timestamptz not null,
  ends_at timestamptz not null
);
create index holder_subject on entry_check.holder (subject);
create index holder_ends on entry_check.holder (ends_at) where facts_sealed is not null;
comment on column entry_check.holder.subject is 'HMAC of document and birth date: the same person at another desk';
comment on column entry_check.holder.pin_sealed is 'the argon2id hash, sealed: six digits alone would be tried out';

create table entry_check.inquiry (
  id uuid primary key,
  holder_id uuid not null references entry_check.holder (id) on delete cascade,
  at timestamptz not null,
  way text not null
    constraint inquiry_way_known check (way in ('desk', 'own')),
  purpose text not null,
  organisation_id uuid,
  actor_id uuid,
  answer_sealed bytea,
  answered_at timestamptz,
  open_until timestamptz not null,
  list_version integer,
  constraint inquiry_desk_named check ((way = 'desk') = (actor_id is not null) and (way = 'desk') = (organisation_id is not null))
);
create index inquiry_of_holder on entry_check.inquiry (holder_id, at desc);
create index inquiry_open on entry_check.inquiry (open_until) where answer_sealed is not null;

-- How often somebody tried, under keyed pseudonyms.
create table entry_check.attempt (
  key bytea not null,
  at timestamptz not null
);
create index attempt_counted on entry_check.attempt (key, at);
create index attempt_at on entry_check.attempt (at);

create table entry_check.slip (
  id uuid primary key,
  inquiry_id uuid not null references entry_check.inquiry (id) on delete cascade,
  state bytea not null,
  issued_at timestamptz not null,
  until timestamptz not null,
  revoked_at timestamptz
);
create index slip_of_inquiry on entry_check.slip (inquiry_id);
create index slip_until on entry_check.slip (until);
comment on column entry_check.slip.state is 'HMAC of all that was known when it was made: when that changes, it is revoked';

-- ---------------------------------------------------------------- doors for whoever has no account

-- Counts one attempt under each key; false, and nothing counted, when one of them had its most already.
create function entry_check.take(keys bytea[], most integer[], since timestamptz, at timestamptz) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('entry_check ' || encode(k, 'hex'), 0))
  from (select k from unnest(keys) k order by k) sorted;
  if exists (
    select
    from unnest(keys, most) w (key, most)
    where (select count(*) from entry_check.attempt a where a.key = w.key and a.at > since) >= w.most
  ) then
    return false;
  end if;
  insert into entry_check.attempt (key, at) select k, take.at from unnest(keys) k;
  return true;
end
$$;

-- The right PIN was given: its tries are forgotten.
create function entry_check.forgive(wanted bytea) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  delete from entry_check.attempt where key = wanted;
end;

create function entry_check.find_holder(wanted text, at timestamptz)
returns table (id uuid, pin_sealed bytea, facts_sealed bytea)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select h.id, h.pin_sealed, h.facts_sealed
  from entry_check.holder h
  where h.reference = wanted
    and h.pin_sealed is not null
    and h.ends_at > at;
end;

create function entry_check.find_answer(of_holder uuid, at timestamptz)
returns table (id uuid, answer_sealed bytea, open_until timestamptz)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select i.id, i.answer_sealed, i.open_until
  from entry_check.inquiry i
  where i.holder_id = of_holder
    and i.answer_sealed is not null
    and i.open_until > find_answer.at
  order by i.at desc, i.id desc
  limit 1;
end;

create function entry_check.issue_slip(
  new_id uuid, of_inquiry uuid, state bytea, at timestamptz, until timestamptz
) returns bytea
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  insert into entry_check.slip (id, inquiry_id, state, issued_at, until)
  values (new_id, of_inquiry, state, at, until);
  select k.private_sealed from entry_check.key k;
end;

-- What whoever verifies slips must know: nothing in it names anybody.
create function entry_check.revoked(at timestamptz) returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.id from entry_check.slip s where s.revoked_at is not null and s.until > at order by s.id;
end;

create function entry_check.slip_state(wanted uuid, at timestamptz) returns text
language sql
stable
security definer
set search_path = pg_catalog
return (
  select case when s.revoked_at is not null then 'revoked' when s.until <= at then 'ended' else 'valid' end
  from entry_check.slip s
  where s.id = wanted
);

-- A new PIN ends all that the same person had before.
create function entry_check.set_pin(of_holder uuid, sealed bytea, until timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  mine entry_check.holder;
begin
  select h.* into strict mine
  from entry_check.holder h
  where h.id = of_holder
    and h.created_by = access.actor()
    and h.organisation_id = access.organisation();
  if not access.can('entry_check.desk') then
    raise exception 'not allowed to give a PIN' using errcode = 'insufficient_privilege';
  end if;
  update entry_check.holder h set pin_sealed = null where h.subject = mine.subject;
  update entry_check.holder h set pin_sealed = sealed, ends_at = until where h.id = mine.id;
end
$$;

-- ---------------------------------------------------------------- what the app may see and do

alter table entry_check.key enable row level security;
alter table entry_check.holder enable row level security;
alter table entry_check.inquiry enable row level security;
alter table entry_check.attempt enable row level security;
alter table entry_check.slip enable row level security;

create policy key_public on entry_check.key for select to hamsafar_app
using (true);
-- Whoever sat at the desk, on that day: an answer is no file to look up later.
create policy holder_own on entry_check.holder for select to hamsafar_app
using (
  created_by = (select access.actor())
  and organisation_id = (select access.organisation())
  and (select access.can('entry_check.desk'))
  and created_at > (select access.moment()) - interval '12 hours'
);
create policy holder_made on entry_check.holder for insert to hamsafar_app
with check (
  created_by = (select access.actor())
  and organisation_id = (select access.organisation())
  and (select access.can('entry_check.desk'))
);
create policy inquiry_own on entry_check.inquiry for select to hamsafar_app
using (
  actor_id = (select access.actor())
  and organisation_id = (select access.organisation())
  and (select access.can('entry_check.desk'))
  and at > (select access.moment()) - interval '12 hours'
);
create policy inquiry_made on entry_check.inquiry for insert to hamsafar_app
with check (
  actor_id = (select access.actor())
  and organisation_id = (select access.organisation())
  and (select access.can('entry_check.desk'))
);

grant select (public) on entry_check.key to hamsafar_app;
grant select, insert on entry_check.holder, entry_check.inquiry to hamsafar_app;

revoke execute on all functions in schema entry_check from public;
grant execute on function entry_check.take(bytea[], integer[], timestamptz, timestamptz), entry_check.forgive(bytea),
  entry_check.find_holder(text, timestamptz), entry_check.find_answer(uuid, timestamptz),
  entry_check.issue_slip(uuid, uuid, bytea, timestamptz, timestamptz), entry_check.revoked(timestamptz),
  entry_check.slip_state(uuid, timestamptz), entry_check.set_pin(uuid, bytea, timestamptz)
  to hamsafar_app;
