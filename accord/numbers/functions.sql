-- Only these functions write sums and tables, so the unit's own statements can forge neither. The database can't open a
-- count. It fixes what it can: who made the sum, which submissions it used, and a hash of what may be shown. The hash includes
-- random bytes that are sealed in the sum; without them, figures could be guessed from the hash.

-- Whether each of these submissions is the newest of its agency for this measure and half-year, and not withdrawn.
create or replace function accord.totals_stand(
  of_measure text, of_version integer, of_period text, of_agencies uuid[], of_revisions integer[]) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select not exists (select 1 from unnest(of_agencies, of_revisions) as part(agency, revision) where 'submitted' is distinct from (
    select case when s.step = part.revision then s.state end from exchange_step s
      where s.asker = part.agency and s.code = 'totals' and s.answerer = accord.actor_agency()
        and s.topic = concat_ws(' ', of_measure, of_version, of_period)
      order by s.step desc limit 1))
$$;

-- The agencies whose totals this unit expects for a half-year, and their newest submission. An agency that joined after
-- the half-year counts only if it submitted anyway.
create or replace function accord.totals_expected(of_measure text, of_version integer, of_period text)
returns table (agency uuid, name text, state text, at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.owner, a.name, latest.state, latest.at from agencies_agency a left join lateral (
    select s.state, s.at from exchange_step s
    where s.asker = a.owner and s.code = 'totals' and s.answerer = accord.actor_agency()
      and s.topic = concat_ws(' ', of_measure, of_version, of_period)
    order by s.step desc limit 1
  ) latest on true
  where accord.actor_agency_is('statistics') and a.kind in ('community', 'systems', 'survivor_led')
    and (latest.state is not null or a.since <
      make_date(left(of_period, 4)::integer, 1, 1) + make_interval(months => 6 * right(of_period, 1)::integer))
$$;

-- Stores an analyst's sum of at least three agencies. It replaces a sum that has not been reviewed yet.
create or replace function accord.totals_sum(
  new_id uuid, of_measure text, of_version integer, of_period text, key_version integer, sealed_sum bytea,
  of_agencies uuid[], of_revisions integer[], hash_of_shown bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is('analyst') or not accord.actor_agency_is('statistics') then
    raise insufficient_privilege using message = 'only an analyst of a statistics unit can sum';
  end if;
  if (select count(distinct agency) from unnest(of_agencies) agency) < greatest(3, cardinality(of_agencies))
    or cardinality(of_agencies) <> cardinality(of_revisions)
    or not accord.totals_stand(of_measure, of_version, of_period, of_agencies, of_revisions) then return false; end if;
  update numbers_sum s set state = 'replaced', decided_at = accord.now(), decided_by = accord.actor_membership()
    where s.owner = accord.actor_agency() and s.measure = of_measure and s.version = of_version and s.period = of_period
      and s.state = 'waiting';
  insert into numbers_sum (owner, id, measure, version, period, state, ring_version, sealed, at, "by", agencies, revisions,
                           expected, shown_hash)
    select accord.actor_agency(), new_id, of_measure, of_version, of_period, 'waiting', key_version, sealed_sum, accord.now(),
           accord.actor_membership(), of_agencies, of_revisions, count(*), hash_of_shown
    from accord.totals_expected(of_measure, of_version, of_period);
  return true;
end $$;

-- Decides a pending sum. Only a second reviewer of the unit may, with another account than the one that made it.
create or replace function accord.totals_decide(which_sum uuid, new_state text) returns numbers_sum
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare waiting numbers_sum;
begin
  if not accord.actor_is('reviewer') or not accord.actor_agency_is('statistics') then
    raise insufficient_privilege using message = 'only a second reviewer can decide';
  end if;
  update numbers_sum s set state = new_state, decided_at = accord.now(), decided_by = accord.actor_membership()
    where s.owner = accord.actor_agency() and s.id = which_sum and s.state = 'waiting' returning * into waiting;
  if not found then return null; end if;
  if exists (select 1 from membership_membership m
             where m.owner = waiting.owner and m.id = waiting."by" and m.account = accord.actor_account()) then
    raise insufficient_privilege using message = 'someone else must review';
  end if;
  return waiting;
end $$;

create or replace function accord.totals_send_back(which_sum uuid) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select (accord.totals_decide(which_sum, 'sent_back')).id is not null
$$;

-- Publishes a table: exactly what was summed, from submissions that are unchanged. Returns false if there is no such pending
-- sum.
create or replace function accord.totals_publish(which_sum uuid, salt bytea, cell_text text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare waiting numbers_sum;
begin
  if not accord.factor_is_fresh() then return false; end if;
  waiting := accord.totals_decide(which_sum, 'published');
  if waiting.id is null then return false; end if;
  if waiting.shown_hash is distinct from sha256(salt || convert_to(cell_text, 'UTF8'))
    or not accord.totals_stand(waiting.measure, waiting.version, waiting.period, waiting.agencies, waiting.revisions) then
    raise insufficient_privilege using message = 'this is not what was summed';
  end if;
  insert into numbers_table (owner, measure, version, period, revision, at, agencies, expected, cells)
    select waiting.owner, waiting.measure, waiting.version, waiting.period, coalesce(max(t.revision), 0) + 1, accord.now(),
           cardinality(waiting.agencies), waiting.expected, cell_text
    from numbers_table t where t.owner = waiting.owner and t.measure = waiting.measure
      and t.version = waiting.version and t.period = waiting.period;
  return true;
end $$;
