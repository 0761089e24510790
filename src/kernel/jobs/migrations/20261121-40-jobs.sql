create schema jobs;
grant usage on schema jobs to hamsafar_app;

-- One line per job that somebody started: what people see of it. graphile_worker holds the queue itself.
create table jobs.run (
  id uuid primary key,
  task text not null,
  job_key text,
  started_by uuid,
  organisation_id uuid,
  state text not null default 'queued'
    constraint run_state check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  done integer not null default 0 constraint run_done check (done >= 0),
  total integer constraint run_total check (total >= 0),
  message_key text,
  message_values jsonb not null default '{}',
  failures integer not null default 0,
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index run_organisation on jobs.run (organisation_id, created_at desc);
create unique index run_waiting on jobs.run (task, job_key) where state = 'queued';

alter table jobs.run enable row level security;
create policy run_seen on jobs.run for select to hamsafar_app
using (organisation_id = (select access.organisation()));
create policy run_cancelled on jobs.run for update to hamsafar_app
using (organisation_id = (select access.organisation()));
grant select on jobs.run to hamsafar_app;
grant update (state, finished_at) on jobs.run to hamsafar_app;

-- Starts a job with the transaction that calls it. The app's role cannot reach the queue in another way.
-- A job with the same key that still waits is not doubled: it takes the new payload.
create function jobs.enqueue(new_id uuid, task text, payload jsonb, job_key text) returns uuid
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  run_id uuid;
begin
  insert into jobs.run as run (id, task, job_key, started_by, organisation_id)
  values (new_id, enqueue.task, enqueue.job_key, access.actor(), access.organisation())
  on conflict (task, job_key) where state = 'queued' do update set job_key = excluded.job_key
  returning run.id into run_id;
  perform graphile_worker.add_job(
    enqueue.task,
    json_build_object('run_id', run_id, 'payload', enqueue.payload),
    job_key => enqueue.task || ':' || enqueue.job_key
  );
  return run_id;
end $$;
revoke all on function jobs.enqueue from public;
grant execute on function jobs.enqueue to hamsafar_app;
