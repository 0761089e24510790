-- Whoever may reach a person opens the telephone that a door gave them; without the installation's secret the key opens nothing.
create policy key_reaching on people.key for select to hamsafar_app
using ((select access.can('person.reach')));
