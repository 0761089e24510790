-- How many rows of a list were not taken in: known to whoever imported it, until now to nobody who was given the others. A count alone,
-- which tells nothing about rows that are held. How long the list was, and what of it was here already, is for its custodian and for who
-- is given every row: beside its own rows it would tell another recipient that one is held.
create function expulsions.left_out(batches uuid[])
returns table (batch_id uuid, left_out integer, listed integer, same integer, import_id uuid)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select b.id,
    -- What was never come to, because somebody ended the import, is not in either.
    case when i.finished_at is null then i.errors else i.rows - i.created - i.updated - i.same end,
    case when w.whole then i.rows end,
    case when w.whole then i.same end,
    case when b.custodian = access.organisation() then i.id end
  from expulsions.batch b
  join imports.import i on i.id = b.import_id
  cross join lateral (
    select b.custodian = access.organisation()
      or expulsions.oversees()
      or access.organisation() = any (expulsions.watchers()) as whole
  ) w
  where b.id = any (batches)
    and access.can('expulsion.read')
    and (
      w.whole
      or exists (
        select
        from expulsions.delivery d
        where d.batch_id = b.id
          and d.to_organisation = access.organisation()
      )
    );
end;

revoke execute on function expulsions.left_out(uuid[]) from public;
grant execute on function expulsions.left_out(uuid[]) to hamsafar_app;
