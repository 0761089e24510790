-- Whoever sets which programs act for the organisation gives them what the person holds too; an administrator, any right.
drop policy api_client_added on access.api_client;
create policy api_client_added on access.api_client for insert to hamsafar_app
with check (
  (select access.can('client.administer') and access.proven())
  and organisation_id = (select access.organisation())
  and created_by = (select access.actor())
  and (
    (select access.can('user.administer'))
    or permissions <@ array(select access.permissions_of(access.actor(), access.organisation()))
  )
);
