-- A privacy officer connects another system. Its membership has machine roles only, and no person signs in with it.
create or replace function accord.machine_connect(
  new_id uuid, system_name text, system_roles text[], public_key bytea, hash bytea, may_write text[], may_read text[],
  works_for text, until timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') or until <= accord.now()
    or accord.local_day(accord.actor_agency(), until) > accord.local_day(accord.actor_agency(), accord.now()) + 366
    or not system_roles <@ array['machine_writer', 'machine_reader', 'machine_releases'] then return false; end if;
  insert into membership_membership (owner, id, account, name, roles, public, sealed, since, trained_until)
    values (accord.actor_agency(), new_id, null, system_name, system_roles, public_key, '', accord.now(),
            accord.local_day(accord.actor_agency(), until));
  insert into systems_system (owner, id, ticket_hash, made_by, made_at, expires_at, writes, reads, purpose)
    values (accord.actor_agency(), new_id, hash, accord.actor_membership(), accord.now(), until, may_write, may_read, works_for);
  return true;
end $$;

-- Returns the connected system that holds this ticket, if it may still act. Records its last use at most once a minute.
create or replace function accord.machine_load() returns table (membership uuid, agency uuid)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update systems_system c set used_at = accord.now()
    where c.owner = accord.actor_agency() and c.id = accord.actor_membership()
      and (c.used_at is null or c.used_at < accord.now() - interval '1 minute');
  return query select c.id, c.owner from systems_system c
    where c.owner = accord.actor_agency() and c.id = accord.actor_membership();
end $$;
