"""At start: refuse to serve as a role that the floor does not bind."""

from __future__ import annotations

import resource

from django.db import connection

from accord.core.errors import AccordError

UNBOUND = """
select r.rolsuper or r.rolbypassrls or r.rolcreaterole
    or exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname in ('public', 'accord') and pg_has_role(r.oid, c.relowner, 'member'))
    or exists (select 1 from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
               and not c.relrowsecurity)
from pg_roles r where r.rolname = current_user
"""


class Unbound(AccordError):
    """The serving role could pass the floor by."""

    code = "unbound_role"
    sentence = (
        "This database role could read past the floor (superuser, owner, BYPASSRLS, or a table without row security). "
        "Serve as accord_web; `accord init` makes it."
    )


def check() -> None:
    """Raises Unbound unless row security binds whoever serves. A crash writes no memory to a file: keys are in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with connection.cursor() as cursor:
        cursor.execute(UNBOUND)
        if cursor.fetchone()[0]:
            raise Unbound
    connection.close()
