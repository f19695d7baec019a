create or replace function accord.actor_agency_is(of_kind text) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from agencies_agency a where a.owner = accord.actor_agency() and a.kind = of_kind)
$$;

-- Returns an agency's local date at a moment. The database session always runs in UTC, so it can't give that date.
create or replace function accord.local_day(of_agency uuid, moment timestamptz) returns date
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select (moment at time zone a.zone)::date from agencies_agency a where a.owner = of_agency
$$;

-- A privacy officer corrects the agency's time zone.
create or replace function accord.agency_zone(new_zone text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agencies_agency set zone = new_zone where owner = accord.actor_agency() and accord.actor_is_afresh('officer')
    and exists (select 1 from pg_timezone_names z where z.name = new_zone);
  return found;
end $$;
