-- Joining and parting persons takes a turn, as making them does: a row that was judged beside it would be found with those who were one
-- then, a ban with whoever was parted. Whoever waited for this sees what stands now. Always the first lock, before any pair: two who take
-- them the other way round wait for each other.
create function people.lock_identity() returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform people.take_turn();
  perform pg_advisory_xact_lock(hashtext('people.identity'));
end
$$;
revoke execute on function people.lock_identity() from public;
grant execute on function people.lock_identity() to hamsafar_app;

-- Which merge made an arrow: turned round, it is still that merge's.
alter table people.person add column merged_by uuid references people.event (id);
comment on column people.person.merged_by is 'the merge whose arrow merged_into is; it may have been turned round since';

update people.person p
set merged_by = (
  select e.id
  from people.event e
  where e.kind = 'merge'
    and e.person_id = p.id
    and not exists (select from people.event u where u.undoes = e.id)
  order by e.at desc, e.id desc
  limit 1
)
where p.merged_into is not null
  and p.erased_at is null;

-- Makes a person the end of the arrows of its tree, or has it point to somebody outside: the arrows on its way to the former end turn round.
create function people.turn_to_as(top uuid, into_other uuid, by_event uuid) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  with recursive way (id, next, by, back, back_by) as (
    select p.id, p.merged_into, p.merged_by, into_other, by_event
    from people.person p
    where p.id = top
    union all
    select p.id, p.merged_into, p.merged_by, w.id, w.by
    from way w
    join people.person p on p.id = w.next
  )
  update people.person p
  set merged_into = w.back, merged_by = w.back_by,
    root = case when w.back is null then w.id else coalesce((select o.root from people.person o where o.id = into_other), top) end
  from way w
  where p.id = w.id;
  select people.plant_as(top, coalesce((select o.root from people.person o where o.id = into_other), top));
end;
revoke execute on function people.turn_to_as(uuid, uuid, uuid) from public;

-- The arrow goes from whom one was compared to whom the other was compared, not from or to those they are counted as: wherever either is
-- parted from these, it takes along what was joined to it, and leaves nothing of it (a ban) with the others.
create or replace function people.merge_as(
  event_id uuid, one uuid, into_other uuid, at timestamptz, actor uuid, second uuid, organisation uuid,
  reason text, probability double precision, explanation jsonb, weights_version text
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  taken uuid;
  kept uuid;
begin
  perform people.lock_identity();
  select root into strict taken from people.person where id = one;
  select root into strict kept from people.person where id = into_other;
  if taken = kept then
    raise exception 'these are one person already' using errcode = 'unique_violation';
  end if;
  if people.is_apart(taken, kept) then
    raise exception 'these were found to be different' using errcode = 'exclusion_violation';
  end if;
  insert into people.event
    (id, at, kind, person_id, other_id, actor_id, second_id, organisation_id, reason, probability, explanation, weights_version)
  values
    (event_id, at, 'merge', taken, kept, actor, second, organisation, reason, probability, explanation, weights_version);
  perform people.turn_to_as(one, into_other, event_id);
end
$$;

create or replace function people.unmerge_as(
  event_id uuid, merge_id uuid, at timestamptz, actor uuid, organisation uuid
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  merged people.event;
  decided uuid;
  top uuid;
  kept uuid;
  former uuid;
  were uuid[];
begin
  perform people.lock_identity();
  select r.id into decided from people.review r where r.event_id = merge_id for update;
  select * into strict merged from people.event where id = merge_id and kind = 'merge';
  insert into people.event (id, at, kind, person_id, other_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unmerge', merged.person_id, merged.other_id, merge_id, actor, organisation, 'undo');
  select id, root into strict top, kept from people.person where merged_by = merge_id;
  were := array(select people.members(kept));
  update people.person set merged_into = null, merged_by = null, root = id where id = top;
  perform people.plant_as(top, top);
  -- As what they were counted before.
  select m.id into former
  from people.members(top) m (id)
  where m.id in (merged.person_id, merged.other_id)
    and not exists (select from people.members(top) t (id) where t.id = merged.person_id and m.id = merged.other_id);
  if former <> top then
    perform people.turn_to_as(former, null, null);
    top := former;
  end if;
  perform people.keep_protected_as(were, array[top, kept]);
  perform people.reopen(decided, at);
end
$$;

create or replace function people.split_as(
  event_id uuid, record uuid, to_person uuid, at timestamptz, actor uuid, organisation uuid, undone uuid
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  before uuid;
begin
  perform people.lock_identity();
  perform from people.review r where r.record_id = record or r.other_record_id = record order by r.id for update;
  select person_id into strict before from people.link where record_id = record;
  insert into people.event
    (id, at, kind, person_id, other_id, record_id, undoes, actor_id, organisation_id, reason, left_with)
  values (event_id, at, case when undone is null then 'split' else 'unsplit' end, to_person, before, record, undone, actor,
    organisation, case when undone is null then 'officer' else 'undo' end,
    case when undone is null then array(
      select f.record_id
      from people.person p
      join people.finding f on f.person_id = p.root
      where p.id = before
        and f.record_id <> record
    ) end);
  update people.link l set person_id = to_person, event_id = split_as.event_id where l.record_id = record;
  update people.finding f
  set person_id = (select root from people.person where id = to_person)
  where f.record_id = record;
  perform people.keep_protected_as(array(select people.members(before)), array[to_person]);
end
$$;

-- A protection is set and lifted for all who are one when it is: nobody is parted in between.
create or replace function people.protect(new_id uuid, person uuid, wanted text, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  if not access.can('person.protect') or not people.sees_person(person) then
    raise exception 'not allowed to protect this person' using errcode = 'insufficient_privilege';
  end if;
  insert into people.protection (id, person_id, flag, since, set_by, organisation_id)
  values (new_id, person, wanted, at, access.actor(), access.organisation())
  on conflict (person_id, flag) where until is null do nothing;
end
$$;
