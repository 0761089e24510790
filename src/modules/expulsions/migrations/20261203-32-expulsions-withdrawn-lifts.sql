-- What a list alone opened for two officers ends with a corrected version of that list: it says that the measure is in force, or says
-- nothing of it any more. Nobody decided it then: why and by which version is kept instead.
alter table expulsions.correction
  add withdrawn_why text
    constraint correction_withdrawn_why_known check (withdrawn_why in ('in_force', 'gone')),
  add withdrawn_by uuid references imports.import (id),
  drop constraint correction_outcome_known,
  add constraint correction_outcome_known check (outcome in ('confirmed', 'refused', 'withdrawn')),
  drop constraint correction_decided_whole,
  add constraint correction_decided_whole check (
    (outcome is null) = (decided_at is null) and (coalesce(outcome, 'withdrawn') = 'withdrawn') = (decided_by is null)
  ),
  add constraint correction_withdrawn_whole check (
    (outcome is not distinct from 'withdrawn') = (withdrawn_why is not null)
    and (withdrawn_why is not null) = (withdrawn_by is not null)
    and (withdrawn_why is null or stated_in is not null)
  );
create index correction_stated on expulsions.correction (stated_in) where outcome is null and stated_in is not null;
comment on column expulsions.correction.withdrawn_by is 'the import of the corrected version';
