-- The operator forwards a legal request. Each agency gets one encrypted copy, and its privacy officers get a notice
-- without content. No function returns a copy to the hub.
create or replace function accord.legal_request_forward(
  new_id uuid, of_process text, came date, agencies uuid[], versions integer[], seals bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is('operator') or not accord.actor_agency_is('hub') or cardinality(agencies) = 0 then return false; end if;
  insert into legal_requests_servedrequest (owner, id, process, came_on, sent_at, key_version, sealed)
    select a.owner, new_id, of_process, came, accord.now(), copy.version, copy.seal
    from unnest(agencies, versions, seals) as copy(agency, version, seal)
    join agencies_agency a on a.owner = copy.agency and a.kind <> 'hub';
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select m.owner, gen_random_uuid(), m.id, accord.actor_agency(), 'legal-request-came', accord.now()
    from membership_membership m
    where m.owner = any(agencies) and m.ended_at is null and 'officer' = any(m.roles)
      and m.owner <> accord.actor_agency();
  return true;
end $$;

create or replace function accord.legal_requests_forwarded()
returns table (id uuid, process text, came_on date, sent_at timestamptz, agency uuid, opened boolean, taken_on boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.id, p.process, p.came_on, p.sent_at, p.owner, p.opened_at is not null, p.taken_at is not null
  from legal_requests_servedrequest p where accord.actor_is('operator') and accord.actor_agency_is('hub')
$$;

create or replace function accord.legal_request_opened(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update legal_requests_servedrequest set opened_at = accord.now()
    where owner = accord.actor_agency() and id = which and opened_at is null and accord.actor_is('officer')
$$;

-- A background job deletes each request a year after a privacy officer took it on. Requests no one took on are kept.
create or replace function accord.legal_requests_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from legal_requests_servedrequest p where p.taken_at < accord.now() - interval '365 days'
$$;

create or replace function accord.legal_request_take_on(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update legal_requests_servedrequest set taken_at = accord.now(), taken_by = accord.actor_membership()
    where owner = accord.actor_agency() and id = which and taken_at is null and accord.actor_is('officer');
  return found;
end $$;

-- May the actor ask this agency's privacy officers to handle the request? The operator may, while no one does.
create or replace function accord.legal_request_waits(of_agency uuid, which uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.actor_is('operator') and accord.actor_agency_is('hub') and exists (select 1 from legal_requests_servedrequest p
    where p.owner = of_agency and p.id = which and p.taken_at is null)
$$;
