"""The operator's day page: version, database, worker, email, disk, backup, and last check. It shows no client data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import READ_HUB_LOG
from accord.access.rules import may
from accord.access.today import Part, today_of
from accord.config import backup, install
from accord.core import clock
from accord.core.files import write_whole
from accord.jobs import queries as jobs
from accord.mail import queries as mail
from accord.ui.components import Row, Tag
from accord.ui.words import distance, figure, moment

BACKUP_EVERY, CHECK_EVERY = timedelta(days=2), timedelta(days=31)
DISK_LEFT = 0.1  # less free space than this is urgent


def lines(actor: Actor) -> Iterator[Part]:
    """Yield the machine's state for an operator."""
    if may(actor, READ_HUB_LOG):
        yield Part(_("Server"), [_program(), _database(), _worker(), _mail(), _disk(), _backup(actor), _checked(actor)])


def _program() -> Row:
    return Row(_("Accord %(version)s") % {"version": version("accord")}, tag=Tag("ok", _("Running")))


def _database() -> Row:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version')")
        number = str(cursor.fetchone()[0]).split(" ")[0]
    return Row(_("Database"), detail=f"PostgreSQL {number}", tag=Tag("ok", _("Reachable")))


def _worker() -> Row:
    """Return a row that shows when the worker was last seen, and the jobs that are failing or late."""
    seen = jobs.seen()
    title, wrong = _("Background worker"), [*seen.failing, *seen.late]
    if seen.at is None:
        return Row(title, detail=_("It hasn't run yet. Run accord worker."), tag=Tag("urgent", _("Never")))
    detail = _("last seen %(moment)s") % {"moment": moment(seen.at)}
    if not wrong:
        return Row(title, detail=detail, tag=Tag("ok", _("Running")))
    tag = Tag("urgent", _("Failing")) if seen.failing else Tag("wait", _("Late"))
    return Row(title, detail=f"{detail}: {', '.join(_(job.title) for job in wrong)}", tag=tag)


def _mail() -> Row:
    found = mail.waiting()
    detail = ngettext("%(n)d message is waiting", "%(n)d messages are waiting", found.waiting) % {"n": found.waiting}
    if not mail.leaves():
        return Row(_("Email"), detail=_("This installation doesn't send email."), tag=Tag("plain", _("Off")))
    if found.tried or found.dropped:
        return Row(_("Email"), detail=detail, tag=Tag("urgent", _("The mail server is refusing messages")))
    return Row(_("Email"), detail=detail, tag=Tag("ok", _("Running")))


def _disk() -> Row:
    disk = shutil.disk_usage(install.var_folder())
    figures = {"free": figure(round(disk.free / 2**30)), "total": figure(round(disk.total / 2**30))}
    full = disk.free / disk.total < DISK_LEFT
    tag = Tag("urgent", _("Almost full")) if full else Tag("ok", _("Enough space"))
    return Row(_("Disk"), detail=_("%(free)s of %(total)s GB free") % figures, tag=tag)


def _backup(actor: Actor) -> Row:
    at, _found = noted(backup.number_file())
    return _ago(
        _("Last backup"), at, BACKUP_EVERY, _("No backup has been made on this server. Run accord backup."), actor
    )


def _checked(actor: Actor) -> Row:
    at, found = noted(checks_file())
    row = _ago(_("Last check"), at, CHECK_EVERY, _("No check has been done on this server. Run accord verify."), actor)
    findings = int(found.get("findings", 0))
    if not findings:
        return row
    words = ngettext("%(n)d problem found", "%(n)d problems found", findings) % {"n": findings}
    return Row(row.title, detail=row.detail, tag=Tag("urgent", words))


def _ago(title: str, at: datetime | None, every: timedelta, never: str, actor: Actor) -> Row:
    if at is None:
        return Row(title, detail=never, tag=Tag("urgent", _("Never")))
    old = clock.now() - at > every
    tag = Tag("wait", _("Old")) if old else Tag("ok", _("Done"))
    return Row(title, detail=f"{moment(at)}, {distance(at, today_of(actor))}", tag=tag)


def checks_file() -> Path:
    """Return the path of the file where `accord verify` notes when it ran and how many problems it found."""
    return install.var_folder() / "checked.json"


def noted(file: Path) -> tuple[datetime | None, dict[str, Any]]:
    """Return the time when a command wrote this file, and the file's content.

    The time is None if the command never ran here or the file can't be read. The command then has to run again.
    """
    try:
        at, found = datetime.fromtimestamp(file.stat().st_mtime, UTC), json.loads(file.read_text())
    except (OSError, ValueError):
        return None, {}
    return (at, found) if isinstance(found, dict) else (None, {})


def note_check(findings: int) -> None:
    """Record for the operator's day page that the database was checked."""
    write_whole(checks_file(), json.dumps({"findings": findings}))
