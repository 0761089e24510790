-- What is done with notices. Those that end in _as are the owner's and other functions'; officers come by the others.

-- Gives rows of a batch to one recipient: each version once, whatever came before. Rows about somebody who is protected from
-- this kind of recipient are held. Returns how many rows went, and whether the recipient hears of the batch for the first time.
create function expulsions.deliver_as(
  of_batch uuid, sender uuid, recipient uuid, by_route uuid, term_hours integer, at timestamptz, measures uuid[],
  out sent integer, out fresh boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  body_kind text;
  keeper uuid;
  before integer;
begin
  sent := 0;
  fresh := false;
  select b.kind into body_kind from expulsions.body b where b.organisation_id = recipient;
  select b.custodian into strict keeper from expulsions.batch b where b.id = of_batch;
  -- One at a time for each recipient, so that positions have no gaps.
  perform pg_advisory_xact_lock(hashtextextended(of_batch::text || recipient::text, 0));
  select coalesce(max(r.position), 0) into before
  from expulsions.delivery_row r
  where r.batch_id = of_batch
    and r.to_organisation = recipient;
  with candidate as materialized (
    select s.measure_id, s.version, s.row_number,
      body_kind = 'migration' or coalesce(people.may_relay(l.person_id, body_kind), false) as allowed
    from unnest(measures) m (id)
    join expulsions.statement s on s.batch_id = of_batch and s.measure_id = m.id
    left join people.link l on l.record_id = s.record_id
    where not exists (
        select
        from expulsions.delivery_row r
        where r.to_organisation = recipient
          and r.measure_id = s.measure_id
          and r.version = s.version
      )
  ), kept as (
    insert into expulsions.held (to_organisation, measure_id, version, batch_id, from_organisation, held_at)
    select recipient, c.measure_id, c.version, of_batch, sender, at
    from candidate c
    where c.allowed is not true
    on conflict do nothing
  ), opened as (
    insert into expulsions.delivery
      (batch_id, to_organisation, from_organisation, custodian, route_id, sent_at, due_at)
    select of_batch, recipient, sender, keeper, by_route, at, at + make_interval(hours => term_hours)
    where exists (select from candidate c where c.allowed)
    on conflict do nothing
    returning batch_id
  ), given as (
    insert into expulsions.delivery_row (to_organisation, measure_id, version, batch_id, position, state)
    select recipient, c.measure_id, c.version, of_batch,
      before + row_number() over (order by c.row_number, c.measure_id), 'sent'
    from candidate c
    where c.allowed
    on conflict do nothing
    returning measure_id, version
  ), released as (
    delete from expulsions.held h
    using given g
    where h.to_organisation = recipient
      and h.measure_id = g.measure_id
      and h.version = g.version
  )
  select (select count(*) from given), exists (select from opened) into sent, fresh;
  if sent = 0 then
    return;
  end if;
  -- New rows: what was complete is so no more.
  update expulsions.delivery d
  set acknowledged_at = null
  where d.batch_id = of_batch
    and d.to_organisation = recipient
    and d.acknowledged_at is not null;
  insert into expulsions.tally (batch_id, to_organisation, rows)
  values (of_batch, recipient, sent)
  on conflict (batch_id, to_organisation) do update set rows = tally.rows + excluded.rows;
  if fresh then
    insert into expulsions.event (batch_id, at, kind, organisation_id, custodian) values (of_batch, at, 'sent', recipient, keeper);
  end if;
end
$$;

-- Passes rows on from one organisation along its routes; bodies of migration always get their copy.
create function expulsions.relay_as(of_batch uuid, sender uuid, at timestamptz, measures uuid[])
returns table (to_organisation uuid, sent integer, fresh boolean)
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  with target as materialized (
    select t.recipient, (array_agg(t.route_id) filter (where t.route_id is not null))[1] as route_id,
      min(t.term_hours) as term_hours
    from (
      select r.to_organisation as recipient, r.id as route_id, r.term_hours
      from expulsions.route r
      where r.from_organisation = sender
        and r.ended_at is null
      union all
      select b.organisation_id, null::uuid, 24
      from expulsions.body b
      where b.kind = 'migration'
    ) t
    where t.recipient <> sender
      and t.recipient <> (select b.custodian from expulsions.batch b where b.id = of_batch)
    group by t.recipient
  )
  select t.recipient, d.sent, d.fresh
  from target t
  cross join lateral expulsions.deliver_as(of_batch, sender, t.recipient, t.route_id, t.term_hours, at, measures) d
  where d.sent > 0;
end;

-- Tells everybody who ever got a row of this measure, and whoever keeps it, what is stated about it now.
create function expulsions.tell_all_as(of_batch uuid, sender uuid, measure uuid, term_hours integer, at timestamptz)
returns table (to_organisation uuid, sent integer, fresh boolean)
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  select t.recipient, d.sent, d.fresh
  from (
    select r.to_organisation as recipient from expulsions.delivery_row r where r.measure_id = measure
    union
    select h.to_organisation from expulsions.held h where h.measure_id = measure
    union
    select b.organisation_id from expulsions.body b where b.kind = 'migration'
    union
    select m.custodian from expulsions.measure m where m.id = measure
  ) t
  cross join lateral expulsions.deliver_as(of_batch, sender, t.recipient, null, term_hours, at, array[measure]) d
  where t.recipient <> sender
    and d.sent > 0;
end;

-- One more version of what is stated: the last one with changes, in a batch of its own.
create function expulsions.revise_as(measure uuid, new_batch uuid, new_reference text, change jsonb, sender uuid, by_user uuid, at timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  last expulsions.statement;
begin
  perform from expulsions.measure m where m.id = measure for update;
  select s.* into strict last
  from expulsions.statement s
  where s.measure_id = measure
  order by s.version desc
  limit 1;
  insert into expulsions.batch (id, reference, kind, custodian, entered_by, received_at)
  values (new_batch, new_reference, 'decision', sender, by_user, at);
  last := jsonb_populate_record(last, change || jsonb_build_object(
    'version', last.version + 1, 'batch_id', new_batch, 'row_number', null, 'stated_at', at));
  insert into expulsions.statement select last.*;
  update expulsions.measure m set latest = last.version where m.id = measure;
end
$$;

-- ---------------------------------------------------------------- what officers do

-- The first look: the rows have come.
create function expulsions.receive(of_batch uuid, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can('expulsion.acknowledge') then
    return;
  end if;
  update expulsions.delivery d
  set received_at = at
  where d.batch_id = of_batch
    and d.to_organisation = access.organisation()
    and d.received_at is null;
  if found then
    insert into expulsions.event (batch_id, at, kind, organisation_id, custodian)
    select d.batch_id, at, 'received', d.to_organisation, d.custodian
    from expulsions.delivery d
    where d.batch_id = of_batch
      and d.to_organisation = access.organisation();
  end if;
  update expulsions.delivery_row r
  set state = 'received', received_at = at
  where r.batch_id = of_batch
    and r.to_organisation = access.organisation()
    and r.state = 'sent';
end
$$;

-- Confirms rows of a batch, or all (null), and passes them on along the own routes. Rows that are confirmed already stay so.
create function expulsions.acknowledge(of_batch uuid, measures uuid[], at timestamptz, out acknowledged integer, out told jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  mine uuid := access.organisation();
  done uuid[];
  keeper uuid;
begin
  if not access.can('expulsion.acknowledge') then
    raise exception 'not allowed to acknowledge' using errcode = 'insufficient_privilege';
  end if;
  select d.custodian into strict keeper
  from expulsions.delivery d
  where d.batch_id = of_batch
    and d.to_organisation = mine
  for update;
  with moved as (
    update expulsions.delivery_row r
    set state = 'acknowledged', received_at = coalesce(r.received_at, at), acknowledged_at = at
    where r.batch_id = of_batch
      and r.to_organisation = mine
      and r.state in ('sent', 'received', 'question', 'answered')
      and (measures is null or r.measure_id = any (measures))
    returning r.measure_id
  )
  select array_agg(m.measure_id) into done from moved m;
  acknowledged := coalesce(cardinality(done), 0);
  told := '[]';
  if acknowledged = 0 then
    return;
  end if;
  update expulsions.tally t
  set acknowledged = t.acknowledged + acknowledge.acknowledged
  where t.batch_id = of_batch
    and t.to_organisation = mine;
  update expulsions.delivery d
  set received_at = coalesce(d.received_at, at),
      acknowledged_at = case when t.acknowledged = t.rows then at end
  from expulsions.tally t
  where d.batch_id = of_batch
    and d.to_organisation = mine
    and t.batch_id = of_batch
    and t.to_organisation = mine;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (of_batch, at, 'acknowledged', mine, keeper, acknowledged);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.relay_as(of_batch, mine, at, done) r;
  update expulsions.delivery_row r
  set state = 'passed_on'
  where r.batch_id = of_batch
    and r.to_organisation = mine
    and r.measure_id = any (done)
    and exists (select from expulsions.route o where o.from_organisation = mine and o.ended_at is null);
end
$$;

-- Returns one row with a question to whoever keeps the measure. A question that is open already stays the one.
create function expulsions.ask(
  question_id uuid, of_batch uuid, measure uuid, what text, in_words text, at timestamptz, due timestamptz, out keeper uuid
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can('expulsion.acknowledge')
    or not exists (
      select
      from expulsions.delivery_row r
      where r.batch_id = of_batch
        and r.measure_id = measure
        and r.to_organisation = access.organisation()
    )
  then
    raise exception 'not allowed to ask about this row' using errcode = 'insufficient_privilege';
  end if;
  select m.custodian into strict keeper from expulsions.measure m where m.id = measure;
  insert into expulsions.question
    (id, measure_id, batch_id, about, from_organisation, to_organisation, asked_by, words, asked_at, due_at)
  values
    (question_id, measure, of_batch, what, access.organisation(), keeper, access.actor(), in_words, at, due)
  on conflict do nothing;
  if not found then
    keeper := null;
    return;
  end if;
  update expulsions.delivery_row r
  set state = 'question', received_at = coalesce(r.received_at, at)
  where r.batch_id = of_batch
    and r.measure_id = measure
    and r.to_organisation = access.organisation()
    and r.state in ('sent', 'received', 'answered');
  update expulsions.tally t
  set questioned = t.questioned + 1
  where t.batch_id = of_batch
    and t.to_organisation = access.organisation();
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (of_batch, at, 'asked', access.organisation(), keeper, 1);
end
$$;

-- Answers a question. What it says about term or ground becomes a new version, and goes to everybody who had the old one.
create function expulsions.answer(
  question uuid, in_words text, change jsonb, new_batch uuid, new_reference text, term_hours integer, at timestamptz, out told jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked expulsions.question;
begin
  told := '[]';
  select q.* into asked from expulsions.question q where q.id = question for update;
  if not access.can('expulsion.answer') or asked.to_organisation is distinct from access.organisation() then
    raise exception 'not allowed to answer this' using errcode = 'insufficient_privilege';
  end if;
  if asked.answered_at is not null then
    raise exception 'answered already' using errcode = 'unique_violation';
  end if;
  update expulsions.question q
  set answered_at = at, answered_by = access.actor(), answer = in_words
  where q.id = question
     or (change <> '{}' and q.measure_id = asked.measure_id and q.about = asked.about and q.answered_at is null);
  update expulsions.delivery_row r
  set state = 'answered'
  where r.measure_id = asked.measure_id
    and r.state = 'question';
  update expulsions.tally t
  set questioned = greatest(0, t.questioned - 1)
  where t.batch_id = asked.batch_id
    and t.to_organisation = asked.from_organisation;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (asked.batch_id, at, 'answered', access.organisation(), asked.to_organisation, 1);
  if change <> '{}' then
    perform expulsions.revise_as(asked.measure_id, new_batch, new_reference,
      jsonb_strip_nulls(jsonb_build_object('term', change -> 'term', 'ends_on', change -> 'ends_on', 'ground', change -> 'ground')),
      access.organisation(), access.actor(), at);
    select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
    from expulsions.tell_all_as(new_batch, access.organisation(), asked.measure_id, term_hours, at) r;
  end if;
end
$$;

create function expulsions.knows(measure uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return access.can('expulsion.read') and (
  exists (select from expulsions.measure m where m.id = measure and m.custodian = access.organisation())
  or exists (select from expulsions.delivery_row r where r.measure_id = measure and r.to_organisation = access.organisation())
);

-- The first of two officers: this measure is not against this person, or is lifted.
create function expulsions.propose(correction_id uuid, measure uuid, what text, in_words text, at timestamptz, due timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can('expulsion.correct') or not expulsions.knows(measure) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  insert into expulsions.correction (id, measure_id, wanted, reason, proposed_by, proposed_for, proposed_at, due_at)
  values (correction_id, measure, what, in_words, access.actor(), access.organisation(), at, due);
end
$$;

-- The second of two officers. Confirmed, it becomes a new version, and goes to everybody who ever had a row of it.
create function expulsions.decide(
  correction_id uuid, verdict text, new_batch uuid, new_reference text, term_hours integer, at timestamptz, out told jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wish expulsions.correction;
begin
  told := '[]';
  select c.* into strict wish from expulsions.correction c where c.id = correction_id for update;
  if not access.can('expulsion.correct') or not expulsions.knows(wish.measure_id) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  if wish.outcome is not null then
    raise exception 'decided already' using errcode = 'unique_violation';
  end if;
  update expulsions.correction c
  set outcome = verdict, decided_by = access.actor(), decided_for = access.organisation(), decided_at = at
  where c.id = correction_id;
  if verdict <> 'confirmed' then
    return;
  end if;
  perform expulsions.revise_as(wish.measure_id, new_batch, new_reference,
    jsonb_build_object('status', wish.wanted, 'status_on', at::date), access.organisation(), access.actor(), at);
  update expulsions.correction c set batch_id = new_batch where c.id = correction_id;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (new_batch, at, 'decided', access.organisation(), access.organisation(), 1);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.tell_all_as(new_batch, access.organisation(), wish.measure_id, term_hours, at) r;
end
$$;

-- Who rows are about, for those who may see the rows: names and birth as the source stated them, without numbers.
create function expulsions.identities(of_batch uuid, measures uuid[])
returns table (measure_id uuid, names jsonb, birth integer, sex text, citizenship text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.measure_id, r.names, r.birth, r.sex, r.citizenship
  from unnest(measures) m (id)
  join expulsions.statement s on s.batch_id = of_batch and s.measure_id = m.id
  join people.record r on r.id = s.record_id
  where access.can('expulsion.read')
    and (
      s.custodian = access.organisation()
      or exists (
        select
        from expulsions.delivery_row d
        where d.to_organisation = access.organisation()
          and d.measure_id = s.measure_id
          and d.version = s.version
      )
    );
end;

-- Whom proceedings are about, for those who may help.
create function expulsions.detained(proceedings uuid[]) returns table (proceeding_id uuid, names jsonb, birth integer, sex text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select p.id, r.names, r.birth, r.sex
  from expulsions.proceeding p
  join people.record r on r.id = p.record_id
  where p.id = any (proceedings)
    and access.can('expulsion.help')
    and (p.custodian = access.organisation() or access.can('expulsion.oversee'));
end;

-- Measures, refusals and proceedings of one person, as far as the actor may see them.
create function expulsions.records_of(person uuid) returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select l.record_id
  from people.person p
  join people.person m on m.root = p.root
  join people.link l on l.person_id = m.id
  where p.id = person
    and people.sees_person(person);
end;

-- ---------------------------------------------------------------- what the app may see and do


alter table expulsions.body enable row level security;
alter table expulsions.route enable row level security;
alter table expulsions.batch enable row level security;
alter table expulsions.measure enable row level security;
alter table expulsions.measure_key enable row level security;
alter table expulsions.statement enable row level security;
alter table expulsions.border_refusal enable row level security;
alter table expulsions.delivery enable row level security;
alter table expulsions.tally enable row level security;
alter table expulsions.delivery_row enable row level security;
alter table expulsions.held enable row level security;
alter table expulsions.question enable row level security;
alter table expulsions.correction enable row level security;
alter table expulsions.event enable row level security;
alter table expulsions.proceeding enable row level security;

create policy body_seen on expulsions.body for select to hamsafar_app
using ((select access.can('expulsion.route')) or (select access.can('expulsion.oversee')));
create policy body_set on expulsions.body for all to hamsafar_app
using ((select access.can('expulsion.route')));
create policy route_seen on expulsions.route for select to hamsafar_app
using (
  (select access.can('expulsion.route'))
  or (select access.can('expulsion.oversee'))
  or ((select access.can('expulsion.read')) and (select access.organisation()) in (from_organisation, to_organisation))
);
create policy route_set on expulsions.route for insert to hamsafar_app
with check ((select access.can('expulsion.route')));
create policy route_ended on expulsions.route for update to hamsafar_app
using ((select access.can('expulsion.route')));

create policy delivery_row_seen on expulsions.delivery_row for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (to_organisation = (select access.organisation()) or (select access.can('expulsion.oversee')))
);
create policy delivery_seen on expulsions.delivery for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    (select access.organisation()) in (to_organisation, from_organisation, custodian)
    or (select access.can('expulsion.oversee'))
  )
);
create policy tally_seen on expulsions.tally for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (to_organisation = (select access.organisation()) or (select access.can('expulsion.oversee')))
);
create policy batch_seen on expulsions.batch for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    custodian = (select access.organisation())
    or (select access.can('expulsion.oversee'))
    or exists (
      select
      from expulsions.delivery d
      where d.batch_id = id
        and d.to_organisation = (select access.organisation())
    )
  )
);
create policy statement_seen on expulsions.statement for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    custodian = (select access.organisation())
    or exists (
      select
      from expulsions.delivery_row r
      where r.to_organisation = (select access.organisation())
        and r.measure_id = statement.measure_id
        and r.version = statement.version
    )
  )
);
create policy measure_seen on expulsions.measure for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    custodian = (select access.organisation())
    or exists (
      select
      from expulsions.delivery_row r
      where r.to_organisation = (select access.organisation())
        and r.measure_id = measure.id
    )
  )
);
create policy border_refusal_seen on expulsions.border_refusal for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (custodian = (select access.organisation()) or (select access.can('expulsion.oversee')))
);
create policy held_seen on expulsions.held for select to hamsafar_app
using ((select access.can('expulsion.oversee')));
create policy question_seen on expulsions.question for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    (select access.organisation()) in (from_organisation, to_organisation)
    or (select access.can('expulsion.oversee'))
  )
);
create policy correction_seen on expulsions.correction for select to hamsafar_app
using ((select access.can('expulsion.correct')) and expulsions.knows(measure_id));
create policy event_seen on expulsions.event for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    organisation_id = (select access.organisation())
    -- How many rows somebody confirmed would tell that one was held back.
    or (custodian = (select access.organisation()) and kind <> 'acknowledged')
    or (select access.can('expulsion.oversee'))
  )
);
create policy proceeding_seen on expulsions.proceeding for select to hamsafar_app
using (
  (select access.can('expulsion.help'))
  and (custodian = (select access.organisation()) or (select access.can('expulsion.oversee')))
);
create policy proceeding_entered on expulsions.proceeding for insert to hamsafar_app
with check (
  (select access.can('expulsion.help'))
  and custodian = (select access.organisation())
  and entered_by = (select access.actor())
);
create policy proceeding_changed on expulsions.proceeding for update to hamsafar_app
using ((select access.can('expulsion.help')) and custodian = (select access.organisation()));

