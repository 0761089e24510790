-- The International Standard Classification of Occupations 2008, and what people call its trades.
create schema occupations;

create table occupations.occupation (
  -- One digit for a major group … four for a unit group. Text: armed forces begin with 0.
  code text primary key,
  level smallint not null constraint occupation_level_is_length check (level = length(code)),
  parent_code text references occupations.occupation,
  -- The list no longer has the code; records may still carry it.
  withdrawn_at timestamptz
);

create table occupations.occupation_label (
  code text not null references occupations.occupation,
  lang text not null,
  label text not null,
  -- A speaker of the language has signed it off.
  reviewed boolean not null,
  primary key (code, lang)
);

create table occupations.term (
  isco text not null references occupations.occupation,
  lang text not null,
  term text not null,
  folded text not null,
  -- own: collected for this service; esco: the European classification.
  source text not null constraint term_source_known check (source in ('own', 'esco')),
  reviewed boolean not null,
  primary key (isco, lang, term, source)
);

grant usage on schema occupations to hamsafar_app;
grant select on occupations.occupation, occupations.occupation_label, occupations.term to hamsafar_app;
