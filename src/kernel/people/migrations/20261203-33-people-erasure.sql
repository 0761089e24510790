-- A person whom no part of the platform needs any more is erased by one job (erasure.ts), as the owner. What sources stated is still never
-- changed: each of these tables lets go of the whole content of one that is erased, in this order, and of nothing else. The bare lines
-- stay, so that what others keep (who decided what, when; a look; a bare measure) points at somebody who is gone.

alter table people.person add erased_at timestamptz;
alter table people.record add erased_at timestamptz;
alter table people.source add erased_at timestamptz;
comment on column people.person.erased_at is 'since when nothing is known of them: no record, no name, no link';

-- How far the nightly round has come: it goes on where it stopped, and begins anew at the end.
create table people.erasure (
  one boolean primary key default true
    constraint erasure_is_one check (one),
  after_id uuid,
  night timestamptz not null,
  looked_at integer not null
);
alter table people.erasure enable row level security;

-- First the persons, whole, with all that are counted as one with them.
create function people.keep_person() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
  gone people.person;
begin
  gone := old;
  gone.erased_at := new.erased_at;
  if old.erased_at is not null or (new.erased_at is not null and new is distinct from gone) then
    raise exception 'who is erased stays that' using errcode = 'insufficient_privilege';
  end if;
  if new.merged_into is not null
    and exists (select from people.person p where p.id = new.merged_into and p.erased_at is not null)
    and new.erased_at is null
  then
    raise exception 'nobody is counted as one with somebody who is erased' using errcode = 'unique_violation';
  end if;
  return new;
end
$$;
create trigger person_erased before update on people.person
for each row execute function people.keep_person();

-- Then their links. A record cannot be given back to them.
create function people.keep_link() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  if tg_op = 'DELETE' then
    if not exists (select from people.person p where p.id = old.person_id and p.erased_at is not null) then
      raise exception 'a record leaves its person only to another' using errcode = 'insufficient_privilege';
    end if;
    return old;
  end if;
  if exists (select from people.person p where p.id = new.person_id and p.erased_at is not null) then
    raise exception 'a record goes to nobody who is erased' using errcode = 'unique_violation';
  end if;
  return new;
end
$$;
create trigger link_kept before update or delete on people.link
for each row execute function people.keep_link();

-- Then the records, which belong to nobody now: all that a row stated, at once. The bytes of the id keep rows of a source apart.
create function people.keep_record() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
  gone people.record;
begin
  gone := old;
  gone.row_number := null;
  gone.row_hash := uuid_send(old.id);
  gone.adverse := false;
  gone.names := '[]';
  gone.birth := null;
  gone.sex := null;
  gone.citizenship := null;
  gone.home_district := null;
  gone.erased_at := new.erased_at;
  if old.erased_at is not null
    or new.erased_at is null
    or new is distinct from gone
    or exists (select from people.link l where l.record_id = old.id)
  then
    raise exception 'what a source stated, and what was decided, is never changed or removed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
drop trigger record_immutable on people.record;
create trigger record_immutable before delete or truncate on people.record
for each statement execute function people.refuse_change();
create trigger record_forgotten before update on people.record
for each row execute function people.keep_record();

create function people.keep_document() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  if not exists (select from people.record r where r.id = old.record_id and r.erased_at is not null) then
    raise exception 'what a source stated, and what was decided, is never changed or removed' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
drop trigger document_immutable on people.document;
create trigger document_immutable before update or truncate on people.document
for each statement execute function people.refuse_change();
create trigger document_forgotten before delete on people.document
for each row execute function people.keep_document();

-- What officers call a source may name somebody: it goes when nothing is left of it.
create function people.keep_source() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
  gone people.source;
begin
  gone := old;
  gone.label := '–';
  gone.sha256 := null;
  gone.erased_at := new.erased_at;
  if old.erased_at is not null
    or new is distinct from gone
    or not exists (select from people.record r where r.source_id = old.id)
    or exists (select from people.record r where r.source_id = old.id and r.erased_at is null)
  then
    raise exception 'what a source stated, and what was decided, is never changed or removed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
drop trigger source_immutable on people.source;
create trigger source_immutable before delete or truncate on people.source
for each statement execute function people.refuse_change();
create trigger source_forgotten before update on people.source
for each row execute function people.keep_source();

-- Of what happened stays what, when, and who decided; how their names and dates were compared goes.
create function people.keep_event() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
declare
  gone people.event;
begin
  gone := old;
  gone.explanation := '[]';
  gone.probability := null;
  if new is distinct from gone
    or not exists (
      select from people.person p where p.id in (old.person_id, old.other_id) and p.erased_at is not null
      union all
      select from people.record r where r.id = old.record_id and r.erased_at is not null
    )
  then
    raise exception 'what a source stated, and what was decided, is never changed or removed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
drop trigger event_append_only on people.event;
create trigger event_append_only before delete or truncate on people.event
for each statement execute function people.refuse_change();
create trigger event_forgotten before update on people.event
for each row execute function people.keep_event();

-- A pair of which one is erased waits for nobody any more.
create function people.keep_settled() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  if exists (select from people.person p where p.id in (new.person_id, new.other_id) and p.erased_at is not null) then
    raise exception 'one of these is erased' using errcode = 'unique_violation';
  end if;
  return new;
end
$$;
create trigger review_settled_stays before update of settled_at on people.review
for each row when (new.settled_at is null and old.settled_at is not null)
execute function people.keep_settled();

-- Nobody sees who is erased: a page of them is a page of nobody.
alter policy person_seen on people.person
using (erased_at is null and ((select people.sees_all()) or people.sees_person(id)));

revoke execute on function people.keep_person(), people.keep_link(), people.keep_record(), people.keep_document(),
  people.keep_source(), people.keep_event(), people.keep_settled()
  from public;
