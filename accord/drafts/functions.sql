-- Only its author writes a draft. The author is the person acting in the session, and no statement can name another
-- one.

-- Deletes drafts, and the pieces of the files that were stored for them.
create or replace function accord.drafts_delete(whose uuid, which uuid[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from files_piece p where p.owner = whose and p.draft = any(which);
  delete from drafts_draft d where d.owner = whose and d.id = any(which);
$$;

-- Saves a draft and returns its id. `seen` is the revision that the author's page showed, or 0 if it showed none. Of the
-- files stored for the draft, only those in `kept` stay. Returns null if the author has saved a newer draft in the
-- meantime, on another page or device.
create or replace function accord.draft_save(
  new_id uuid, of_form text, of_person uuid, of_kind text, of_ring_version integer, sealed_draft bytea, seen integer,
  kept uuid[])
returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare me uuid := accord.actor_membership(); mine uuid := accord.actor_agency(); there record;
begin
  if me is null or octet_length(sealed_draft) > 300000 then return null; end if;
  perform accord.drafts_delete(mine, (select array_agg(d.id) from drafts_draft d
    where d.owner = mine and d.author = me and d.saved_at <= accord.now() - interval '30 days'));
  select d.id, d.revision into there from drafts_draft d
    where d.owner = mine and d.author = me and d.form = of_form and d.person = of_person for update;
  if not found then
    insert into drafts_draft (owner, id, author, form, person, kind, revision, ring_version, sealed, begun_at, saved_at)
      values (mine, new_id, me, of_form, of_person, of_kind, 1, of_ring_version, sealed_draft,
        accord.now(), accord.now())
      on conflict do nothing;
    return case when found then new_id end;
  end if;
  if there.revision <> seen then return null; end if;
  update drafts_draft d
    set kind = of_kind, revision = seen + 1, ring_version = of_ring_version, sealed = sealed_draft, saved_at = accord.now()
    where d.owner = mine and d.id = there.id;
  delete from files_piece p where p.owner = mine and p.draft = there.id and p.file <> all(kept);
  return there.id;
end $$;

create or replace function accord.draft_discard(which uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.drafts_delete(d.owner, array[d.id]) from drafts_draft d
    where d.owner = accord.actor_agency() and d.author = accord.actor_membership() and d.id = which
$$;

-- Deletes the draft of a form that was saved, if it is still the draft that the page showed. The files in `kept` now
-- belong to the record. Returns whether there was such a draft.
create or replace function accord.draft_finish(of_form text, of_person uuid, seen integer, kept uuid[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare mine uuid := accord.actor_agency(); there uuid;
begin
  select d.id into there from drafts_draft d
    where d.owner = mine and d.author = accord.actor_membership() and d.form = of_form
      and d.person = of_person and d.revision = seen for update;
  if not found then return false; end if;
  update files_piece p set draft = null where p.owner = mine and p.draft = there and p.file = any(kept);
  perform accord.drafts_delete(mine, array[there]);
  return true;
end $$;

-- A job. No one can see these drafts anymore, even before they are deleted.
create or replace function accord.drafts_expire() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.drafts_delete(gone.owner, array_agg(gone.id)) from (
    select d.owner, d.id from drafts_draft d where d.saved_at <= accord.now() - interval '30 days'
      or exists (select 1 from membership_membership m
        where m.owner = d.owner and m.id = d.author and m.ended_at is not null)
  ) gone group by gone.owner
$$;
