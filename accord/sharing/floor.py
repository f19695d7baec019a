"""The floor: what the database itself enforces, no matter what the code above it does.

Read it with `rules.py`. The decision is made there, and the same promise is kept here in SQL. A sealed row is visible
to its owner, and to a recipient only through a share key whose share is in force at that moment. `accord init` and
every migration apply these statements; `accord verify` compares them with the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

from django.apps import apps
from django.db.models import Model

from accord.access.codes import ROLES, SHARE_OFFICIAL, SYSTEMS
from accord.core.floors import Floor
from accord.core.rooms import rooms
from accord.sharing.codes import UNDO_DAYS
from accord.sharing.rules import OFFICIAL

OWNER, WEB, READER, WORKER, BACKUP = "accord_owner", "accord_web", "accord_reader", "accord_worker", "accord_backup"

# Third-party tables and their floor.
ASSIGNED = {"django_migrations": Floor.SYSTEM}

_ME = "(select accord.actor_agency())"

# In force: begun, not over, not withdrawn, not suspended (or not yet), and under an agreement in force for that kind.
SHARE_IN_FORCE = (
    "s.starts_at <= (select accord.now()) and s.ends_at > (select accord.now()) "
    "and s.withdrawn_at is null and (s.suspended_at is null or s.suspended_at > (select accord.now())) "
    "and accord.agreement_in_force(s.owner, s.recipient, s.kind)"
)

# Text that was corrected before it was shared is not passed on, although the epoch's key opens it.
NOT_REPLACED = (
    "(sharing_entry.replaced_at is null or exists (select 1 from sharing_share s where s.owner = k.owner "
    "and s.id = k.share and s.made_at < sharing_entry.replaced_at offset 0))"
)

# What a recipient sees of each SHARED table, besides its owner. `offset 0` keeps the planner from hashing everything
# that an agency may see (0.98 ms instead of 333 ms for the latest fifty rows of a million).
RECIPIENT_SEES = {
    # History: once a share begins, the recipient keeps its terms. Reads only the share's own columns. If it ended or
    # was suspended before it began, its recipient must not learn of the person.
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
    # Who to call at an agency: for those with which it has an agreement in effect, in either direction.
    "agencies_contactline": (
        f"exists (select 1 from agencies_permit p where ((p.giver = agencies_contactline.owner and p.taker = {_ME}) "
        f"or (p.taker = agencies_contactline.owner and p.giver = {_ME})) "
        "and accord.agreement_in_force(p.giver, p.taker, p.kind) offset 0)"
    ),
}

# The column of SUBMITTED tables that names the receiving agency.
SUBMITTED_TO = "submitted_to"

# Which columns of its own rows `web` may change, and under which condition. Everything else is written once. A
# statement slipped into a session can't restart a withdrawn share, open a closed epoch or overwrite an entry.
CHANGES: dict[str, tuple[tuple[str, ...], str]] = {
    "agencies_contactline": (("role", "phone", "hours", "at", "by"), "(select accord.actor_is('officer'))"),
    "numbers_draft": (("stamp", "ring_version", "sealed", "at", "by"), "true"),
    "people_task": (
        ("done_at", "done_by"),
        "(done_at is null or (done_by = (select accord.actor_membership()) "
        f"and done_at > accord.now() - interval '{UNDO_DAYS} days'))",
    ),
    "sharing_assignment": (("ended_at",), "(ended_at is null or ended_at > accord.now())"),
    "sharing_datakey": (("closed", "ring_version", "sealed"), "true"),
    "sharing_joining": (("parted_at",), "parted_at is null"),
    "sharing_share": (("withdrawn_at", "suspended_at"), "withdrawn_at is null"),
}
STAYS = {
    "people_task": "(done_by is null or done_by = (select accord.actor_membership()))",
    "sharing_datakey": "(closed or not accord.epoch_is_closed(person, kind, epoch)) "
    "and accord.wrap_may_become(person, kind, epoch, ring_version, sealed)",
}

# Rows that `web` may delete: keys of shares that end, and search tokens of a changed name.
REMOVES = frozenset({"sharing_sharekey", "sharing_searchtoken"})

# Shares of a systems agency's own records, by right and need to know. No other agency and no other role can make them.
_OFFICIALS = " or ".join(
    f"accord.actor_is('{code}')" for code, role in sorted(ROLES.items()) if SHARE_OFFICIAL in role.actions
)
ONLY_AS = {
    "sharing_share": f"(basis <> '{OFFICIAL}' or (select accord.actor_agency_is('{SYSTEMS}') and ({_OFFICIALS})))",
    "vault_ringkey": "accord.ring_key_is_due(code, version)",  # a next version only when one is due
    "accounts_noticeseen": "membership = (select accord.actor_membership())",  # no one reads a notice for a colleague
}

# Rows that only this role of the agency may add.
ADDED_BY = {"numbers_submission": "officer", "agencies_pin": "officer", "agencies_contactline": "officer"}

# Rows that also need a fresh second factor: data for a partner is sealed to the key pinned here.
AFRESH = frozenset({"agencies_pin"})

# Rows that bind an agency, give access or are evidence. No direct writes; named functions check the role.
BY_FUNCTION = frozenset(
    {
        *("agencies_agency", "agencies_membership", "agencies_invitation"),
        *("sharing_erasure", "sharing_hold"),
        *("agencies_machineclient", "agencies_servedpaper"),
        *("agencies_reset", "agencies_recoverykey", "agencies_recoverystart"),
        *("agencies_agreement", "agencies_permit", "agencies_signature", "agencies_keycheck"),
        *("agencies_coalitionagreement", "agencies_agreementrequest"),
        *("audit_event", "audit_about", "numbers_sum", "numbers_table", "accounts_notice"),
    }
)

# A notice of a share that begins tomorrow must not show today.
ONLY_WHEN = {"accounts_notice": "at <= (select accord.now())"}

# To choose an agency to work for, an account must see its own memberships first.
ALSO_MINE = {"agencies_membership": "account = (select accord.actor_account())"}


def tables() -> dict[str, Floor]:
    """Return every table of the installed apps with its floor. Raises LookupError for a model without one."""
    found = dict(ASSIGNED)
    for model in apps.get_models(include_auto_created=True):
        found[model._meta.db_table] = _floor_of(model)
    return found


def _floor_of(model: type[Model]) -> Floor:
    floor = getattr(model, "floor", None)
    if not isinstance(floor, Floor):
        raise LookupError(f"{model.__name__} declares no floor")
    return floor


def _reads(table: str, floor: Floor) -> str:
    mine = f"owner = {_ME}"
    if table in ALSO_MINE:
        mine = f"{mine} or {ALSO_MINE[table]}"
    if table in ONLY_WHEN:
        mine = f"{mine} and {ONLY_WHEN[table]}"
    return {
        Floor.PUBLIC: "true",
        Floor.COALITION: "(select accord.actor_is_member())",
        Floor.OWNED: mine,
        Floor.SHARED: f"{mine} or ({RECIPIENT_SEES.get(table, 'false')})",
        Floor.SUBMITTED: f"{mine} or {SUBMITTED_TO} = {_ME}",
    }[floor]


def persons() -> dict[str, tuple[str, ...]]:
    """Return, for each table, the columns that hold a person's id. A column that its model does not name here is not
    erased."""
    named = {model._meta.db_table: getattr(model, "persons", ()) for model in apps.get_models()}
    return {table: columns for table, columns in named.items() if columns}


def erase_rows() -> str:
    """Return the function that erases a person from every table that names one, in any room. Tables with
    `after_erasure` keep their rows, and the model says why. Rows of `sharing_person` go last; they are locked
    first, so an erasure follows any write about this person."""
    kept = {model._meta.db_table for model in apps.get_models() if hasattr(model, "after_erasure")}
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
    lines += [
        f"grant select on {table} to {WEB}, {READER}",
        f"create policy reads on {table} for select to {WEB}, {READER} using ({_reads(table, floor)})",
    ]
    if table in BY_FUNCTION:
        return lines
    return lines + _writes(table)


def _writes(table: str) -> list[str]:
    mine = f"owner = {_ME}"
    asks = "actor_is_afresh" if table in AFRESH else "actor_is"
    adds = f"{mine} and (select accord.{asks}('{ADDED_BY[table]}'))" if table in ADDED_BY else mine
    adds = f"{adds} and {ONLY_AS[table]}" if table in ONLY_AS else adds
    lines = [
        f"grant insert on {table} to {WEB}",
        f"create policy adds on {table} for insert to {WEB} with check ({adds})",
    ]
    if table in CHANGES:
        columns, while_ = CHANGES[table]
        lines += [
            f"grant update ({', '.join(columns)}) on {table} to {WEB}",
            f"create policy changes on {table} for update to {WEB} using ({mine} and {while_}) "
            f"with check ({mine} and ({STAYS.get(table, 'true')}))",
        ]
    if table in REMOVES:
        lines += [
            f"grant delete on {table} to {WEB}",
            f"create policy removes on {table} for delete to {WEB} using ({mine})",
        ]
    return lines


def functions() -> list[str]:
    """Return the named functions, room by room. Only `web` and `reader` may call them."""
    written = [
        resources.files(f"accord.{room.name}").joinpath(f"{name}.sql").read_text(encoding="utf-8")
        for room in rooms()
        for name in room.sql.files
    ]
    return [*written, erase_rows()]


def statements() -> Iterable[str]:
    """Yield everything to run as owner after migrating, in order. Running it twice makes no difference."""
    yield "create schema if not exists accord"
    yield "set check_function_bodies = off"
    yield CLOCK
    yield from functions()
    yield f"revoke all on all functions in schema accord from public, {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"revoke all on schema accord, public from public, {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"grant usage on schema accord, public to {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"grant execute on all functions in schema accord to {WEB}"
    for name in (name for room in rooms() for name in room.sql.inner):
        yield f"revoke execute on function accord.{name} from {WEB}"
    for name in ("now()", *(name for room in rooms() for name in room.sql.readers)):
        yield f"grant execute on function accord.{name} to {READER}"
    yield f"revoke all on all sequences in schema public from public, {WEB}, {READER}, {WORKER}, {BACKUP}"
    yield f"grant select on all sequences in schema public to {BACKUP}"
    yield DROP_POLICIES
    for table, floor in sorted(tables().items()):
        yield from policies(table, floor)


# The only clock. The test database replaces this function; rules get the time from nowhere else. Its body is parsed at
# creation, so that no search path changes its meaning and the planner can inline it.
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
