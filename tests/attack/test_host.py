"""Around the application: neighbors under the same domain, another site while the database is away, a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from accord.access import middleware
from accord.config.database import Databases
from tests.region import ROOT, World


def run(code: str, **env: str) -> str:
    """Return what a separate Python process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **env}, capture_output=True, check=True
    )
    return done.stdout.decode()


def test_a_neighbor_under_the_same_domain_plants_no_session(tmp_path: Path) -> None:
    """Over TLS both cookies carry the prefix with which a browser refuses them from any other host."""
    Databases(tmp_path).make_secrets(demo=False)
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'accord.config.settings'; import django; django.setup(); "
        "from django.conf import settings; from accord.accounts import sessions; from django.http import HttpResponse; "
        "r = HttpResponse(); sessions.set_cookie(r, b'x' * 32); print(r.cookies); print(settings.CSRF_COOKIE_NAME)"
    )
    said = run(code, ACCORD_VAR=str(tmp_path))
    assert "__Host-accord_session=" in said and "__Host-csrftoken" in said
    assert "Secure" in said and "Path=/" in said and "Domain" not in said


def test_another_sites_form_is_not_kept_behind_our_button(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is away a form is shown again to be sent later; a form that another site sent is not."""

    def away(*_args: object, **_more: object) -> None:
        raise OperationalError

    alma = Client(enforce_csrf_checks=True)
    alma.cookies = world.client("alma").cookies
    token = alma.get("/people/new/").context["csrf_token"]
    monkeypatch.setattr(middleware, "acting", away)
    ours = alma.post("/people/new/", {"used": "Wq8ZplVx", "csrfmiddlewaretoken": str(token)})
    theirs = Client(enforce_csrf_checks=True).post("/people/new/", {"used": "Wq8ZplVx"})
    assert (ours.status_code, theirs.status_code) == (503, 503)
    assert b"Wq8ZplVx" in ours.content and b"Wq8ZplVx" not in theirs.content


def test_another_sites_form_uses_up_no_try_of_the_second_step(world: World) -> None:
    """A page under the same domain can make a browser send a form with its cookie; it lacks the form's token."""
    alma = Client(enforce_csrf_checks=True)
    alma.cookies = world.client("alma").cookies
    token = str(alma.get("/people/new/").context["csrf_token"])
    with world.owner() as owner:
        counted = "select count(*) from accounts_failedsignin"
        before = owner.execute(counted).fetchone()[0]
        for sent in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            assert alma.post("/people/new/", {"step_up_code": "000000", **sent}).status_code == 403
        assert owner.execute(counted).fetchone()[0] == before
        alma.post("/people/new/", {"step_up_code": "000000", "csrfmiddlewaretoken": token})
        assert owner.execute(counted).fetchone()[0] == before + 1


def test_a_crash_writes_no_keys_to_a_file(world: World) -> None:
    code = (
        "import resource; hard = resource.getrlimit(resource.RLIMIT_CORE)[1]; "  # 0 if this process was guarded before
        "resource.setrlimit(resource.RLIMIT_CORE, (hard and 4096, hard)); "
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'accord.config.settings'; import django; django.setup(); "
        "from django.conf import settings; from django.db import connections; "
        f"connections.settings['default']['NAME'] = {world.name!r}; "
        "from accord.config import guard; guard.check(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    assert run(code).strip() == "(0, 0)"
