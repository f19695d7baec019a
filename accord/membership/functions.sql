-- Finds an open invitation by its code. A new agency's first privacy officer uses it before they can act for it.
create or replace function accord.invitation_by_code(code_hash bytea)
returns table (owner uuid, id uuid, name text, roles text[], agency text, zone text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select i.owner, i.id, i.name, i.roles, a.name, a.zone from membership_invitation i join agencies_agency a on a.owner = i.owner
  where i.code_hash = invitation_by_code.code_hash and i.used_at is null and i.at > accord.now() - interval '7 days'
$$;

-- Accepting an invitation adds the account that holds the ticket (or proves its key) to the inviting agency.
create or replace function accord.invitation_accept(
  code_hash bytea, which_account uuid, proof bytea, new_id uuid, public_key bytea, sealed_secret bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare found_invitation membership_invitation;
begin
  if not accord.account_proves(which_account, proof) then return null; end if;
  update membership_invitation i set used_at = accord.now()
    where i.code_hash = invitation_accept.code_hash and i.used_at is null and i.at > accord.now() - interval '7 days'
    returning * into found_invitation;
  if not found then return null; end if;
  -- An account can have only one membership in an agency. With two, one person could do what requires two people.
  perform pg_advisory_xact_lock(hashtextextended('join ' || found_invitation.owner || which_account, 0));
  if exists (select 1 from membership_membership m
    where m.owner = found_invitation.owner and m.account = which_account and m.ended_at is null) then
    raise unique_violation using message = 'this account is a member already';
  end if;
  insert into membership_membership (owner, id, account, name, roles, public, sealed, since, trained_until)
    values (found_invitation.owner, new_id, which_account, found_invitation.name, found_invitation.roles, public_key,
            sealed_secret, accord.now(), (accord.local_day(found_invitation.owner, accord.now()) + interval '1 year')::date);
  return found_invitation.owner;
end $$;

-- The operator adds a new agency and an invitation for its first privacy officer, but gets none of the agency's keys.
-- The role and agency kind are checked here. Otherwise anyone who can run SQL as `web` could give themselves a role.
create or replace function accord.agency_invite(
  new_owner uuid, agency_name text, agency_kind text, agency_zone text, agency_jurisdictions text[], agency_traits text[],
  officer_name text, officer_roles text[], code_hash bytea) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('operator') or not accord.actor_agency_is('hub') then
    raise insufficient_privilege using message = 'only an operator invites agencies';
  end if;
  insert into agencies_agency (owner, name, kind, zone, jurisdictions, traits, since)
    values (new_owner, agency_name, agency_kind, agency_zone, agency_jurisdictions, agency_traits, accord.now());
  insert into membership_invitation (owner, id, name, roles, code_hash, by, at)
    values (new_owner, gen_random_uuid(), officer_name, officer_roles, code_hash, accord.actor_membership(), accord.now());
end $$;

create or replace function accord.session_act_for(which_membership uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare m membership_membership;
begin
  select * into m from membership_membership where id = which_membership and account = accord.actor_account() and ended_at is null;
  if not found then return false; end if;
  update accounts_session set membership = m.id, agency = m.owner where id = (accord.live_session()).id;
  return true;
end $$;

-- If two privacy officers remove or demote each other at the same time, the second one waits here and then is no longer
-- a privacy officer. This way, an agency can't lose its last privacy officer.
create or replace function accord.officers_wait() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended('officers ' || accord.actor_agency(), 0))
$$;

-- Ends a membership. Its sessions and seals are deleted in the privacy officer's own transaction.
create or replace function accord.membership_end(which_membership uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform accord.officers_wait();
  update membership_membership set ended_at = accord.now()
    where owner = accord.actor_agency() and id = which_membership and ended_at is null
      and accord.actor_is_afresh('officer') and not accord.actor_is_also(id);
  if not found then return false; end if;
  delete from accounts_session where membership = which_membership;
  perform accord.seals_taken(which_membership, '{}');
  insert into accounts_notice (owner, id, origin, code, at)
    values (accord.actor_agency(), gen_random_uuid(), accord.actor_agency(), 'keys-to-renew', accord.now());
  return true;
end $$;

-- Changes roles. The colleague's sessions end, and keys other than those in `keeps` are removed.
create or replace function accord.membership_change_roles(which_membership uuid, new_roles text[], keeps text[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform accord.officers_wait();
  update membership_membership set roles = new_roles
    where owner = accord.actor_agency() and id = which_membership and ended_at is null
      and accord.actor_is_afresh('officer') and not accord.actor_is_also(id)
      and account is not null;  -- a connected system never gets a person's role
  if not found then return false; end if;
  delete from accounts_session where membership = which_membership;
  perform accord.seals_taken(which_membership, keeps);
  return true;
end $$;

-- Deletes seals and retires the key versions they opened. A retired key still opens data, but a new version is due.
create or replace function accord.seals_taken(which_membership uuid, keeps text[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (delete from vault_ringseal
    where owner = accord.actor_agency() and membership = which_membership and code <> all(keeps) and accord.actor_is('officer')
    returning code, version)
  update vault_ringkey k set retired_at = accord.now() from gone
    where k.owner = accord.actor_agency() and k.code = gone.code and k.version = gone.version and k.retired_at is null
$$;

-- Deletes old versions of a key that no longer encrypt anything. Their seals are deleted, but the public half stays as
-- a link in the signature chain. A version must have been retired for 15 minutes, longer than any request, so that
-- nothing is still being written with it. Every table with a ring_version is checked, no matter which room owns it, but
-- for totals and exchanges. Their version is of the other side's key, and they use keys that no statement deletes, as
-- search tokens and log details do.
create or replace function accord.ring_drop_old(of_codes text[]) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare old record; place record; used boolean; dropped integer := 0;
begin
  for old in
    select k.owner, k.code, k.version from vault_ringkey k
    where k.owner = accord.actor_agency() and k.code = any(of_codes) and k.deleted_at is null
      and k.code <> all(array['log', 'search', 'signing', 'submissions'])
      and k.retired_at < accord.now() - interval '15 minutes'
      and exists (select 1 from vault_ringkey n join vault_ringseal s using (owner, code, version)
        where n.owner = k.owner and n.code = k.code and n.version > k.version and n.retired_at is null
          and n.since < accord.now() - interval '15 minutes')
    order by k.code, k.version for update of k skip locked
  loop
    used := false;
    for place in
      select c.relname, exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'recipient') as shared,
        exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'kind') as by_kind
      from pg_class c join pg_attribute v on v.attrelid = c.oid and v.attname = 'ring_version'
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like all(array['numbers\_%', 'exchange\_%'])
    loop
      execute format('select exists (select 1 from %I where %I = $1 and ring_version = $2 and %s)', place.relname,
        case when place.shared then 'recipient' else 'owner' end, case when place.by_kind then 'kind = $3' else '$3 = $3' end)
        into used using old.owner, old.version, old.code;
      exit when used;
    end loop;
    continue when used;
    delete from vault_recoveryseal s where s.owner = old.owner and s.code = old.code and s.version = old.version;
    delete from vault_ringseal s where s.owner = old.owner and s.code = old.code and s.version = old.version;
    update vault_ringkey k set deleted_at = accord.now()
      where k.owner = old.owner and k.code = old.code and k.version = old.version;
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- Withdraws an invitation, for example because its code got into the wrong hands.
create or replace function accord.invitation_withdraw(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from membership_invitation
    where owner = accord.actor_agency() and id = which and used_at is null and accord.actor_is_afresh('officer');
  return found;
end $$;

-- Only these functions write rows that bind an agency or give someone access. `web` can't change the tables.
create or replace function accord.member_invite(new_id uuid, member_name text, member_roles text[], code_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') then return false; end if;
  insert into membership_invitation (owner, id, name, roles, code_hash, by, at)
    values (accord.actor_agency(), new_id, member_name, member_roles, code_hash, accord.actor_membership(), accord.now());
  return true;
end $$;

-- Renews the yearly access agreement.
create or replace function accord.membership_renew(until date) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update membership_membership set trained_until = least(until, accord.local_day(owner, accord.now()) + 366)
    where owner = accord.actor_agency() and id = accord.actor_membership()
$$;

-- Used for a lost phone or computer. Ends every session of the account, including sessions for other agencies, because
-- those could switch to this agency with one click.
create or replace function accord.membership_sign_out(which_membership uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from membership_membership
    where owner = accord.actor_agency() and id = which_membership and ended_at is null and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  delete from accounts_session s using membership_membership m
    where m.owner = accord.actor_agency() and m.id = which_membership
      and (s.membership = which_membership or s.account = m.account);
  return true;
end $$;

-- Creates another code for the first privacy officer if theirs was lost or expired and no one has joined.
create or replace function accord.agency_invite_again(
  of_owner uuid, officer_name text, officer_roles text[], code_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('operator') or not accord.actor_agency_is('hub')
    or not exists (select 1 from agencies_agency a where a.owner = of_owner)
    or exists (select 1 from membership_membership m where m.owner = of_owner) then
    return false;
  end if;
  delete from membership_invitation where owner = of_owner;
  insert into membership_invitation (owner, id, name, roles, code_hash, by, at)
    values (of_owner, gen_random_uuid(), officer_name, officer_roles, code_hash, accord.actor_membership(), accord.now());
  return true;
end $$;

-- Notifies supervisors and privacy officers when someone opens more records than their work explains, at most once an
-- hour (line 80).
create or replace function accord.alarm_unusual_reading() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, code, at)
  select m.owner, gen_random_uuid(), m.id, m.owner, 'unusual-reading', accord.now()
  from membership_membership m
  where m.owner = accord.actor_agency() and m.ended_at is null and not accord.actor_is_also(m.id)
    and m.roles && array['supervisor', 'officer']
    and not exists (select 1 from accounts_notice n where n.owner = m.owner and n.membership = m.id
                    and n.code = 'unusual-reading' and n.at > accord.now() - interval '1 hour')
$$;

-- Notifies colleagues with this role at other agencies. The notice says what happened, but not whose record it is
-- about. While a notice is unread, an identical one isn't added, so a repeated step can't fill anyone's list.
create or replace function accord.notify_about(about uuid, notice_code text, role_code text, agencies uuid[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, matter, code, at)
  select m.owner, gen_random_uuid(), m.id, accord.actor_agency(), about, notice_code, accord.now()
  from membership_membership m
  where m.owner = any(agencies) and m.owner <> accord.actor_agency() and m.ended_at is null and role_code = any(m.roles)
    and not exists (
      select 1 from accounts_notice n
      where n.owner = m.owner and n.membership = m.id and n.code = notice_code and n.matter is not distinct from about
        and not exists (select 1 from accounts_noticeseen s
          where s.owner = n.owner and s.membership = m.id and s.notice = n.id))
$$;
