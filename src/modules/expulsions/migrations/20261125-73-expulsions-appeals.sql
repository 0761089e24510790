-- Appeals against measures: the clock runs from service. And: who told the person, when and how.
alter table expulsions.proceeding
  add appeal_rule text,
  add appeal_reminded smallint not null default 0
    constraint proceeding_reminded_stage check (appeal_reminded between 0 and 2);
comment on column expulsions.proceeding.appeal_rule is 'the rule (law.rule) by which the deadline was counted; null: somebody stated it';
comment on column expulsions.proceeding.appeal_reminded is '1: in the last three days, 2: on the last day';
grant update (appeal_rule, appeal_reminded) on expulsions.proceeding to hamsafar_app;

-- The clock of one measure at one office that helps the person.
create table expulsions.appeal (
  measure_id uuid not null references expulsions.measure (id),
  organisation_id uuid not null references organisations.organisation (id),
  served_on date not null,
  appeal_until timestamptz not null,
  appeal_rule text not null,
  appealed_on date,
  appeal_reminded smallint not null default 0
    constraint appeal_reminded_stage check (appeal_reminded between 0 and 2),
  entered_by uuid not null,
  changed_at timestamptz not null,
  primary key (measure_id, organisation_id)
);
create index appeal_clock on expulsions.appeal (appeal_until) where appealed_on is null;
comment on column expulsions.appeal.served_on is 'when the decision was handed over, or the person learned of it';

-- The person was told. Never changed: telling once more is one more line.
create table expulsions.informing (
  id uuid primary key,
  measure_id uuid references expulsions.measure (id),
  proceeding_id uuid references expulsions.proceeding (id),
  organisation_id uuid not null references organisations.organisation (id),
  way text not null
    constraint informing_way_known check (way in ('desk', 'visit', 'telephone', 'message')),
  letter text,
  at timestamptz not null,
  by_user uuid not null,
  constraint informing_about_one check (num_nonnulls(measure_id, proceeding_id) = 1)
);
create index informing_of_measure on expulsions.informing (measure_id, at) where measure_id is not null;
create index informing_of_proceeding on expulsions.informing (proceeding_id, at) where proceeding_id is not null;
comment on column expulsions.informing.way is 'message: a neutral text message asked the person to come; it told nothing';
create trigger informing_immutable before update or delete or truncate on expulsions.informing
for each statement execute function expulsions.refuse_change();

-- Whom a measure is about, as the registry counts them now; null while that waits for a comparison. The owner's.
create function expulsions.person_as(measure uuid) returns uuid
language sql
stable
security definer
set search_path = pg_catalog
return (
  select p.root
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  join people.link l on l.record_id = s.record_id
  join people.person p on p.id = l.person_id
  where m.id = measure
);

-- Whether this office may learn how to reach the person: it knows the measure, and the person is not protected from it.
create function expulsions.may_reach(measure uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('person.reach')
  and expulsions.knows(measure)
  and exists (
    select
    from expulsions.body b
    where b.organisation_id = access.organisation()
      and people.may_relay(expulsions.person_as(measure), b.kind)
  );

-- Telephones that are only the person's own, and when it is safe to use them. Stands in the person's own log and under a
-- purpose. Nothing for whoever may not help, and where nothing is known: nobody can tell which.
create function expulsions.reach(measure uuid, new_lookup uuid, new_look uuid, since timestamptz, at timestamptz)
returns table (id uuid, phone_sealed bytea, reach_sealed bytea, received_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  whom uuid;
begin
  if expulsions.may_reach(measure) is not true then
    return;
  end if;
  whom := expulsions.person_as(measure);
  insert into people.lookup (id, at, actor_id, organisation_id, purpose, asked, candidates, shown)
  values (new_lookup, reach.at, access.actor(), access.organisation(), 'help', array[]::text[], 1, 1);
  insert into people.look (id, at, person_id, lookup_id, what)
  values (new_look, reach.at, whom, new_lookup, 'numbers');
  return query
  select c.id, c.phone_sealed, c.reach_sealed, c.received_at
  from people.contact c
  join people.link l on l.record_id = c.record_id
  where l.person_id in (select people.members(whom))
    and c.only_theirs
    and c.received_at > since
  order by c.received_at desc, c.id
  limit 3;
end
$$;

alter table expulsions.appeal enable row level security;
alter table expulsions.informing enable row level security;
create policy appeal_seen on expulsions.appeal for select to hamsafar_app
using ((select access.can('expulsion.help')) and organisation_id = (select access.organisation()));
create policy appeal_entered on expulsions.appeal for insert to hamsafar_app
with check (
  (select access.can('expulsion.help'))
  and organisation_id = (select access.organisation())
  and entered_by = (select access.actor())
  and expulsions.knows(measure_id)
);
create policy appeal_changed on expulsions.appeal for update to hamsafar_app
using ((select access.can('expulsion.help')) and organisation_id = (select access.organisation()));
create policy informing_seen on expulsions.informing for select to hamsafar_app
using ((select access.can('expulsion.help')) and organisation_id = (select access.organisation()));
create policy informing_noted on expulsions.informing for insert to hamsafar_app
with check (
  (select access.can('expulsion.help'))
  and organisation_id = (select access.organisation())
  and by_user = (select access.actor())
  and (measure_id is null or expulsions.knows(measure_id))
  and (proceeding_id is null or exists (select from expulsions.proceeding p where p.id = proceeding_id))
);
grant select, insert on expulsions.appeal, expulsions.informing to hamsafar_app;
grant update (served_on, appeal_until, appeal_rule, appealed_on, appeal_reminded, changed_at) on expulsions.appeal to hamsafar_app;

create trigger appeal_announced after insert or update on expulsions.appeal
for each statement execute function live.announce();

revoke execute on function expulsions.may_reach(uuid), expulsions.person_as(uuid),
  expulsions.reach(uuid, uuid, uuid, timestamptz, timestamptz)
  from public;
grant execute on function expulsions.reach(uuid, uuid, uuid, timestamptz, timestamptz) to hamsafar_app;
