-- Attempts are counted in one place for whatever opens with a PIN: my_case.attempt.
drop function entry_check.take(bytea[], integer[], timestamptz, timestamptz);
drop function entry_check.forgive(bytea);
drop table entry_check.attempt;
