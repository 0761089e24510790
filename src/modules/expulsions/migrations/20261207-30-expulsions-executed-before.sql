-- As before; what was carried out before it was decided is not counted from there, as notice.ts has it: one of the two days is wrong, and
-- from the earlier one a ban ended too soon.
create or replace function expulsions.end_of_length(facts jsonb) returns date
language sql
stable
set search_path = pg_catalog
return (
  select case when c.ends_on < greatest(d.starts_on, d.decision_on) then null else c.ends_on end
  from (
    select (facts ->> 'starts_on')::date as starts_on, (facts ->> 'decision_on')::date as decision_on,
      (facts ->> 'executed_on')::date as executed_on
  ) d
  cross join lateral (
    select (
      case
        when facts ->> 'kind' not in ('expulsion', 'deportation', 'readmission') then coalesce(d.starts_on, d.decision_on)
        when d.executed_on >= coalesce(d.decision_on, d.executed_on) then greatest(d.executed_on, d.starts_on)
      end + (facts ->> 'lasts')::interval
    )::date as ends_on
  ) c
);
