"""Someone without an account, at the pages that are open to everyone."""

from __future__ import annotations

from accord.demo.riverbend import PASSPHRASE
from tests.region import World


def told(world: World, user_name: str) -> str:
    """Return what the page for a new account says to someone without an invitation."""
    fields = {"code": "aaaaaa-bbbbbb-cccccc-dddddd", "words": PASSPHRASE, "user_name": user_name}
    page = world.client().post("/join/account/", {**fields, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert page.status_code == 422
    return page.context["form"].errors.as_json()


def test_without_an_invitation_no_one_learns_which_user_names_exist(world: World) -> None:
    assert told(world, "alma") == told(world, "nobody-has-this-name")
