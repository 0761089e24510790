-- Measures that the newest version of their list states no more. They stay as they are: what a list leaves out is not lifted. But whoever
-- brought it, and the Migration Service, are told.
create table expulsions.lacking (
  import_id uuid not null references imports.import (id),
  measure_id uuid not null references expulsions.measure (id),
  noted_at timestamptz not null,
  primary key (import_id, measure_id)
);
create index lacking_measure on expulsions.lacking (measure_id);
comment on table expulsions.lacking is 'import_id: the version of the list that lacks the row, or in which it could not be read';

alter table expulsions.lacking enable row level security;
create policy lacking_seen on expulsions.lacking for select to hamsafar_app
using (
  (select access.can('expulsion.read'))
  and (
    (select expulsions.oversees())
    or exists (
      select
      from expulsions.measure m
      where m.id = measure_id
        and m.custodian = (select access.organisation())
    )
  )
);
grant select on expulsions.lacking to hamsafar_app;
