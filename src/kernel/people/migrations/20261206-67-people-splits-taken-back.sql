-- Who was left when a record was parted from them: only to these one officer gives it back.
alter table people.event add column left_with uuid[];
comment on column people.event.left_with is 'of a split: the records that were counted with the one that was parted';

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
  -- Whoever decides about a pair locks it first, too.
  perform from people.review r where r.record_id = record or r.other_record_id = record order by r.id for update;
  perform pg_advisory_xact_lock(hashtext('people.identity'));
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

-- Of a split: both persons, where the one from whom the record was parted has got records since that it was never counted with, and whether
-- a record of the two can harm. Nothing of all else.
create function people.grown_since(split uuid) returns table (person_id uuid, other_id uuid, adverse boolean)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select e.person_id, e.other_id, bool_or(f.adverse)
  from people.event e
  join people.person p on p.id in (e.person_id, e.other_id)
  join people.finding f on f.person_id = p.root
  where e.id = split
    and e.kind = 'split'
    and people.sees_whole(e.person_id)
    and people.sees_whole(e.other_id)
    and exists (
      select
      from people.person o
      join people.finding g on g.person_id = o.root
      where o.id = e.other_id
        and (e.left_with is null or g.record_id <> all (e.left_with))
    )
  group by e.person_id, e.other_id;
end;

create or replace function people.take_back(event_id uuid, wrong_id uuid, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  wrong people.event;
begin
  select * into strict wrong from people.event where id = wrong_id;
  perform people.require(
    case when wrong.reason = 'review' then 'person.review' else 'person.merge' end, wrong.person_id, wrong.other_id);
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
      perform people.split_as(event_id, wrong.record_id, wrong.other_id, at, access.actor(), access.organisation(), wrong_id);
    else
      raise exception 'this cannot be taken back' using errcode = 'unique_violation';
  end case;
end
$$;

-- Takes back only that the record is somebody else's: it stays where it is, and officers compare the two.
create function people.reconsider(event_id uuid, split uuid, at timestamptz) returns void
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
end
$$;
revoke execute on function people.grown_since(uuid), people.reconsider(uuid, uuid, timestamptz) from public;
grant execute on function people.grown_since(uuid), people.reconsider(uuid, uuid, timestamptz) to hamsafar_app;
