"""Somebody without an account, before the doors that are open to all."""

from __future__ import annotations

from accord.demo.riverbend import PASSPHRASE
from tests.region import World


def told(world: World, user_name: str) -> str:
    """What the page of a new account says to whoever has no invitation."""
    fields = {"code": "aaaaaa-bbbbbb-cccccc-dddddd", "words": PASSPHRASE, "user_name": user_name}
    page = world.client().post("/join/account/", {**fields, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert page.status_code == 422
    return page.context["form"].errors.as_json()


def test_without_an_invitation_nobody_learns_which_user_names_there_are(world: World) -> None:
    assert told(world, "alma") == told(world, "nobody-has-this-name")
