-- What was said of a record alone goes along wherever it goes: somebody found different by one of their records stays different from it where
-- it is parted again, returns, or waits to be compared. One officer could join it with whom another had found different.
create function people.carry_apart_as(record uuid, from_person uuid, to_person uuid) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  said uuid[] := array(
    select e.id
    from people.apart a
    join people.event e on e.id = a.event_id
    where from_person in (a.left_id, a.right_id)
      and (
        e.kind = 'split' and e.record_id = record
        or exists (select from people.review r where r.event_id = e.id and record in (r.record_id, r.other_record_id))
      )
  );
begin
  if exists (
    select
    from people.apart a
    join people.members(to_person) m (id) on m.id in (a.left_id, a.right_id)
    where a.event_id = any (said)
      and from_person in (a.left_id, a.right_id)
      and m.id <> from_person
  ) then
    raise exception 'these were found to be different' using errcode = 'exclusion_violation';
  end if;
  insert into people.apart (left_id, right_id, event_id)
  select least(o.id, to_person), greatest(o.id, to_person), a.event_id
  from people.apart a
  cross join lateral (select case when a.left_id = from_person then a.right_id else a.left_id end as id) o
  where a.event_id = any (said)
    and from_person in (a.left_id, a.right_id)
  on conflict do nothing;
  -- Who was named stays different; who only had it of the record does not.
  delete from people.apart a
  using people.event e
  where e.id = a.event_id
    and e.id = any (said)
    and from_person in (a.left_id, a.right_id)
    and from_person not in (e.person_id, e.other_id);
end
$$;
revoke execute on function people.carry_apart_as(uuid, uuid, uuid) from public;

create or replace function people.split(event_id uuid, record uuid, new_person uuid, new_reference text, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  before uuid;
begin
  select person_id into strict before from people.link where record_id = record;
  perform people.require('person.merge', before, before);
  -- A click repeated: nobody is there any more from whom to part it, and the person it was parted as would be left empty.
  if not exists (
    select
    from people.person p
    join people.finding f on f.person_id = p.root
    where p.id = before
      and f.record_id <> record
  ) then
    raise exception 'this record is alone' using errcode = 'object_not_in_prerequisite_state';
  end if;
  insert into people.person (id, reference, root, created_at) values (new_person, new_reference, new_person, at);
  perform people.split_as(event_id, record, new_person, at, access.actor(), access.organisation(), null);
  perform people.carry_apart_as(record, before, new_person);
  insert into people.apart (left_id, right_id, event_id)
  values (least(before, new_person), greatest(before, new_person), split.event_id);
end
$$;

create or replace function people.take_back(event_id uuid, wrong_id uuid, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wrong people.event;
  joined uuid;
begin
  select * into strict wrong from people.event where id = wrong_id;
  select p.id into joined from people.person p where p.merged_by = wrong_id;
  perform people.require(
    case when wrong.reason = 'review' then 'person.review' else 'person.merge' end,
    coalesce(joined, wrong.person_id), coalesce(joined, wrong.other_id));
  case wrong.kind
    when 'merge' then perform people.unmerge_as(event_id, wrong_id, at, access.actor(), access.organisation());
    when 'apart' then perform people.unapart_as(event_id, wrong_id, at, access.actor(), access.organisation());
    when 'split' then
      -- Where it went on from there, it cannot simply go back.
      if (select l.person_id is distinct from wrong.person_id from people.link l where l.record_id = wrong.record_id) then
        raise exception 'the record was given on since' using errcode = 'unique_violation';
      end if;
      -- To others than it came from it would be joined: what can harm by two officers (people.reconsider).
      if exists (select from people.grown_since(wrong_id) g where g.adverse) then
        raise exception 'this takes two officers' using errcode = 'insufficient_privilege';
      end if;
      delete from people.apart a where a.event_id = wrong_id;
      perform people.carry_apart_as(wrong.record_id, wrong.person_id, wrong.other_id);
      perform people.split_as(event_id, wrong.record_id, wrong.other_id, at, access.actor(), access.organisation(), wrong_id);
    else
      raise exception 'this cannot be taken back' using errcode = 'unique_violation';
  end case;
end
$$;

create or replace function people.reconsider(event_id uuid, split uuid, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wrong people.event;
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select * into strict wrong from people.event where id = split and kind = 'split';
  perform people.require('person.merge', wrong.person_id, wrong.other_id);
  -- As where one officer gives it back: others than those whom it was parted from would be compared.
  if (select l.person_id is distinct from wrong.person_id from people.link l where l.record_id = wrong.record_id) then
    raise exception 'the record was given on since' using errcode = 'unique_violation';
  end if;
  insert into people.event (id, at, kind, person_id, other_id, record_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unapart', wrong.person_id, wrong.other_id, wrong.record_id, split, access.actor(), access.organisation(),
    'undo');
  delete from people.apart a where a.event_id = split;
end
$$;
