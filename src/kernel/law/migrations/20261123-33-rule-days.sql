-- Rules that count days: how many, and in any window of how many (null: as the topic says).
alter table law.rule
  add days integer,
  add window_days integer,
  add constraint rule_days check (days > 0 and (window_days is null or window_days >= days));
