-- A row that is here already says which one it is, so that another row of its file that states the same otherwise is recognised.
create index row_unchanged on imports.row (import_id, subject_id)
  where subject_id is not null and (state = 'same' or outcome = 'same');
