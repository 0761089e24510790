-- A slip is looked at anew as soon as the lists changed, and otherwise now and then.
alter table entry_check.slip add column list_version integer, add column looked_at timestamptz;
comment on column entry_check.slip.list_version is 'the state of the lists it was last compared with; null: never yet';

-- What is known of a slip, with the newest answer about its holder, sealed: it may say more than the slip does by now.
drop function entry_check.slip_state(uuid, timestamptz);
create function entry_check.slip_state(wanted uuid, at timestamptz)
returns table (state text, inquiry_id uuid, answer_sealed bytea)
language sql
stable
security definer
set search_path = pg_catalog
begin atomic
  select
    case when s.revoked_at is not null then 'revoked' when s.until <= slip_state.at then 'ended' else 'valid' end,
    n.id,
    n.answer_sealed
  from entry_check.slip s
  join entry_check.inquiry i on i.id = s.inquiry_id
  join entry_check.holder h on h.id = i.holder_id
  left join lateral (
    select later.id, later.answer_sealed
    from entry_check.holder same
    join entry_check.inquiry later on later.holder_id = same.id
    where same.subject = h.subject
      and later.answer_sealed is not null
    order by later.answered_at desc, later.id desc
    limit 1
  ) n on true
  where s.id = wanted;
end;
revoke execute on function entry_check.slip_state from public;
grant execute on function entry_check.slip_state to hamsafar_app;
