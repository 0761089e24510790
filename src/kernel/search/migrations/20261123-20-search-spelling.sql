-- A folded word is for comparing; people are shown it as it is written: дӯзанда, not дузанда.
alter table search.word add column spelling text;
update search.word set spelling = word;
alter table search.word alter column spelling set not null;
