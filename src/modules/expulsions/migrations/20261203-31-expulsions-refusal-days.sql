-- A refusal at the border whose day a later version of its list corrects stays one: the day is no part of its keys any more. Those that
-- are here are keyed anew by a job (rekeying.ts), which has the registry's key.
alter table expulsions.border_refusal add keys_version integer not null default 1;
alter table expulsions.border_refusal alter column keys_version set default 2;
create index border_refusal_outdated on expulsions.border_refusal (keys_version) where keys_version < 2;
comment on column expulsions.refusal_before.refused_on is 'a corrected list may state another day';
