-- Only its author writes a draft. The author is the person acting in the session, and no statement can name another
-- one.

-- Saves a draft. `seen` is the revision that the author's page showed, or 0 if it showed none. Returns false if the
-- author has saved a newer draft in the meantime, on another page or device.
create or replace function accord.draft_save(
  new_id uuid, of_form text, of_person uuid, of_kind text, of_ring_version integer, sealed_draft bytea, seen integer)
returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare me uuid := accord.actor_membership(); there integer;
begin
  if me is null or octet_length(sealed_draft) > 300000 then return false; end if;
  delete from drafts_draft d
    where d.owner = accord.actor_agency() and d.author = me and d.saved_at <= accord.now() - interval '30 days';
  select d.revision into there from drafts_draft d
    where d.owner = accord.actor_agency() and d.author = me and d.form = of_form and d.person = of_person for update;
  if not found then
    insert into drafts_draft (owner, id, author, form, person, kind, revision, ring_version, sealed, begun_at, saved_at)
      values (accord.actor_agency(), new_id, me, of_form, of_person, of_kind, 1, of_ring_version, sealed_draft,
        accord.now(), accord.now())
      on conflict do nothing;
    return found;
  end if;
  update drafts_draft d
    set kind = of_kind, revision = seen + 1, ring_version = of_ring_version, sealed = sealed_draft, saved_at = accord.now()
    where d.owner = accord.actor_agency() and d.author = me and d.form = of_form and d.person = of_person
      and there = seen;
  return found;
end $$;

create or replace function accord.draft_discard(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from drafts_draft d
    where d.owner = accord.actor_agency() and d.author = accord.actor_membership() and d.id = which
$$;

-- Deletes the draft of a form that was saved, if it is still the draft that the page showed.
create or replace function accord.draft_finish(of_form text, of_person uuid, seen integer) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from drafts_draft d
    where d.owner = accord.actor_agency() and d.author = accord.actor_membership() and d.form = of_form
      and d.person = of_person and d.revision = seen
$$;

-- A job. No one can see these drafts anymore, even before they are deleted.
create or replace function accord.drafts_expire() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from drafts_draft d where d.saved_at <= accord.now() - interval '30 days'
    or exists (select 1 from membership_membership m
      where m.owner = d.owner and m.id = d.author and m.ended_at is not null)
$$;
