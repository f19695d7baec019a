"""Declares what the `mail` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import HOUR, AccountCard, Act, Job, LogLine, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="mail",
    question="which emails are sent, to which staff, and what do they say?",
    addresses=("mail/",),
    account_cards=(
        AccountCard(
            N_("Email"),
            N_("A message when there is something new, with no other details."),
            "mail:address",
            N_("See my email settings"),
        ),
    ),
    jobs=(
        Job("mail_send", N_("send email"), 1, run="sending.send_due"),
        Job("mail_sweep", N_("delete sent email"), HOUR),
    ),
    log={
        "mail-asked": LogLine(N_("%(by)s asked for a code to confirm an email address."), Act.SIGNING_IN),
        "mail-on": LogLine(N_("%(by)s turned on email messages about new items."), Act.SIGNING_IN),
        "mail-off": LogLine(N_("%(by)s turned off email messages about new items."), Act.SIGNING_IN),
    },
    sql=Sql(
        inner=("mail_has_news(uuid, timestamptz)",),
        readers=("mail_address()", "mail_mine()", "mail_waiting()"),
        worker=(
            "mail_later(uuid)",
            "mail_make()",
            "mail_refused(uuid)",
            "mail_sent(uuid)",
            "mail_sweep()",
            "mail_take()",
        ),
    ),
)
