-- A merge is of the two whom its arrow joins now, not of those they were counted as when it was made: these may have been parted from them.
-- Taken back, it parts the former, so whoever takes it back sees all records of these. Found by the merge.
create index person_merged_by on people.person (merged_by) where merged_by is not null;

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
      perform people.split_as(event_id, wrong.record_id, wrong.other_id, at, access.actor(), access.organisation(), wrong_id);
    else
      raise exception 'this cannot be taken back' using errcode = 'unique_violation';
  end case;
end
$$;
