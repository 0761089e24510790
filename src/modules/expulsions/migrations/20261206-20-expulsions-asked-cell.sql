-- What stands in the cell of the term that a question is about: for whoever is asked, who sent the row; and for who is given every row, and
-- puts the question to them. Nobody else was given more than what was read. It is copied nowhere: it goes with the row of its import. Once
-- it is answered, a question is about what was stated when it was asked.
create function expulsions.asked_cell(question uuid) returns text
language sql
stable
security definer
set search_path = pg_catalog
return (
  select case
      when jsonb_typeof(r.raw) = 'array' then r.raw ->> (i.mapping ->> 'ends')::integer
      else r.raw ->> 'ends'
    end
  from expulsions.question q
  cross join lateral (
    select s.batch_id, s.row_number
    from expulsions.statement s
    where s.measure_id = q.measure_id
      and s.row_number is not null
      and (q.answered_at is null or s.stated_at <= q.asked_at)
    order by s.version desc
    limit 1
  ) s
  join expulsions.batch b on b.id = s.batch_id
  join imports.import i on i.id = b.import_id
  join imports.row r on r.import_id = i.id and r.number = s.row_number
  where q.id = question
    and q.about = 'term'
    and access.can('expulsion.read')
    and (
      q.to_organisation = access.organisation()
      or (q.from_organisation = access.organisation() and access.organisation() = any (expulsions.watchers()))
    )
);

revoke execute on function expulsions.asked_cell(uuid) from public;
grant execute on function expulsions.asked_cell(uuid) to hamsafar_app;
