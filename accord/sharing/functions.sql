-- Lapsed share keys go by themselves; needs no key and no ticket. Called at sign-in and by the worker.
create or replace function accord.sweep_lapsed() returns integer
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (
    delete from sharing_sharekey k using sharing_share s
    where s.owner = k.owner and s.id = k.share and (s.ends_at <= accord.now() or s.withdrawn_at is not null) returning 1)
  select count(*)::integer from gone
$$;

-- A notice without content in a partner's world: the one row an agency may write for another.
create or replace function accord.notify_partner(share_id uuid, notice_code text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into accounts_notice (owner, id, code, at)
  select s.recipient, gen_random_uuid(), notice_code, accord.now()
  from sharing_share s where s.owner = accord.actor_agency() and s.id = share_id
    and notice_code in ('share-begun', 'share-ended')
    -- one notice for all kinds of one release: their shares begin and end in one transaction
    and not exists (select 1 from accounts_notice n where n.owner = s.recipient and n.code = notice_code and n.at = accord.now())
$$;
