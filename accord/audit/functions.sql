-- Appends to the audit log. `line` is the event as JSON text, exactly as it was hashed. Readable columns are copied
-- from it, so a change to a column or a line is detected (audit/queries.py, first_break). The fields listed here are
-- readable. Everything else is encrypted to the agency that owns the log (access/trail.py) or left out.

-- `audit_may_append(event)` is generated from the rooms' declarations (sharing/floor.py). Actors may write to their
-- own agency's log, and to another agency's log only what a room's function allows. No agency can forge another's log.

create or replace function accord.audit_append(events jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from jsonb_array_elements(events) e where accord.audit_may_append(e) is not true) then
    raise insufficient_privilege using message = 'not the actor''s log';
  end if;
  perform accord.audit_link(events);
end $$;

-- Appends events to the logs that they name. Only named functions that have checked the events call this.
create or replace function accord.audit_link(events jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  me accounts_session := accord.live_session();  -- once, no matter how many events and people
  event jsonb;
  chain uuid;
  head audit_chainhead;
  line text;
  link bytea;
begin
  -- Chain heads are locked in id order, so that two requests can't deadlock.
  perform 1 from audit_chainhead h
    where h.owner in (select distinct (e ->> 'chain')::uuid from jsonb_array_elements(events) e)
    order by h.owner for update;
  for event in select e from jsonb_array_elements(events) with ordinality as t(e, n) order by e ->> 'chain', n loop
    chain := (event ->> 'chain')::uuid;
    select * into head from audit_chainhead h where h.owner = chain for update;
    if not found then
      insert into audit_chainhead (owner, position, hash) values (chain, 0, sha256(convert_to('accord chain ' || chain, 'UTF8')))
        on conflict do nothing;
      select * into head from audit_chainhead h where h.owner = chain for update;
    end if;
    line := (jsonb_strip_nulls(jsonb_build_object(
      'action', event ->> 'action', 'outcome', event ->> 'outcome', 'source', coalesce(event ->> 'source', ''),
      'about', coalesce(event -> 'about', '[]'), 'key', (event ->> 'key')::integer,
      'sealed', event ->> 'sealed', 'sealed_in', event ->> 'sealed_in'))
      || jsonb_build_object(
      'at', to_char(accord.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'account', me.account, 'membership', me.membership, 'agency', me.agency))::text;
    link := sha256(head.hash || convert_to(line, 'UTF8'));
    insert into audit_event (owner, position, at, actor_account, actor_membership, actor_agency, source, action, outcome, line, hash)
      values (chain, head.position + 1, (line::jsonb ->> 'at')::timestamptz, me.account, me.membership, me.agency,
              coalesce(event ->> 'source', ''), event ->> 'action', event ->> 'outcome', line, link);
    insert into audit_about (owner, person, position)
      select chain, person::uuid, head.position + 1 from jsonb_array_elements_text(coalesce(event -> 'about', '[]')) person
      on conflict do nothing;
    update audit_chainhead set position = head.position + 1, hash = link where owner = chain;
  end loop;
end $$;

-- Returns the end of the actor's agency's chain, so that it can be signed.
create or replace function accord.audit_head() returns table ("position" bigint, hash bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select h.position, h.hash from audit_chainhead h where h.owner = accord.actor_agency()
$$;

-- No log line holds a name. Readers of their own agency's log get the names of those who acted, even a partner's staff.
create or replace function accord.audit_names(positions bigint[]) returns table (membership uuid, name text, agency text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select distinct m.id, m.name, a.name
  from audit_event e
  join membership_membership m on m.owner = e.actor_agency and m.id = e.actor_membership
  join agencies_agency a on a.owner = m.owner
  where e.owner = accord.actor_agency() and e.position = any(positions)
$$;

-- Returns the distinct people whose records the actor opened or listed since the given time. It first waits for the
-- actor's other requests, so that parallel requests can't get around the limit (acceptance line 80). It is volatile, so
-- that the second statement sees the log as it is after the wait.
create or replace function accord.audit_seen(since timestamptz, actions text[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare me accounts_session := accord.live_session();
begin
  perform pg_advisory_xact_lock(hashtextextended('pace ' || me.membership, 0));
  return query select distinct a.person from audit_event e join audit_about a on a.owner = e.owner and a.position = e.position
    where e.owner = me.agency and e.actor_membership = me.membership and e.at > since and e.action = any(actions);
end $$;
