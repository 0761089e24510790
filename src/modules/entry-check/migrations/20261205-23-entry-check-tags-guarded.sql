-- Carriers get nothing about protected people, and the outputs go as soon as somebody is protected, without a new list.
alter table entry_check.tags_made add column guarded text;
comment on column entry_check.tags_made.guarded is 'which people were protected then, as a digest: another one means making the outputs anew';
