-- Letters on paper and as PDF: which were issued, so that whoever holds one can ask whether it is right.
create schema letters;
grant usage on schema letters to hamsafar_app;

create table letters.letter (
  id uuid primary key,
  reference text not null unique
    constraint letter_reference_form check (reference ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  code text not null,
  kind text not null,
  keeper uuid not null references organisations.organisation (id),
  issuer uuid not null references organisations.organisation (id),
  recipient uuid references organisations.organisation (id),
  lang text not null
    constraint letter_lang_known check (lang in ('tg', 'ru')),
  permission text not null,
  subject_type text not null,
  subject_id text not null,
  rows integer
    constraint letter_rows_counted check (rows >= 0),
  content bytea not null,
  file_id uuid references files.file (id) on delete set null,
  issued_at timestamptz not null,
  issued_by uuid not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  constraint letter_withdrawn_whole check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index letter_once on letters.letter (keeper, kind, subject_id, recipient, lang, content) nulls not distinct
where withdrawn_at is null;
create index letter_about on letters.letter (subject_type, subject_id, issued_at);
create index letter_of_file on letters.letter (file_id);
comment on column letters.letter.code is 'keyed digest over the letter, printed beside its number: whoever has both holds the letter';
comment on column letters.letter.keeper is 'whose staff may open it; the issuer, or whoever it was made for';
comment on column letters.letter.content is 'HMAC over what it says: asking for the same letter again makes no second one';
comment on column letters.letter.rows is 'null: the letter states no number of rows';

-- What whoever holds a letter may learn: who issued it, when, how many rows, and whether it still holds. Never about whom.
create function letters.verify(wanted text, shown text)
returns table (issuer uuid, lang text, rows integer, issued_at timestamptz, withdrawn_at timestamptz)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select l.issuer, l.lang, l.rows, l.issued_at, l.withdrawn_at
  from letters.letter l
  where l.reference = wanted
    and l.code = shown;
end;

alter table letters.letter enable row level security;
create policy letter_seen on letters.letter for select to hamsafar_app
using (keeper = (select access.organisation()) and access.can(permission));
create policy letter_issued on letters.letter for insert to hamsafar_app
with check (
  keeper = (select access.organisation())
  and issued_by = (select access.actor())
  and access.can(permission)
);
create policy letter_withdrawn on letters.letter for update to hamsafar_app
using (keeper = (select access.organisation()) and access.can(permission));
grant select, insert on letters.letter to hamsafar_app;
grant update (withdrawn_at, withdrawn_by) on letters.letter to hamsafar_app;

revoke execute on all functions in schema letters from public;
grant execute on function letters.verify(text, text) to hamsafar_app;
