"""Which database, as which role, with which secrets: kept in `var/` (0600), made by `accord init`."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from accord.core.errors import AccordError
from accord.core.postgres import Cluster

# `worker` waits for the first matter that needs a queue: it may connect, reads no table, and no process uses it.
ROLES = ("owner", "web", "reader", "worker", "backup")


def statement_timeout(role: str) -> str:
    """How long a statement of this role may take, in PostgreSQL's words."""
    return "10s" if role in ("web", "reader") else "10min"


def pinned(role: str) -> dict[str, str]:
    """Settings that a role could change for itself and be locked out by: what a connection asks for comes first."""
    return {
        "role": "none",
        "search_path": "public",
        "row_security": "on",
        "statement_timeout": statement_timeout(role),
        "lock_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        "default_transaction_read_only": "off",
        "default_transaction_isolation": r"read\ committed",
    }


class NotInitialised(AccordError):
    """Nothing has been set up in this folder yet."""

    code = "not_initialised"
    sentence = "Accord is not set up here yet. Run `accord init`, or `make demo` for the demonstration."


class Databases:
    """The connections of one installation. `DATABASE_URL` names host and database of a server; without it the embedded
    PostgreSQL in `var/` serves. Role passwords never come from the environment."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.file = var / "secrets.json"
        self.url = os.environ.get("DATABASE_URL", "")

    def make_secrets(self, *, demo: bool, host: str = "") -> None:
        """Write the secrets once; never overwrites. `host` is given when an installation is restored."""
        if self.file.exists():
            return
        self.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {
            "demo": demo,
            "database": "accord_demo" if demo else "accord",
            "django": secrets.token_urlsafe(50),
            "host": host or secrets.token_hex(32),
            "roles": {role: secrets.token_urlsafe(24) for role in ROLES},
        }
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(content, out, indent=1)

    def _secrets(self) -> dict[str, Any]:
        if not self.file.exists():
            raise NotInitialised
        content: dict[str, Any] = json.loads(self.file.read_text())
        return content

    @property
    def is_demo(self) -> bool:
        """Whether this installation is a demonstration: its secrets are printed and open nothing real."""
        return bool(self._secrets()["demo"])

    def secret(self, name: str) -> str:
        """One of the installation's own secrets."""
        return str(self._secrets()[name])

    @property
    def name(self) -> str:
        """The database's name."""
        return unquote(urlsplit(self.url).path.lstrip("/")) if self.url else str(self._secrets()["database"])

    def cluster(self) -> Cluster:
        """The embedded server of this folder."""
        version = int(os.environ.get("ACCORD_POSTGRES", "18"))
        return Cluster(self.var / "postgres", version, fast=os.environ.get("ACCORD_FAST_DB") == "1")

    def place(self) -> dict[str, Any]:
        """Host and port of the server."""
        if self.url:
            parts = urlsplit(self.url)
            return {"HOST": parts.hostname or "localhost", "PORT": str(parts.port or 5432)}
        params = self.cluster().connection_params()
        return {"HOST": str(params["host"]), "PORT": str(params["port"])}

    def connection(self, role: str) -> dict[str, Any]:
        """Django's settings for a connection as one of our roles."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": f"accord_{role}",
            "PASSWORD": self._secrets()["roles"][role],
            **self.place(),
            "CONN_MAX_AGE": 300,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                # Values travel beside the statement, never in it: a failing statement cannot print them.
                "server_side_binding": True,
                "application_name": f"accord {role}",
                "options": " ".join(f"-c {name}={value}" for name, value in pinned(role).items()),
                # What is asked for the sixth time is planned no more: the floor's policies cost more to plan than to run.
                # The actor is no part of a plan: it is looked up at each run, and another role plans anew.
                "prepare_threshold": 5,
            },
            "DISABLE_SERVER_SIDE_CURSORS": True,
            "TEST": {"MIGRATE": False},
        }
