-- Of a pair that an officer proposed neither side is the row of a list that has just come in.
alter table people.review add column proposed boolean not null default false;
comment on column people.review.proposed is 'an officer named the two; the matching did not bring them together';

update people.review r
set proposed = true
from audit.entry e
where e.action = 'person.propose'
  and e.subject_type = 'person_review'
  and e.subject_id = r.id::text;

-- An officer asks that two persons be compared, each by one of its records. Says nothing yet of what the officer thinks of them.
-- Answers the review, which is another one where the two wait already.
create or replace function people.propose(
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
      opened_at, due_at, proposed)
  select review_id, record, one, other, other_record, bool_or(f.adverse), propose.probability, propose.explanation,
    propose.weights_version, array_agg(distinct f.custodian), at, propose.due_at, true
  from people.finding f
  where f.person_id in (one, other);
  return review_id;
end
$$;
