-- Whom a pair is about follows its two records: a review opened while they were counted with somebody else must not join that one later.
drop index people.review_waiting;
create unique index review_waiting on people.review (least(record_id, other_record_id), greatest(record_id, other_record_id))
where settled_at is null;
create index review_of_record on people.review (record_id);
create index review_of_other_record on people.review (other_record_id);

update people.review r
set person_id = l.person_id, other_id = o.person_id
from people.link l, people.link o
where l.record_id = r.record_id
  and o.record_id = r.other_record_id;

create function people.review_of_records() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  select l.person_id into strict new.person_id from people.link l where l.record_id = new.record_id;
  select l.person_id into strict new.other_id from people.link l where l.record_id = new.other_record_id;
  return new;
end
$$;
create trigger review_names_records before insert on people.review
for each row execute function people.review_of_records();

create function people.review_follows() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  update people.review set person_id = new.person_id where record_id = new.record_id;
  update people.review set other_id = new.person_id where other_record_id = new.record_id;
  return null;
end
$$;
create trigger link_reviews after update of person_id on people.link
for each row when (new.person_id <> old.person_id)
execute function people.review_follows();
revoke execute on function people.review_of_records(), people.review_follows() from public;
comment on column people.review.person_id is 'whose record_id is, now; it moves with the record';
comment on column people.review.other_id is 'whose other_record_id is, now';

-- The arrow goes to whom the other was compared with, not to whom that one is counted as: taken from there, it takes along what was
-- joined to it, and leaves nothing of it (a ban) with the others.
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
  perform pg_advisory_xact_lock(hashtext('people.identity'));
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
  update people.person set merged_into = into_other, root = kept where id = taken;
  perform people.plant_as(taken, kept);
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
  -- Whoever decides about a pair locks it first, too.
  perform from people.review r where r.record_id = record or r.other_record_id = record order by r.id for update;
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select person_id into strict before from people.link where record_id = record;
  insert into people.event (id, at, kind, person_id, other_id, record_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, case when undone is null then 'split' else 'unsplit' end, to_person, before, record, undone, actor,
    organisation, case when undone is null then 'officer' else 'undo' end);
  update people.link l set person_id = to_person, event_id = split_as.event_id where l.record_id = record;
  update people.finding f
  set person_id = (select root from people.person where id = to_person)
  where f.record_id = record;
  perform people.keep_protected_as(array(select people.members(before)), array[to_person]);
end
$$;
