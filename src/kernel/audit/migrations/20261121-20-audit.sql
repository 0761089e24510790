create schema audit;

-- No personal values: numbers of up to eight digits, yes and no, and strings that are codes, ids or dates.
-- Names, sentences, e-mail addresses and telephone numbers do not pass.
create function audit.is_impersonal(details jsonb) returns boolean
language sql
immutable
set search_path = pg_catalog
return jsonb_typeof(details) = 'object' and not exists (
  select
  from jsonb_each(details) d (key, value)
  where d.key !~ '^[a-z][a-z0-9_]{0,40}$'
    or d.key ~ '(^|_)(name|email|mail|phone|address|birth|passport|document|password|token|secret|pin)(_|$)'
    or case jsonb_typeof(d.value)
      when 'null' then false
      when 'boolean' then false
      when 'number' then abs((d.value #>> '{}')::numeric) >= 100000000
      when 'string' then d.value #>> '{}' !~ '^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$'
        or (d.value #>> '{}' ~ '^[0-9.:/-]{7,}$' and d.value #>> '{}' !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
      else true
    end
);

-- One line per act, written in the transaction of the act itself, so that neither exists without the other.
create table audit.entry (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null
    constraint entry_actor_kind_known check (actor_kind in ('visitor', 'staff', 'system')),
  actor_id uuid,
  task text,
  organisation_id uuid,
  action text not null
    constraint entry_action_form check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  subject_type text
    constraint entry_subject_type_form check (subject_type ~ '^[a-z_]+$'),
  subject_id text
    constraint entry_subject_id_form check (subject_id ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$'),
  details jsonb not null default '{}'
    constraint entry_details_impersonal check (audit.is_impersonal(details)),
  constraint entry_actor_given check ((actor_kind = 'staff') = (actor_id is not null)),
  constraint entry_task_given check ((actor_kind = 'system') = (task is not null)),
  constraint entry_subject_whole check ((subject_type is null) = (subject_id is null))
);
create index entry_of_organisation on audit.entry (organisation_id, id desc);
create index entry_of_actor on audit.entry (actor_id, id desc) where actor_id is not null;
create index entry_of_action on audit.entry (action, id desc);
create index entry_at on audit.entry (at);
create index entry_of_subject on audit.entry (subject_type, subject_id, id desc) where subject_type is not null;

-- The chain: each line's hash covers the hash before it. Written by the sealing job only.
create table audit.seal (
  line bigint primary key
    constraint seal_line_positive check (line > 0),
  entry_id bigint not null unique,
  hash bytea not null
    constraint seal_hash_sha256 check (length(hash) = 32),
  sealed_at timestamptz not null default clock_timestamp()
);

-- Lines that wait for their seal, with the transaction that wrote them: a line is sealed only when no
-- transaction is running that might still add an older one.
create table audit.pending (
  entry_id bigint primary key,
  transaction_id xid8 not null default pg_current_xact_id()
);

create function audit.await_seal() returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
  insert into audit.pending (entry_id) values (new.id);
  return null;
end
$$;
create trigger entry_awaits_seal after insert on audit.entry
for each row execute function audit.await_seal();

-- A guard against slips, also of the owner. Intent can switch it off: that is what the chain is for.
create function audit.refuse_change() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
begin
  raise exception 'audit lines are never changed or removed';
end
$$;
create trigger entry_append_only before update or delete or truncate on audit.entry
for each statement execute function audit.refuse_change();
create trigger seal_append_only before update or delete or truncate on audit.seal
for each statement execute function audit.refuse_change();

-- How far the chain reaches and what is not sealed yet, over all organisations; for readers of the audit.
create function audit.state(
  out sealed_line bigint, out sealed_at timestamptz, out tail bigint, out oldest timestamptz
) returns record
language plpgsql
stable
security definer
set search_path = pg_catalog
as $$
begin
  if not access.can('audit.read') then
    return;
  end if;
  select s.line, s.sealed_at into sealed_line, sealed_at from audit.seal s order by s.line desc limit 1;
  sealed_line := coalesce(sealed_line, 0);
  select count(*), min(e.at) into tail, oldest
  from audit.pending p
  left join audit.entry e on e.id = p.entry_id;
end
$$;

alter table audit.entry enable row level security;
alter table audit.seal enable row level security;
alter table audit.pending enable row level security;

-- The app writes lines in nobody's name but the actor's, and cannot set their time.
create policy entry_written on audit.entry for insert to hamsafar_app
with check (
  actor_id is not distinct from access.actor()
  and organisation_id is not distinct from access.organisation()
);

-- An auditor reads the lines of the own organisation, and those without any: visitors and the system.
-- A line about a protected case therefore always carries its organisation.
create policy entry_read on audit.entry for select to hamsafar_app
using (
  (select access.can('audit.read'))
  and (organisation_id = (select access.organisation()) or organisation_id is null)
);

create policy seal_read on audit.seal for select to hamsafar_app
using ((select access.can('audit.read')));

grant usage on schema audit to hamsafar_app;
grant select on audit.entry, audit.seal to hamsafar_app;
grant insert (actor_kind, actor_id, task, organisation_id, action, subject_type, subject_id, details)
  on audit.entry to hamsafar_app;

revoke execute on all functions in schema audit from public;
grant execute on all functions in schema audit to hamsafar_app;
