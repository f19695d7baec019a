-- These functions identify the actor. Policies call them. They look up the hash of the database ticket in the session
-- table, which `web` can't read. The ticket is a secret from the session's cookie, so an injected statement can't learn
-- another session's ticket.

-- They use PL/pgSQL, because it caches query plans in every version of PostgreSQL. Each part of a session is looked up
-- by key, because a join would be planned as a scan of all memberships.
create or replace function accord.live_session() returns accounts_session
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held bytea := sha256(decode(coalesce(current_setting('accord.ticket', true), ''), 'hex'));
  live accounts_session;
begin
  -- The account and membership are checked every time. Otherwise, a session that chose its agency just as the
  -- membership ended would outlive it.
  select s.* into live from accounts_session s
  where s.ticket_hash = held
    and s.seen_at > accord.now() - interval '30 minutes'
    and s.created_at > accord.now() - interval '12 hours'
    and (select a.disabled_at is null from accounts_account a where a.id = s.account)
    and (s.membership is null or (
      select m.ended_at is null from membership_membership m where m.owner = s.agency and m.id = s.membership));
  if not found then
    -- A connected system has no session. Its token's ticket works until the system is disconnected or expires.
    select m.id, m.id, m.owner into live.id, live.membership, live.agency
    from systems_system c
    join membership_membership m on m.owner = c.owner and m.id = c.id and m.ended_at is null
    where c.ticket_hash = held and c.expires_at > accord.now();
  end if;
  return live;
end $$;

create or replace function accord.actor_account() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin return (accord.live_session()).account; end $$;

create or replace function accord.actor_agency() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin return (accord.live_session()).agency; end $$;

create or replace function accord.actor_membership() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin return (accord.live_session()).membership; end $$;

-- Returns true if the account is a coalition member. Anyone can create an account, but it takes an invitation to join.
create or replace function accord.actor_is_member() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare me accounts_session := accord.live_session();
begin
  return me.agency is not null or exists (
    select 1 from membership_membership m where m.account = me.account and m.ended_at is null);
end $$;

