-- The review in which these two, or any that count as one with them, wait to be compared.
create function people.waiting(one uuid, other uuid) returns uuid
language sql
stable
set search_path = pg_catalog
return (
  select v.id
  from people.person l
  join people.person r on r.id = other
  join people.person a on a.root in (l.root, r.root)
  join people.review v on v.person_id = a.id and v.settled_at is null
  join people.person b on b.id = v.other_id
  where l.id = one
    and b.root in (l.root, r.root)
    and b.root <> a.root
  order by v.opened_at, v.id
  limit 1
);

-- An officer asks that two persons be compared, each by one of its records. Says nothing yet of what the officer thinks of them.
-- Answers the review, which is another one where the two wait already.
create function people.propose(
  review_id uuid, record uuid, other_record uuid, at timestamptz, due_at timestamptz,
  probability double precision, explanation jsonb, weights_version text
) returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  one uuid;
  other uuid;
  waits uuid;
begin
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select f.person_id into one from people.finding f where f.record_id = record;
  select f.person_id into other from people.finding f where f.record_id = other_record;
  -- What is not there is refused in the same words as what the actor may not see.
  if one is null or other is null then
    raise exception 'not allowed to decide about these' using errcode = 'insufficient_privilege';
  end if;
  perform people.require('person.review', one, other);
  if one = other then
    raise exception 'these are one person already' using errcode = 'unique_violation';
  end if;
  if people.is_apart(one, other) then
    raise exception 'these were found to be different' using errcode = 'exclusion_violation';
  end if;
  waits := people.waiting(one, other);
  if waits is not null then
    return waits;
  end if;
  insert into people.review
    (id, record_id, person_id, other_id, other_record_id, adverse, probability, explanation, weights_version, custodians,
      opened_at, due_at)
  select review_id, record, one, other, other_record, bool_or(f.adverse), propose.probability, propose.explanation,
    propose.weights_version, array_agg(distinct f.custodian), at, propose.due_at
  from people.finding f
  where f.person_id in (one, other);
  return review_id;
end
$$;

revoke execute on function people.waiting(uuid, uuid),
  people.propose(uuid, uuid, uuid, timestamptz, timestamptz, double precision, jsonb, text)
  from public;
grant execute on function people.waiting(uuid, uuid),
  people.propose(uuid, uuid, uuid, timestamptz, timestamptz, double precision, jsonb, text)
  to hamsafar_app;
