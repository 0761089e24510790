-- Dated rules and costs, each with its source. Reference data: withdrawn, never deleted.
create schema law;

create table law.rule (
  key text primary key,
  topic text not null,
  -- Where it holds: a country or a subdivision; null everywhere.
  region_code text references places.place,
  -- The ISCO-08 unit group it is about; null for all work.
  isco_code text,
  applies_from date,
  applies_to date,
  -- Minor units.
  amount bigint,
  currency text,
  statement text not null,
  source_url text not null,
  as_of date,
  confidence text not null
    constraint rule_confidence check (confidence in ('high', 'medium', 'low')),
  contradicted boolean not null,
  withdrawn_at timestamptz,
  constraint rule_money check ((amount is null) = (currency is null)),
  constraint rule_dates check (applies_from <= applies_to)
);

create index rule_by_topic on law.rule (topic, region_code);

grant usage on schema law to hamsafar_app;
grant select on law.rule to hamsafar_app;
