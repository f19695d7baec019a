"""Sign in and encrypt records with new keys after someone has left."""

from __future__ import annotations

import argparse
import getpass
import sys

from accord.cli._people import progress
from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add arguments for the user name, and for the agency if the user has several. The command asks for the passphrase
    and the code."""
    parser.add_argument("user", help="user name")
    parser.add_argument("--agency", default="", help="name of the agency, if you work for more than one")


def run(args: argparse.Namespace) -> int:
    """Sign in, renew keys slice by slice, and sign out. Nothing is lost if the command is stopped."""
    install.reach()
    install.setup_django()
    from accord.accounts import services as accounts

    session = accounts.open_session(user_name=args.user, passphrase=getpass.getpass("Passphrase: "))
    try:
        accounts.check_factor(state=session, code=getpass.getpass("Code: "))
        done, waiting = _renew(session, args.agency)
    finally:
        accounts.close_session(state=session)
    sys.stdout.write(f"{done} record keys are now encrypted with the new keys.\n")
    if waiting:
        sys.stdout.write(f"A colleague whose role includes these has to continue: {', '.join(waiting)}.\n")
    return 0


def _renew(session: object, agency: str) -> tuple[int, tuple[str, ...]]:
    from accord.access.acting import acting
    from accord.accounts.sessions import SessionState
    from accord.core.errors import BadInput
    from accord.membership import queries, services
    from accord.sharing import keeping

    assert isinstance(session, SessionState)
    with acting(session.ticket) as trail:
        choices = [c for c in queries.memberships_of(account=session.human) if agency in ("", c.agency)]
        if len(choices) != 1:
            raise BadInput("name one of your agencies with --agency")
        actor = services.act_for(session=session, membership=choices[0].id, trail=trail)
        found = keeping.renewal(actor=actor)
    done = 0
    with progress("Record keys", found.mine) as move:
        while True:
            with acting(session.ticket) as trail:
                count = keeping.rewrap_slice(actor=queries.actor_of(session, trail))
            if not count:
                return done, found.others
            done += count
            move(count)
