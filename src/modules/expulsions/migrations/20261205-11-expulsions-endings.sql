-- Whatever turns a measure that is known from in force to over takes two officers: a status, and a last day that comes sooner or is past.

alter table expulsions.correction
  add change jsonb,
  drop constraint correction_wanted_known,
  add constraint correction_wanted_known check (wanted in ('not_me', 'lifted', 'in_force', 'ended')),
  add constraint correction_change_of_end check ((wanted = 'ended') = (change is not null));
comment on column expulsions.correction.change is 'of "ended": what a row or an answer states, and becomes a version once two officers agree';

-- The last day of a measure as far as facts of it say one: far ahead where it has none, null where nothing is said. A length whose first
-- day nobody knows counts from today at the earliest.
create function expulsions.last_day(facts jsonb, today date) returns date
language sql
stable
set search_path = pg_catalog
return case
    when facts ->> 'ends_on' is not null then (facts ->> 'ends_on')::date
    when facts ->> 'term' = 'indefinite' then date 'infinity'
    when facts ->> 'lasts' is not null
      then (coalesce((facts ->> 'starts_on')::date, (facts ->> 'decision_on')::date, today) + (facts ->> 'lasts')::interval)::date
  end;

-- Whether facts end a measure that is not over yet, or bring its end forward: the end that was stated last, also where it was left out
-- since. That a term which nobody ever knew ends some day to come takes nothing back.
create function expulsions.ends_sooner(measure uuid, facts jsonb, today date) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return (
  select coalesce(n.ends_on >= today, true)
    and coalesce(
      expulsions.last_day(facts, today) < greatest(
        today,
        -- The first day of a length that is the same becomes known.
        case when k.ends_on is null and k.lasts = facts ->> 'lasts' then today else expulsions.last_day(to_jsonb(k), today) end
      ),
      false
    )
  from expulsions.measure m
  join expulsions.statement n on n.measure_id = m.id and n.version = m.latest
  left join lateral (
    select s.*
    from expulsions.statement s
    where s.measure_id = m.id
      and (s.term <> 'unknown' or s.lasts is not null)
    order by s.version desc
    limit 1
  ) k on true
  where m.id = measure
);

alter table expulsions.correction
  drop constraint correction_withdrawn_why_known,
  add constraint correction_withdrawn_why_known check (withdrawn_why in ('in_force', 'gone', 'otherwise'));

-- Whether a statement keeps its person out no more, as `isInForce` in public.ts says it.
create function expulsions.is_over(kind text, status text, ends_on date, today date) returns boolean
language sql
immutable
set search_path = pg_catalog
return status in ('lifted', 'not_me')
  or (status = 'served' and kind = 'controlled_persons')
  or coalesce(ends_on < today, false);

alter table expulsions.question add stated_in uuid references expulsions.batch (id);
comment on column expulsions.question.stated_in is 'the list that stated what was asked; nobody answered then';

-- Ends questions: rows of those who asked, in which nothing else is open, are answered.
create function expulsions.close_as(closed uuid[]) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  update expulsions.delivery_row r
  set state = 'answered'
  from expulsions.question q
  where q.id = any (closed)
    and r.batch_id = q.batch_id
    and r.measure_id = q.measure_id
    and r.to_organisation = q.from_organisation
    and r.state = 'question'
    and not exists (
      select
      from expulsions.question o
      where o.batch_id = q.batch_id
        and o.measure_id = q.measure_id
        and o.from_organisation = q.from_organisation
        and o.asked_by is not null
        and o.answered_at is null
    );
  -- What is asked by itself, because a list left it out, was never counted there.
  update expulsions.tally t
  set questioned = greatest(0, t.questioned - c.count)
  from (
    select q.batch_id, q.from_organisation, count(*)::integer as count
    from expulsions.question q
    where q.id = any (closed)
      and q.asked_by is not null
    group by q.batch_id, q.from_organisation
  ) c
  where t.batch_id = c.batch_id
    and t.to_organisation = c.from_organisation;
end;

