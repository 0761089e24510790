-- Letters about batches: to whom receipts that count rows go, and what whoever decided may write about.
-- Which office watches over the exchange: to it, and to it alone, go receipts that count rows.
create function expulsions.watcher() returns uuid
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select b.organisation_id
  from expulsions.body b
  where b.kind = 'migration'
    and access.can('expulsion.read')
  order by b.organisation_id
  limit 1;
end;

-- Whoever decided about a measure, or answered, sees what it stated then, and about whom.
create policy statement_decided on expulsions.statement for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and exists (
    select
    from expulsions.batch b
    where b.id = batch_id
      and b.kind = 'decision'
      and b.custodian = (select access.organisation())
  )
);
create or replace function expulsions.identities(of_batch uuid, measures uuid[])
returns table (measure_id uuid, names jsonb, birth integer, sex text, citizenship text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select s.measure_id, r.names, r.birth, r.sex, r.citizenship
  from unnest(measures) m (id)
  join expulsions.statement s on s.batch_id = of_batch and s.measure_id = m.id
  join expulsions.batch b on b.id = s.batch_id
  join people.record r on r.id = s.record_id
  where access.can('expulsion.read')
    and (
      s.custodian = access.organisation()
      or (b.kind = 'decision' and b.custodian = access.organisation())
      or exists (
        select
        from expulsions.delivery_row d
        where d.to_organisation = access.organisation()
          and d.measure_id = s.measure_id
          and d.version = s.version
      )
    );
end;

revoke execute on function expulsions.watcher() from public;
grant execute on function expulsions.watcher() to hamsafar_app;
