-- The second way to prove who one is: a code to the telephone that the registry knows and that is said to be only theirs.
alter table entry_check.holder
  alter column organisation_id drop not null,
  alter column created_by drop not null,
  add constraint holder_desk_whole check ((organisation_id is null) = (created_by is null));
comment on column entry_check.holder.created_by is 'who sat at the desk; null: proved by telephone';

-- A code on its way. Whoever asks gets a ticket, whether there is a code or not.
create table entry_check.code (
  id uuid primary key,
  facts_sealed bytea not null,
  code_sealed bytea not null,
  until timestamptz not null,
  used_at timestamptz
);
create index code_until on entry_check.code (until);
comment on column entry_check.code.code_sealed is 'the argon2id hash, sealed, as of a PIN';

create function entry_check.find_code(wanted uuid, at timestamptz)
returns table (facts_sealed bytea, code_sealed bytea)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select c.facts_sealed, c.code_sealed
  from entry_check.code c
  where c.id = wanted
    and c.used_at is null
    and c.until > at;
end;

-- Uses a code up, once: its owner becomes a holder with a PIN, and all earlier PINs of the same person end.
create function entry_check.use_code(
  wanted uuid, new_id uuid, new_reference text, of_subject bytea, facts bytea, pin bytea, at timestamptz, until timestamptz
) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  update entry_check.code c set used_at = at where c.id = wanted and c.used_at is null and c.until > at;
  if not found then
    return false;
  end if;
  update entry_check.holder h set pin_sealed = null where h.subject = of_subject;
  insert into entry_check.holder (id, reference, subject, facts_sealed, pin_sealed, created_at, ends_at)
  values (new_id, new_reference, of_subject, facts, pin, at, use_code.until);
  return true;
end
$$;

alter table entry_check.code enable row level security;
revoke execute on function entry_check.find_code, entry_check.use_code from public;
grant execute on function entry_check.find_code, entry_check.use_code to hamsafar_app;
