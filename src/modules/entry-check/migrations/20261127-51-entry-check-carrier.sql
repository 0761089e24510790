-- Carriers ask about one passenger, blinded (RFC 9497): we do not learn about whom. Off until an agreement is recorded.

alter table entry_check.key add column oprf_sealed bytea, add column oprf_public bytea
  constraint key_oprf_public_long check (length(oprf_public) = 32);

create table entry_check.agreement (
  id uuid primary key,
  organisation_id uuid not null references organisations.organisation (id),
  act text not null
    constraint agreement_act_given check (act = btrim(act) and act <> ''),
  act_on date not null,
  per_day integer not null
    constraint agreement_quota_possible check (per_day between 1 and 5000),
  recorded_by uuid not null references access.user_account (id),
  recorded_at timestamptz not null,
  suspended_at timestamptz,
  resumed_at timestamptz,
  ended_at timestamptz
);
create unique index agreement_active on entry_check.agreement (organisation_id) where ended_at is null;
comment on column entry_check.agreement.suspended_at is 'an invented passenger was asked about, or more were asked about than flew';

-- One question about one passenger: that it was asked, never about whom.
create table entry_check.carrier_query (
  id uuid primary key,
  agreement_id uuid not null references entry_check.agreement (id),
  at timestamptz not null,
  fetched_at timestamptz,
  referred_at timestamptz
);
create index carrier_query_of_agreement on entry_check.carrier_query (agreement_id, at);
create index carrier_query_at on entry_check.carrier_query (at);

-- How many passengers a carrier says it carried in a month: more questions than passengers is bulk use.
create table entry_check.carried (
  agreement_id uuid not null references entry_check.agreement (id),
  month date not null
    constraint carried_month_first check (extract(day from month) = 1),
  passengers integer not null
    constraint carried_passengers_possible check (passengers >= 0),
  recorded_at timestamptz not null,
  primary key (agreement_id, month)
);

-- Passengers who do not exist. Handed to nobody but those who try out the exchange: a question about one comes from a list.
create table entry_check.honey (
  id uuid primary key,
  agreement_id uuid not null references entry_check.agreement (id),
  facts_sealed bytea not null,
  made_at timestamptz not null,
  hit_at timestamptz,
  hit_by uuid references entry_check.agreement (id)
);

-- What is to be referred, as outputs of the pseudorandom function: without the key they say nothing.
create table entry_check.tag (
  input bytea primary key,
  tag bytea not null
    constraint tag_long check (length(tag) = 16),
  pad bytea not null
    constraint tag_pad_long check (length(pad) = 16),
  head integer not null generated always as (get_byte(tag, 0) * 256 + get_byte(tag, 1)) stored,
  honey_id uuid references entry_check.honey (id) on delete cascade
);
create index tag_head on entry_check.tag (head);
comment on column entry_check.tag.input is 'HMAC of document and birth date, or of name and birth date: what is known is not made anew';

create table entry_check.tags_made (
  one boolean primary key default true
    constraint tags_made_is_one check (one),
  list_version integer not null,
  list_on timestamptz,
  bits integer not null
    constraint tags_made_bits_possible check (bits between 0 and 16),
  made_at timestamptz not null
);

-- ---------------------------------------------------------------- what a carrier may do

