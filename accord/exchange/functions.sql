-- Steps of exchanges between agencies. `exchange_moves` and `exchange_kept` are made by exchange/terms.py from what the
-- rooms declare, and so is `exchange_hash`.

-- Takes a step, in one exchange with each of these answering agencies, if its table allows that to the actor now. Returns
-- false if it does not: nothing is written then. Of two steps that both follow `after_step`, the first one wins. The
-- events go to the logs of both sides in the same moment, and the other side gets its notice and its task.
create or replace function accord.exchange_take(
  of_code text, of_asker uuid, of_exchange uuid, of_answerers uuid[], new_action text, after_step integer, of_topic text,
  of_day date, versions integer[], seals bytea[], own_versions integer[], own_seals bytea[], events jsonb) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare me uuid := accord.actor_agency();
begin
  perform accord.exchange_check_events(of_code, new_action, of_asker, of_answerers, events);
  perform pg_advisory_xact_lock(hashtextextended('exchange ' || of_asker || of_code || of_topic, 0));
  with allowed as materialized (
    select given.*, move.after, coalesce(accord.exchange_hash(newest), '') as former,
      array_remove(array[case when move.asker_reads then of_asker end,
                         case when move.answerer_reads then given.answerer end], null) as readers
    from unnest(of_answerers, versions, seals, own_versions, own_seals)
      as given(answerer, version, seal, own_version, own_seal)
    join accord.exchange_moves() move on move.code = of_code and move.action = new_action
    join agencies_agency asker on asker.owner = of_asker and asker.kind = any(move.asking)
    join agencies_agency answerer on answerer.owner = given.answerer and answerer.kind = any(move.answering)
    left join exchange_step newest on newest.asker = of_asker and newest.exchange = of_exchange
      and newest.answerer = given.answerer and newest.step = (
        select max(s.step) from exchange_step s
        where s.asker = of_asker and s.exchange = of_exchange and s.answerer = given.answerer)
    where move.before is not distinct from newest.state and coalesce(newest.step, 0) = after_step
      and (newest.step is null or (newest.code, newest.topic) = (of_code, of_topic) and newest.day is not distinct from of_day)
      and me = case when move.by_asker then of_asker else given.answerer end and of_asker <> given.answerer
      and (move.to_many or cardinality(of_answerers) = 1)
      and not (move.one_per_topic and newest.step is null and exists (select 1 from exchange_step other
        where other.asker = of_asker and other.code = of_code and other.topic = of_topic and other.exchange <> of_exchange))
      and not (move.once and exists (select 1 from exchange_step won
        where won.asker = of_asker and won.exchange = of_exchange and won.action = new_action and won.answerer <> given.answerer))
      and exists (select 1 from unnest(move.roles) role
        where case when move.fresh then accord.actor_is_afresh(role) else accord.actor_is(role) end)
  )
  insert into exchange_step (owner, asker, exchange, answerer, step, code, action, state, topic, day, readers, former,
                             ring_version, sealed, own_ring_version, sealed_own, at, "by")
    select me, of_asker, of_exchange, answerer, after_step + 1, of_code, new_action, after, of_topic, of_day, readers, former,
           version, seal, own_version, own_seal, accord.now(), accord.actor_membership()
    from allowed where (select count(distinct answerer) from allowed) = cardinality(of_answerers);
  if not found then return false; end if;
  perform accord.audit_link(events);
  perform accord.exchange_notify(of_code, new_action, of_asker, of_answerers);
  perform accord.task_ask(move.asks, case when move.by_asker then of_answerers else array[of_asker] end, of_exchange)
    from (select distinct by_asker, asks from accord.exchange_moves() where code = of_code and action = new_action) move
    where move.asks <> '';
  perform accord.task_close(move.ends, null, of_exchange, null)
    from (select distinct ends from accord.exchange_moves() where code = of_code and action = new_action) move
    where move.ends <> '';
  return true;
end $$;

