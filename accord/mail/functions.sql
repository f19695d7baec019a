-- Email. An account holder asks for email, confirms an address with a code, and can turn email off. The worker takes
-- one message at a time. It reads ids, states and the encrypted address, but never what a notice is about.

create or replace function accord.mail_address()
returns table (sealed bytea, asked_at timestamptz, confirmed_at timestamptz, refused_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.sealed, a.asked_at, a.confirmed_at, a.refused_at from mail_address a where a.account = accord.actor_account()
$$;

-- At most five codes a day, so that no one can use this to send mail to strangers.
create or replace function accord.mail_ask(sealed_address bytea, new_id uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare me uuid := accord.actor_account();
begin
  if me is null or octet_length(sealed_address) > 2000 then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended(me::text, 1));
  if (select count(*) >= 5 from mail_outbox o
      where o.account = me and o.what = 'code' and o.made_at > accord.now() - interval '1 day') then return false; end if;
  update mail_outbox o set dropped_at = accord.now()
    where o.account = me and o.sent_at is null and o.dropped_at is null;
  insert into mail_address (account, sealed, asked_id, asked_at, tries) values (me, sealed_address, new_id, accord.now(), 0)
    on conflict (account) do update set sealed = excluded.sealed, asked_id = excluded.asked_id, asked_at = excluded.asked_at,
      tries = 0, confirmed_at = null, refused_at = null, mailed_at = null;
  insert into mail_outbox (id, account, what, made_at, due_at, tries)
    values (new_id, me, 'code', accord.now(), accord.now(), 0);
  perform accord.job_ask('mail_send');
  return true;
end $$;

-- A try is counted before the code is compared. Each code allows five tries within one hour.
create or replace function accord.mail_try() returns uuid
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update mail_address a set tries = a.tries + 1
    where a.account = accord.actor_account() and a.confirmed_at is null and a.tries < 5
      and a.asked_at > accord.now() - interval '1 hour'
    returning a.asked_id
$$;

create or replace function accord.mail_confirm(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update mail_address a set confirmed_at = accord.now()
    where a.account = accord.actor_account() and a.asked_id = which and a.confirmed_at is null;
  return found;
end $$;

create or replace function accord.mail_stop() returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update mail_outbox o set dropped_at = accord.now()
    where o.account = accord.actor_account() and o.sent_at is null and o.dropped_at is null;
  delete from mail_address a where a.account = accord.actor_account();
  return found;
end $$;

-- For the demo's page, which shows what would have been sent to this account.
create or replace function accord.mail_mine()
returns table (id uuid, what text, made_at timestamptz, sent_at timestamptz, dropped_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.id, o.what, o.made_at, o.sent_at, o.dropped_at from mail_outbox o
    where o.account = accord.actor_account() order by o.made_at desc, o.id
$$;

-- For the operator's day page, which shows counts but no accounts.
create or replace function accord.mail_waiting() returns table (waiting bigint, tried bigint, dropped bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*) filter (where o.sent_at is null and o.dropped_at is null),
    count(*) filter (where o.sent_at is null and o.dropped_at is null and o.tries > 0),
    count(*) filter (where o.dropped_at is not null and o.tries > 0)
  from mail_outbox o where accord.actor_is('operator')
$$;

-- The worker's part ------------------------------------------------------------------------------------------------

-- Returns true if this account has an unseen notice from after that moment.
create or replace function accord.mail_has_news(which_account uuid, seen_until timestamptz) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select 1 from membership_membership m
    join accounts_notice n on n.owner = m.owner and (n.membership is null or n.membership = m.id)
    where m.account = which_account and m.ended_at is null and n.at > seen_until and n.at <= accord.now()
      and not exists (select 1 from accounts_noticeseen s
        where s.owner = n.owner and s.membership = m.id and s.notice = n.id))
$$;

-- Writes one message for every account that has unseen notices and no message about them yet. However many notices
-- there are, an account gets at most one message an hour and has at most one waiting. A waiting message is dropped if
-- its reader has seen everything in the meantime.
create or replace function accord.mail_make() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update mail_outbox o set dropped_at = accord.now() from mail_address a
    where a.account = o.account and o.what = 'news' and o.sent_at is null and o.dropped_at is null
      and not accord.mail_has_news(a.account, a.confirmed_at);
  with due as (
    select a.account from mail_address a
    where a.confirmed_at is not null and a.refused_at is null
      and (a.mailed_at is null or a.mailed_at <= accord.now() - interval '1 hour')
      and not exists (select 1 from mail_outbox o
        where o.account = a.account and o.what = 'news' and o.sent_at is null and o.dropped_at is null)
      and exists (select 1 from accounts_account c where c.id = a.account and c.disabled_at is null)
      and accord.mail_has_news(a.account, coalesce(a.mailed_at, a.confirmed_at))
    for update of a skip locked),
  covered as (update mail_address a set mailed_at = accord.now() from due where a.account = due.account returning a.account)
  insert into mail_outbox (id, account, what, made_at, due_at, tries)
    select gen_random_uuid(), covered.account, 'news', accord.now(), accord.now(), 0 from covered
$$;

-- Returns the next message that is due, and locks it until the worker's transaction ends. Another worker gets another
-- message.
create or replace function accord.mail_take()
returns table (id uuid, account uuid, what text, language text, sealed bytea)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select o.id, o.account, o.what, c.language, a.sealed
  from mail_outbox o join mail_address a on a.account = o.account
  join accounts_account c on c.id = o.account and c.disabled_at is null
  where o.sent_at is null and o.dropped_at is null and o.due_at <= accord.now()
    and (o.what = 'code' or a.confirmed_at is not null)
  order by o.due_at, o.id limit 1 for update of o skip locked
$$;

create or replace function accord.mail_sent(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update mail_outbox o set sent_at = accord.now() where o.id = which and o.sent_at is null;
  update mail_address a set mailed_at = accord.now() from mail_outbox o
    where o.id = which and o.what = 'news' and a.account = o.account
$$;

-- Tries again after 1, 2, 4, ... minutes, and later once an hour. A code is dropped when it no longer works, and other
-- messages after a week.
create or replace function accord.mail_later(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update mail_outbox o set tries = o.tries + 1,
      due_at = accord.now() + least(interval '1 minute' * power(2, least(o.tries, 10)), interval '1 hour'),
      dropped_at = case when o.made_at <= accord.now() - case o.what when 'code' then interval '1 hour' else interval '7 days' end
        then accord.now() end
    where o.id = which
$$;

-- The mail server does not know this address. Nothing more is sent there until the account holder enters an address
-- again.
create or replace function accord.mail_refused(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update mail_address a set refused_at = accord.now() from mail_outbox o where o.id = which and a.account = o.account;
  update mail_outbox o set tries = o.tries + 1, dropped_at = accord.now() where o.id = which
$$;

-- Also forgets the address of an account that no longer works for any agency.
create or replace function accord.mail_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from mail_address a where not exists (
    select 1 from membership_membership m where m.account = a.account and m.ended_at is null);
  delete from mail_outbox o where coalesce(o.sent_at, o.dropped_at) < accord.now() - interval '1 day'
$$;