-- Begins a question, if there is an agreement and its quota is not used up. One at a time for each carrier.
create function entry_check.begin_query(
  new_id uuid, at timestamptz,
  out outcome text, out key_sealed bytea, out public_key bytea, out list_version integer, out list_on timestamptz, out bits integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  mine entry_check.agreement;
begin
  outcome := 'off';
  if not access.can('entry_check.carry') then
    return;
  end if;
  select a.* into mine
  from entry_check.agreement a
  where a.organisation_id = access.organisation()
    and a.ended_at is null
  for update;
  if not found or mine.suspended_at is not null then
    return;
  end if;
  if (
    select count(*) from entry_check.carrier_query q where q.agreement_id = mine.id and q.at > begin_query.at - interval '24 hours'
  ) >= mine.per_day then
    outcome := 'quota';
    return;
  end if;
  select k.oprf_sealed, k.oprf_public into key_sealed, public_key from entry_check.key k;
  select m.list_version, m.list_on, m.bits into list_version, list_on, bits from entry_check.tags_made m;
  if key_sealed is null or list_version is null then
    return;
  end if;
  insert into entry_check.carrier_query (id, agreement_id, at) values (new_id, mine.id, begin_query.at);
  outcome := 'begun';
end
$$;

-- The buckets of one question, once, within ten minutes: two, for document and for name.
create function entry_check.take_buckets(of_query uuid, heads integer[], at timestamptz)
returns table (tag bytea, pad bytea, honey_id uuid)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  update entry_check.carrier_query q
  set fetched_at = take_buckets.at
  from entry_check.agreement a
  where q.id = of_query
    and a.id = q.agreement_id
    and a.organisation_id = access.organisation()
    and access.can('entry_check.carry')
    and q.fetched_at is null
    and q.at > take_buckets.at - interval '10 minutes';
  if not found or cardinality(heads) > 2 then
    raise exception 'no such question is open' using errcode = 'insufficient_privilege';
  end if;
  return query
  select t.tag, t.pad, t.honey_id
  from entry_check.tags_made m
  join entry_check.tag t on t.head >> (16 - m.bits) = any (heads)
  order by t.tag;
end
$$;

-- The passenger was referred. With `honey`, it was one who does not exist: the carrier's questions end until somebody has looked.
-- Answers the agreement that was suspended.
create function entry_check.refer(of_query uuid, honey uuid, at timestamptz) returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked uuid;
begin
  update entry_check.carrier_query q
  set referred_at = coalesce(q.referred_at, refer.at)
  from entry_check.agreement a
  where q.id = of_query
    and a.id = q.agreement_id
    and a.organisation_id = access.organisation()
    and access.can('entry_check.carry')
    and q.fetched_at is not null
  returning q.agreement_id into asked;
  if not found then
    raise exception 'no such question is open' using errcode = 'insufficient_privilege';
  end if;
  if honey is null then
    return null;
  end if;
  update entry_check.honey h set hit_at = coalesce(h.hit_at, refer.at), hit_by = coalesce(h.hit_by, asked) where h.id = honey;
  update entry_check.agreement a set suspended_at = coalesce(a.suspended_at, refer.at) where a.id = asked;
  return asked;
end
$$;

create function entry_check.honey_ids() returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select h.id from entry_check.honey h where access.can('entry_check.carry');
end;

-- ---------------------------------------------------------------- who records agreements

alter table entry_check.agreement enable row level security;
alter table entry_check.carrier_query enable row level security;
alter table entry_check.carried enable row level security;
alter table entry_check.honey enable row level security;
alter table entry_check.tag enable row level security;
alter table entry_check.tags_made enable row level security;

create policy agreement_recorded on entry_check.agreement for select to hamsafar_app
using ((select access.can('entry_check.agree')) or organisation_id = (select access.organisation()));
create policy agreement_made on entry_check.agreement for insert to hamsafar_app
with check ((select access.can('entry_check.agree') and access.proven()) and recorded_by = (select access.actor()));
-- Ending and suspending is always possible; letting a carrier ask again wants a fresh proof.
create policy agreement_changed on entry_check.agreement for update to hamsafar_app
using ((select access.can('entry_check.agree')) and ended_at is null)
with check (ended_at is not null or suspended_at is not null or (select access.proven()));
create policy carrier_query_counted on entry_check.carrier_query for select to hamsafar_app
using ((select access.can('entry_check.agree')));
create policy carried_recorded on entry_check.carried for all to hamsafar_app
using ((select access.can('entry_check.agree')));
create policy honey_seen on entry_check.honey for select to hamsafar_app
using ((select access.can('entry_check.agree') and access.proven()));
create policy honey_made on entry_check.honey for insert to hamsafar_app
with check ((select access.can('entry_check.agree') and access.proven()));

grant select, insert, update (suspended_at, resumed_at, ended_at) on entry_check.agreement to hamsafar_app;
grant select on entry_check.carrier_query to hamsafar_app;
grant select, insert, update (passengers, recorded_at) on entry_check.carried to hamsafar_app;
grant select, insert on entry_check.honey to hamsafar_app;
grant select (oprf_public) on entry_check.key to hamsafar_app;

revoke execute on function entry_check.begin_query, entry_check.take_buckets, entry_check.refer, entry_check.honey_ids from public;
grant execute on function entry_check.begin_query, entry_check.take_buckets, entry_check.refer, entry_check.honey_ids
  to hamsafar_app;