-- Returns true if this is the actor's own membership, or another one of the same account. Where a step needs two
-- people, two memberships of one person count as one.
create or replace function accord.actor_is_also(which_membership uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare me accounts_session := accord.live_session();
begin
  return which_membership = me.membership or exists (select 1 from membership_membership m
    where m.owner = me.agency and m.id = which_membership and m.account = me.account);
end $$;

-- Returns true if the actor holds a role. Called by functions that write rows that bind an agency.
create or replace function accord.actor_is(role text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare me accounts_session := accord.live_session();
begin
  return exists (select 1 from membership_membership m
    where m.owner = me.agency and m.id = me.membership and actor_is.role = any(m.roles) and m.reset_at is null);
end $$;

-- Returns true if this session verified the second factor in the last five minutes, the same limit as STEP_UP_AGE in
-- `access/rules.py` (a test compares the two). Never true for a connected system.
create or replace function accord.factor_is_fresh() returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((accord.live_session()).factor_at >= accord.now() - interval '5 minutes', false)
$$;

-- Like `actor_is`, but also requires a fresh second factor. A statement injected into a live session can't provide one.
create or replace function accord.actor_is_afresh(role text) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.actor_is(role) and accord.factor_is_fresh()
$$;

-- Returns an account's wrapped key by exact user name, before there is any ticket. security.md describes the offline
-- guessing that this allows.
create or replace function accord.account_wrap(name text)
returns table (id uuid, wrap_salt bytea, wrap_cost text, wrapped bytea, language text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.id, a.wrap_salt, a.wrap_cost, a.wrapped, a.language
  from accounts_account a where a.user_name = name and a.disabled_at is null
$$;

create or replace function accord.account_create(
  new_id uuid, name text, lang text, public_key bytea, salt bytea, cost text, wrap bytea, proof bytea)
returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into accounts_account (id, user_name, language, public, wrap_salt, wrap_cost, wrapped, proof_hash, factor_step, created_at)
    values (new_id, name, lang, public_key, salt, cost, wrap, sha256(proof), 0, accord.now());
  return true;
exception when unique_violation then
  return false;
end $$;

-- Every function below first checks that the key was opened. `proof` is derived from the key. Only its hash is stored.
create or replace function accord.account_proves(which uuid, proof bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from accounts_account a where a.id = which and a.proof_hash = sha256(proof) and a.disabled_at is null)
$$;

-- Adding the first second factor takes only the passphrase. Adding a later one takes a session that has verified one.
create or replace function accord.account_may_enrol(which uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.actor_account() is not distinct from which or not (
    exists (select 1 from accounts_account a where a.id = which and a.factor is not null)
    or exists (select 1 from accounts_passkey p where p.account = which))
$$;

create or replace function accord.account_set_factor(which uuid, proof bytea, sealed bytea, code_hashes bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) then return false; end if;
  -- Otherwise the passphrase alone could replace the second factor.
  if not accord.account_may_enrol(which) then return false; end if;
  update accounts_account set factor = sealed, factor_step = 0 where id = which;
  delete from accounts_recoverycode where account = which;
  insert into accounts_recoverycode (account, hash) select which, h from unnest(code_hashes) h;
  return true;
end $$;

-- A code's 30-second step works once, and so does a recovery code. Both lock the row, so two tabs can't use one twice.
create or replace function accord.account_use_step(which uuid, proof bytea, step bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) then return false; end if;
  update accounts_account set factor_step = step where id = which and factor_step < step;
  return found;
end $$;

create or replace function accord.account_use_recovery_code(which uuid, proof bytea, code_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) then return false; end if;
  update accounts_recoverycode set used_at = accord.now() where account = which and hash = code_hash and used_at is null;
  return found;
end $$;

create or replace function accord.account_rewrap(
  which uuid, proof bytea, salt bytea, cost text, wrap bytea, keep uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) then return false; end if;
  update accounts_account set wrap_salt = salt, wrap_cost = cost, wrapped = wrap where id = which;
  perform accord.session_end(s.id) from accounts_session s where s.account = which and s.id is distinct from keep;
  return true;
end $$;

-- Messages are sent in this language. A longer text would get into a header of each message.
create or replace function accord.account_set_language(lang text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update accounts_account set language = lang where id = accord.actor_account() and lang ~ '^[a-z]{2}$'
$$;

-- Sessions ---------------------------------------------------------------------------------------------------------

create or replace function accord.session_open(row_id uuid, which uuid, proof bytea, sealed bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) then return false; end if;
  insert into accounts_session (id, account, state, created_at, seen_at) values (row_id, which, sealed, accord.now(), accord.now());
  return true;
end $$;

-- The second factor gives a pending session its ticket, and later updates the time of the last check. Only these
-- functions write `factor_at`. They need the row's id and the account's proof, which come from the cookie and the
-- passphrase and are in no table. A statement injected into a live session therefore can't renew its own step-up.
create or replace function accord.session_ticket(row_id uuid, proof bytea, new_ticket_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_session s set ticket_hash = new_ticket_hash, factor_at = accord.now(), seen_at = accord.now()
    where s.id = row_id and s.ended_at is null and accord.account_proves(s.account, proof);
  if not found then return false; end if;
  update accounts_account a set seen_at = accord.now(), factor_failures = 0
    from accounts_session s where s.id = row_id and a.id = s.account;
  return true;
end $$;

-- When a session first verifies the second factor, it gets a new id and cookie, so that a cookie copied earlier is
-- useless.
create or replace function accord.session_renew(row_id uuid, proof bytea, new_id uuid, sealed bytea, new_ticket_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_session s set id = new_id, state = sealed, challenge = null
    where s.id = row_id and s.ticket_hash is null and s.ended_at is null and accord.account_proves(s.account, proof);
  return found and accord.session_ticket(new_id, proof, new_ticket_hash);
end $$;

-- Reads a session and updates its idle time. A session that has not verified its second factor lasts fifteen minutes.
create or replace function accord.session_load(row_id uuid)
returns table (account uuid, membership uuid, agency uuid, pending boolean, state bytea, factor_at timestamptz, created_at timestamptz,
  handed bytea)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  update accounts_session set seen_at = accord.now()
    where id = row_id and ended_at is null and seen_at < accord.now() - interval '10 seconds'
      and seen_at > accord.now() - case when ticket_hash is null then interval '15 minutes' else interval '30 minutes' end
      and created_at > accord.now() - interval '12 hours';
  return query select s.account, m.id, m.owner, s.ticket_hash is null, s.state, s.factor_at, s.created_at, s.handed
    from accounts_session s join accounts_account a on a.id = s.account and a.disabled_at is null
    left join membership_membership m on m.owner = s.agency and m.id = s.membership and m.ended_at is null
    where s.id = row_id and s.ended_at is null
      and s.seen_at > accord.now() - case when s.ticket_hash is null then interval '15 minutes' else interval '30 minutes' end
      and s.created_at > accord.now() - interval '12 hours';
end $$;

create or replace function accord.session_keep(sealed bytea) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update accounts_session set state = sealed where id = (accord.live_session()).id
$$;

-- Marks the device as handed to a survivor. Only the proof of the account's key can undo this (`session_take_back`),
-- after a code was checked. A statement injected into the live session can't do that.
create or replace function accord.session_hand_over(sealed bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_session set handed = sealed where id = (accord.live_session()).id and handed is null;
  return found;
end $$;

create or replace function accord.session_take_back(row_id uuid, proof bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_session s set handed = null where s.id = row_id and accord.account_proves(s.account, proof);
  return found;
end $$;

-- Signs a session out. It loses its ticket and its opened keys. The row stays for a day, so that text still being typed
-- on one of its pages can be kept for the account holder (kept_forms_sweep deletes the row).
create or replace function accord.session_end(row_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from accounts_session where id = row_id and factor_at is null;
  update accounts_session set ended_at = accord.now(), ticket_hash = null, state = '', challenge = null, handed = null
    where id = row_id and ended_at is null;
end $$;

create or replace function accord.session_close(row_id uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.session_end(row_id)
$$;

create or replace function accord.session_was_ended(row_id uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from accounts_session s where s.id = row_id and s.ended_at is not null)
$$;

create or replace function accord.session_close_others() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.session_end(s.id) from accounts_session s
    where s.account = accord.actor_account() and s.id <> (accord.live_session()).id
$$;

-- Sign-in counters (line 93). Five failed attempts in fifteen minutes lock a name, whether or not it exists. ---------

-- An attempt is counted before it is checked, and attempts for one name run one after another, so a hundred at once
-- count as five. Attempts during a lock aren't counted, so a stranger can't extend it.
create or replace function accord.sign_in_try(hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare before integer;
begin
  perform pg_advisory_xact_lock(hashtextextended(encode(hash, 'hex'), 0));
  select count(*) into before from accounts_failedsignin f
    where f.name_hash = hash and f.at > accord.now() - interval '15 minutes';
  if before >= 5 then return false; end if;
  insert into accounts_failedsignin (id, name_hash, at) values (gen_random_uuid(), hash, accord.now());
  return true;
end $$;

create or replace function accord.sign_in_clear(hash bytea) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from accounts_failedsignin where name_hash = hash
$$;

-- Counts a wrong passphrase for an existing name. The holder gets a notice after every fifth one, at most once an hour.
create or replace function accord.sign_in_failed(name text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare which uuid; tries integer;
begin
  update accounts_account set failed_tries = failed_tries + 1 where user_name = name and disabled_at is null
    returning id, failed_tries into which, tries;
  if tries % 5 = 0 then perform accord.notice_failed_tries(which); end if;
end $$;

-- A code is counted before it is checked. After a hundred wrong codes in a row (NIST SP 800-63B-4, 3.2.2), no code is
-- checked until the account is reset.
create or replace function accord.factor_try(which uuid, proof bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_account a set factor_failures = a.factor_failures + 1
    where a.id = which and a.factor_failures < 100 and accord.account_proves(which, proof);
  return found;
end $$;

create or replace function accord.factor_failed(which uuid, proof bytea) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare tries integer;
begin
  update accounts_account a set failed_tries = a.failed_tries + 1 where a.id = which and accord.account_proves(which, proof)
    returning a.failed_tries into tries;
  if tries % 5 = 0 then perform accord.notice_failed_tries(which); end if;
end $$;

create or replace function accord.factor_is_blocked(which uuid, proof bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from accounts_account a
    where a.id = which and a.factor_failures >= 100 and accord.account_proves(which, proof))
$$;

create or replace function accord.notice_failed_tries(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, code, at)
  select m.owner, gen_random_uuid(), m.id, m.owner, 'failed-tries', accord.now()
  from membership_membership m where m.account = which and m.ended_at is null
    and not exists (select 1 from accounts_notice n where n.owner = m.owner and n.membership = m.id
                    and n.code = 'failed-tries' and n.at > accord.now() - interval '1 hour')
$$;

-- Returns the number of failed attempts since the last sign-in and resets it. Read once, for the audit log.
create or replace function accord.failed_tries_taken() returns integer
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with before as (select a.id, a.failed_tries from accounts_account a where a.id = accord.actor_account() for update)
  update accounts_account a set failed_tries = 0 from before where a.id = before.id returning before.failed_tries
$$;

-- Closes accounts after 90 days without signing in (line 90). Runs before every sign-in attempt, so that no one can use
-- an overdue account even if no scheduled job has run.
create or replace function accord.accounts_disable_idle() returns integer
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (update accounts_account set disabled_at = accord.now()
    where disabled_at is null and coalesce(seen_at, created_at) < accord.now() - interval '90 days' returning id),
  closed as (delete from accounts_session where account in (select id from gone))
  select count(*)::integer from gone
$$;

create or replace function accord.account_factor(which uuid, proof bytea) returns bytea
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.factor from accounts_account a where a.id = which and accord.account_proves(which, proof)
$$;

create or replace function accord.account_name(which uuid, proof bytea) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.user_name from accounts_account a where a.id = which and accord.account_proves(which, proof)
$$;

-- Sets new recovery codes. The old ones stop working. The second factor does not change.
create or replace function accord.account_set_recovery_codes(which uuid, proof bytea, code_hashes bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) or accord.actor_account() is distinct from which then return false; end if;
  delete from accounts_recoverycode where account = which;
  insert into accounts_recoverycode (account, hash) select which, h from unnest(code_hashes) h;
  return true;
end $$;

-- Passkeys ---------------------------------------------------------------------------------------------------------

create or replace function accord.account_passkeys(which uuid, proof bytea)
returns table (id uuid, sealed bytea, made_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.id, p.sealed, p.made_at, p.used_at from accounts_passkey p
  where p.account = which and accord.account_proves(which, proof) order by p.made_at, p.id
$$;

-- `code_hashes` is given only with a first factor, because existing recovery codes must not end without a request.
create or replace function accord.account_add_passkey(
  which uuid, proof bytea, new_id uuid, sealed bytea, counter bigint, code_hashes bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) or not accord.account_may_enrol(which) then return false; end if;
  insert into accounts_passkey (account, id, sealed, counter, made_at) values (which, new_id, sealed, counter, accord.now());
  if code_hashes is not null then
    delete from accounts_recoverycode where account = which;
    insert into accounts_recoverycode (account, hash) select which, h from unnest(code_hashes) h;
  end if;
  return true;
end $$;

-- A passkey's counter must increase. A passkey without a counter always reports 0 (WebAuthn level 3, section 6.1.1).
create or replace function accord.account_use_passkey(which uuid, proof bytea, used uuid, count bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) then return false; end if;
  update accounts_passkey p set counter = count, used_at = accord.now()
    where p.account = which and p.id = used and (p.counter < count or (p.counter = 0 and count = 0));
  return found;
end $$;

create or replace function accord.account_drop_passkey(which uuid, proof bytea, gone uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.account_proves(which, proof) or accord.actor_account() is distinct from which then return false; end if;
  perform 1 from accounts_account a where a.id = which for update;
  delete from accounts_passkey p where p.account = which and p.id = gone and (
    exists (select 1 from accounts_account a where a.id = which and a.factor is not null)
    or exists (select 1 from accounts_passkey other where other.account = which and other.id <> gone));
  return found;
end $$;

create or replace function accord.session_challenge(row_id uuid, proof bytea, asked text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update accounts_session s set challenge = asked where s.id = row_id and accord.account_proves(s.account, proof)
$$;

create or replace function accord.session_take_challenge(row_id uuid, proof bytea) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare asked text;
begin
  select s.challenge into asked from accounts_session s
    where s.id = row_id and accord.account_proves(s.account, proof) for update;
  update accounts_session s set challenge = null where s.id = row_id and asked is not null;
  return asked;
end $$;

-- Finds who typed a form after its session had ended (accounts/kept_forms.py). For a day, the session's row shows whose
-- form it was, if the second factor had been verified and the account holder still acts for the agency. This works even
-- after signing out. A privacy officer, a reset or the end of a membership deletes the row.
create or replace function accord.kept_form_owner(row_id uuid)
returns table (account uuid, membership uuid, public bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.id, m.id, a.public from accounts_session s
    join accounts_account a on a.id = s.account and a.disabled_at is null
    join membership_membership m on m.owner = s.agency and m.id = s.membership and m.ended_at is null and m.reset_at is null
  where s.id = row_id and s.factor_at is not null and s.created_at > accord.now() - interval '1 day'
$$;

create or replace function accord.kept_form_add(row_id uuid, new_id uuid, sealed_form bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare place record;
begin
  select * into place from accord.kept_form_owner(row_id);
  if not found or octet_length(sealed_form) > 300000 then return false; end if;
  delete from accounts_keptform d where d.account = place.account and d.id not in (
    select n.id from accounts_keptform n where n.account = place.account order by n.at desc, n.id limit 4);
  insert into accounts_keptform (id, account, membership, sealed, at)
    values (new_id, place.account, place.membership, sealed_form, accord.now());
  return true;
end $$;

create or replace function accord.kept_forms_mine() returns table (id uuid, at timestamptz, sealed bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select d.id, d.at, d.sealed from accounts_keptform d
    where d.account = accord.actor_account() and d.membership = accord.actor_membership()
      and d.at > accord.now() - interval '1 day' order by d.at desc, d.id
$$;

create or replace function accord.kept_form_drop(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from accounts_keptform d where d.id = which and d.account = accord.actor_account()
$$;

-- Background jobs that delete expired rows. An expired row has no effect, even if it hasn't been deleted yet.
create or replace function accord.idle_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.accounts_disable_idle()
$$;

create or replace function accord.once_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from accounts_once o where o.mark in (
    select old.mark from accounts_once old where old.at < accord.now() - interval '1 day' for update skip locked)
$$;

create or replace function accord.sign_ins_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from accounts_failedsignin f where f.at < accord.now() - interval '1 day'
$$;

create or replace function accord.kept_forms_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from accounts_keptform d where d.at < accord.now() - interval '1 day';
  delete from accounts_session s where s.created_at < accord.now() - interval '1 day'
$$;

-- Returns what was already submitted (accounts/once.py). A second request with the same mark waits here until the first
-- one commits. `alike` also finds the same content sent from another page within the last hour.
create or replace function accord.once_claim(new_mark bytea, content bytea, alike boolean)
returns table (same boolean, said bytea, sealed bytea)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if accord.actor_membership() is null or octet_length(new_mark) <> 32 or octet_length(content) <> 32 then return; end if;
  insert into accounts_once as o (mark, said, sealed, at) values (new_mark, content, '', accord.now())
    on conflict (mark) do update set said = excluded.said, sealed = '', at = excluded.at where o.at < accord.now() - interval '1 day';
  if not found then
    return query select true, o.said, o.sealed from accounts_once o where o.mark = new_mark;
  elsif alike then
    return query select false, o.said, o.sealed from accounts_once o
      where o.said = content and o.mark <> new_mark and o.sealed <> '' and o.at > accord.now() - interval '1 hour'
      order by o.at desc limit 1;
  end if;
end $$;

create or replace function accord.once_settle(which bytea, answer bytea) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update accounts_once set sealed = answer
    where mark = which and sealed = '' and octet_length(answer) < 300000 and accord.actor_membership() is not null
$$;
