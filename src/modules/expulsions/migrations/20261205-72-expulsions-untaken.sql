-- Lists that came and of which nothing was taken in: whoever watches over the exchange would learn of none of them, for they make no batch.
create table expulsions.untaken (
  import_id uuid primary key references imports.import (id),
  noted_at timestamptz not null
);
comment on table expulsions.untaken is 'each is told of once';
alter table expulsions.untaken enable row level security;
