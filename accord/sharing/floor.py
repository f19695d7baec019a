"""The floor: what the database itself enforces, no matter what the application code does.

Read this module together with `rules.py`, which makes the decision. This module makes the same promise in SQL. A sealed
row is visible to its owner. A recipient can see it only through a share key, and only while that key's share is in
force. `accord init` and every migration apply these statements, and `accord verify` compares them with the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from typing import Any

from django.apps import apps
from django.db.models import Model

from accord.access.codes import holders
from accord.core.floors import BY_FUNCTION, Floor, Reading, Writing
from accord.core.rooms import log_lines, rooms

OWNER, WEB, READER, WORKER, BACKUP = "accord_owner", "accord_web", "accord_reader", "accord_worker", "accord_backup"

# Third-party tables and their floor.
ASSIGNED = {
    "django_migrations": Floor.SYSTEM,
    **dict.fromkeys(
        ("procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers"),
        Floor.QUEUE,
    ),
}

_ME = "(select accord.actor_agency())"

# In force means begun, not over, not withdrawn, not yet suspended, and under an agreement in force for that kind.
SHARE_IN_FORCE = (
    "s.starts_at <= (select accord.now()) and s.ends_at > (select accord.now()) "
    "and s.withdrawn_at is null and (s.suspended_at is null or s.suspended_at > (select accord.now())) "
    "and accord.agreement_in_force(s.owner, s.recipient, s.kind)"
)

# Text that was corrected before the share was made stays hidden, although the epoch's key opens it.
NOT_REPLACED = (
    "(sharing_entry.replaced_at is null or exists (select 1 from sharing_share s where s.owner = k.owner "
    "and s.id = k.share and s.made_at < sharing_entry.replaced_at offset 0))"
)

# Which rows of each SHARED table a recipient sees, besides the owner. `offset 0` stops the planner from hashing
# everything that an agency may see (0.98 ms instead of 333 ms for the latest fifty rows of a million).
RECIPIENT_SEES = {
    # Once a share begins, the recipient keeps its terms as history. This reads only the share's own columns. If the
    # share ended or was suspended before it began, the recipient must not learn of the person.
    "sharing_share": (
        f"recipient = {_ME} and starts_at <= (select accord.now()) "
        "and (withdrawn_at is null or withdrawn_at > starts_at) and (suspended_at is null or suspended_at > starts_at)"
    ),
    "sharing_sharekey": (
        f"recipient = {_ME} and exists (select 1 from sharing_share s where s.owner = sharing_sharekey.owner "
        f"and s.id = sharing_sharekey.share and {SHARE_IN_FORCE} offset 0)"
    ),
    "sharing_entry": (
        "exists (select 1 from sharing_sharekey k where k.owner = sharing_entry.owner and k.person = sharing_entry.person "
        f"and k.kind = sharing_entry.kind and k.epoch = sharing_entry.epoch and k.recipient = {_ME} "
        f"and {NOT_REPLACED} offset 0)"
    ),
    # The contact at an agency. Only agencies with an agreement in effect with it, in either direction, see this.
    "agencies_contactline": (
        f"exists (select 1 from agreements_permit p where ((p.giver = agencies_contactline.owner and p.taker = {_ME}) "
        f"or (p.taker = agencies_contactline.owner and p.giver = {_ME})) "
        "and accord.agreement_in_force(p.giver, p.taker, p.kind) offset 0)"
    ),
}

# The column of SUBMITTED tables that names the receiving agency.
SUBMITTED_TO = "submitted_to"


def tables() -> dict[str, Floor]:
    """Return every table of the installed apps with its floor. Raises LookupError for a model without one."""
    return {table: declared(model, "floor") for table, model in models().items()} | ASSIGNED


def models() -> dict[str, type[Model]]:
    """Return the model of each table."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def declared(model: type[Model], name: str) -> Any:
    """Return what a model declares about its table. Raises LookupError if the model does not declare it."""
    if not hasattr(model, name):
        raise LookupError(f"{model.__name__} declares no {name}")
    return getattr(model, name)


def _reads(table: str, floor: Floor) -> str:
    reading = getattr(models().get(table), "reading", Reading())
    mine = f"owner = {_ME}"
    if reading.also_if:
        mine = f"({mine} or {reading.also_if})"
    if reading.only_if:
        mine = f"{mine} and ({reading.only_if})"
    return {
        Floor.PUBLIC: "true",
        Floor.COALITION: "(select accord.actor_is_member())",
        Floor.OWNED: mine,
        Floor.SHARED: f"{mine} or ({RECIPIENT_SEES.get(table, 'false')})",
        Floor.SUBMITTED: f"{mine} or {SUBMITTED_TO} = {_ME}",
        Floor.PARTIES: f"{mine} or {reading.named_if or 'false'}",
        Floor.BODY: f"{reading.of_body} in (select accord.bodies_read())" if reading.of_body else "false",
    }[floor]


def persons() -> dict[str, tuple[str, ...]]:
    """Return the columns that hold a person's id, by table. Erasure skips columns that the model does not declare."""
    return {table: model.persons for table, model in models().items() if hasattr(model, "persons")}


def erase_rows() -> str:
    """Return the SQL function that erases a person from every table that holds a person's id, in all rooms. Tables with
    `after_erasure` keep their rows, and the model says why. Rows in `sharing_person` are locked first and deleted last,
    so an erasure waits for any write about this person."""
    kept = {table for table, model in models().items() if hasattr(model, "after_erasure")}
    order = sorted(persons().keys() - kept, key=lambda table: (table == "sharing_person", table))
    deletes = "\n".join(
        f"  delete from {table} where owner = of_owner and of_person in ({', '.join(persons()[table])});"
        for table in order
    )
    return f"""
create or replace function accord.erase_rows(of_owner uuid, of_person uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform 1 from sharing_person where owner = of_owner and id = of_person for update;
  update sharing_share set withdrawn_at = accord.now()
    where owner = of_owner and person = of_person and withdrawn_at is null;
{deletes}
end $$
"""


