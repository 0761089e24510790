-- Whoever may send lists reads what became of the own ones: programs hold no other right here.
create policy batch_sent on expulsions.batch for select to hamsafar_app
using ((select access.can('expulsion.import')) and custodian = (select access.organisation()));
create policy measure_sent on expulsions.measure for select to hamsafar_app
using ((select access.can('expulsion.import')) and custodian = (select access.organisation()));
