-- Agreements: what one party does and the other parties see, and changes to the row that the coalition's office owns.

-- Returns the agreements that name the actor's agency. All pairs of a coalition agreement are one matter, so each
-- member sees the other members' pairs.
create or replace function accord.agreements_mine() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select distinct coalesce(a.coalition, a.id) from agreements_agreement a
  join agreements_permit p on p.owner = a.owner and p.agreement = a.id
  where (select accord.actor_agency()) in (p.giver, p.taker)
$$;

-- An agreement is in force for a kind if both agencies have signed, each has checked the other's keys, and neither has
-- left. It must have started and not ended, and its yearly review must be at most 30 days late. This is checked on
-- every read, and no dates are copied. If `moment` is given, the agreement must also stay in force until then if
-- no one acts. A share must not start after its agreement has lapsed, because the recipient would learn of the share.
-- Only the two agencies get an answer. Any other agency always gets false.
create or replace function accord.agreement_in_force(
  from_agency uuid, to_agency uuid, of_kind text, moment timestamptz default null) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(accord.actor_agency() in (from_agency, to_agency), false) and exists (
    select 1 from agreements_permit p
    join agreements_agreement a on a.owner = p.owner and a.id = p.agreement
    join agreements_signature g on g.owner = p.giver and g.agreement = a.id and g.left_at is null and g.checked_at is not null
    join agreements_signature t on t.owner = p.taker and t.agreement = a.id and t.left_at is null and t.checked_at is not null
    where p.giver = from_agency and p.taker = to_agency and p.kind = of_kind
      and a.starts_at <= accord.now() and a.ended_at is null
      and a.review_due_at + interval '30 days' > greatest(accord.now(), moment))
$$;

