-- The day of a hearing whose hour nobody knows: with an hour made up for it, the person was told to be there at midnight.
alter table expulsions.proceeding
  add hearing_on date,
  add constraint proceeding_hearing_once check (hearing_on is null or hearing_at is null);
comment on column expulsions.proceeding.hearing_on is 'the day of the hearing, while its hour is not known; else hearing_at';
grant update (hearing_on) on expulsions.proceeding to hamsafar_app;

-- No court sits at midnight: it stood for an hour that was not stated.
update expulsions.proceeding h
set hearing_on = (h.hearing_at at time zone z.time_zone)::date, hearing_at = null
from (
  select p.id, coalesce(l.time_zone, 'Asia/Dushanbe') as time_zone
  from expulsions.proceeding p
  left join places.place l on l.code = p.place_code
) z
where z.id = h.id
  and (h.hearing_at at time zone z.time_zone)::time = '00:00';
