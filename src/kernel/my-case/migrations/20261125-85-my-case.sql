-- People without an account who come back with reference and PIN. What a reference opens, modules keep under the holder's id.
create schema my_case;
grant usage on schema my_case to hamsafar_app;

create table my_case.holder (
  id uuid primary key,
  reference text not null unique
    constraint holder_reference_form check (reference ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  -- The argon2id hash, sealed: six digits alone would be tried out.
  pin_sealed bytea,
  -- HMAC of the form that made it: sent twice, it makes one.
  form_key bytea not null unique
    constraint holder_form_key_sha256 check (length(form_key) = 32),
  created_at timestamptz not null,
  -- When the PIN opens no more.
  ends_at timestamptz not null
);
create index holder_ends on my_case.holder (ends_at) where pin_sealed is not null;
alter table my_case.holder enable row level security;

-- How often somebody tried, under keyed pseudonyms.
create table my_case.attempt (
  key bytea not null,
  at timestamptz not null
);
create index attempt_counted on my_case.attempt (key, at);
create index attempt_at on my_case.attempt (at);
alter table my_case.attempt enable row level security;

-- Who has proven reference and PIN in this transaction: row policies of modules ask it, as they ask access.actor().
create function my_case.holder() returns uuid
language sql
stable
set search_path = pg_catalog
return nullif(current_setting('app.holder', true), '')::uuid;

-- Makes a holder, or answers the one that the same form made before.
create function my_case.add_holder(
  new_id uuid, new_reference text, new_pin bytea, form bytea, at timestamptz, until timestamptz
) returns table (id uuid, reference text, created_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  insert into my_case.holder (id, reference, pin_sealed, form_key, created_at, ends_at)
  values (new_id, new_reference, new_pin, form, at, until)
  on conflict (form_key) do nothing;
  return query
    select h.id, h.reference, h.created_at
    from my_case.holder h
    where h.form_key = form;
end
$$;

create function my_case.find_holder(wanted text, at timestamptz)
returns table (id uuid, reference text, pin_sealed bytea)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select h.id, h.reference, h.pin_sealed
  from my_case.holder h
  where h.reference = wanted
    and h.pin_sealed is not null
    and h.ends_at > at;
end;

-- The same by its id, for whoever has opened it before: what has ended opens no more.
create function my_case.reopen_holder(wanted uuid, at timestamptz)
returns table (id uuid, reference text)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select h.id, h.reference
  from my_case.holder h
  where h.id = wanted
    and h.pin_sealed is not null
    and h.ends_at > at;
end;

-- Counts one attempt under each key; false, and nothing counted, when one of them had its most already.
create function my_case.take(keys bytea[], most integer[], since timestamptz, at timestamptz) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('my_case ' || encode(k, 'hex'), 0))
  from (select k from unnest(keys) k order by k) sorted;
  if exists (
    select
    from unnest(keys, most) w (key, most)
    where (select count(*) from my_case.attempt a where a.key = w.key and a.at > since) >= w.most
  ) then
    return false;
  end if;
  insert into my_case.attempt (key, at) select k, take.at from unnest(keys) k;
  return true;
end
$$;

-- The right PIN was given: its tries are forgotten.
create function my_case.forgive(wanted bytea) returns void
language sql
volatile
security definer
set search_path = pg_catalog
begin atomic
  delete from my_case.attempt where key = wanted;
end;

revoke execute on all functions in schema my_case from public;
grant execute on all functions in schema my_case to hamsafar_app;
