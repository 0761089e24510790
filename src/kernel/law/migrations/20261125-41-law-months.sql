-- Rules whose term is counted in months of the calendar.
alter table law.rule
  add months integer,
  add constraint rule_months check (months is null or (months > 0 and days is null));
