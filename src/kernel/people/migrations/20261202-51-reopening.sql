-- What the queue decided may be taken back from there or from the page of the person: either way the pair waits again.
create index review_of_event on people.review (event_id) where event_id is not null;

-- Takes back what was said of a pair last: the opinions before it stand. Row policies hold for whoever calls it.
create function people.reopen(review uuid, at timestamptz) returns void
language plpgsql
volatile
set search_path = pg_catalog
as $$
begin
  update people.decision d
  set undone_at = reopen.at
  where d.id = (
    select l.id
    from people.decision l
    where l.review_id = review
      and l.undone_at is null
    order by l.at desc, l.id desc
    limit 1
  );
  update people.review r
  set
    state = case
      when exists (
        select
        from people.decision d
        where d.review_id = r.id
          and d.decision = 'same'
          and d.undone_at is null
      ) then 'proposed'
      else 'open'
    end,
    settled_at = null,
    event_id = null
  where r.id = review;
end
$$;
revoke execute on function people.reopen(uuid, timestamptz) from public;
grant execute on function people.reopen(uuid, timestamptz) to hamsafar_app;

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
begin
  -- Whoever decides about a pair locks it first, too.
  select r.id into decided from people.review r where r.event_id = merge_id for update;
  perform pg_advisory_xact_lock(hashtext('people.identity'));
  select * into strict merged from people.event where id = merge_id and kind = 'merge';
  insert into people.event (id, at, kind, person_id, other_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unmerge', merged.person_id, merged.other_id, merge_id, actor, organisation, 'undo');
  update people.person set merged_into = null, root = id where id = merged.person_id;
  perform people.plant_as(merged.person_id, merged.person_id);
  perform people.reopen(decided, at);
end
$$;

create or replace function people.unapart_as(
  event_id uuid, apart_id uuid, at timestamptz, actor uuid, organisation uuid
) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
declare
  parted people.event;
  decided uuid;
begin
  select r.id into decided from people.review r where r.event_id = apart_id for update;
  select * into strict parted from people.event where id = apart_id and kind = 'apart';
  insert into people.event (id, at, kind, person_id, other_id, undoes, actor_id, organisation_id, reason)
  values (event_id, at, 'unapart', parted.person_id, parted.other_id, apart_id, actor, organisation, 'undo');
  delete from people.apart a where a.event_id = apart_id;
  perform people.reopen(decided, at);
end
$$;

-- Those that were taken back from a page and stayed settled.
select people.reopen(r.id, u.at)
from people.review r
join people.event u on u.undoes = r.event_id
where r.settled_at is not null;
