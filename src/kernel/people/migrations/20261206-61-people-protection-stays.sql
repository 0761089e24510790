-- Whoever was counted as somebody protected stays protected when they are parted: what was known of one may have been known of the other.
-- Each of these gets every flag that stands of the persons named first; whoever may protect lifts it there.
create function people.keep_protected_as(were uuid[], parted uuid[]) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  insert into people.protection (id, person_id, flag, since, set_by, organisation_id)
  select distinct on (s.id, g.flag) gen_random_uuid(), s.id, g.flag, g.since, g.set_by, g.organisation_id
  from unnest(parted) s (id)
  join people.protection g on g.person_id = any (were) and g.until is null
  where not exists (
    select
    from people.members(s.id) m (id)
    join people.protection o on o.person_id = m.id
    where o.flag = g.flag
      and o.until is null
  )
  order by s.id, g.flag, g.since, g.id;
end;
revoke execute on function people.keep_protected_as(uuid[], uuid[]) from public;

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
  kept uuid;
  were uuid[];
begin
  -- Whoever decides about a pair locks it first, too.
  select r.id into decided from people.review r where r.event_id = merge_id for update;
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select * into strict merged from people.event where id = merge_id and kind = 'merge';
  insert into people.event (id, at, kind, person_id, other_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unmerge', merged.person_id, merged.other_id, merge_id, actor, organisation, 'undo');
  select root into strict kept from people.person where id = merged.person_id;
  were := array(select people.members(kept));
  update people.person set merged_into = null, root = id where id = merged.person_id;
  perform people.plant_as(merged.person_id, merged.person_id);
  perform people.keep_protected_as(were, array[merged.person_id, kept]);
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
