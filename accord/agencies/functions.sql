create or replace function accord.actor_agency_is(of_kind text) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from agencies_agency a where a.owner = accord.actor_agency() and a.kind = of_kind)
$$;

-- The day that an agency has at a moment: the session's own zone is always UTC, and is nobody's day.
create or replace function accord.local_day(of_agency uuid, moment timestamptz) returns date
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select (moment at time zone a.zone)::date from agencies_agency a where a.owner = of_agency
$$;

-- An agreement is in force for a kind while both have signed, neither has left, it has begun, has not ended, and its
-- yearly review is no more than 30 days late. Joined at the moment of reading: no copied dates. With a later moment: and
-- is so until then if nobody does anything more. A share must not begin after that: its recipient would learn of it.
create or replace function accord.agreement_in_force(
  from_agency uuid, to_agency uuid, of_kind text, moment timestamptz default null) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select 1 from agencies_permit p
    join agencies_agreement a on a.owner = p.owner and a.id = p.agreement
    join agencies_signature g on g.owner = p.giver and g.agreement = a.id and g.left_at is null
    join agencies_signature t on t.owner = p.taker and t.agreement = a.id and t.left_at is null
    where p.giver = from_agency and p.taker = to_agency and p.kind = of_kind
      and a.starts_at <= accord.now() and a.ended_at is null
      and a.review_due_at + interval '30 days' > greatest(accord.now(), moment))
$$;

