-- A list may state the day on which a measure was lifted: it is proposed with that day, and kept with it once two officers agree. Kept
-- was the day on which they did.
alter table expulsions.correction
  drop constraint correction_change_of_end,
  add constraint correction_change_of_end
  check (case wanted when 'ended' then change is not null when 'lifted' then true else change is null end);
comment on column expulsions.correction.change is
  'of "ended", and of "lifted" where a day is stated: what a row or an answer states, and becomes a version once two officers agree';
