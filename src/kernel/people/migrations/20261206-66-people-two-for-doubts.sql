-- What an officer thinks of a pair is said of the records that both sides had then. Where either has got others, or lost some, it counts no
-- longer: the second officer's word would join whom the first has never seen.
create function people.group_digest(person uuid) returns text
language sql
stable
security definer
set search_path = pg_catalog
return (
  select md5(string_agg(f.record_id::text, ' ' order by f.record_id))
  from people.person p
  join people.finding f on f.person_id = p.root
  where p.id = person
);

create function people.review_digest(review uuid) returns text
language sql
stable
security definer
set search_path = pg_catalog
return (
  select concat_ws(' ', people.group_digest(r.person_id), people.group_digest(r.other_id))
  from people.review r
  where r.id = review
);

alter table people.decision add column about text;
comment on column people.decision.about is 'a digest of the records of both sides when it was said';
update people.decision d
set about = people.review_digest(d.review_id)
from people.review r
where r.id = d.review_id
  and r.settled_at is null;

create function people.decision_about() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  new.about := people.review_digest(new.review_id);
  return new;
end
$$;
create trigger decision_of_records before insert on people.decision
for each row execute function people.decision_about();

-- As before; and two officers are needed, too, where records of the two sides speak against each other (`doubted`, conflicts.ts): the pair
-- that one officer sees may be one person, and bring together others who are not.
drop function people.merge(uuid, uuid, uuid, timestamptz, uuid, text, double precision, jsonb, text);
create function people.merge(
  event_id uuid, one uuid, into_other uuid, at timestamptz, second uuid,
  reason text, probability double precision, explanation jsonb, weights_version text, doubted boolean
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  perform people.require(case when reason = 'review' then 'person.review' else 'person.merge' end, one, into_other);
  -- Who was found different is told that first. What can harm is attached by two: the other one has said so in a review that still stands, of the same records.
  if not people.is_apart(one, into_other) and (
    doubted
    or exists (
      select
      from people.person p
      join people.finding f on f.person_id = p.root
      where p.id in (one, into_other)
        and f.adverse
    )
  ) and not exists (
    select
    from people.review r
    join people.decision d on d.review_id = r.id
    where d.user_id = second
      and d.user_id <> access.actor()
      and d.decision = 'same'
      and d.undone_at is null
      and d.about = people.review_digest(r.id)
      and r.settled_at is null
      and least(r.person_id, r.other_id) = least(one, into_other)
      and greatest(r.person_id, r.other_id) = greatest(one, into_other)
  ) then
    raise exception 'this takes two officers' using errcode = 'insufficient_privilege';
  end if;
  perform people.merge_as(event_id, one, into_other, at, access.actor(), second, access.organisation(), reason, probability,
    explanation, weights_version);
end
$$;

revoke execute on function people.group_digest(uuid), people.review_digest(uuid), people.decision_about(),
  people.merge(uuid, uuid, uuid, timestamptz, uuid, text, double precision, jsonb, text, boolean)
  from public;
grant execute on function people.review_digest(uuid),
  people.merge(uuid, uuid, uuid, timestamptz, uuid, text, double precision, jsonb, text, boolean)
  to hamsafar_app;
