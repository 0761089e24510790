-- Somebody was found different by one of their records: parted again from those with whom it is now, the record stays different from them.
-- Somebody joined to it by mistake meanwhile had let one officer join them again. It goes when that word is taken back.
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
  insert into people.apart (left_id, right_id, event_id)
  values (least(before, new_person), greatest(before, new_person), split.event_id);
  -- It takes along what was said of itself; what was said of the others stays theirs alone.
  insert into people.apart (left_id, right_id, event_id)
  select least(o.id, new_person), greatest(o.id, new_person), a.event_id
  from people.apart a
  join people.event e on e.id = a.event_id
  cross join lateral (select case when a.left_id = before then a.right_id else a.left_id end as id) o
  where before in (a.left_id, a.right_id)
    and a.event_id <> split.event_id
    and (
      e.kind = 'split' and e.record_id = record
      or exists (select from people.review r where r.event_id = a.event_id and record in (r.record_id, r.other_record_id))
    );
end
$$;

-- A record that returns needs no other word than those of whom it returns to.
create function people.drop_inherited_apart_as(person uuid) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  delete from people.apart a
  using people.event e
  where e.id = a.event_id
    and person in (a.left_id, a.right_id)
    and person not in (e.person_id, e.other_id);
end;
revoke execute on function people.drop_inherited_apart_as(uuid) from public;

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
      perform people.drop_inherited_apart_as(wrong.person_id);
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
  insert into people.event (id, at, kind, person_id, other_id, record_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unapart', wrong.person_id, wrong.other_id, wrong.record_id, split, access.actor(), access.organisation(),
    'undo');
  delete from people.apart a where a.event_id = split;
  perform people.drop_inherited_apart_as(wrong.person_id);
end
$$;
