-- What is done to the registry: each a door of its own. Those that end in _as are the owner's; officers come by the others.

-- All that are counted as one with a person: the tree below its root.
create function people.members(of uuid) returns setof uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select p.id
  from people.person o
  join people.person p on p.root = o.root
  where o.id = of;
end;

-- Has somebody decided that these two, or any that count as one with them, are different?
create function people.is_apart(one uuid, other uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return exists (
  select
  from people.members(one) l (id)
  join people.members(other) r (id) on true
  join people.apart a on a.left_id = least(l.id, r.id) and a.right_id = greatest(l.id, r.id)
);

-- Sets the root of a person and of all below it, and of what is found of them.
create function people.plant_as(top uuid, new_root uuid) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  with recursive below (id) as (
    select top
    union
    select p.id from people.person p join below b on p.merged_into = b.id
  ), moved as (
    update people.person p set root = new_root from below b where p.id = b.id
  )
  update people.finding f
  set person_id = new_root
  from people.link l, below b
  where l.person_id = b.id
    and f.record_id = l.record_id;
end;

-- Puts one person into another. Nothing is moved: unmerging takes the one arrow away again.
create function people.merge_as(
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
  update people.person set merged_into = kept, root = kept where id = taken;
  perform people.plant_as(taken, kept);
end
$$;

create function people.unmerge_as(event_id uuid, merge_id uuid, at timestamptz, actor uuid, organisation uuid) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  merged people.event;
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select * into strict merged from people.event where id = merge_id and kind = 'merge';
  insert into people.event (id, at, kind, person_id, other_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unmerge', merged.person_id, merged.other_id, merge_id, actor, organisation, 'undo');
  update people.person set merged_into = null, root = id where id = merged.person_id;
  perform people.plant_as(merged.person_id, merged.person_id);
end
$$;

create function people.apart_as(
  event_id uuid, one uuid, other uuid, at timestamptz, actor uuid, second uuid, organisation uuid, reason text
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  if (select l.root = r.root from people.person l, people.person r where l.id = one and r.id = other) then
    raise exception 'these are one person' using errcode = 'unique_violation';
  end if;
  insert into people.event (id, at, kind, person_id, other_id, actor_id, second_id, organisation_id, reason)
  values (event_id, at, 'apart', one, other, actor, second, organisation, reason);
  insert into people.apart (left_id, right_id, event_id)
  values (least(one, other), greatest(one, other), event_id)
  on conflict do nothing;
end
$$;

create function people.unapart_as(event_id uuid, apart_id uuid, at timestamptz, actor uuid, organisation uuid) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  decided people.event;
begin
  select * into strict decided from people.event where id = apart_id and kind = 'apart';
  insert into people.event (id, at, kind, person_id, other_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unapart', decided.person_id, decided.other_id, apart_id, actor, organisation, 'undo');
  delete from people.apart a where a.event_id = apart_id;
end
$$;

-- Takes a record from its person and gives it to another; a new one, when it was linked wrongly.
create function people.split_as(
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
end
$$;

-- ---------------------------------------------------------------- what officers may

create function people.sees_person(person uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return people.sees_all() or (
  access.can('person.read')
  and exists (
    select
    from people.person p
    join people.finding f on f.person_id = p.root
    where p.id = person
      and f.custodian = access.organisation()
  )
);

-- Somebody who decides must see all of both, or they would decide about others' records blindly.
create function people.sees_whole(person uuid) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return people.sees_all() or (
  access.can('person.read')
  and not exists (
    select
    from people.person p
    join people.finding f on f.person_id = p.root
    where p.id = person
      and f.custodian <> access.organisation()
  )
);

create function people.require(permission text, one uuid, other uuid) returns void
language plpgsql
stable
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can(permission) or not people.sees_whole(one) or not people.sees_whole(other) then
    raise exception 'not allowed to decide about these' using errcode = 'insufficient_privilege';
  end if;
end
$$;

create function people.merge(
  event_id uuid, one uuid, into_other uuid, at timestamptz, second uuid,
  reason text, probability double precision, explanation jsonb, weights_version text
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform people.require(case when reason = 'review' then 'person.review' else 'person.merge' end, one, into_other);
  -- What can harm is attached by two: the other one has said so in a review that still stands.
  if exists (
    select
    from people.person p
    join people.finding f on f.person_id = p.root
    where p.id in (one, into_other)
      and f.adverse
  ) and not exists (
    select
    from people.review r
    join people.decision d on d.review_id = r.id
    where d.user_id = second
      and d.user_id <> access.actor()
      and d.decision = 'same'
      and d.undone_at is null
      and r.settled_at is null
      and least(r.person_id, r.other_id) = least(one, into_other)
      and greatest(r.person_id, r.other_id) = greatest(one, into_other)
  ) then
    raise exception 'an adverse record is attached by two officers' using errcode = 'insufficient_privilege';
  end if;
  perform people.merge_as(event_id, one, into_other, at, access.actor(), second, access.organisation(), reason, probability,
    explanation, weights_version);
end
$$;

create function people.set_apart(event_id uuid, one uuid, other uuid, at timestamptz, reason text) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform people.require('person.review', one, other);
  perform people.apart_as(event_id, one, other, at, access.actor(), null, access.organisation(), reason);
end
$$;

create function people.take_back(event_id uuid, wrong_id uuid, at timestamptz) returns void
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
      delete from people.apart a where a.event_id = wrong_id;
      perform people.split_as(event_id, wrong.record_id, wrong.other_id, at, access.actor(), access.organisation(), wrong_id);
    else
      raise exception 'this cannot be taken back' using errcode = 'unique_violation';
  end case;
end
$$;

create function people.split(event_id uuid, record uuid, new_person uuid, new_reference text, at timestamptz) returns void
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
  insert into people.person (id, reference, root, created_at) values (new_person, new_reference, new_person, at);
  perform people.split_as(event_id, record, new_person, at, access.actor(), access.organisation(), null);
  insert into people.apart (left_id, right_id, event_id)
  values (least(before, new_person), greatest(before, new_person), split.event_id);
end
$$;

-- ---------------------------------------------------------------- looking for somebody

-- Records that fit one of several alternatives, the strongest first; of each, all groups of keys must be met. Row policies
-- would keep the index from being used, so whose records may be found is asked for here (null: everybody's).
create function people.candidates(alternatives jsonb, of_custodian uuid, most integer) returns setof people.finding
language plpgsql
stable
security definer
set search_path = pg_catalog
set enable_seqscan = off
set jit = off
as $$
declare
  alternative jsonb;
  first_group bigint[];
  second_group bigint[];
  third_group bigint[];
  found uuid[] := '{}';
  hit people.finding;
begin
  for alternative in select value from jsonb_array_elements(alternatives) loop
    first_group := array(select v::bigint from jsonb_array_elements_text(alternative -> 0) v);
    second_group := array(select v::bigint from jsonb_array_elements_text(coalesce(alternative -> 1, alternative -> 0)) v);
    third_group := array(select v::bigint from jsonb_array_elements_text(coalesce(alternative -> 2, alternative -> 0)) v);
    for hit in
      select f.*
      from people.finding f
      where f.keys && first_group
        and f.keys && second_group
        and f.keys && third_group
        and (of_custodian is null or f.custodian = of_custodian)
        and f.record_id <> all (found)
      limit most - cardinality(found)
    loop
      found := found || hit.record_id;
      return next hit;
    end loop;
    exit when cardinality(found) >= most;
  end loop;
end
$$;

-- The officers' search. It cannot be asked without a purpose, and leaves a line in both logs.
create function people.search(
  lookup_id uuid, at timestamptz, purpose text, words text, asked text[], alternatives jsonb, most integer
) returns setof people.finding
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  hit people.finding;
  count integer := 0;
begin
  if not access.can('person.search') then
    raise exception 'not allowed to search for people' using errcode = 'insufficient_privilege';
  end if;
  insert into people.lookup (id, at, actor_id, organisation_id, purpose, words, asked)
  values (lookup_id, at, access.actor(), access.organisation(), purpose, words, asked);
  for hit in
    select *
    from people.candidates(alternatives, case when not people.sees_all() then access.organisation() end, least(most, 200))
  loop
    count := count + 1;
    return next hit;
  end loop;
  update people.lookup l set candidates = count where l.id = lookup_id;
  insert into audit.entry (actor_kind, actor_id, organisation_id, action, subject_type, subject_id, details)
  values ('staff', access.actor(), access.organisation(), 'person.search', 'lookup', lookup_id::text,
    jsonb_build_object('purpose', purpose, 'candidates', count));
end
$$;

-- Who looked at a person, for that person: protected services stand there unnamed.
create function people.looks_at(person uuid)
returns table (at timestamptz, organisation_id uuid, purpose text, what text)
language plpgsql
stable
security definer
set search_path = pg_catalog
as $$
begin
  if not people.sees_person(person) then
    return;
  end if;
  return query
  select k.at, case when not coalesce(o.unnamed, false) then u.organisation_id end,
    case when not coalesce(o.unnamed, false) then u.purpose end, k.what
  from people.members(person) m (id)
  join people.look k on k.person_id = m.id
  join people.lookup u on u.id = k.lookup_id
  left join people.office o on o.organisation_id = u.organisation_id
  order by k.at desc
  limit 500;
end
$$;

-- May something about a person go to this kind of recipient? Asked by every relay; what is not known to be allowed is not.
-- Whoever might be the same person, while nobody has decided, is protected too.
create function people.may_relay(person uuid, recipient text) returns boolean
language sql
stable
security definer
set search_path = pg_catalog
return coalesce(
  exists (select from people.person p where p.id = person)
  and (
    recipient in ('migration', 'employment', 'health', 'social', 'support', 'ombudsman')
    or (
      recipient in ('foreign_affairs', 'security', 'interior', 'border', 'carrier')
      and not exists (
        select
        from people.protection g
        where g.until is null
          and g.person_id in (
            select people.members(person)
            union
            select m.id
            from people.review r
            cross join lateral people.members(
              case when r.person_id in (select people.members(person)) then r.other_id else r.person_id end) m (id)
            where r.settled_at is null
              and (r.person_id in (select people.members(person)) or r.other_id in (select people.members(person)))
          )
      )
    )
  ),
  false
);

create function people.protect(new_id uuid, person uuid, wanted text, at timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can('person.protect') or not people.sees_person(person) then
    raise exception 'not allowed to protect this person' using errcode = 'insufficient_privilege';
  end if;
  insert into people.protection (id, person_id, flag, since, set_by, organisation_id)
  values (new_id, person, wanted, at, access.actor(), access.organisation())
  on conflict (person_id, flag) where until is null do nothing;
end
$$;

create function people.unprotect(person uuid, wanted text, at timestamptz) returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  lifted integer;
begin
  if not access.can('person.protect') or not people.sees_whole(person) then
    raise exception 'not allowed to lift the protection of this person' using errcode = 'insufficient_privilege';
  end if;
  update people.protection g
  set until = at, lifted_by = access.actor()
  where g.flag = wanted
    and g.until is null
    and g.person_id in (select people.members(person));
  get diagnostics lifted = row_count;
  return lifted;
end
$$;

-- ---------------------------------------------------------------- what the app may see and do

alter table people.office enable row level security;
alter table people.key enable row level security;
alter table people.source enable row level security;
alter table people.record enable row level security;
alter table people.document enable row level security;
alter table people.contact enable row level security;
alter table people.person enable row level security;
alter table people.event enable row level security;
alter table people.link enable row level security;
alter table people.apart enable row level security;
alter table people.finding enable row level security;
alter table people.protection enable row level security;
alter table people.review enable row level security;
alter table people.decision enable row level security;
alter table people.lookup enable row level security;
alter table people.look enable row level security;
alter table people.frequency enable row level security;
alter table people.frequency_state enable row level security;

create policy office_own on people.office for select to hamsafar_app
using (organisation_id = (select access.organisation()));
create policy key_used on people.key for select to hamsafar_app
using ((select access.can('person.search')) or (select access.can('person.read')));
create policy source_seen on people.source for select to hamsafar_app
using (
  (select people.sees_all())
  or (custodian = (select access.organisation()) and (select access.can('person.read')))
);
create policy record_seen on people.record for select to hamsafar_app
using (
  (select people.sees_all())
  or (custodian = (select access.organisation()) and (select access.can('person.read')))
);
create policy document_seen on people.document for select to hamsafar_app
using (
  (select people.sees_all())
  or (custodian = (select access.organisation()) and (select access.can('person.read')))
);
create policy contact_seen on people.contact for select to hamsafar_app
using (
  (select people.sees_all())
  or (custodian = (select access.organisation()) and (select access.can('person.read')))
);
create policy finding_seen on people.finding for select to hamsafar_app
using (
  (select people.sees_all())
  or (custodian = (select access.organisation()) and (select access.can('person.read')))
);
create policy person_seen on people.person for select to hamsafar_app
using ((select people.sees_all()) or people.sees_person(id));
create policy link_seen on people.link for select to hamsafar_app
using (exists (select from people.record r where r.id = record_id));
create policy event_seen on people.event for select to hamsafar_app
using (
  (select people.sees_all())
  or (organisation_id = (select access.organisation()) and (select access.can('person.read')))
);
create policy apart_seen on people.apart for select to hamsafar_app
using (exists (select from people.event e where e.id = event_id));
create policy protection_seen on people.protection for select to hamsafar_app
using ((select access.can('person.protect')) and people.sees_person(person_id));
create policy review_seen on people.review for select to hamsafar_app
using (
  (select access.can('person.review'))
  and ((select people.sees_all()) or custodians <@ array[(select access.organisation())])
);
create policy review_moved on people.review for update to hamsafar_app
using (
  (select access.can('person.review'))
  and ((select people.sees_all()) or custodians <@ array[(select access.organisation())])
);
create policy decision_seen on people.decision for select to hamsafar_app
using (exists (select from people.review r where r.id = review_id));
create policy decision_made on people.decision for insert to hamsafar_app
with check (
  user_id = (select access.actor())
  and organisation_id = (select access.organisation())
  and exists (select from people.review r where r.id = review_id)
);
create policy decision_undone on people.decision for update to hamsafar_app
using (exists (select from people.review r where r.id = review_id));
create policy lookup_own on people.lookup for select to hamsafar_app
using (
  actor_id = (select access.actor())
  or (organisation_id = (select access.organisation()) and (select access.can('audit.read')))
);
create policy lookup_begun on people.lookup for insert to hamsafar_app
with check (
  actor_id = (select access.actor())
  and organisation_id = (select access.organisation())
  and (select access.can('person.read'))
);
create policy lookup_counted on people.lookup for update to hamsafar_app
using (actor_id = (select access.actor()) and organisation_id = (select access.organisation()));
create policy look_own on people.look for select to hamsafar_app
using (exists (select from people.lookup l where l.id = lookup_id));
create policy look_left on people.look for insert to hamsafar_app
with check (
  exists (select from people.lookup l where l.id = lookup_id and l.actor_id = (select access.actor()))
  and people.sees_person(person_id)
);
create policy frequency_read on people.frequency for select to hamsafar_app
using ((select access.can('person.search')));
create policy frequency_state_read on people.frequency_state for select to hamsafar_app
using ((select access.can('person.search')));

grant select on people.office, people.key, people.source, people.record, people.document, people.contact, people.person,
  people.event, people.link, people.apart, people.finding, people.protection, people.review, people.decision,
  people.lookup, people.look, people.frequency, people.frequency_state
  to hamsafar_app;
grant update (state, settled_at, event_id, due_at) on people.review to hamsafar_app;
grant insert (id, review_id, user_id, organisation_id, decision, at), update (undone_at) on people.decision to hamsafar_app;
grant insert (id, at, actor_id, organisation_id, purpose, words, asked), update (shown) on people.lookup to hamsafar_app;
grant insert (id, at, person_id, lookup_id, what, position, probability) on people.look to hamsafar_app;

create trigger review_announced after insert or update or delete on people.review
for each statement execute function live.announce();

revoke execute on all functions in schema people from public;
grant execute on function people.sees_all(), people.sees_person(uuid), people.sees_whole(uuid), people.is_apart(uuid, uuid),
  people.merge(uuid, uuid, uuid, timestamptz, uuid, text, double precision, jsonb, text),
  people.set_apart(uuid, uuid, uuid, timestamptz, text),
  people.take_back(uuid, uuid, timestamptz),
  people.split(uuid, uuid, uuid, text, timestamptz),
  people.search(uuid, timestamptz, text, text, text[], jsonb, integer),
  people.looks_at(uuid), people.may_relay(uuid, text),
  people.protect(uuid, uuid, text, timestamptz), people.unprotect(uuid, text, timestamptz)
  to hamsafar_app;
