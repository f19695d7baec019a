-- Who has a seat on a body now, and what only the office, an agency with a seat, or the holder of a seat may do.

-- Returns the seats that an agency has now. Dates follow the calendar of the office that maintains the body. Once a
-- body has ended, its last day counts as today, so anyone who could read its decisions then still can.
create or replace function accord.seats_now(of_agency uuid) returns setof bodies_seat
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.* from bodies_seat s join bodies_body b on b.owner = s.owner and b.id = s.body
  where s.agency = of_agency and s.ended_at is null
    and least(accord.local_day(b.owner, accord.now()), b.ended_on) between s.since and coalesce(s.until, date 'infinity')
$$;

-- Returns the bodies that the actor's agency may know about, because it has a seat now or the body is open to all.
create or replace function accord.bodies_known() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.body from accord.seats_now((select accord.actor_agency())) s
  union
  select b.id from bodies_body b where b.is_open and (select accord.actor_is_member())
$$;

-- Returns the seats that the actor holds now, as the chosen representative or because anyone at the agency may.
-- Connected systems hold none, and neither does someone who is waiting for access after a reset.
create or replace function accord.seats_held() returns setof bodies_seat
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.* from membership_membership m cross join lateral accord.seats_now(m.owner) s
  where m.owner = (select accord.actor_agency()) and m.id = (select accord.actor_membership())
    and m.account is not null and m.ended_at is null and m.reset_at is null
    and (s.for_anyone or s.membership = m.id)
$$;

-- Returns the bodies whose decisions the actor may read. The BODY floor uses this.
create or replace function accord.bodies_read() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select s.body from accord.seats_held() s
  union
  select b.id from bodies_body b where b.is_open and (select accord.actor_is_member())
$$;

-- Returns the names of a body's representatives and of the people who recorded its decisions. People with a seat on the
-- body see all of them. The office sees the representatives, and each agency sees its own. Other readers of an open
-- body see only agencies, because a name could reveal that someone is a survivor.
create or replace function accord.body_names(which uuid) returns table (membership uuid, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with me as (
    select exists (select 1 from accord.seats_held() s where s.body = which) as sits,
      exists (select 1 from bodies_body b where b.id = which and b.owner = accord.actor_agency()) as keeps)
  select m.id, m.name from me, membership_membership m
  where ((me.sits or me.keeps or m.owner = accord.actor_agency()) and m.ended_at is null and exists (
      select 1 from bodies_seat s where s.body = which and s.agency = m.owner and s.membership = m.id and s.ended_at is null))
    or (me.sits and exists (
      select 1 from bodies_decision d where d.body = which and d.owner = m.owner and d.by = m.id))
$$;

-- Notifies the person who holds a seat or, if no one was chosen, the agency's privacy officers. The notice names no
-- committee.
create or replace function accord.seat_notice(which uuid, notice_code text, moment timestamptz) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, matter, code, at)
  select m.owner, gen_random_uuid(), m.id, accord.actor_agency(), s.id, notice_code, moment
  from bodies_seat s join membership_membership m on m.owner = s.agency and m.ended_at is null and m.account is not null
  where s.id = which and not accord.actor_is_also(m.id)
    and (m.id = s.membership or (s.membership is null and 'officer' = any(m.roles)))
$$;

-- The coalition's office ---------------------------------------------------------------------------------------------

-- Ids are created here, because a reused id would show one body's decisions to the readers of another.
create or replace function accord.body_create(body_name text, body_kind text, body_charge text, open_to_all boolean)
returns uuid language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare made uuid := gen_random_uuid();
begin
  if not accord.actor_is_afresh('coordinator') or not accord.actor_agency_is('backbone')
    or body_kind <> all(array['task_force', 'steering', 'committee', 'team']) then return null; end if;
  insert into bodies_body (owner, id, name, kind, charge, is_open, since)
    values (accord.actor_agency(), made, body_name, body_kind, body_charge, open_to_all,
            accord.local_day(accord.actor_agency(), accord.now()));
  return made;
end $$;

-- The agency is notified on the first day of its seat. Before that day, it may not know about the body.
create or replace function accord.seat_add(
  which_body uuid, for_agency uuid, seat_role text, any_colleague boolean, first_day date, last_day date)
