-- Exchange rates as a named source published them. Without one, nothing is converted.
create schema money;

create table money.exchange_rate (
  currency text not null
    constraint rate_currency check (currency ~ '^[A-Z]{3}$' and currency <> 'TJS'),
  rate_date date not null,
  source text not null
    constraint rate_source check (source <> ''),
  -- So many somoni for so many units: the bank publishes 100 yen, not 1.
  somoni numeric not null
    constraint rate_somoni check (somoni > 0),
  unit integer not null
    constraint rate_unit check (unit > 0),
  source_url text,
  imported_at timestamptz not null,
  primary key (currency, rate_date, source)
);

grant usage on schema money to hamsafar_app;
grant select, insert, update on money.exchange_rate to hamsafar_app;
