-- How many of the sound rows would change a record that is here, and which.
alter table imports.import add column changed integer not null default 0;
alter table imports.row add column changes boolean not null default false;
create index row_change on imports.row (import_id, number) where changes;

-- The list goes on by time and id: two files may come at the same moment.
drop index imports.import_organisation;
create index import_organisation on imports.import (organisation_id, created_at desc, id desc);