-- The same for a page that only reads: it takes no other step than one that is declared for that.
create or replace function accord.exchange_take_reading(
  of_code text, of_asker uuid, of_exchange uuid, of_answerers uuid[], new_action text, after_step integer, of_topic text,
  of_day date, versions integer[], seals bytea[], own_versions integer[], own_seals bytea[], events jsonb) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select case when exists (select 1 from accord.exchange_moves() m where m.code = of_code and m.action = new_action and m.reading)
    then accord.exchange_take(of_code, of_asker, of_exchange, of_answerers, new_action, after_step, of_topic, of_day, versions,
                              seals, own_versions, own_seals, events)
    else false end
$$;

-- Refuses events that are not exactly those of this step: one in the actor's own log, and one in each log that it tells.
create or replace function accord.exchange_check_events(
  of_code text, new_action text, of_asker uuid, of_answerers uuid[], events jsonb) returns void
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (
    with due as (
      select line.chain::text, line.action, 'done', '[]'
      from (select distinct m.by_asker, m.log, m.tells from accord.exchange_moves() m
            where m.code = of_code and m.action = new_action) move
      cross join unnest(of_answerers) answerer
      cross join lateral (values (accord.actor_agency(), move.log),
        (case when move.by_asker then answerer else of_asker end, move.tells)) as line(chain, action)
      where line.action <> ''
    ), given as (
      select event ->> 'chain', event ->> 'action', event ->> 'outcome', (event -> 'about')::text
      from jsonb_array_elements(events) event
    )
    (table due except all table given) union all (table given except all table due)
  )
  then
    raise insufficient_privilege using message = 'these are not the events of this step';
  end if;
end $$;

create or replace function accord.exchange_notify(of_code text, new_action text, of_asker uuid, of_answerers uuid[])
returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select m.owner, gen_random_uuid(), m.id, accord.actor_agency(), move.notice, accord.now()
    from (select distinct by_asker, notice, notified from accord.exchange_moves()
          where code = of_code and action = new_action and notice <> '') move
    join membership_membership m on m.owner = any(case when move.by_asker then of_answerers else array[of_asker] end)
      and m.ended_at is null and m.account is not null and m.roles && move.notified
$$;

-- Steps that do not follow from the step before them: a row was changed or removed in the database (`accord verify`).
create or replace function accord.exchange_breaks() returns table (exchange uuid, step integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select followed.exchange, followed.step from (
    select s.exchange, s.step, s.former, lag(accord.exchange_hash(s)) over lane as hash, row_number() over lane as place
    from exchange_step s window lane as (partition by s.asker, s.exchange, s.answerer order by s.step)) followed
  where followed.former <> coalesce(followed.hash, '') or followed.step <> followed.place
  order by followed.exchange, followed.step
$$;

-- Whether the time that an exchange with one agency is kept is over.
create or replace function accord.exchange_over(of_code text, of_asker uuid, of_exchange uuid, of_answerer uuid)
returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select 1 from accord.exchange_kept() kept join exchange_step s on s.code = kept.code and s.action = kept.action
    where kept.code = of_code and s.asker = of_asker and s.exchange = of_exchange and s.answerer = of_answerer
      and s.at < accord.now() - make_interval(days => kept.days))
$$;

-- Deletes exchanges that are no longer kept. A job.
create or replace function accord.exchanges_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from exchange_step s where s.code in (select k.code from accord.exchange_kept() k)
    and accord.exchange_over(s.code, s.asker, s.exchange, s.answerer)
$$;

-- The state of each exchange of a kind that the actor's agency began, for those who may begin one: also where it can't
-- read the steps that led there.
create or replace function accord.exchange_states(of_code text)
returns table (exchange uuid, answerer uuid, topic text, day date, begun_at timestamptz, state text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.exchange, s.answerer, s.topic, s.day, min(s.at), (array_agg(s.state order by s.step desc))[1]
  from exchange_step s
  where s.code = of_code and s.asker = accord.actor_agency()
    and not accord.exchange_over(s.code, s.asker, s.exchange, s.answerer)
    and exists (select 1 from accord.exchange_moves() m cross join unnest(m.roles) role
      where m.code = of_code and m.before is null and accord.actor_is(role))
  group by s.exchange, s.answerer, s.topic, s.day
$$;