returns uuid language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare made uuid := gen_random_uuid();
begin
  if not accord.actor_is_afresh('coordinator') or last_day < first_day
    or seat_role <> all(array['chair', 'secretary', 'member', 'observer'])
    or not exists (select 1 from agencies_agency a where a.owner = for_agency) then return null; end if;
  perform 1 from bodies_body b
    where b.owner = accord.actor_agency() and b.id = which_body and b.ended_on is null for share;
  if not found then return null; end if;
  insert into bodies_seat (owner, id, body, agency, for_anyone, role, since, until, at)
    values (accord.actor_agency(), made, which_body, for_agency, any_colleague, seat_role, first_day, last_day, accord.now());
  perform accord.seat_notice(made, 'seat-added',
    greatest(accord.now(), first_day::timestamp at time zone a.zone)) from agencies_agency a where a.owner = accord.actor_agency();
  return made;
end $$;

-- A seat ends at once, not at midnight. A notice that was not due yet is deleted.
create or replace function accord.seat_end(which uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare ended bodies_seat;
begin
  if not accord.actor_is_afresh('coordinator') then return null; end if;
  perform 1 from bodies_body b join bodies_seat s on s.owner = b.owner and s.body = b.id
    where s.owner = accord.actor_agency() and s.id = which and b.ended_on is null for share of b;
  if not found then return null; end if;
  update bodies_seat s set ended_at = accord.now()
    where s.owner = accord.actor_agency() and s.id = which and s.ended_at is null returning * into ended;
  if not found then return null; end if;
  delete from accounts_notice n
    where n.owner = ended.agency and n.matter = ended.id and n.code like 'seat-%' and n.at > accord.now();
  if ended.since <= accord.local_day(ended.owner, accord.now()) then
    perform accord.seat_notice(which, 'seat-ended', accord.now());
  end if;
  return ended.agency;
end $$;

create or replace function accord.body_end(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('coordinator') then return false; end if;
  update bodies_body b set ended_on = accord.local_day(b.owner, accord.now())
    where b.owner = accord.actor_agency() and b.id = which and b.ended_on is null;
  return found;
end $$;

-- The agency that has the seat ----------------------------------------------------------------------------------------

create or replace function accord.seat_name(which uuid, colleague uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare office uuid;
begin
  if not accord.actor_is_afresh('officer') or not exists (
    select 1 from membership_membership m where m.owner = accord.actor_agency() and m.id = colleague
      and m.account is not null and m.ended_at is null) then return null; end if;
  perform 1 from bodies_body b join bodies_seat s on s.owner = b.owner and s.body = b.id
    where s.agency = accord.actor_agency() and s.id = which and b.ended_on is null for share of b;
  if not found then return null; end if;
  update bodies_seat s set membership = colleague, named_at = accord.now()
    where s.agency = accord.actor_agency() and s.id = which and not s.for_anyone
      and s.id in (select n.id from accord.seats_now(accord.actor_agency()) n)
    returning s.owner into office;
  if not found then return null; end if;
  perform accord.seat_notice(which, 'seat-named', accord.now());
  return office;
end $$;

-- A seat as chair or secretary -----------------------------------------------------------------------------------------

-- Records or corrects a decision. `based_on` is the revision that was corrected, or 0 for a new decision. Returns null
-- if the actor may not do this, or if someone else corrected the decision first.
create or replace function accord.decision_record(
  which_body uuid, which_series uuid, based_on integer, day date, said text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare made uuid := gen_random_uuid(); of_series uuid := coalesce(which_series, made);
begin
  perform 1 from bodies_body b where b.id = which_body and b.ended_on is null
    and day <= accord.local_day(b.owner, accord.now()) for update;
  if not found or not exists (
    select 1 from accord.seats_held() s where s.body = which_body and s.role in ('chair', 'secretary')) then
    return null;
  end if;
  if based_on <> coalesce((
    select max(d.revision) from bodies_decision d where d.body = which_body and d.series = of_series), 0) then
    return null;
  end if;
  insert into bodies_decision (owner, id, body, series, revision, decided_on, words, by, at)
    values (accord.actor_agency(), made, which_body, of_series, based_on + 1, day, said, accord.actor_membership(), accord.now());
  return of_series;
end $$;

-- The audit log --------------------------------------------------------------------------------------------------------

-- In the log of the agency that has the seat, the office may write only what it does to the seat in this transaction.
-- In the office's log, the agency may write only that it chose someone.
create or replace function accord.seat_across(event jsonb) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_array_length(event -> 'about') = 0 and exists (
    select 1 from bodies_seat s where case event ->> 'action'
      when 'seat-given' then s.owner = accord.actor_agency() and s.agency = (event ->> 'chain')::uuid and s.at = accord.now()
      when 'seat-taken' then s.owner = accord.actor_agency() and s.agency = (event ->> 'chain')::uuid
        and s.ended_at = accord.now()
      when 'seat-filled' then s.agency = accord.actor_agency() and s.owner = (event ->> 'chain')::uuid
        and s.named_at = accord.now()
      end)
$$;