-- While a share begins, ends or rests nobody leaves what carries it: whoever begins waits here for a leaving that runs, and
-- asks after it whether the agreement is in force; whoever leaves waits for this transaction, and sees the share that it
-- made. Signatures are locked before shares and notices, here as in leaving: so nobody waits in a ring.
create or replace function accord.agreements_stay(partners uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare me uuid := accord.actor_agency();
begin
  perform 1 from agencies_signature s
    where (s.owner = me or s.owner = any(partners)) and s.left_at is null and s.agreement in (
      select mine.agreement from agencies_permit mine join agencies_permit theirs using (owner, agreement)
      where me in (mine.giver, mine.taker)
        and (theirs.giver = any(partners) or theirs.taker = any(partners)))
    order by s.owner, s.agreement for share;
end $$;

-- Founding: the operator's invitation is taken up before the new officer can act for the agency.
create or replace function accord.invitation_by_code(code_hash bytea)
returns table (owner uuid, id uuid, name text, roles text[], agency text, zone text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select i.owner, i.id, i.name, i.roles, a.name, a.zone from agencies_invitation i join agencies_agency a on a.owner = i.owner
  where i.code_hash = invitation_by_code.code_hash and i.used_at is null and i.at > accord.now() - interval '7 days'
$$;

-- Taking up an invitation joins the account that holds the ticket (or proves its key) to the inviting agency.
create or replace function accord.invitation_accept(
  code_hash bytea, which_account uuid, proof bytea, new_id uuid, public_key bytea, sealed_secret bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare found_invitation agencies_invitation;
begin
  if not accord.account_proves(which_account, proof) then return null; end if;
  update agencies_invitation i set used_at = accord.now()
    where i.code_hash = invitation_accept.code_hash and i.used_at is null and i.at > accord.now() - interval '7 days'
    returning * into found_invitation;
  if not found then return null; end if;
  -- One account, one membership in an agency: a second one would let one human do what takes two.
  perform pg_advisory_xact_lock(hashtextextended('join ' || found_invitation.owner || which_account, 0));
  if exists (select 1 from agencies_membership m
    where m.owner = found_invitation.owner and m.account = which_account and m.ended_at is null) then
    raise unique_violation using message = 'this account is a member already';
  end if;
  insert into agencies_membership (owner, id, account, name, roles, public, sealed, since, trained_until)
    values (found_invitation.owner, new_id, which_account, found_invitation.name, found_invitation.roles, public_key,
            sealed_secret, accord.now(), (accord.local_day(found_invitation.owner, accord.now()) + interval '1 year')::date);
  return found_invitation.owner;
end $$;

-- The operator opens a new agency's place and its first officer's invitation; she holds no key of it.
-- (role and agency kind are asked here: whoever can run a statement as `web` could otherwise write herself a role)
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
  insert into agencies_invitation (owner, id, name, roles, code_hash, by, at)
    values (new_owner, gen_random_uuid(), officer_name, officer_roles, code_hash, accord.actor_membership(), accord.now());
end $$;

create or replace function accord.session_act_for(which_membership uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare m agencies_membership;
begin
  select * into m from agencies_membership where id = which_membership and account = accord.actor_account() and ended_at is null;
  if not found then return false; end if;
  update accounts_session set membership = m.id, agency = m.owner where id = (accord.live_session()).id;
  return true;
end $$;

-- Two officers who end or demote each other at the same moment wait here for one another; the second one then finds that
-- they are no longer an officer. So the last officer of an agency cannot be lost.
create or replace function accord.officers_wait() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended('officers ' || accord.actor_agency(), 0))
$$;

-- Leaving: sessions and seals go at once, in the officer's own transaction.
create or replace function accord.membership_end(which_membership uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform accord.officers_wait();
  update agencies_membership set ended_at = accord.now()
    where owner = accord.actor_agency() and id = which_membership and ended_at is null
      and accord.actor_is_afresh('officer') and not accord.actor_is_also(id);
  if not found then return false; end if;
  delete from accounts_session where membership = which_membership;
  perform accord.seals_taken(which_membership, '{}');
  insert into accounts_notice (owner, id, origin, code, at)
    values (accord.actor_agency(), gen_random_uuid(), accord.actor_agency(), 'keys-to-renew', accord.now());
  return true;
end $$;

-- Other roles: sessions end, and the keys that the new roles do not open (`keeps` are those that they do) go at once.
create or replace function accord.membership_change_roles(which_membership uuid, new_roles text[], keeps text[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform accord.officers_wait();
  update agencies_membership set roles = new_roles
    where owner = accord.actor_agency() and id = which_membership and ended_at is null
      and accord.actor_is_afresh('officer') and not accord.actor_is_also(id)
      and account is not null;  -- a machine client never gets a colleague's role
  if not found then return false; end if;
  delete from accounts_session where membership = which_membership;
  perform accord.seals_taken(which_membership, keeps);
  return true;
end $$;

-- Seals go, and the newest version of each key that they opened is retired: it still opens, a next one is due.
create or replace function accord.seals_taken(which_membership uuid, keeps text[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (delete from vault_ringseal
    where owner = accord.actor_agency() and membership = which_membership and code <> all(keeps) and accord.actor_is('officer')
    returning code, version)
  update vault_ringkey k set retired_at = accord.now() from gone
    where k.owner = accord.actor_agency() and k.code = gone.code and k.version = gone.version and k.retired_at is null
$$;

-- A version of a key that is no longer the newest and under which nothing lies is deleted: its seals go, its public half
-- stays as a link in the chain of signatures. A quarter of an hour's grace, longer than any request, so that nothing is
-- just being written under it. Every table that names a ring_version is asked, whichever room it belongs to; totals, search
-- tokens and the log's details lie under keys of their own, which no statement drops.
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
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'numbers\_%'
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

-- A code that went to the wrong hands.
create or replace function accord.invitation_withdraw(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from agencies_invitation
    where owner = accord.actor_agency() and id = which and used_at is null and accord.actor_is_afresh('officer');
  return found;
end $$;

-- What binds an agency or lets somebody in is written by these functions only: `web` may not touch the tables.

create or replace function accord.member_invite(new_id uuid, member_name text, member_roles text[], code_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') then return false; end if;
  insert into agencies_invitation (owner, id, name, roles, code_hash, by, at)
    values (accord.actor_agency(), new_id, member_name, member_roles, code_hash, accord.actor_membership(), accord.now());
  return true;
end $$;

-- The yearly access agreement, signed again.
create or replace function accord.membership_renew(until date) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update agencies_membership set trained_until = least(until, accord.local_day(owner, accord.now()) + 366)
    where owner = accord.actor_agency() and id = accord.actor_membership()
$$;

-- An agreement is written whole and never changed: a signature covers what stood there when it was given. Its id is new
-- to everybody, so that nobody's signature under another agreement counts here.
create or replace function accord.agreement_draft(
  new_id uuid, agreement_title text, starts timestamptz, review_due timestamptz, givers uuid[], takers uuid[], kinds text[])
returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('coordinator') or not accord.actor_agency_is('backbone')
    or exists (select 1 from agencies_agreement a where a.id = new_id) then return false; end if;
  insert into agencies_agreement (owner, id, title, starts_at, review_due_at)
    values (accord.actor_agency(), new_id, agreement_title, starts, review_due);
  insert into agencies_permit (owner, agreement, giver, taker, kind)
    select accord.actor_agency(), new_id, line.giver, line.taker, line.kind
    from unnest(givers, takers, kinds) as line(giver, taker, kind);
  return true;
end $$;

create or replace function accord.agreement_sign(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') or not exists (
    select 1 from agencies_permit p where p.agreement = which and accord.actor_agency() in (p.giver, p.taker)) then
    return false;
  end if;
  insert into agencies_signature (owner, agreement, membership, at)
    values (accord.actor_agency(), which, accord.actor_membership(), accord.now()) on conflict do nothing;
  return found;
end $$;

-- A lost phone or computer: every session of the account ends, also one that is working for another agency right now,
-- which could turn to this one with a click.
create or replace function accord.membership_sign_out(which_membership uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from agencies_membership
    where owner = accord.actor_agency() and id = which_membership and ended_at is null and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  delete from accounts_session s using agencies_membership m
    where m.owner = accord.actor_agency() and m.id = which_membership
      and (s.membership = which_membership or s.account = m.account);
  return true;
end $$;

-- The first officer's code was lost or grew too old: another one, while nobody has joined.
create or replace function accord.agency_invite_again(
  of_owner uuid, officer_name text, officer_roles text[], code_hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('operator') or not accord.actor_agency_is('hub')
    or not exists (select 1 from agencies_agency a where a.owner = of_owner)
    or exists (select 1 from agencies_membership m where m.owner = of_owner) then
    return false;
  end if;
  delete from agencies_invitation where owner = of_owner;
  insert into agencies_invitation (owner, id, name, roles, code_hash, by, at)
    values (of_owner, gen_random_uuid(), officer_name, officer_roles, code_hash, accord.actor_membership(), accord.now());
  return true;
end $$;

-- Agreements: what one party does and the others learn of, or what turns the row that the coalition's office keeps. ----

create or replace function accord.agreement_parties(which_agreement uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.giver from agencies_permit p where p.agreement = which_agreement
  union select p.taker from agencies_permit p where p.agreement = which_agreement
$$;

-- A notice to the officers of the other parties. Says what happened, never about whom.
create or replace function accord.notify_parties(which_agreement uuid, notice_code text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, code, at)
  select m.owner, gen_random_uuid(), m.id, accord.actor_agency(), notice_code, accord.now()
  from agencies_membership m
  where m.owner in (select accord.agreement_parties(which_agreement)) and m.owner <> accord.actor_agency()
    and m.ended_at is null and 'officer' = any(m.roles)
    and notice_code in ('agreement-drafted', 'agreement-signed', 'agreement-reviewed', 'agreement-ended')
    and (accord.actor_is('officer') or accord.actor_is('coordinator'))
    and (accord.actor_agency() in (select accord.agreement_parties(which_agreement))
      or exists (select 1 from agencies_agreement a where a.id = which_agreement and a.owner = accord.actor_agency()))
$$;

-- Leaving: sharing under it stops with this commit, and what was announced and not yet seen is announced no more.
create or replace function accord.agreement_leave(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agencies_signature set left_at = accord.now()
    where owner = accord.actor_agency() and agreement = which and left_at is null and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  perform 1 from accounts_notice n  -- in one order: two may leave two agreements of the same agencies at once
    where n.code = 'share-begun' and accord.actor_agency() in (n.origin, n.owner) order by n.owner, n.id for update;
  perform 1 from sharing_share s
    where s.starts_at > accord.now() and accord.actor_agency() in (s.owner, s.recipient) order by s.owner, s.id for update;
  delete from accounts_notice n
    where n.code = 'share-begun'
      and ((n.origin = accord.actor_agency() and n.owner in (select accord.agreement_parties(which)))
        or (n.owner = accord.actor_agency() and n.origin in (select accord.agreement_parties(which))))
      and not exists (select 1 from accounts_noticeseen s where s.owner = n.owner and s.notice = n.id);
  -- A share that would begin later, and that no other agreement carries to that day, is suspended before it began: its
  -- recipient never learns of it, and its owner sees that it is paused.
  update sharing_share s set suspended_at = accord.now()
    where s.starts_at > accord.now() and s.withdrawn_at is null and s.suspended_at is null
      and ((s.owner = accord.actor_agency() and s.recipient in (select accord.agreement_parties(which)))
        or (s.recipient = accord.actor_agency() and s.owner in (select accord.agreement_parties(which))))
      and not accord.agreement_in_force(s.owner, s.recipient, s.kind, s.starts_at);
  perform accord.notify_parties(which, 'agreement-ended');
  return true;
end $$;

-- The yearly review: each party confirms from 60 days before; when all have, it is due again a year later.
create or replace function accord.agreement_review(which_agreement uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare due timestamptz;
begin
  select a.review_due_at into due from agencies_agreement a
    where a.id = which_agreement and a.ended_at is null and a.review_due_at - interval '60 days' <= accord.now() for update;
  if not found then return false; end if;
  update agencies_signature set reviewed_at = accord.now()
    where owner = accord.actor_agency() and agreement = which_agreement and left_at is null and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  if not exists (
    select 1 from accord.agreement_parties(which_agreement) party where not exists (
      select 1 from agencies_signature s where s.owner = party and s.agreement = which_agreement
        and s.left_at is null and s.reviewed_at >= due - interval '60 days')) then
    -- a year by the calendar of the agency that wrote it: across a clock change, UTC would come to the day before
    update agencies_agreement t set review_due_at =
        (greatest(t.review_due_at, accord.now()) at time zone a.zone + interval '1 year') at time zone a.zone
      from agencies_agency a where t.id = which_agreement and a.owner = t.owner;
  end if;
  perform accord.notify_parties(which_agreement, 'agreement-reviewed');
  return true;
end $$;

-- Somebody opens more people than her work explains: those who watch over reading are told, once an hour (line 80).
create or replace function accord.alarm_unusual_reading() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, membership, origin, code, at)
  select m.owner, gen_random_uuid(), m.id, m.owner, 'unusual-reading', accord.now()
  from agencies_membership m
  where m.owner = accord.actor_agency() and m.ended_at is null and not accord.actor_is_also(m.id)
    and m.roles && array['supervisor', 'officer']
    and not exists (select 1 from accounts_notice n where n.owner = m.owner and n.membership = m.id
                    and n.code = 'unusual-reading' and n.at > accord.now() - interval '1 hour')
$$;

-- Coming back ------------------------------------------------------------------------------------------------------

-- A reset: an officer hands a one-time code to a colleague who forgot her passphrase. It lasts a day.
create or replace function accord.member_reset(new_id uuid, which_membership uuid, code_hash bytea, with_factor boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from agencies_membership m where m.owner = accord.actor_agency() and m.id = which_membership
    and m.ended_at is null and not accord.actor_is_also(m.id) and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  delete from agencies_reset r where r.owner = accord.actor_agency() and r.membership = which_membership and r.used_at is null;
  insert into agencies_reset (owner, id, membership, factor, code_hash, by, at)
    values (accord.actor_agency(), new_id, which_membership, with_factor, code_hash, accord.actor_membership(), accord.now());
  return true;
end $$;

create or replace function accord.reset_by_code(code_hash bytea)
returns table (account uuid, user_name text, factor boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.id, a.user_name, r.factor from agencies_reset r
    join agencies_membership m on m.owner = r.owner and m.id = r.membership and m.ended_at is null
    join accounts_account a on a.id = m.account
  where r.code_hash = reset_by_code.code_hash and r.used_at is null and r.at > accord.now() - interval '1 day'
$$;

-- The account gets a new key. Whatever was sealed to the old one is closed to her from now on, in every agency, until an
-- officer of that agency lets her back in; an account that was closed for disuse is open again.
create or replace function accord.reset_accept(
  code_hash bytea, public_key bytea, salt bytea, cost text, wrap bytea, proof bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare found_account uuid; found_factor boolean;
begin
  select r.account, r.factor into found_account, found_factor from accord.reset_by_code(reset_accept.code_hash) r;
  if not found then return false; end if;
  update agencies_reset r set used_at = accord.now() where r.code_hash = reset_accept.code_hash and r.used_at is null;
  if not found then return false; end if;
  update accounts_account set public = public_key, wrap_salt = salt, wrap_cost = cost, wrapped = wrap,
    proof_hash = sha256(proof), disabled_at = null, seen_at = accord.now(), factor_failures = 0 where id = found_account;
  if found_factor then
    update accounts_account set factor = null, factor_step = 0 where id = found_account;
    delete from accounts_recoverycode where account = found_account;
    delete from accounts_passkey where account = found_account;
  end if;
  delete from accounts_session where account = found_account;
  delete from accounts_draft where account = found_account;  -- sealed to the key that is forgotten
  delete from vault_ringseal s using agencies_membership m
    where m.account = found_account and m.ended_at is null and s.owner = m.owner and s.membership = m.id;
  update agencies_membership set reset_at = accord.now(), sealed = '' where account = found_account and ended_at is null;
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select o.owner, gen_random_uuid(), o.id, o.owner, 'colleague-reset', accord.now()
    from agencies_membership o join agencies_membership m on m.owner = o.owner and m.account = found_account and m.ended_at is null
    where o.ended_at is null and o.account <> found_account and 'officer' = any(o.roles);
  return true;
end $$;

-- Her new pair, once after each reset.
create or replace function accord.membership_rekey(which uuid, public_key bytea, sealed_secret bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agencies_membership set public = public_key, sealed = sealed_secret
    where id = which and account = accord.actor_account() and ended_at is null
      and reset_at is not null and octet_length(sealed) = 0;
  return found;
end $$;

-- Who made the code of the reset after which this membership waits: an account, here or in another agency.
create or replace function accord.reset_begun_by(which uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select officer.account from agencies_membership waits
    join agencies_membership hers on hers.account = waits.account
    join agencies_reset r on r.owner = hers.owner and r.membership = hers.id and r.used_at is not null
    join agencies_membership officer on officer.owner = r.owner and officer.id = r.by
    where waits.owner = accord.actor_agency() and waits.id = which and waits.reset_at is not null
    order by r.used_at desc limit 1
$$;

-- Officers of the actor's agency who can act now, other than the actor and the colleague who waits.
create or replace function accord.other_officers(which uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.id from agencies_membership o join accounts_account a on a.id = o.account and a.disabled_at is null
    where o.owner = accord.actor_agency() and o.ended_at is null and o.reset_at is null and 'officer' = any(o.roles)
      and o.account <> accord.actor_account()
      and o.account <> (select w.account from agencies_membership w where w.owner = accord.actor_agency() and w.id = which)
$$;

-- Whoever made the code could have used it herself: then somebody else lets the colleague back in, where there is somebody.
create or replace function accord.readmit_takes_another(which uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.reset_begun_by(which) is not distinct from accord.actor_account()
    and exists (select 1 from accord.other_officers(which))
$$;

-- Where nobody else can, the one officer does both, and everybody who may look after it is told. Returns whether it was
-- done (null: not) by whoever had made the code.
create or replace function accord.membership_readmit(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare alone boolean := accord.reset_begun_by(which) is not distinct from accord.actor_account();
begin
  if accord.readmit_takes_another(which) then return null; end if;
  update agencies_membership set reset_at = null
    where owner = accord.actor_agency() and id = which and ended_at is null and not accord.actor_is_also(id)
      and reset_at is not null and octet_length(sealed) > 0 and accord.actor_is_afresh('officer');
  if not found then return null; end if;
  if alone then
    insert into accounts_notice (owner, id, membership, origin, code, at)
      select m.owner, gen_random_uuid(), m.id, m.owner, 'readmitted-alone', accord.now() from agencies_membership m
      where m.owner = accord.actor_agency() and m.ended_at is null and not accord.actor_is_also(m.id)
        and (m.id = which or 'officer' = any(m.roles));
  end if;
  return alone;
end $$;

create or replace function accord.memberships_closed() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from agencies_membership m join accounts_account a on a.id = m.account
    where m.owner = accord.actor_agency() and m.ended_at is null and a.disabled_at is not null
$$;

create or replace function accord.membership_open_again(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update accounts_account a set disabled_at = null, seen_at = accord.now() from agencies_membership m
    where m.owner = accord.actor_agency() and m.id = which and m.ended_at is null and m.account = a.id
      and a.disabled_at is not null and accord.actor_is_afresh('officer');
  return found;
end $$;

-- The key on paper: a new one ends the one before, with its seals.
create or replace function accord.recovery_make(new_id uuid, public_key bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') then return false; end if;
  update agencies_recoverykey set ended_at = accord.now() where owner = accord.actor_agency() and ended_at is null;
  delete from vault_recoveryseal where owner = accord.actor_agency();
  delete from agencies_recoverystart where owner = accord.actor_agency();
  insert into agencies_recoverykey (owner, id, public, by, at)
    values (accord.actor_agency(), new_id, public_key, accord.actor_membership(), accord.now());
  return true;
end $$;

-- One officer has the paper, another one says yes: what she typed is sealed to each other officer.
create or replace function accord.recovery_start(which uuid, members uuid[], seals bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from agencies_recoverykey k where k.owner = accord.actor_agency() and k.id = which and k.ended_at is null
    and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  delete from agencies_recoverystart where owner = accord.actor_agency();
  insert into agencies_recoverystart (owner, recovery, membership, sealed, by, at)
    select accord.actor_agency(), which, line.member, line.seal, accord.actor_membership(), accord.now()
    from unnest(members, seals) as line(member, seal) where not accord.actor_is_also(line.member);
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select accord.actor_agency(), gen_random_uuid(), member, accord.actor_agency(), 'recovery-started', accord.now()
    from unnest(members) as member;
  return true;
end $$;

-- Machine clients --------------------------------------------------------------------------------------------------

-- An officer connects another system: a membership that nobody signs in as, with the roles of a machine and no others.
create or replace function accord.machine_connect(
  new_id uuid, client_name text, client_roles text[], public_key bytea, hash bytea, may_write text[], may_read text[],
  works_for text, until timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') or until <= accord.now()
    or accord.local_day(accord.actor_agency(), until) > accord.local_day(accord.actor_agency(), accord.now()) + 366
    or not client_roles <@ array['machine_writer', 'machine_reader', 'machine_releases'] then return false; end if;
  insert into agencies_membership (owner, id, account, name, roles, public, sealed, since, trained_until)
    values (accord.actor_agency(), new_id, null, client_name, client_roles, public_key, '', accord.now(),
            accord.local_day(accord.actor_agency(), until));
  insert into agencies_machineclient (owner, id, ticket_hash, made_by, made_at, expires_at, writes, reads, purpose)
    values (accord.actor_agency(), new_id, hash, accord.actor_membership(), accord.now(), until, may_write, may_read, works_for);
  return true;
end $$;

-- Who holds this ticket, if it is a machine's that still may act; keeps the day and hour of its last use.
create or replace function accord.machine_load() returns table (membership uuid, agency uuid)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agencies_machineclient c set used_at = accord.now()
    where c.owner = accord.actor_agency() and c.id = accord.actor_membership()
      and (c.used_at is null or c.used_at < accord.now() - interval '1 minute');
  return query select c.id, c.owner from agencies_machineclient c
    where c.owner = accord.actor_agency() and c.id = accord.actor_membership();
end $$;

-- Papers that reached the hub --------------------------------------------------------------------------------------

-- The operator passes a paper on: one sealed copy for each agency, and a notice for its officers that says nothing. No
-- function gives a copy back to the hub.
create or replace function accord.paper_forward(
  new_id uuid, of_process text, came date, agencies uuid[], versions integer[], seals bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is('operator') or not accord.actor_agency_is('hub') or cardinality(agencies) = 0 then return false; end if;
  insert into agencies_servedpaper (owner, id, process, came_on, sent_at, key_version, sealed)
    select a.owner, new_id, of_process, came, accord.now(), copy.version, copy.seal
    from unnest(agencies, versions, seals) as copy(agency, version, seal)
    join agencies_agency a on a.owner = copy.agency and a.kind <> 'hub';
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select m.owner, gen_random_uuid(), m.id, accord.actor_agency(), 'paper-came', accord.now()
    from agencies_membership m
    where m.owner = any(agencies) and m.ended_at is null and 'officer' = any(m.roles)
      and m.owner <> accord.actor_agency();
  return true;
end $$;

create or replace function accord.papers_forwarded()
returns table (id uuid, process text, came_on date, sent_at timestamptz, agency uuid, opened boolean, taken_on boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.id, p.process, p.came_on, p.sent_at, p.owner, p.opened_at is not null, p.taken_at is not null
  from agencies_servedpaper p where accord.actor_is('operator') and accord.actor_agency_is('hub')
$$;

create or replace function accord.paper_opened(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update agencies_servedpaper set opened_at = accord.now()
    where owner = accord.actor_agency() and id = which and opened_at is null and accord.actor_is('officer')
$$;

-- A paper goes a year after an officer took it on, whoever signs in; one that nobody took on waits. Needs no key and no ticket.
create or replace function accord.papers_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from agencies_servedpaper p where p.taken_at < accord.now() - interval '365 days'
$$;

create or replace function accord.paper_take_on(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agencies_servedpaper set taken_at = accord.now(), taken_by = accord.actor_membership()
    where owner = accord.actor_agency() and id = which and taken_at is null and accord.actor_is('officer');
  return found;
end $$;
