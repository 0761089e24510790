-- Whose sessions an administrator sees is asked only where it can matter: not of everybody else, and not of one's own.

alter policy session_administered on access.session
using (
  (select access.can('user.administer'))
  and user_id <> (select access.actor())
  and access.administers(user_id)
);

alter policy session_ended_for_others on access.session
using (
  ended_at is null
  and (select access.can('user.administer'))
  and user_id <> (select access.actor())
  and access.administers(user_id)
);
