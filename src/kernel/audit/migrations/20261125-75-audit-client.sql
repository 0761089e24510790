-- Programs of organisations act too; `actor_id` names them as it names members of staff.
alter table audit.entry drop constraint entry_actor_kind_known,
  add constraint entry_actor_kind_known check (actor_kind in ('visitor', 'staff', 'client', 'system')),
  drop constraint entry_actor_given,
  add constraint entry_actor_given check ((actor_kind in ('staff', 'client')) = (actor_id is not null));
