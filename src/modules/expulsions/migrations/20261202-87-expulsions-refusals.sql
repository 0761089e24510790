-- A refusal at the border that comes again is one: by document, or by name and birth, and the day. Another point or ground corrects it.
create table expulsions.refusal_key (
  custodian uuid not null,
  key uuid not null,
  refusal_id uuid not null references expulsions.border_refusal (id) on delete cascade,
  of text not null
    constraint refusal_key_of_known check (of in ('document', 'name')),
  primary key (custodian, key, refusal_id)
);
create index refusal_key_of_refusal on expulsions.refusal_key (refusal_id);

alter table expulsions.border_refusal add content bytea;
comment on column expulsions.border_refusal.content is 'HMAC over the row as last received; null: it came before refusals were recognised';

-- What was stated of a refusal before it was corrected.
create table expulsions.refusal_before (
  id bigint generated always as identity primary key,
  refusal_id uuid not null references expulsions.border_refusal (id) on delete cascade,
  batch_id uuid references expulsions.batch (id),
  record_id uuid not null references people.record (id),
  refused_on date,
  border_point text,
  ground text,
  stated_at timestamptz not null
);
create index refusal_before_of_refusal on expulsions.refusal_before (refusal_id);

alter table expulsions.refusal_key enable row level security;
alter table expulsions.refusal_before enable row level security;
create policy refusal_before_seen on expulsions.refusal_before for select to hamsafar_app
using (exists (select from expulsions.border_refusal r where r.id = refusal_id));
grant select on expulsions.refusal_before to hamsafar_app;
