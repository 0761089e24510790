create schema organisations;

-- Every body that works on the platform or is named by it. Never deleted: closed.
create table organisations.organisation (
  id uuid primary key,
  kind text not null
    constraint organisation_kind_known
    check (kind in ('authority', 'consulate', 'centre', 'ngo', 'international', 'employer', 'agency', 'carrier', 'institute')),
  country text not null
    constraint organisation_country_code check (country ~ '^[A-Z]{2}$'),
  created_at timestamptz not null,
  closed_at timestamptz
);

create table organisations.organisation_name (
  organisation_id uuid not null references organisations.organisation (id),
  lang text not null
    constraint organisation_name_lang_code check (lang ~ '^[a-z]{2,3}$'),
  name text not null
    constraint organisation_name_given check (name = btrim(name) and name <> ''),
  primary key (organisation_id, lang)
);

-- The name in one language, or the next best one: Tajik, Russian, English, any.
create function organisations.name_of(organisation uuid, wanted_lang text) returns text
language sql
stable
return (
  select n.name
  from organisations.organisation_name n
  where n.organisation_id = organisation
  order by n.lang = wanted_lang desc, array_position(array['tg', 'ru', 'en'], n.lang) nulls last, n.lang
  limit 1
);

alter table organisations.organisation enable row level security;
alter table organisations.organisation_name enable row level security;

-- Which organisations exist, and what they are called, is public. The app has no right to write here:
-- organisations are founded by the operator's command line, on the owner's role.
create policy organisation_public on organisations.organisation for select to hamsafar_app using (true);
create policy organisation_name_public on organisations.organisation_name for select to hamsafar_app using (true);

grant usage on schema organisations to hamsafar_app;
grant select on organisations.organisation, organisations.organisation_name to hamsafar_app;
