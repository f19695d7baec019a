-- Regaining access: forgotten passphrases, closed accounts, and the printed recovery key.

-- A privacy officer gives a one-time code, valid for a day, to a colleague who forgot their passphrase.
create or replace function accord.member_reset(new_id uuid, which_membership uuid, code_hash bytea, with_factor boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from membership_membership m where m.owner = accord.actor_agency() and m.id = which_membership
    and m.ended_at is null and not accord.actor_is_also(m.id) and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  delete from membership_reset r where r.owner = accord.actor_agency() and r.membership = which_membership and r.used_at is null;
  insert into membership_reset (owner, id, membership, factor, code_hash, by, at)
    values (accord.actor_agency(), new_id, which_membership, with_factor, code_hash, accord.actor_membership(), accord.now());
  return true;
end $$;

create or replace function accord.reset_by_code(code_hash bytea)
returns table (account uuid, user_name text, factor boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.id, a.user_name, r.factor from membership_reset r
    join membership_membership m on m.owner = r.owner and m.id = r.membership and m.ended_at is null
    join accounts_account a on a.id = m.account
  where r.code_hash = reset_by_code.code_hash and r.used_at is null and r.at > accord.now() - interval '1 day'
$$;

-- Gives the account a new key. Everything sealed to the old key stays closed, in every agency, until that agency's
-- privacy officer restores access. An account that was closed for inactivity is reopened.
create or replace function accord.reset_accept(
  code_hash bytea, public_key bytea, salt bytea, cost text, wrap bytea, proof bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare found_account uuid; found_factor boolean;
begin
  select r.account, r.factor into found_account, found_factor from accord.reset_by_code(reset_accept.code_hash) r;
  if not found then return false; end if;
  update membership_reset r set used_at = accord.now() where r.code_hash = reset_accept.code_hash and r.used_at is null;
  if not found then return false; end if;
  update accounts_account set public = public_key, wrap_salt = salt, wrap_cost = cost, wrapped = wrap,
    proof_hash = sha256(proof), disabled_at = null, seen_at = accord.now(), factor_failures = 0 where id = found_account;
  if found_factor then
    update accounts_account set factor = null, factor_step = 0 where id = found_account;
    delete from accounts_recoverycode where account = found_account;
    delete from accounts_passkey where account = found_account;
  end if;
  delete from accounts_session where account = found_account;
  delete from accounts_keptform where account = found_account;  -- drafts are encrypted to the lost key
  delete from vault_ringseal s using membership_membership m
    where m.account = found_account and m.ended_at is null and s.owner = m.owner and s.membership = m.id;
  update membership_membership set reset_at = accord.now(), sealed = '' where account = found_account and ended_at is null;
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select o.owner, gen_random_uuid(), o.id, o.owner, 'colleague-reset', accord.now()
    from membership_membership o join membership_membership m on m.owner = o.owner and m.account = found_account and m.ended_at is null
    where o.ended_at is null and o.account <> found_account and 'officer' = any(o.roles);
  return true;
end $$;

-- Stores the member's new key pair. This works once after each reset.
create or replace function accord.membership_rekey(which uuid, public_key bytea, sealed_secret bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update membership_membership set public = public_key, sealed = sealed_secret
    where id = which and account = accord.actor_account() and ended_at is null
      and reset_at is not null and octet_length(sealed) = 0;
  return found;
end $$;

-- Returns the account that created the code for this membership's last reset, in this agency or another one.
create or replace function accord.reset_begun_by(which uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select officer.account from membership_membership waits
    join membership_membership hers on hers.account = waits.account
    join membership_reset r on r.owner = hers.owner and r.membership = hers.id and r.used_at is not null
    join membership_membership officer on officer.owner = r.owner and officer.id = r.by
    where waits.owner = accord.actor_agency() and waits.id = which and waits.reset_at is not null
    order by r.used_at desc limit 1
$$;

-- Returns the agency's privacy officers who can act now, except the actor and the colleague being readmitted.
create or replace function accord.other_officers(which uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.id from membership_membership o join accounts_account a on a.id = o.account and a.disabled_at is null
    where o.owner = accord.actor_agency() and o.ended_at is null and o.reset_at is null and 'officer' = any(o.roles)
      and o.account <> accord.actor_account()
      and o.account <> (select w.account from membership_membership w where w.owner = accord.actor_agency() and w.id = which)
$$;

-- The officer who created the code could have used it, so another officer restores access if there is one.
create or replace function accord.readmit_takes_another(which uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.reset_begun_by(which) is not distinct from accord.actor_account()
    and exists (select 1 from accord.other_officers(which))
$$;

-- If there is no other privacy officer, the same one does both, and the colleague and all officers are notified.
-- Returns null if access was not restored. Otherwise returns whether the actor had created the code.
create or replace function accord.membership_readmit(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare alone boolean := accord.reset_begun_by(which) is not distinct from accord.actor_account();
begin
  if accord.readmit_takes_another(which) then return null; end if;
  update membership_membership set reset_at = null
    where owner = accord.actor_agency() and id = which and ended_at is null and not accord.actor_is_also(id)
      and reset_at is not null and octet_length(sealed) > 0 and accord.actor_is_afresh('officer');
  if not found then return null; end if;
  if alone then
    insert into accounts_notice (owner, id, membership, origin, code, at)
      select m.owner, gen_random_uuid(), m.id, m.owner, 'readmitted-alone', accord.now() from membership_membership m
      where m.owner = accord.actor_agency() and m.ended_at is null and not accord.actor_is_also(m.id)
        and (m.id = which or 'officer' = any(m.roles));
  end if;
  return alone;
end $$;

create or replace function accord.memberships_closed() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from membership_membership m join accounts_account a on a.id = m.account
    where m.owner = accord.actor_agency() and m.ended_at is null and a.disabled_at is not null
$$;

create or replace function accord.membership_open_again(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_account a set disabled_at = null, seen_at = accord.now() from membership_membership m
    where m.owner = accord.actor_agency() and m.id = which and m.ended_at is null and m.account = a.id
      and a.disabled_at is not null and accord.actor_is_afresh('officer');
  return found;
end $$;

-- Creates a printed recovery key. The new key ends the previous one and deletes its seals.
create or replace function accord.recovery_make(new_id uuid, public_key bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') then return false; end if;
  update membership_recoverykey set ended_at = accord.now() where owner = accord.actor_agency() and ended_at is null;
  delete from vault_recoveryseal where owner = accord.actor_agency();
  delete from membership_recoverystart where owner = accord.actor_agency();
  insert into membership_recoverykey (owner, id, public, by, at)
    values (accord.actor_agency(), new_id, public_key, accord.actor_membership(), accord.now());
  return true;
end $$;

-- One privacy officer types the words and another one confirms. The words are encrypted to each other officer.
create or replace function accord.recovery_start(which uuid, members uuid[], seals bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from membership_recoverykey k where k.owner = accord.actor_agency() and k.id = which and k.ended_at is null
    and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  delete from membership_recoverystart where owner = accord.actor_agency();
  insert into membership_recoverystart (owner, recovery, membership, sealed, by, at)
    select accord.actor_agency(), which, line.member, line.seal, accord.actor_membership(), accord.now()
    from unnest(members, seals) as line(member, seal) where not accord.actor_is_also(line.member);
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select accord.actor_agency(), gen_random_uuid(), member, accord.actor_agency(), 'recovery-started', accord.now()
    from unnest(members) as member;
  return true;
end $$;
