-- A copy of the contract that an employer gives out, at one advert. The posting holds what its employer attached; the job
-- carries it over to the advert, and who sees the advert opens it: nobody while the advert is held or after it was closed.
alter table vacancies.posting add column contract_copy uuid;
alter table vacancies.vacancy add column contract_copy uuid;
create index vacancy_of_contract_copy on vacancies.vacancy (contract_copy) where contract_copy is not null;

-- The inner question goes through the policies of the advert.
create policy contract_copy_seen on files.file for select to hamsafar_app
using (
  permission = 'vacancy.post'
  and exists (select from vacancies.vacancy v where v.contract_copy = file.id)
);
