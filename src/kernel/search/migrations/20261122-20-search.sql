-- The words that searches know: a word that stands here is never corrected, and corrections come from here.
create schema search;

create table search.word (
  -- Where it comes from: occupations, places, vacancies (their titles); labels and common words only guard themselves.
  source text not null,
  -- Folded. In the order of bytes, so that beginnings are found by the index.
  word text collate "C" not null,
  frequency integer not null,
  -- The word by sound: one key for its spellings in both alphabets.
  sound text not null,
  -- What remains of the sound's beginning when one or two letters are left out: neighbours share one of these.
  neighbours text[] not null,
  primary key (source, word)
);
create index word_itself on search.word (word);
create index word_neighbours on search.word using gin (neighbours) with (fastupdate = off);

grant usage on schema search to hamsafar_app;
grant select on search.word to hamsafar_app;