-- While a share begins, ends or pauses, no one can leave the agreement it relies on. A new share waits here for any
-- exit in progress, and then checks the agreement. An exit waits for this transaction, and then sees the
-- new share. Signatures are locked before shares and notices, both here and when leaving, so there is no deadlock.
create or replace function accord.agreements_stay(partners uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare me uuid := accord.actor_agency();
begin
  perform 1 from agreements_signature s
    where (s.owner = me or s.owner = any(partners)) and s.left_at is null and s.agreement in (
      select mine.agreement from agreements_permit mine join agreements_permit theirs using (owner, agreement)
      where me in (mine.giver, mine.taker)
        and (theirs.giver = any(partners) or theirs.taker = any(partners)))
    order by s.owner, s.agreement for share;
end $$;

-- Drafts a coalition agreement: one set of terms for any number of members. It has no signatures and permits nothing by
-- itself. Each pair of members has an ordinary agreement, and its two signatures count only for that pair.
create or replace function accord.coalition_draft(
  new_id uuid, agreement_title text, agreement_kinds text[], starts timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('coordinator') or not accord.actor_agency_is('backbone')
    or exists (select 1 from agreements_coalitionagreement c where c.id = new_id) then return false; end if;
  insert into agreements_coalitionagreement (owner, id, title, kinds, starts_at)
    values (accord.actor_agency(), new_id, agreement_title, agreement_kinds, starts);
  return true;
end $$;

-- Returns the members of a coalition agreement: agencies in at least one pair that they haven't left.
create or replace function accord.coalition_members(which uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select party from (
    select p.giver as party, a.id from agreements_agreement a join agreements_permit p on p.owner = a.owner and p.agreement = a.id
      where a.coalition = which
    union select p.taker, a.id from agreements_agreement a join agreements_permit p on p.owner = a.owner and p.agreement = a.id
      where a.coalition = which) parties
  group by party
  having bool_or(not exists (
    select 1 from agreements_signature s where s.owner = party and s.agreement = parties.id and s.left_at is not null))
$$;

-- Adds members. Each new member gets a pair with every current member and with every other new member. Existing pairs
-- don't change. Returns how many pairs were added.
create or replace function accord.coalition_add(which uuid, newcomers uuid[], review_due timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare made integer;
begin
  if not accord.actor_is_afresh('coordinator') or not accord.actor_agency_is('backbone') then return 0; end if;
  perform 1 from agreements_coalitionagreement c where c.id = which and c.owner = accord.actor_agency() for update;
  if not found then return 0; end if;
  with there as (select accord.coalition_members(which) as agency),
    fresh as (select a.owner as agency from agencies_agency a where a.owner = any(newcomers)
      and a.kind in ('community', 'systems', 'survivor_led') and a.owner not in (select agency from there)),
    pair as materialized (
      select gen_random_uuid() as id, f.agency as one, o.agency as other
      from fresh f join (select agency from there union all select agency from fresh) o
        on o.agency <> f.agency and (o.agency in (select agency from there) or f.agency < o.agency)),
    written as (
      insert into agreements_agreement (owner, id, title, starts_at, review_due_at, coalition)
        select c.owner, pair.id, c.title, c.starts_at, review_due, c.id
        from pair join agreements_coalitionagreement c on c.id = which and c.owner = accord.actor_agency() returning id),
    permitted as (
      insert into agreements_permit (owner, agreement, giver, taker, kind)
        select c.owner, pair.id, way.giver, way.taker, k.kind
        from pair join agreements_coalitionagreement c on c.id = which and c.owner = accord.actor_agency()
          cross join lateral (values (pair.one, pair.other), (pair.other, pair.one)) as way(giver, taker)
          cross join lateral unnest(c.kinds) as k(kind))
  select count(*) into made from written;
  if made > 0 then
    perform accord.notify_about(which, 'agreement-drafted', 'officer', array(select accord.coalition_members(which)));
    update agreements_agreementrequest r set closed_at = accord.now()
      where r.submitted_to = accord.actor_agency() and r.closed_at is null
        and r.owner in (select accord.coalition_members(which))
        and (r.partner is null or r.partner in (select accord.coalition_members(which)));
  end if;
  return made;
end $$;

-- A privacy officer asks the coalition's office for an agreement. A second request for the same thing is refused.
create or replace function accord.agreement_ask(new_id uuid, with_partner uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare office uuid;
begin
  select a.owner into office from agencies_agency a where a.kind = 'backbone' order by a.since, a.owner limit 1;
  if office is null or not accord.actor_is('officer') or accord.actor_agency() in (office, with_partner)
    or (with_partner is not null and not exists (select 1 from agencies_agency a
      where a.owner = with_partner and a.kind in ('community', 'systems', 'survivor_led')))
    or exists (select 1 from agreements_agreementrequest r where r.owner = accord.actor_agency()
      and r.partner is not distinct from with_partner and r.closed_at is null) then return false; end if;
  insert into agreements_agreementrequest (owner, id, submitted_to, partner, by, at)
    values (accord.actor_agency(), new_id, office, with_partner, accord.actor_membership(), accord.now());
  perform accord.notify_about(null, 'agreement-asked', 'coordinator', array[office]);
  return true;
end $$;

create or replace function accord.agreement_request_close(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agreements_agreementrequest r set closed_at = accord.now()
    where r.id = which and r.closed_at is null
      and ((r.submitted_to = accord.actor_agency() and accord.actor_is('coordinator'))
        or (r.owner = accord.actor_agency() and accord.actor_is('officer')));
  return found;
end $$;

-- Declining to sign is stored as a signature that has ended, so that the others don't wait for one.
create or replace function accord.agreement_decline(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') or accord.actor_agency() not in (select accord.agreement_parties(which)) then
    return false;
  end if;
  insert into agreements_signature (owner, agreement, membership, at, left_at)
    values (accord.actor_agency(), which, accord.actor_membership(), accord.now(), accord.now()) on conflict do nothing;
  return found;
end $$;

-- An agreement's terms are written once and never change, so a signature covers exactly what was signed. The id must be
-- new, so that no other agreement's signature counts here.
create or replace function accord.agreement_draft(
  new_id uuid, agreement_title text, starts timestamptz, review_due timestamptz, givers uuid[], takers uuid[], kinds text[])
returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('coordinator') or not accord.actor_agency_is('backbone')
    or exists (select 1 from agreements_agreement a where a.id = new_id) then return false; end if;
  insert into agreements_agreement (owner, id, title, starts_at, review_due_at)
    values (accord.actor_agency(), new_id, agreement_title, starts, review_due);
  insert into agreements_permit (owner, agreement, giver, taker, kind)
    select accord.actor_agency(), new_id, line.giver, line.taker, line.kind
    from unnest(givers, takers, kinds) as line(giver, taker, kind);
  update agreements_agreementrequest r set closed_at = accord.now()
    where r.submitted_to = accord.actor_agency() and r.closed_at is null
      and r.owner in (select accord.agreement_parties(new_id)) and r.partner in (select accord.agreement_parties(new_id));
  perform accord.notify_parties(new_id, 'agreement-drafted');
  return true;
end $$;

-- A signature counts only after every other party's keys have been compared by phone. `keys_checked` means that the
-- compared keys are still current. Only the application can tell this, because it checks the key signatures. This
-- function checks that the keys were compared.
create or replace function accord.agreement_sign(which uuid, keys_checked boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') or not exists (
    select 1 from agreements_permit p where p.agreement = which and accord.actor_agency() in (p.giver, p.taker)) then
    return false;
  end if;
  insert into agreements_signature (owner, agreement, membership, at, checked_at)
    values (accord.actor_agency(), which, accord.actor_membership(), accord.now(),
      case when keys_checked and accord.keys_compared(which) then accord.now() end) on conflict do nothing;
  if not found then return false; end if;
  perform accord.notify_parties(which, 'agreement-signed');
  return true;
end $$;

-- Returns true if the actor's agency has ever compared every other party's keys.
create or replace function accord.keys_compared(which uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select not exists (
    select 1 from accord.agreement_parties(which) party
    where party <> accord.actor_agency() and not exists (
      select 1 from agreements_keycheck c where c.owner = accord.actor_agency() and c.partner = party))
$$;

-- Records that a privacy officer called a partner and compared its six words. Signed agreements that were waiting only
-- for this check take effect. `still_good` lists the other parties whose compared keys are still current. Only the
-- application can tell this, because it checks the key signatures. This function checks that the keys were compared.
create or replace function accord.keys_check(which_partner uuid, six_words text, still_good uuid[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.actor_is_afresh('officer') or which_partner = accord.actor_agency()
    or not exists (select 1 from agencies_agency a where a.owner = which_partner) then return false; end if;
  insert into agreements_keycheck (owner, partner, at, by, words)
    values (accord.actor_agency(), which_partner, accord.now(), accord.actor_membership(), six_words) on conflict do nothing;
  update agreements_signature s set checked_at = accord.now()
    where s.owner = accord.actor_agency() and s.checked_at is null and s.left_at is null
      and which_partner in (select accord.agreement_parties(s.agreement)) and accord.keys_compared(s.agreement)
      and not exists (select 1 from accord.agreement_parties(s.agreement) party
        where party not in (s.owner, which_partner) and party <> all(still_good));
  return true;
end $$;

create or replace function accord.agreement_parties(which_agreement uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.giver from agreements_permit p where p.agreement = which_agreement
  union select p.taker from agreements_permit p where p.agreement = which_agreement
$$;

-- Notifies the other parties' privacy officers. All pairs of a coalition agreement are one matter.
create or replace function accord.notify_parties(which_agreement uuid, notice_code text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.notify_about(
      coalesce(a.coalition, a.id), notice_code, 'officer', array(select accord.agreement_parties(a.id)))
    from agreements_agreement a where a.id = which_agreement
$$;

-- Leaves an agreement. Sharing under it stops when this transaction commits, and unseen notices of shares are deleted.
create or replace function accord.agreement_leave(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update agreements_signature set left_at = accord.now()
    where owner = accord.actor_agency() and agreement = which and left_at is null and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  perform 1 from accounts_notice n  -- in a fixed order, because two agencies can leave two of their agreements at once
    where n.code = 'share-begun' and accord.actor_agency() in (n.origin, n.owner) order by n.owner, n.id for update;
  perform 1 from sharing_share s
    where s.starts_at > accord.now() and accord.actor_agency() in (s.owner, s.recipient) order by s.owner, s.id for update;
  delete from accounts_notice n
    where n.code = 'share-begun'
      and ((n.origin = accord.actor_agency() and n.owner in (select accord.agreement_parties(which)))
        or (n.owner = accord.actor_agency() and n.origin in (select accord.agreement_parties(which))))
      and not exists (select 1 from accounts_noticeseen s where s.owner = n.owner and s.notice = n.id);
  -- A future share that no other agreement covers on its first day is suspended before it starts. Its recipient never
  -- learns of it, and its owner sees that it is paused.
  update sharing_share s set suspended_at = accord.now()
    where s.starts_at > accord.now() and s.withdrawn_at is null and s.suspended_at is null
      and ((s.owner = accord.actor_agency() and s.recipient in (select accord.agreement_parties(which)))
        or (s.recipient = accord.actor_agency() and s.owner in (select accord.agreement_parties(which))))
      and not accord.agreement_in_force(s.owner, s.recipient, s.kind, s.starts_at);
  perform accord.notify_parties(which, 'agreement-ended');
  return true;
end $$;

-- The yearly review. Parties can confirm it from 60 days before it is due. Once all have, the next is due a year later.
create or replace function accord.agreement_review(which_agreement uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare due timestamptz;
begin
  select a.review_due_at into due from agreements_agreement a
    where a.id = which_agreement and a.ended_at is null and a.review_due_at - interval '60 days' <= accord.now() for update;
  if not found then return false; end if;
  update agreements_signature set reviewed_at = accord.now()
    where owner = accord.actor_agency() and agreement = which_agreement and left_at is null and accord.actor_is_afresh('officer');
  if not found then return false; end if;
  if not exists (
    select 1 from accord.agreement_parties(which_agreement) party where not exists (
      select 1 from agreements_signature s where s.owner = party and s.agreement = which_agreement
        and s.left_at is null and s.reviewed_at >= due - interval '60 days')) then
    -- one year in the time zone of the agency that wrote it, because in UTC a clock change could give the day before
    update agreements_agreement t set review_due_at =
        (greatest(t.review_due_at, accord.now()) at time zone a.zone + interval '1 year') at time zone a.zone
      from agencies_agency a where t.id = which_agreement and a.owner = t.owner;
  end if;
  perform accord.notify_parties(which_agreement, 'agreement-reviewed');
  return true;
end $$;
