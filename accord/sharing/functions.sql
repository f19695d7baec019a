-- A job that deletes the keys of lapsed shares and closes their epochs, so that later entries use a new key.
create or replace function accord.sweep_lapsed() returns integer
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (
    delete from sharing_sharekey k using sharing_share s
    where s.owner = k.owner and s.id = k.share and (s.ends_at <= accord.now() or s.withdrawn_at is not null)
    returning k.owner, k.person, k.kind)
  , closed as (update sharing_datakey d set closed = true from gone
    where d.owner = gone.owner and d.person = gone.person and d.kind = gone.kind and not d.closed)
  select count(*)::integer from gone
$$;

-- Marks all revisions before the newest one as replaced. Agencies that get a share later do not see replaced revisions.
create or replace function accord.entry_replaced(which_person uuid, which_kind text, which_series uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update sharing_entry e set replaced_at = accord.now()
    where e.owner = accord.actor_agency() and e.person = which_person and e.kind = which_kind and e.series = which_series
      and e.replaced_at is null and exists (
        select 1 from sharing_entry n where n.owner = e.owner and n.person = e.person and n.kind = e.kind
          and n.series = e.series and n.revision > e.revision)
$$;

-- Returns whether an epoch is closed. A closed epoch stays closed, because later entries must not be sealed under a key
-- that a recipient holds.
create or replace function accord.epoch_is_closed(which_person uuid, which_kind text, which_epoch integer) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from sharing_datakey d where d.owner = accord.actor_agency() and d.person = which_person
    and d.kind = which_kind and d.epoch = which_epoch and d.closed)
$$;

-- Returns whether a new version of a ring key may be added: either the first version of its code, or the next one after
-- a version was retired because someone who held it left. An injected statement can't add a version at any other time,
-- so nothing is sealed to a false key.
create or replace function accord.ring_key_is_due(of_code text, new_version integer) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(
    (select new_version = k.version + 1 and k.retired_at is not null from vault_ringkey k
      where k.owner = accord.actor_agency() and k.code = of_code order by k.version desc limit 1),
    new_version = 1)
$$;

-- Returns whether the agency's copy of a data key may change. It changes only in a renewal, from an older version of
-- the ring key to a newer version that exists. Outside a renewal there is no newer version, so no statement can
-- overwrite the key that opens a record.
create or replace function accord.wrap_may_become(
  which_person uuid, which_kind text, which_epoch integer, new_version integer, new_seal bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from sharing_datakey d where d.owner = accord.actor_agency() and d.person = which_person
    and d.kind = which_kind and d.epoch = which_epoch
    and ((d.ring_version = new_version and d.sealed = new_seal)
      or (d.ring_version < new_version and exists (select 1 from vault_ringkey k
        where k.owner = d.owner and k.code = d.kind and k.version = new_version and k.deleted_at is null))))
$$;

