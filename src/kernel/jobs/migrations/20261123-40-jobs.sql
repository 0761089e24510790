-- A line of the list of jobs goes by its clock; what it worked for stays.
alter table imports.import drop constraint import_run_id_fkey,
  add constraint import_run_id_fkey foreign key (run_id) references jobs.run (id) on delete set null;
alter table exports.export drop constraint export_run_id_fkey,
  add constraint export_run_id_fkey foreign key (run_id) references jobs.run (id) on delete set null;
create index run_finished on jobs.run (finished_at);