drop function expulsions.answer(uuid, text, jsonb, uuid, text, integer, timestamptz);
-- What an answer puts right answers everybody who asked about the same. A term that is answered leaves nothing of the earlier one. A
-- last day that ends the measure, or brings its end forward, is only proposed: then `deciders` are who can have the second officer.
create function expulsions.answer(
  question uuid, in_words text, change jsonb, new_batch uuid, new_reference text, term_hours integer, at timestamptz,
  decide_by timestamptz, out told jsonb, out deciders uuid[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  asked expulsions.question;
  last expulsions.statement;
  closed uuid[];
begin
  told := '[]';
  deciders := '{}';
  select q.* into asked from expulsions.question q where q.id = question for update;
  if not access.can('expulsion.answer') or asked.to_organisation is distinct from access.organisation() then
    raise exception 'not allowed to answer this' using errcode = 'insufficient_privilege';
  end if;
  if asked.answered_at is not null then
    raise exception 'answered already' using errcode = 'unique_violation';
  end if;
  with done as (
    update expulsions.question q
    set answered_at = at, answered_by = access.actor(), answer = in_words
    where q.id = question
       or (change <> '{}' and q.measure_id = asked.measure_id and q.about = asked.about and q.answered_at is null)
    returning q.id
  )
  select array_agg(d.id) into closed from done d;
  perform expulsions.close_as(closed);
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (asked.batch_id, at, 'answered', access.organisation(), asked.to_organisation, 1);
  if change = '{}' then
    return;
  end if;
  perform from expulsions.measure m where m.id = asked.measure_id for update;
  select s.* into strict last
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = asked.measure_id;
  if not expulsions.is_over(last.kind, last.status, last.ends_on, at::date)
    and expulsions.ends_sooner(asked.measure_id, to_jsonb(last) || expulsions.answered_facts(change), at::date) then
    insert into expulsions.correction
      (id, measure_id, wanted, change, reason, proposed_by, proposed_for, proposed_at, due_at)
    values (gen_random_uuid(), asked.measure_id, 'ended', expulsions.answered_facts(change), in_words, access.actor(),
      access.organisation(), at, decide_by);
    deciders := expulsions.deciders_as(array[asked.measure_id]);
    return;
  end if;
  perform expulsions.revise_as(asked.measure_id, new_batch, new_reference,
    expulsions.answered_facts(change), access.organisation(), access.actor(), at);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.tell_all_as(new_batch, access.organisation(), asked.measure_id, term_hours, at) r;
end
$$;

-- The same decision against the same person or document, wherever it stands again: at other offices, or a second time at this one.
create or replace function expulsions.twins_as(of_measure uuid) returns table (measure_id uuid, custodian uuid, status text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  with it as (
    select m.id, m.custodian, s.kind, s.record_id, expulsions.plain_number(s.decision_no) as number
    from expulsions.measure m
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    where m.id = of_measure
  ), same as (
    select k.measure_id
    from it
    join expulsions.measure_key o on o.measure_id = it.id and o.of = 'document'
    cross join (select distinct b.custodian from expulsions.batch b where b.kind = 'list') c
    join expulsions.measure_key k on k.custodian = c.custodian and k.key = o.key
    union
    select s.measure_id
    from it
    join people.link l on l.record_id = it.record_id
    join people.person p on p.id = l.person_id
    join people.person q on q.root = p.root
    join people.link r on r.person_id = q.id
    join expulsions.statement s on s.record_id = r.record_id
  )
  select o.id, o.custodian, s.status
  from it
  cross join same
  join expulsions.measure o on o.id = same.measure_id and o.id <> it.id
  join expulsions.statement s on s.measure_id = o.id and s.version = o.latest
  where s.kind = it.kind
    and expulsions.plain_number(s.decision_no) = it.number;
end;

-- Whether an office may hear what is proposed about a measure, and decide: it entered it, gets everything, or has it and may be told of the
-- person. What is only proposed about somebody protected is no news for the others.
create function expulsions.may_decide_as(measure uuid, office uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (select from expulsions.measure m where m.id = measure and m.custodian = office)
  or exists (
    select
    from expulsions.delivery_row r
    join expulsions.body b on b.organisation_id = r.to_organisation
    where r.to_organisation = office
      and r.measure_id = measure
      and (
        b.kind = 'migration'
        or exists (
          select
          from expulsions.measure m
          join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
          join people.link l on l.record_id = s.record_id
          where m.id = measure
            and people.may_relay(l.person_id, b.kind)
        )
      )
  );

create function expulsions.decides(measure uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return expulsions.may_decide_as(measure, access.organisation());

create or replace function expulsions.deciders_as(measures uuid[]) returns uuid[]
language sql
stable
security definer
set search_path = pg_catalog
return array(
  select m.custodian
  from expulsions.measure m
  where m.id = any (measures)
  union
  select h.office
  from (
    select distinct r.measure_id, r.to_organisation as office
    from expulsions.delivery_row r
    where r.measure_id = any (measures)
  ) h
  where expulsions.may_decide_as(h.measure_id, h.office)
);

drop policy correction_seen on expulsions.correction;
create policy correction_seen on expulsions.correction for select to hamsafar_app
using (
  (select access.can('expulsion.correct'))
  and (proposed_for = (select access.organisation()) or expulsions.decides(measure_id))
);

-- The first of two officers: this measure is not against this person, is lifted, or is in force after all. Answers which offices can have
-- the second.
create or replace function expulsions.propose(
  correction_id uuid, measure uuid, what text, in_words text, at timestamptz, due timestamptz, out deciders uuid[]
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  present expulsions.statement;
begin
  if not access.can('expulsion.correct') or not expulsions.knows(measure) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  perform from expulsions.measure m where m.id = measure for update;
  select s.* into strict present
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = measure;
  if what = 'in_force' then
    if not expulsions.is_over(present.kind, present.status, present.ends_on, at::date) then
      raise exception 'it is so already' using errcode = 'unique_violation';
    end if;
  elsif present.status = what then
    raise exception 'it is so already' using errcode = 'unique_violation';
  end if;
  insert into expulsions.correction (id, measure_id, wanted, reason, proposed_by, proposed_for, proposed_at, due_at)
  values (correction_id, measure, what, in_words, access.actor(), access.organisation(), at, due);
  deciders := expulsions.deciders_as(array[measure]);
end
$$;

-- As before; what a row or an answer states of an end becomes the version that two officers agree to.
create or replace function expulsions.decide(
  correction_id uuid, verdict text, new_batch uuid, new_reference text, term_hours integer, at timestamptz,
  out second boolean, out told jsonb, out opened jsonb
)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wish expulsions.correction;
  last expulsions.statement;
begin
  second := true;
  told := '[]';
  opened := '[]';
  select c.* into strict wish from expulsions.correction c where c.id = correction_id for update;
  if not access.can('expulsion.correct')
    or not (wish.proposed_for is not distinct from access.organisation() or expulsions.decides(wish.measure_id)) then
    raise exception 'not allowed to correct this' using errcode = 'insufficient_privilege';
  end if;
  if wish.outcome is not null then
    raise exception 'decided already' using errcode = 'unique_violation';
  end if;
  if verdict = 'confirmed' and wish.proposed_by is null then
    update expulsions.correction c
    set proposed_by = access.actor(), proposed_for = access.organisation()
    where c.id = correction_id;
    second := false;
    return;
  end if;
  update expulsions.correction c
  set outcome = verdict, decided_by = access.actor(), decided_for = access.organisation(), decided_at = at
  where c.id = correction_id;
  if verdict <> 'confirmed' then
    return;
  end if;
  select s.* into strict last
  from expulsions.measure m
  join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
  where m.id = wish.measure_id;
  perform expulsions.revise_as(wish.measure_id, new_batch, new_reference,
    coalesce(wish.change, jsonb_build_object('status', wish.wanted, 'status_on', at::date))
      -- Until when it is in force after all, nobody has said: that is asked like any term.
      || case
        when wish.wanted = 'in_force' and last.ends_on < at::date
          then '{"term": "unknown", "ends_on": null, "lasts": null}'
        else '{}'
      end::jsonb,
    access.organisation(), access.actor(), at);
  update expulsions.correction c set batch_id = new_batch where c.id = correction_id;
  insert into expulsions.event (batch_id, at, kind, organisation_id, custodian, rows)
  values (new_batch, at, 'decided', access.organisation(), access.organisation(), 1);
  select coalesce(jsonb_agg(jsonb_build_object('to', r.to_organisation, 'fresh', r.fresh)), '[]') into told
  from expulsions.tell_all_as(new_batch, access.organisation(), wish.measure_id, term_hours, at) r;
  with made as (
    insert into expulsions.correction (id, measure_id, wanted, change, follows, proposed_at, due_at)
    select gen_random_uuid(), t.measure_id, wish.wanted, wish.change, wish.id, at, at + (wish.due_at - wish.proposed_at)
    from expulsions.twins_as(wish.measure_id) t
    join expulsions.measure m on m.id = t.measure_id
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    where (t.status <> wish.wanted or wish.wanted = 'in_force')
      and (wish.wanted <> 'in_force' or expulsions.is_over(s.kind, s.status, s.ends_on, at::date))
      and (
        wish.wanted <> 'ended'
        or (
          not expulsions.is_over(s.kind, s.status, s.ends_on, at::date)
          and (
            wish.change ? 'status'
            or expulsions.ends_sooner(s.measure_id, to_jsonb(s) || wish.change, at::date)
          )
        )
      )
    on conflict do nothing
    returning measure_id
  )
  select coalesce(
      jsonb_agg(jsonb_build_object('measure', m.reference, 'deciders', expulsions.deciders_as(array[m.id]))), '[]'
    ) into opened
  from made
  join expulsions.measure m on m.id = made.measure_id;
end
$$;

-- What a statement says, but for whether and when the measure ends, and how it came.
create function expulsions.beside_its_end(stated expulsions.statement) returns jsonb
language sql
stable
set search_path = pg_catalog
return to_jsonb(stated) - '{version,batch_id,custodian,row_number,stated_at,status,status_on,received_status,received_status_on,term,ends_on,lasts,erased_at}'::text[];

-- As before; that a measure is over goes also about a protected person, to an office that was given it as in force and learns nothing
-- else by it: whoever holds it would go on acting on it.
create or replace function expulsions.deliver_as(
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
  with stated as materialized (
    select s.measure_id, s.version, s.row_number, l.person_id, expulsions.beside_its_end(s) as beside,
      expulsions.is_over(s.kind, s.status, s.ends_on, at::date) as over
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
  ), withheld as materialized (
    select w.id
    from people.withheld((select array_agg(s.person_id) from stated s), body_kind) w (id)
    where body_kind is distinct from 'migration'
  ), candidate as materialized (
    select s.measure_id, s.version, s.row_number,
      coalesce(body_kind = 'migration', false)
      or (s.person_id is not null and w.id is null)
      or (
        s.over
        and exists (
          select
          from expulsions.delivery_row r
          join expulsions.statement o on o.measure_id = r.measure_id and o.version = r.version
          where r.to_organisation = recipient
            and r.measure_id = s.measure_id
            and expulsions.beside_its_end(o) = s.beside
        )
      ) as allowed
    from stated s
    left join withheld w on w.id = s.person_id
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
      and h.version <= g.version
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

revoke execute on function expulsions.last_day(jsonb, date), expulsions.ends_sooner(uuid, jsonb, date), expulsions.is_over(text, text, date, date),
  expulsions.close_as(uuid[]), expulsions.may_decide_as(uuid, uuid), expulsions.decides(uuid), expulsions.beside_its_end(expulsions.statement),
  expulsions.answer(uuid, text, jsonb, uuid, text, integer, timestamptz, timestamptz)
  from public;
grant execute on function expulsions.decides(uuid), expulsions.answer(uuid, text, jsonb, uuid, text, integer, timestamptz, timestamptz) to hamsafar_app;
