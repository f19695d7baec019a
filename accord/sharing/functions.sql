-- Lapsed share keys go by themselves, and what is written from then on has a new key; needs no key and no ticket. Called at sign-in and by the worker.
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

-- The next revision marks the one before it; nobody else may. Whom it is shared with from then on does not see it.
create or replace function accord.entry_replaced() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update sharing_entry e set replaced_at = accord.now()
    where e.owner = new.owner and e.person = new.person and e.kind = new.kind and e.series = new.series
      and e.revision < new.revision and e.replaced_at is null;
  return null;
end $$;
create or replace trigger entry_replaced after insert on sharing_entry
  for each row when (new.revision > 1) execute function accord.entry_replaced();

-- A closed epoch stays closed: what is written later must not go under a key that a recipient holds.
create or replace function accord.epoch_is_closed(which_person uuid, which_kind text, which_epoch integer) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from sharing_datakey d where d.owner = accord.actor_agency() and d.person = which_person
    and d.kind = which_kind and d.epoch = which_epoch and d.closed)
$$;

-- A notice without content in a partner's world: the one row an agency may write for another. It appears when the share
-- begins; if the share ends before that, nothing was ever said. One for each release, whatever kinds it names; also when
-- two releases begin at the same instant.
create or replace function accord.notify_partner(share_id uuid, notice_code text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare s sharing_share; shown_at timestamptz; due bigint := 1; there bigint;
begin
  select * into s from sharing_share where owner = accord.actor_agency() and id = share_id;
  if not found or notice_code not in ('share-begun', 'share-ended') then return; end if;
  shown_at := greatest(s.starts_at, accord.now());
  due := 1;  -- shares that end do so in one transaction: said once
  if notice_code = 'share-begun' or s.starts_at > accord.now() then  -- what ends, ends in one transaction: said once
    select greatest(count(distinct x.basis_id), case notice_code when 'share-begun' then 1 else 0 end) into due from sharing_share x
      where x.owner = s.owner and x.recipient = s.recipient and x.withdrawn_at is null
        and greatest(x.starts_at, x.made_at) = shown_at;
  end if;
  select count(*) into there from accounts_notice n where n.owner = s.recipient and n.origin = s.owner
    and n.code = case when s.starts_at > accord.now() then 'share-begun' else notice_code end and n.at = shown_at;
  if notice_code = 'share-ended' and s.starts_at > accord.now() then
    delete from accounts_notice n where (n.owner, n.id) in (
      select f.owner, f.id from accounts_notice f
      where f.owner = s.recipient and f.origin = s.owner and f.code = 'share-begun' and f.at = shown_at
      limit greatest(there - due, 0));
  elsif there < due then
    insert into accounts_notice (owner, id, origin, code, at)
      values (s.recipient, gen_random_uuid(), s.owner, notice_code, shown_at);
  end if;
end $$;
