-- Only rows that somebody looks for by their state: each of the others would be written twice more for nothing.
drop index imports.row_problem;
create index row_problem on imports.row (import_id, state, number) where state in ('repaired', 'error');
