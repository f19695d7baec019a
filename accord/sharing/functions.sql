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

-- A notice without content in a partner's world: the one row an agency may write for another. It appears when the share
-- begins; if the share ends before that, nothing was ever said.
create or replace function accord.notify_partner(share_id uuid, notice_code text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare s sharing_share;
begin
  select * into s from sharing_share where owner = accord.actor_agency() and id = share_id;
  if not found or notice_code not in ('share-begun', 'share-ended') then return; end if;
  if notice_code = 'share-ended' and s.starts_at > accord.now() then
    delete from accounts_notice n where (n.owner, n.id) in (
      select f.owner, f.id from accounts_notice f
      where f.owner = s.recipient and f.origin = s.owner and f.code = 'share-begun' and f.at = s.starts_at limit 1);
    return;
  end if;
  insert into accounts_notice (owner, id, origin, code, at)
    -- one notice for all kinds of one release: their shares begin and end in one transaction
    select s.recipient, gen_random_uuid(), s.owner, notice_code, greatest(s.starts_at, accord.now())
    where not exists (select 1 from accounts_notice n where n.owner = s.recipient and n.origin = s.owner
                      and n.code = notice_code and n.at = greatest(s.starts_at, accord.now()));
end $$;
