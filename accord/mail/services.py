"""Ask for email, confirm the address with the code that was sent to it, and turn email off."""

from __future__ import annotations

from uuid import uuid4

from accord.access.actors import Actor
from accord.core.errors import Invalid
from accord.core.statements import call_sql, fetch
from accord.core.text import N_
from accord.mail import queries
from accord.vault import sealing

TOO_MANY = N_("You've asked for five codes in one day. Try again tomorrow.")
WRONG_CODE = N_("This code is wrong or no longer works. Check the newest message, or ask for a new code.")


def ask(*, actor: Actor, address: str) -> None:
    """Store the actor's address and email a code to it. Raises Invalid after too many codes."""
    if not call_sql("mail_ask", queries.seal_address(account=actor.account, text=address), uuid4()):
        raise Invalid(TOO_MANY, fields={"address": TOO_MANY})
    actor.log("mail-asked")


def confirm(*, actor: Actor, code: str) -> None:
    """Turn email on if the code is correct. Raises Invalid."""
    ((message,),) = fetch("select accord.mail_try()")
    digits = "".join(filter(str.isdigit, code))
    if message is None or not sealing.same(queries.code_of(message=message).encode(), digits.encode()):
        raise Invalid(WRONG_CODE, fields={"code": WRONG_CODE})
    if not call_sql("mail_confirm", message):
        raise Invalid(WRONG_CODE, fields={"code": WRONG_CODE})
    actor.log("mail-on")


def stop(*, actor: Actor) -> None:
    """Turn email off and delete the address. Waiting messages are not sent."""
    if call_sql("mail_stop"):
        actor.log("mail-off")
