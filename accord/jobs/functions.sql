-- What the worker notes and what the operator's day page reads. The jobs themselves are functions in their own rooms.

create or replace function accord.job_done(which text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into jobs_run (name, done_at) values (which, accord.now())
    on conflict (name) do update set done_at = excluded.done_at
$$;

create or replace function accord.job_failed(which text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into jobs_run (name, failed_at) values (which, accord.now())
    on conflict (name) do update set failed_at = excluded.failed_at
$$;

-- A worker that starts again and again, and finishes nothing, does not move the time of its first start.
create or replace function accord.jobs_started(which text[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into jobs_run as r (name, started_at) select job, accord.now() from unnest(which) job
    on conflict (name) do update set started_at = excluded.started_at
    where r.started_at is null or r.done_at >= r.started_at
$$;

create or replace function accord.jobs_seen()
returns table (name text, done_at timestamptz, failed_at timestamptz, started_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select r.name, r.done_at, r.failed_at, r.started_at from jobs_run r where accord.actor_is('operator')
$$;

-- Puts a job in the queue, for a named function that can't wait until the next minute. Each job has at most one waiting
-- queue entry.
create or replace function accord.job_ask(which text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform procrastinate_defer_jobs_v1(
    array[row('default', which, 0, null, which, '{}', null)::procrastinate_job_to_defer_v1]);
exception when unique_violation then
  null;
end $$;
