"""Steps to join an agency, and to sign in there as a colleague."""

from __future__ import annotations

from django.test import Client

from accord.accounts import services as accounts
from accord.membership import services as membership
from tests.region import World

OWN = "seven quiet herons over the weir"


def code_of(world: World, user: str) -> str:
    """Return the code that this persona's authenticator app shows now."""
    return accounts.current_code(state=world.session(user))


def later(world: World, **by: float) -> None:
    """Move time past the end of every session, and have everyone sign in again."""
    world.move(**by)
    world.sessions.clear()
    with world.owner() as owner:  # everyone used Accord in the meantime, so that no account is closed
        owner.execute("update accounts_account set seen_at = accord.now()")


def invite(world: World, officer: str, name: str = "Nour", roles: tuple[str, ...] = ("advocate",)) -> str:
    """Return a one-time code for a new colleague."""
    with world.as_(officer) as actor:
        return membership.invite_member(actor=actor, name=name, roles=roles)


def join_page(client: Client, code: str, user_name: str, passphrase: str = "", again: str = ""):
    """Enter the code, then create the account with the six words shown or with a passphrase of the user's own."""
    shown = client.post("/join/", {"code": code})
    assert shown.status_code == 200, shown.content.decode()
    words = " ".join(shown.context["words"])
    fields = {"code": code, "words": words, "user_name": user_name, "again": again}
    return client.post("/join/account/", {**fields, "passphrase": passphrase or words})


def arrive(client: Client) -> None:
    """Go from a new account to the first page: second factor, recovery codes, agency."""
    page = client.get("/enrol/")
    codes = client.post("/enrol/", {"code": page.context["shown"]})
    assert len(codes.context["codes"]) == 10
    card = client.get("/acting/").context["cards"][0][0]
    assert client.post("/acting/", {"membership": str(card.id)}).status_code == 302
