-- What work is offered, to whom, for how much, and how many look for it: figures by month, each with what it counts.
create schema labour_market;
grant usage on schema labour_market to hamsafar_app;

-- How many people were registered as unemployed in a place on the last day of a month, as an office stated it. Nothing is
-- changed: a correction is a further entry, and the last one counts.
create table labour_market.registered (
  id uuid primary key,
  organisation_id uuid not null references organisations.organisation (id),
  place_code text not null,
  month date not null
    constraint registered_month_begins check (extract(day from month) = 1),
  people integer not null
    constraint registered_people_counted check (people >= 0),
  -- The report it stands in.
  source text not null,
  -- Invented for the demonstration.
  sample boolean not null default false,
  entered_at timestamptz not null,
  entered_by uuid references access.user_account (id)
);
create index registered_last on labour_market.registered (month, place_code, entered_at desc);

-- What the page shows. Made by a job; what stands for fewer than ten is not in it.
create table labour_market.figure (
  month date not null,
  measure text not null
    constraint figure_measure_known check (measure in ('open', 'fresh', 'pay', 'fill', 'registered', 'asked', 'able')),
  split text not null
    constraint figure_split_known check (split in ('total', 'isco', 'country', 'region', 'skill')),
  -- Of the split: an ISCO-08 major group, a country, a place, a skill; empty for the total.
  value text not null,
  -- Of pay.
  currency text not null default '',
  -- Adverts, people, days, or minor units; null: fewer than ten, or one could reckon such a one from it.
  amount bigint,
  -- How many adverts, people or hires it stands for.
  basis integer,
  sample boolean not null,
  primary key (month, measure, split, value, currency),
  constraint figure_hides_both check ((amount is null) = (basis is null))
);

alter table labour_market.registered enable row level security;
alter table labour_market.figure enable row level security;
create policy own_seen on labour_market.registered for select to hamsafar_app
using (organisation_id = (select access.organisation()) and (select access.can('labour_market.enter')));
create policy own_entered on labour_market.registered for insert to hamsafar_app
with check (
  organisation_id = (select access.organisation())
  and entered_by = (select access.actor())
  and (select access.can('labour_market.enter'))
);
create policy read_by_all on labour_market.figure for select to hamsafar_app using (true);
grant select, insert on labour_market.registered to hamsafar_app;
grant select on labour_market.figure to hamsafar_app;
