-- Countries, their subdivisions, the districts and cities of Tajikistan, and all their names.
create schema places;

create table places.place (
  -- ISO 3166-1 alpha-2 (TJ), ISO 3166-2 (TJ-SU), and below them provisional codes of our own (TJ-SU.C01).
  code text primary key,
  kind text not null
    constraint place_kind check (kind in ('country', 'region', 'district', 'city', 'city_district', 'subdivision')),
  parent_code text references places.place,
  time_zone text,
  -- The list no longer has the code; records may still carry it.
  withdrawn_at timestamptz
);

create index place_parent on places.place (parent_code);

create table places.place_name (
  code text not null references places.place,
  lang text not null,
  name text not null,
  -- short: inside a path (Хатлон). settlement: a larger town in a subdivision, by which people look for it.
  kind text not null
    constraint place_name_kind check (kind in ('current', 'short', 'alias', 'former', 'settlement')),
  -- The last year of a former name, where known.
  until_year smallint,
  -- Letters folded, and respelled in plain Latin.
  folded text not null,
  latin text not null,
  primary key (code, lang, kind, name)
);

create unique index one_current_name on places.place_name (code, lang) where kind = 'current';
create unique index one_short_name on places.place_name (code, lang) where kind = 'short';

-- Codes by which other systems, or our own earlier lists, call a place.
create table places.foreign_code (
  scheme text not null,
  value text not null,
  code text not null references places.place,
  primary key (scheme, value)
);

grant usage on schema places to hamsafar_app;
grant select on places.place, places.place_name, places.foreign_code to hamsafar_app;
