-- The photograph of a contract is the person's: no organisation has it, and nobody else opens it.
create policy contract_received on files.file for insert to hamsafar_app
with check (
  organisation_id is null
  and created_by is null
  and permission = 'application.contract'
  and encrypted
  and (select my_case.holder()) is not null
);
create policy contract_seen on files.file for select to hamsafar_app
using (id in (select c.file_id from applications.contract c));
create policy contract_kept on files.file for update to hamsafar_app
using (id in (select c.file_id from applications.contract c));
create policy contract_forgotten on files.file for delete to hamsafar_app
using (id in (select c.file_id from applications.contract c));
create index contract_of_file on applications.contract (file_id) where file_id is not null;
