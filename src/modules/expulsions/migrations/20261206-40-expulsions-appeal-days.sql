-- A number of days that somebody stated is kept as one: with its last day alone, the deadline stayed where it was when the day of service
-- was put right.
alter table expulsions.proceeding
  add appeal_days integer
    constraint proceeding_appeal_days_possible check (appeal_days between 1 and 90),
  add constraint proceeding_appeal_counted_once check (appeal_days is null or appeal_rule is null);
comment on column expulsions.proceeding.appeal_days is 'the days from service that somebody stated; null: counted by the rule, or its last day was stated';
comment on column expulsions.proceeding.appeal_rule is 'the rule (law.rule) by which the deadline was counted; null: somebody stated its days or its last day';
grant update (appeal_days) on expulsions.proceeding to hamsafar_app;
