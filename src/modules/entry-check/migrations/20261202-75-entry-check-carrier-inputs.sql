-- A carrier asks about a passenger with eight inputs now, a document alone among them: what was made of other inputs is made anew.
-- Until then nobody is answered "nothing found".
delete from entry_check.tags_made;
delete from entry_check.tag;
comment on column entry_check.tag.input is 'HMAC of an input, see carrier/rows.ts: what is known is not made anew';

-- The buckets of one question, once, within ten minutes: one for each input.
create or replace function entry_check.take_buckets(of_query uuid, heads integer[], at timestamptz)
returns table (tag bytea, pad bytea, honey_id uuid)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  update entry_check.carrier_query q
  set fetched_at = take_buckets.at
  from entry_check.agreement a
  where q.id = of_query
    and a.id = q.agreement_id
    and a.organisation_id = access.organisation()
    and access.can('entry_check.carry')
    and q.fetched_at is null
    and q.at > take_buckets.at - interval '10 minutes';
  if not found or cardinality(heads) > 8 then
    raise exception 'no such question is open' using errcode = 'insufficient_privilege';
  end if;
  return query
  select t.tag, t.pad, t.honey_id
  from entry_check.tags_made m
  join entry_check.tag t on t.head >> (16 - m.bits) = any (heads)
  order by t.tag;
end
$$;
