-- Publishing, retiring, and discarding versions of forms. Nothing else changes a version after it was published.

create or replace function accord.manages_forms() returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select accord.actor_is('supervisor') or accord.actor_is('officer')
$$;

-- Publishes a draft that was loaded without problems, and replaces the version that was published before. The kind of
-- information is chosen with the first published version and never changes. The tool can be corrected.
create or replace function accord.form_publish(which uuid, of_kind text, of_tool text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare draft questionnaires_version;
begin
  if not accord.manages_forms() or of_kind = '' then return false; end if;
  select * into draft from questionnaires_version v
    where v.owner = accord.actor_agency() and v.id = which and v.state = 'draft' and v.problems = '[]' for update;
  if not found then return false; end if;
  update questionnaires_questionnaire q set kind = of_kind, title = draft.title, tool = of_tool
    where q.owner = draft.owner and q.id = draft.questionnaire and q.kind in ('', of_kind) and q.retired_at is null;
  if not found then return false; end if;
  update questionnaires_version v set state = 'replaced', ended_at = accord.now()
    where v.owner = draft.owner and v.questionnaire = draft.questionnaire and v.state = 'published';
  update questionnaires_version v
    set state = 'published', published_at = accord.now(), published_by = accord.actor_membership()
    where v.owner = draft.owner and v.id = draft.id;
  return true;
end $$;

-- Retires a form: its published version is no longer offered. Its versions stay, so that half-filled answers can be
-- finished.
create or replace function accord.form_retire(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not accord.manages_forms() then return false; end if;
  update questionnaires_version v set state = 'retired', ended_at = accord.now()
    where v.owner = accord.actor_agency() and v.questionnaire = which and v.state = 'published';
  if not found then return false; end if;
  update questionnaires_questionnaire q set retired_at = accord.now()
    where q.owner = accord.actor_agency() and q.id = which;
  return true;
end $$;

-- Deletes a draft with its files, and the form too if the draft was its only version.
create or replace function accord.form_discard(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare form uuid;
begin
  if not accord.manages_forms() then return false; end if;
  delete from questionnaires_version v
    where v.owner = accord.actor_agency() and v.id = which and v.state = 'draft' returning v.questionnaire into form;
  if not found then return false; end if;
  delete from questionnaires_attachment a where a.owner = accord.actor_agency() and a.version = which;
  delete from questionnaires_questionnaire q where q.owner = accord.actor_agency() and q.id = form
    and not exists (select 1 from questionnaires_version v where v.owner = q.owner and v.questionnaire = q.id);
  return true;
end $$;
