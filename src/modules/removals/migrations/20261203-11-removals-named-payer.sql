-- Where no rule with a source is known, an officer may name the payer, with the rule that she relies on, in her own words.
create table removals.named_payer (
  id uuid primary key,
  removal_id uuid not null references removals.removal (id),
  payer text not null
    constraint named_payer_given check (payer = btrim(payer) and payer <> ''),
  rule text not null
    constraint named_payer_rule_given check (rule = btrim(rule) and rule <> ''),
  organisation_id uuid not null references organisations.organisation (id),
  named_by uuid not null,
  named_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  constraint named_payer_ended_whole check ((ended_at is null) = (ended_by is null))
);
create unique index named_payer_once on removals.named_payer (removal_id) where ended_at is null;
comment on column removals.named_payer.rule is 'what the officer relies on, as she wrote it: no rule of data/law';

alter table removals.named_payer enable row level security;
create policy named_payer_seen on removals.named_payer for select to hamsafar_app
using (exists (select from removals.removal r where r.id = removal_id));
create policy named_payer_named on removals.named_payer for insert to hamsafar_app
with check (
  (select access.can('removal.oversee'))
  and organisation_id = (select access.organisation())
  and named_by = (select access.actor())
  and exists (select from removals.removal r where r.id = removal_id)
);
create policy named_payer_ended on removals.named_payer for update to hamsafar_app
using ((select access.can('removal.oversee')) and organisation_id = (select access.organisation()));
grant select, insert, update (ended_at, ended_by) on removals.named_payer to hamsafar_app;

alter table removals.claim
  drop constraint claim_payer_known,
  alter column rule_key drop not null,
  add column payer_named text,
  add column rule_text text,
  add column rule_by uuid references organisations.organisation (id),
  add constraint claim_payer_known check (payer in ('federal_budget', 'inviting_party', 'carrier', 'named')),
  add constraint claim_named_whole check (
    (payer = 'named') = (payer_named is not null)
    and (payer = 'named') = (rule_text is not null)
    and (payer = 'named') = (rule_by is not null)
    and (payer = 'named') = (rule_key is null)
  );
comment on column removals.claim.rule_text is 'of a payer whom an officer named: the rule as she wrote it when the claim was drafted; rule_by: her office';

alter table removals.event
  drop constraint event_kind_known,
  add constraint event_kind_known check (kind in (
    'entered', 'imported', 'corrected', 'withdrawn', 'restored', 'cost_added', 'cost_withdrawn', 'cost_restored', 'joined', 'parted',
    'payer_named', 'payer_ended'));
