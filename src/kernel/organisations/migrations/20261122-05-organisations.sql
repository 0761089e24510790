-- Platform administrators found, rename, close and reopen organisations in the workspace.

create policy organisation_founded on organisations.organisation for insert to hamsafar_app
with check ((select access.can('organisation.administer')));

create policy organisation_changed on organisations.organisation for update to hamsafar_app
using ((select access.can('organisation.administer')))
with check ((select access.can('organisation.administer')));

create policy organisation_name_given on organisations.organisation_name for insert to hamsafar_app
with check ((select access.can('organisation.administer')));

create policy organisation_name_changed on organisations.organisation_name for update to hamsafar_app
using ((select access.can('organisation.administer')))
with check ((select access.can('organisation.administer')));

create policy organisation_name_taken on organisations.organisation_name for delete to hamsafar_app
using ((select access.can('organisation.administer')));

grant insert (id, kind, country, created_at), update (closed_at) on organisations.organisation to hamsafar_app;
grant insert (organisation_id, lang, name), update (name), delete on organisations.organisation_name to hamsafar_app;