grant select on expulsions.body, expulsions.route, expulsions.batch, expulsions.statement, expulsions.border_refusal,
  expulsions.delivery, expulsions.tally, expulsions.delivery_row, expulsions.held, expulsions.question,
  expulsions.correction, expulsions.event, expulsions.proceeding
  to hamsafar_app;
grant select (id, reference, custodian) on expulsions.measure to hamsafar_app;
grant insert, update on expulsions.body to hamsafar_app;
grant insert on expulsions.route, expulsions.proceeding to hamsafar_app;
grant update (ended_at) on expulsions.route to hamsafar_app;
grant update (status, authority, place_code, detained_at, detained_on, hearing_at, decision_on, served_on, appeal_until, appeal_basis,
  appealed_on, lawyer, interpreter, visited_on, certificate, children, wages_owed, belongings, changed_at)
  on expulsions.proceeding to hamsafar_app;

create trigger delivery_announced after insert or update on expulsions.delivery
for each statement execute function live.announce();
create trigger question_announced after insert or update on expulsions.question
for each statement execute function live.announce();
create trigger proceeding_announced after insert or update on expulsions.proceeding
for each statement execute function live.announce();

revoke execute on all functions in schema expulsions from public;
grant execute on function expulsions.receive(uuid, timestamptz), expulsions.acknowledge(uuid, uuid[], timestamptz),
  expulsions.ask(uuid, uuid, uuid, text, text, timestamptz, timestamptz),
  expulsions.answer(uuid, text, jsonb, uuid, text, integer, timestamptz),
  expulsions.knows(uuid),
  expulsions.propose(uuid, uuid, text, text, timestamptz, timestamptz),
  expulsions.decide(uuid, text, uuid, text, integer, timestamptz),
  expulsions.identities(uuid, uuid[]), expulsions.detained(uuid[]), expulsions.records_of(uuid)
  to hamsafar_app;
