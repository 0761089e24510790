-- Searches that wait for new adverts, and what was found for them.
create table applications.saved_search (
  id uuid primary key,
  channel text not null
    constraint saved_search_channel_known check (channel in ('email', 'sms')),
  -- Address or number, and the token of the links; null once it has ended.
  address_sealed bytea,
  -- Keyed pseudonym of the address: how many somebody has, and whether they have this one.
  address_key bytea not null
    constraint saved_search_address_sha256 check (length(address_key) = 32),
  token_hash bytea not null unique,
  lang text not null,
  mode text not null
    constraint saved_search_mode_known check (mode in ('now', 'daily')),
  -- What the person reads of it: the words they searched for, and the address of the list.
  label text not null,
  query text not null,
  -- What an advert must have: see vacancies/watching.ts.
  keys text[] not null,
  trades text[] not null,
  beside text[] not null,
  isco text[] not null,
  words tsquery,
  named_places text[] not null,
  places text[] not null,
  countries text[] not null,
  accommodation boolean not null,
  foreigners text,
  contracts text[] not null,
  pay jsonb not null,
  state text not null
    constraint saved_search_state_known check (state in ('waiting', 'active', 'ended')),
  created_at timestamptz not null,
  confirmed_at timestamptz,
  ended_at timestamptz,
  told_at timestamptz,
  constraint saved_search_forgets check ((state = 'ended') = (address_sealed is null)),
  constraint saved_search_confirmed check (state <> 'active' or confirmed_at is not null)
);
create unique index saved_search_once on applications.saved_search (address_key, query) where state <> 'ended';
create index saved_search_keys on applications.saved_search using gin (keys) where state = 'active';

-- What was found: once for each search and advert.
create table applications.hit (
  search_id uuid not null references applications.saved_search (id) on delete cascade,
  vacancy_id uuid not null,
  reference text not null,
  title text not null,
  at timestamptz not null,
  told_at timestamptz,
  primary key (search_id, vacancy_id)
);
create index hit_untold on applications.hit (search_id, at) where told_at is null;

-- Adverts that were looked at lately: transactions commit late, so the last hour is looked at again.
create table applications.looked_at (
  vacancy_id uuid primary key,
  at timestamptz not null
);
create index looked_at_at on applications.looked_at (at);

alter table applications.saved_search enable row level security;
alter table applications.hit enable row level security;
alter table applications.looked_at enable row level security;

-- ---------------------------------------------------------------- doors for whoever has no account

-- Saves a search that waits for its confirmation; the one that is there already is answered instead.
create function applications.save_search(fields jsonb, most integer)
returns table (id uuid, outcome text)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  given applications.saved_search := jsonb_populate_record(null::applications.saved_search, fields);
  known uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('applications.saved_search ' || encode(given.address_key, 'hex'), 0));
  select s.id into known
  from applications.saved_search s
  where s.address_key = given.address_key and s.query = given.query and s.state <> 'ended';
  if found then
    return query select known, 'known';
  elsif (
    select count(*) from applications.saved_search s where s.address_key = given.address_key and s.state <> 'ended'
  ) >= most then
    return query select null::uuid, 'enough';
  else
    insert into applications.saved_search select given.*;
    return query select given.id, 'saved';
  end if;
end
$$;

-- What a link opens: nothing of whose it is.
create function applications.find_search(wanted bytea)
returns table (id uuid, state text, channel text, mode text, lang text, label text, query text, told_at timestamptz)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.id, s.state, s.channel, s.mode, s.lang, s.label, s.query, s.told_at
  from applications.saved_search s
  where s.token_hash = wanted;
end;

-- The address and its token, for sending the link again.
create function applications.search_address(wanted uuid) returns bytea
language sql
stable
security definer
set search_path = pg_catalog
return (select s.address_sealed from applications.saved_search s where s.id = wanted and s.state <> 'ended');

create function applications.confirm_search(wanted bytea, at timestamptz) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update applications.saved_search s
  set state = 'active', confirmed_at = at
  where s.token_hash = wanted and s.state = 'waiting';
end;

create function applications.end_search(wanted bytea, at timestamptz) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update applications.saved_search s
  set state = 'ended', ended_at = at, address_sealed = null
  where s.token_hash = wanted and s.state <> 'ended';
end;

revoke execute on function applications.save_search(jsonb, integer), applications.find_search(bytea),
  applications.search_address(uuid), applications.confirm_search(bytea, timestamptz),
  applications.end_search(bytea, timestamptz) from public;
grant execute on function applications.save_search(jsonb, integer), applications.find_search(bytea),
  applications.search_address(uuid), applications.confirm_search(bytea, timestamptz),
  applications.end_search(bytea, timestamptz) to hamsafar_app;
