-- Where the same two records wait to be compared again by now, they wait once: a merge of them could not be taken back until that was decided.
create or replace function people.reopen(review uuid, at timestamptz) returns void
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
      when s.elsewhere then 'void'
      when exists (
        select
        from people.decision d
        where d.review_id = r.id
          and d.decision = 'same'
          and d.undone_at is null
      ) then 'proposed'
      else 'open'
    end,
    settled_at = case when s.elsewhere then r.settled_at end,
    event_id = null
  from (
    select exists (
      select
      from people.review v
      join people.review w
        on least(w.record_id, w.other_record_id) = least(v.record_id, v.other_record_id)
        and greatest(w.record_id, w.other_record_id) = greatest(v.record_id, v.other_record_id)
      where v.id = review
        and v.settled_at is not null
        and w.id <> v.id
        and w.settled_at is null
    ) as elsewhere
  ) s
  where r.id = review;
end
$$;
