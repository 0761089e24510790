-- A1234567 of one country is not A1234567 of another. Beside each document of the projection its country, null where nobody stated it.
alter table people.finding add column document_countries text[];
comment on column people.finding.document_countries is 'of each document its country; null where no country is known';

update people.finding f
set document_countries = known.countries
from (
  select n.record_id, array_agg(d.country order by n.position) as countries
  from (
    select g.record_id, u.number_index, u.position
    from people.finding g
    cross join unnest(g.documents) with ordinality u (number_index, position)
  ) n
  left join lateral (
    select o.country
    from people.document o
    where o.record_id = n.record_id
      and encode(o.number_index, 'hex') = n.number_index
    order by o.country nulls last
    limit 1
  ) d on true
  group by n.record_id
  having count(d.country) > 0
) known
where f.record_id = known.record_id;
