-- While one "different" of any officer stands, the two stay apart: each is a row of its own, and goes with its own taking back.
alter table people.apart drop constraint apart_pkey;
alter table people.apart add primary key (left_id, right_id, event_id);

create or replace function people.apart_as(
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
  values (least(one, other), greatest(one, other), event_id);
end
$$;

-- Those that an earlier one stood in the way of.
insert into people.apart (left_id, right_id, event_id)
select least(e.person_id, e.other_id), greatest(e.person_id, e.other_id), e.id
from people.event e
where e.kind = 'apart'
  and not exists (select from people.event u where u.undoes = e.id)
on conflict do nothing;
