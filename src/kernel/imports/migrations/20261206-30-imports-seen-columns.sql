alter table imports.import
  -- A person said which column means what, or said it of an earlier file with the same headings. What was only guessed is not remembered.
  add column columns_seen boolean not null default false,
  -- Sound rows with the note of which its kind says that a person should see how many there are.
  add column doubtful integer not null default 0,
  -- Sheets of a workbook that nobody sees, and that are not read.
  add column hidden_sheets jsonb not null default '[]';
grant update (columns_seen) on imports.import to hamsafar_app;
