-- A carrier that never says how many it carried is not compared with anything: it asks no more until it has said so.

alter table entry_check.agreement add column suspended_for text
  constraint agreement_suspended_for_known check (suspended_for in ('officer', 'honey', 'more', 'figure')),
  add constraint agreement_suspended_for_whole check (suspended_for is null or suspended_at is not null);
comment on column entry_check.agreement.suspended_at is 'since when it may not ask; why stands in suspended_for';
comment on column entry_check.agreement.suspended_for is
  'officer: somebody decided so; honey: asked about an invented passenger; more: about more than flew; figure: it did not say how many flew; null: not known any more';
grant update (suspended_for) on entry_check.agreement to hamsafar_app;

alter table entry_check.carried add column by_carrier boolean not null default false;
comment on column entry_check.carried.by_carrier is 'its own staff stated it; else an officer noted what it said';

-- That a figure was asked for, so that each reminder goes out once: on which of the days of reconcile.ts.
create table entry_check.figure_reminder (
  agreement_id uuid not null references entry_check.agreement (id),
  month date not null
    constraint figure_reminder_month_first check (extract(day from month) = 1),
  day integer not null
    constraint figure_reminder_day_possible check (day >= 0),
  reminded_at timestamptz not null,
  primary key (agreement_id, month, day)
);
alter table entry_check.figure_reminder enable row level security;
grant update (by_carrier) on entry_check.carried to hamsafar_app;

-- A carrier sees how often it asked and what it stated, and states a figure where none is: what stands is changed by officers alone.
create policy carrier_query_own on entry_check.carrier_query for select to hamsafar_app
using (
  (select access.can('entry_check.carry'))
  and agreement_id in (select a.id from entry_check.agreement a where a.organisation_id = (select access.organisation()))
);
create policy carried_own on entry_check.carried for select to hamsafar_app
using (
  (select access.can('entry_check.carry'))
  and agreement_id in (select a.id from entry_check.agreement a where a.organisation_id = (select access.organisation()))
);
create policy carried_stated on entry_check.carried for insert to hamsafar_app
with check (
  (select access.can('entry_check.carry'))
  and by_carrier
  and agreement_id in (
    select a.id from entry_check.agreement a where a.organisation_id = (select access.organisation()) and a.ended_at is null)
);

-- As before, and with a word of its own for a carrier that owes a figure: it can do something about it.
create or replace function entry_check.begin_query(
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
    if mine.suspended_for = 'figure' then
      outcome := 'figure';
    end if;
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

-- The passenger was referred. With `honey`, it was one who does not exist: the carrier's questions end until somebody has looked.
-- Answers the agreement that was suspended.
create or replace function entry_check.refer(of_query uuid, honey uuid, at timestamptz) returns uuid
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
  return entry_check.hit_honey(asked, honey, refer.at);
end
$$;

-- One who does not exist was asked about. Answers the agreement, which is suspended.
create function entry_check.hit_honey(asked uuid, honey uuid, at timestamptz) returns uuid
language plpgsql
volatile
set search_path = pg_catalog
as $$
begin
  update entry_check.honey h
  set hit_at = coalesce(h.hit_at, hit_honey.at), hit_by = coalesce(h.hit_by, asked)
  where h.id = honey;
  update entry_check.agreement a
  set suspended_at = coalesce(a.suspended_at, hit_honey.at), suspended_for = 'honey'
  where a.id = asked;
  return asked;
end
$$;

-- Whether the buckets that were just taken are those of one who does not exist: so many of its own as chance never brings together,
-- which `fewest` and `from_bits` see to. Then it needs no token. Answers the agreement that was suspended, else null.
create function entry_check.notice_honey(
  of_query uuid, heads integer[], fewest integer, from_bits integer, at timestamptz
) returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked uuid;
  honey uuid;
begin
  select q.agreement_id into asked
  from entry_check.carrier_query q
  join entry_check.agreement a on a.id = q.agreement_id
  where q.id = of_query
    and q.fetched_at = notice_honey.at
    and a.organisation_id = access.organisation()
    and access.can('entry_check.carry');
  select t.honey_id into honey
  from entry_check.tags_made m
  join entry_check.tag t on t.honey_id is not null and t.head >> (16 - m.bits) = any (heads)
  where asked is not null
    and m.bits >= from_bits
  group by t.honey_id
  having count(*) >= fewest
  limit 1;
  if honey is null then
    return null;
  end if;
  return entry_check.hit_honey(asked, honey, notice_honey.at);
end
$$;
create index tag_of_honey on entry_check.tag (honey_id) where honey_id is not null;

revoke execute on function entry_check.hit_honey, entry_check.notice_honey from public;
grant execute on function entry_check.notice_honey to hamsafar_app;