def audit_may_append() -> str:
    """Return the SQL function that decides whether the actor may write a log event. The actor may write any event to
    their own agency's log. For another agency's log, a room must allow the event with its own function."""
    across = {code: line.across for code, line in log_lines().items() if line.across}
    cases = "\n".join(
        f"    when event ->> 'action' = '{code}' then accord.{function}(event)"
        for code, function in sorted(across.items())
    )
    return f"""
create or replace function accord.audit_may_append(event jsonb) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(case
    when (event ->> 'chain')::uuid = accord.actor_agency() then true
{cases}
  end, false)
$$
"""


def policies(table: str, floor: Floor) -> list[str]:
    """Return the row policies and grants of one table."""
    lines = [
        f"alter table {table} enable row level security",
        f"revoke all on {table} from public, {WEB}, {READER}, {WORKER}, {BACKUP}",
        f"grant select on {table} to {BACKUP}",
        f"create policy backup on {table} for select to {BACKUP} using (true)",
    ]
    if floor is Floor.SYSTEM:
        return lines
    if floor is Floor.QUEUE:
        return [
            *lines,
            f"grant select, insert, update, delete on {table} to {WORKER}",
            f"create policy works on {table} for all to {WORKER} using (true) with check (true)",
        ]
    lines += [
        f"grant select on {table} to {WEB}, {READER}",
        f"create policy reads on {table} for select to {WEB}, {READER} using ({_reads(table, floor)})",
    ]
    writing = declared(models()[table], "writing")
    return lines if writing is BY_FUNCTION else lines + _writes(table, writing)


def _writes(table: str, writing: Writing) -> list[str]:
    mine = f"owner = {_ME}"
    adds = [mine, *_roles(writing.added_by, "actor_is_afresh" if writing.afresh else "actor_is")]
    adds += [writing.added_if] if writing.added_if else []
    lines = [
        f"grant insert on {table} to {WEB}",
        f"create policy adds on {table} for insert to {WEB} with check ({' and '.join(adds)})",
    ]
    if writing.changes:
        while_ = [*_roles(writing.changed_by, "actor_is"), *([writing.changed_if] if writing.changed_if else [])]
        lines += [
            f"grant update ({', '.join(writing.changes)}) on {table} to {WEB}",
            f"create policy changes on {table} for update to {WEB} using ({mine} and {' and '.join(while_) or 'true'}) "
            f"with check ({mine} and ({writing.left_if or 'true'}))",
        ]
    if writing.removes:
        lines += [
            f"grant delete on {table} to {WEB}",
            f"create policy removes on {table} for delete to {WEB} using ({mine})",
        ]
    return lines


def _roles(action: str, function: str) -> list[str]:
    """Return the condition that the actor has a role that includes this action, or no condition if there is no
    action."""
    if not action:
        return []
    asked = [f"(select accord.{function}('{role}'))" for role in holders(action)] or ["false"]
    return asked if len(asked) == 1 else [f"({' or '.join(asked)})"]


def functions() -> list[str]:
    """Return the named SQL functions, room by room, and the two functions created here."""
    written = [
        resources.files(f"accord.{room.name}").joinpath(f"{name}.sql").read_text(encoding="utf-8")
        for room in rooms()
        for name in room.sql.files
    ]
    made = [room.function(name)() for room in rooms() for name in room.sql.made]
    return [*written, *made, erase_rows(), audit_may_append()]


def statements() -> Iterable[str]:
    """Yield every statement to run as the owner after migrating, in order. Running them twice makes no difference."""
    yield "create schema if not exists accord"
    yield "set check_function_bodies = off"
    yield CLOCK
    yield from functions()
    yield f"revoke all on all functions in schema accord, public from public, {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"revoke all on schema accord, public from public, {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"grant usage on schema accord, public to {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"grant execute on all functions in schema accord to {WEB}"
    for name in (name for room in rooms() for name in (*room.sql.inner, *room.sql.worker)):
        yield f"revoke execute on function accord.{name} from {WEB}"
    for name in ("now()", *(name for room in rooms() for name in room.sql.readers)):
        yield f"grant execute on function accord.{name} to {READER}"
    for name in ("now()", *(name for room in rooms() for name in room.sql.worker)):
        yield f"grant execute on function accord.{name} to {WORKER}"
    yield f"grant execute on all functions in schema public to {WORKER}"  # the queue's functions, for its own tables
    yield f"revoke all on all sequences in schema public from public, {WEB}, {READER}, {WORKER}, {BACKUP}"
    for table in sorted(table for table, kept in tables().items() if kept is Floor.QUEUE):
        yield f"grant usage on sequence {table}_id_seq to {WORKER}"
    yield f"grant select on all sequences in schema public to {BACKUP}"
    yield DROP_POLICIES
    for table, floor in sorted(tables().items()):
        yield from policies(table, floor)


# The only clock. The test database replaces this function, and rules get the time only from here. The body is parsed at
# creation, so that no search path can change its meaning and the planner can inline it.
CLOCK = """
create or replace function accord.now() returns timestamptz language sql stable return pg_catalog.now()
"""

DROP_POLICIES = """
do $$ declare p record; begin
  for p in select policyname, tablename from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I', p.policyname, p.tablename);
  end loop;
end $$
"""
