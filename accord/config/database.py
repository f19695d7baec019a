"""Database connections, roles, and secrets. `accord init` writes the secrets into `var/` (0600)."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from accord.core.errors import AccordError
from accord.core.files import create
from accord.core.postgres import Cluster

# `worker` runs background jobs. It only reads the queue and calls a few functions (sharing/floor.py).
ROLES = ("owner", "web", "reader", "worker", "backup")


def statement_timeout(role: str) -> str:
    """Return the time limit for this role's statements, in PostgreSQL's notation."""
    return "10s" if role in ("web", "reader") else "10min"


def pinned(role: str) -> dict[str, str]:
    """Return settings that would lock a role out if the role changed them. A connection's settings override the
    role's."""
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


class NotInitialized(AccordError):
    """Nothing has been set up in this folder yet."""

    code = "not_initialised"
    sentence = "Accord is not set up here yet. Run `accord init`, or `make demo` for the demo."


class Databases:
    """The connections of one installation.

    `DATABASE_URL` names a server and a database. Without it, the embedded PostgreSQL in `var/` is used. Role passwords
    never come from the environment.
    """

    def __init__(self, var: Path) -> None:
        self.var = var
        self.file = var / "secrets.json"
        self.url = os.environ.get("DATABASE_URL", "")

    def make_secrets(self, *, demo: bool, host: str = "") -> None:
        """Write the secrets once, and never overwrite them. A restore passes the `host` secret from the backup."""
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
        with os.fdopen(create(self.file), "w") as out:
            json.dump(content, out, indent=1)

    def _secrets(self) -> dict[str, Any]:
        if not self.file.exists():
            raise NotInitialized
        content: dict[str, Any] = json.loads(self.file.read_text())
        return content

    @property
    def is_demo(self) -> bool:
        """Return True for a demo, whose secrets are printed and protect nothing real."""
        return bool(self._secrets()["demo"])

    def secret(self, name: str) -> str:
        """Return one of the installation's own secrets."""
        return str(self._secrets()[name])

    @property
    def name(self) -> str:
        """Return the database's name."""
        return unquote(urlsplit(self.url).path.lstrip("/")) if self.url else str(self._secrets()["database"])

    def cluster(self) -> Cluster:
        """Return this folder's embedded server."""
        version = int(os.environ.get("ACCORD_POSTGRES", "18"))
        return Cluster(self.var / "postgres", version, fast=os.environ.get("ACCORD_FAST_DB") == "1")

    def place(self) -> dict[str, Any]:
        """Return the server's host and port."""
        if self.url:
            parts = urlsplit(self.url)
            return {"HOST": parts.hostname or "localhost", "PORT": str(parts.port or 5432)}
        params = self.cluster().connection_params()
        return {"HOST": str(params["host"]), "PORT": str(params["port"])}

    def connection(self, role: str) -> dict[str, Any]:
        """Return Django's settings for a connection as one of our roles."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": f"accord_{role}",
            "PASSWORD": self._secrets()["roles"][role],
            **self.place(),
            "CONN_MAX_AGE": 300,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                # Values are sent separately from the statement, so a failing statement can't print them.
                "server_side_binding": True,
                "application_name": f"accord {role}",
                "options": " ".join(f"-c {name}={value}" for name, value in pinned(role).items()),
                # From the sixth run on, a statement is no longer planned, because the floor's policies take longer to
                # plan than to run. The plan does not depend on the actor, who is looked up at each run. Each role has
                # its own plan.
                "prepare_threshold": 5,
            },
            "DISABLE_SERVER_SIDE_CURSORS": True,
            "TEST": {"MIGRATE": False},
        }
