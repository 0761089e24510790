-- What shows with which secret key this database's secrets are encrypted, and nothing about the key.
alter table system.instance
  add column key_check bytea constraint instance_key_check check (length(key_check) = 32),
  -- Of the key before, while what it encrypted is given over to the present one.
  add column key_check_before bytea constraint instance_key_check_before check (length(key_check_before) = 32),
  -- Since when the present key is in use.
  add column key_since timestamptz;
