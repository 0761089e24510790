-- The index of a number may be made anew when its spelling is read by other rules: after the record itself is found by it. What was
-- stated stays as it is.
create function people.keep_statement() returns trigger
language plpgsql
set search_path = pg_catalog
as $$
declare
  same people.document;
begin
  same := old;
  same.number_index := new.number_index;
  if new is distinct from same or new.number_index = old.number_index or not exists (
    select
    from people.finding f
    where f.record_id = old.record_id
      and encode(new.number_index, 'hex') = any (f.documents)
  ) then
    raise exception 'what a source stated, and what was decided, is never changed or removed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
drop trigger document_immutable on people.document;
create trigger document_immutable before truncate on people.document
for each statement execute function people.refuse_change();
create trigger document_stated before update on people.document
for each row execute function people.keep_statement();