-- Writes a notice without content for a partner. The notice appears when the share begins. If the share ends before
-- that, the notice is removed. Each release gets one notice, no matter how many kinds it names, even if two releases
-- begin at the same time.
create or replace function accord.notify_partner(share_id uuid, notice_code text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare s sharing_share; shown_at timestamptz; due bigint := 1; there bigint;
begin
  select * into s from sharing_share where owner = accord.actor_agency() and id = share_id;
  if not found or notice_code not in ('share-begun', 'share-ended') then return; end if;
  shown_at := greatest(s.starts_at, accord.now());
  due := 1;  -- shares end together in one transaction, so one notice is enough
  if notice_code = 'share-begun' or s.starts_at > accord.now() then
    select greatest(count(distinct x.basis_id), case notice_code when 'share-begun' then 1 else 0 end) into due from sharing_share x
      where x.owner = s.owner and x.recipient = s.recipient and x.handle = s.handle and x.withdrawn_at is null
        and greatest(x.starts_at, x.made_at) = shown_at;
  end if;
  select count(*) into there from accounts_notice n where n.owner = s.recipient and n.origin = s.owner
    and n.matter = s.handle and n.code = case when s.starts_at > accord.now() then 'share-begun' else notice_code end and n.at = shown_at;
  if notice_code = 'share-ended' and s.starts_at > accord.now() then
    delete from accounts_notice n where (n.owner, n.id) in (
      select f.owner, f.id from accounts_notice f
      where f.owner = s.recipient and f.origin = s.owner and f.matter = s.handle and f.code = 'share-begun'
        and f.at = shown_at
      limit greatest(there - due, 0));
  elsif there < due then
    insert into accounts_notice (owner, id, origin, matter, code, at)
      values (s.recipient, gen_random_uuid(), s.owner, s.handle, notice_code, shown_at);
  end if;
end $$;

-- Declines a shared record. The sender's colleagues who are assigned to the person get a notice, except colleagues who
-- are barred from the person. If there are none, the notice goes to the whole agency. This works only while a share to
-- the actor's agency is in effect, and only for roles that assign people. Each share causes only one notice, even if
-- the function is called again.
create or replace function accord.share_declined(which_handle uuid, reason text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with share as (
    select s.owner, s.person, s.made_at from sharing_share s
    where s.recipient = accord.actor_agency() and s.handle = which_handle and s.starts_at <= accord.now()
      and s.ends_at > accord.now() and s.withdrawn_at is null
      and (s.suspended_at is null or s.suspended_at > accord.now())
      and accord.agreement_in_force(s.owner, s.recipient, s.kind)
      and (accord.actor_is('intake') or accord.actor_is('supervisor'))
      and reason in ('full', 'scope', 'elsewhere', 'unsaid')
    order by s.made_at desc limit 1
  ), told as (
    select distinct m.owner, m.id from share
    join sharing_assignment a on a.owner = share.owner and a.about = share.person and a.basis = 'assigned'
      and (a.ended_at is null or a.ended_at > accord.now())
    join membership_membership m on m.owner = a.owner and m.id = a.membership and m.ended_at is null and m.account is not null
    where not exists (select 1 from sharing_assignment b join membership_membership o on o.owner = b.owner and o.id = b.membership
      where b.owner = share.owner and b.about = share.person and b.basis = 'barred' and o.account = m.account
        and (b.ended_at is null or b.ended_at > accord.now()))
  )
  insert into accounts_notice (owner, id, membership, origin, matter, code, at)
  select share.owner, gen_random_uuid(), told.id, accord.actor_agency(), share.person, 'declined-' || reason, accord.now()
  from share left join told on true
  where not exists (select 1 from accounts_notice n where n.owner = share.owner and n.origin = accord.actor_agency()
    and n.matter = share.person and n.code like 'declined-%' and n.at >= share.made_at)
$$;

-- Returns whether the actor's agency may write an event to a partner's log. It may log only that it read what the
-- partner shared with it, so a disclosure history names only people who could read the information.
create or replace function accord.read_across(event jsonb) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_array_length(event -> 'about') > 0 and not exists (
    select 1 from jsonb_array_elements_text(event -> 'about') as told(who) where not exists (
      select 1 from sharing_share s
      where s.owner = (event ->> 'chain')::uuid and s.person = told.who::uuid and s.recipient = accord.actor_agency()
        and s.starts_at <= accord.now() and (s.withdrawn_at is null or s.withdrawn_at > s.starts_at)))
$$;

-- Erasing ----------------------------------------------------------------------------------------------------------

create or replace function accord.may_erase(which_person uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select (accord.actor_is('supervisor') or accord.actor_is('officer'))
    and exists (select 1 from sharing_person p where p.owner = accord.actor_agency() and p.id = which_person)
$$;

create or replace function accord.hold_begin(new_id uuid, which_person uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.may_erase(which_person) or not accord.factor_is_fresh() then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('erase ' || which_person, 0));
  insert into sharing_hold (owner, id, person, by, at)
    select accord.actor_agency(), new_id, which_person, accord.actor_membership(), accord.now()
    where not exists (select 1 from sharing_hold h
      where h.owner = accord.actor_agency() and h.person = which_person and h.ended_at is null);
  return found;
end $$;

create or replace function accord.hold_end(which_person uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.may_erase(which_person) or not accord.factor_is_fresh() then return false; end if;
  update sharing_hold set ended_at = accord.now()
    where owner = accord.actor_agency() and person = which_person and ended_at is null;
  return found;
end $$;

create or replace function accord.erasure_ask(new_id uuid, which_person uuid, why text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.may_erase(which_person) or not accord.factor_is_fresh() then return false; end if;
  delete from sharing_erasure e
    where e.owner = accord.actor_agency() and e.person = which_person and e.confirmed_at is null;
  insert into sharing_erasure (owner, id, person, reason, by, at)
    values (accord.actor_agency(), new_id, which_person, why, accord.actor_membership(), accord.now());
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select m.owner, gen_random_uuid(), m.id, m.owner, 'erasure-asked', accord.now() from membership_membership m
    where m.owner = accord.actor_agency() and m.ended_at is null and not accord.actor_is_also(m.id)
      and m.roles && array['supervisor', 'officer'];
  return true;
end $$;

create or replace function accord.erasure_take_back(which_person uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.may_erase(which_person) then return false; end if;
  delete from sharing_erasure e
    where e.owner = accord.actor_agency() and e.person = which_person and e.confirmed_at is null;
  return found;
end $$;

-- Returns whether a share of the record joined with this one is paused. This record may be the reason. Erasing it would
-- lose what the person said here, such as a release they revoked or someone who must not sign.
create or replace function accord.joined_record_is_paused(which_person uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select 1 from sharing_joining j join sharing_share s on s.owner = j.owner
      and s.person = case j.first when which_person then j.second else j.first end
    where j.owner = accord.actor_agency() and j.parted_at is null and which_person in (j.first, j.second)
      and s.suspended_at is not null and s.withdrawn_at is null and s.ends_at > accord.now())
$$;

-- Erases a record when a second colleague confirms. Nothing happens during a legal hold, while a share of the joined
-- record is paused, or if the colleague who asked tries to confirm under any of their memberships.
create or replace function accord.erasure_confirm(which_person uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare share record;
begin
  if not accord.may_erase(which_person) or not accord.factor_is_fresh() then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('erase ' || which_person, 0));
  if exists (select 1 from sharing_hold h
    where h.owner = accord.actor_agency() and h.person = which_person and h.ended_at is null) then return false; end if;
  if accord.joined_record_is_paused(which_person) then return false; end if;
  perform accord.agreements_stay(array(select distinct s.recipient from sharing_share s
    where s.owner = accord.actor_agency() and s.person = which_person and s.withdrawn_at is null));
  update sharing_erasure e set confirmed_by = accord.actor_membership(), confirmed_at = accord.now()
    where e.owner = accord.actor_agency() and e.person = which_person and e.confirmed_at is null
      and not accord.actor_is_also(e.by);
  if not found then return false; end if;
  for share in
    update sharing_share s set withdrawn_at = accord.now()
      where s.owner = accord.actor_agency() and s.person = which_person and s.withdrawn_at is null and s.ends_at > accord.now()
      returning s.id
  loop
    perform accord.notify_partner(share.id, 'share-ended');
  end loop;
  perform accord.erase_rows(accord.actor_agency(), which_person);
  return true;
end $$;

-- sharing/floor.py makes `erase_rows` from the columns that each model declares to hold a person's id.

-- Erases people again after a restore, because an older data file may have rows of people who were erased later. The
-- newest key file lists those erasures.
create or replace function accord.sweep_erased() returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare gone record; swept integer := 0;
begin
  for gone in select e.owner, e.person from sharing_erasure e where e.confirmed_at is not null loop
    perform accord.erase_rows(gone.owner, gone.person);
    swept := swept + 1;
  end loop;
  return swept;
end $$;
