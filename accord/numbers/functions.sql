-- A table goes out by this function only. Whatever runs as `web`: it takes a sum that waits, a second reviewer of a
-- statistics unit, and another account than the one that made the sum. Returns false when no such sum waits.
create or replace function accord.totals_publish(
  which_sum uuid, agency_count integer, expected_count integer, cell_text text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare waiting numbers_sum;
begin
  if not accord.actor_is('reviewer') or not accord.actor_agency_is('statistics') then
    raise insufficient_privilege using message = 'only a second reviewer publishes';
  end if;
  update numbers_sum s set state = 'published', decided_at = accord.now(), decided_by = accord.actor_membership()
    where s.owner = accord.actor_agency() and s.id = which_sum and s.state = 'waiting' returning * into waiting;
  if not found then return false; end if;
  if exists (select 1 from numbers_sum s join agencies_membership m on m.owner = s.owner and m.id = s."by"
             where s.owner = waiting.owner and s.id = waiting.id and m.account = accord.actor_account()) then
    raise insufficient_privilege using message = 'somebody else reviews';
  end if;
  insert into numbers_table (owner, measure, version, period, revision, at, agencies, expected, cells)
    select waiting.owner, waiting.measure, waiting.version, waiting.period, coalesce(max(t.revision), 0) + 1, accord.now(),
           agency_count, expected_count, cell_text
    from numbers_table t where t.owner = waiting.owner and t.measure = waiting.measure
      and t.version = waiting.version and t.period = waiting.period;
  return true;
end $$;
