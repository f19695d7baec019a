"""What each environment variable is for, as `docs/reference/settings.md` lists it."""

from __future__ import annotations

# The code and this list must name the same variables.
SETTINGS = {
    "ACCORD_VAR": (
        "folder for this installation's secrets and the embedded database",
        "`var/` in the project folder",
    ),
    "DATABASE_URL": (
        "host and database of a PostgreSQL server, version 15 or newer. Without it, Accord runs the embedded server",
        "none",
    ),
    "ACCORD_ADMIN_URL": ("that server's administrator address, only for `accord init` and `accord restore`", "none"),
    "ACCORD_ADDRESS": (
        "address that `accord serve` listens on. The demo accepts only loopback addresses",
        "`127.0.0.1`",
    ),
    "ACCORD_HOSTS": (
        "host names that the server responds to, separated by commas. The demo does not use it",
        "the loopback names",
    ),
    "ACCORD_PROXIES": (
        "addresses or networks of proxies, separated by commas. The audit log trusts their `X-Forwarded-For`",
        "none",
    ),
    "ACCORD_HELP_LINE": (
        'a local help line, as "name, phone". The sign-in page shows it before the national hotline',
        "only the national hotline",
    ),
    "ACCORD_EXIT_URL": ("where the exit button leads", "the weather service"),
    "ACCORD_MAIL_HOST": (
        "mail server that sends email to staff. Without it, no email is sent",
        "none",
    ),
    "ACCORD_MAIL_PORT": ("the mail server's port", "`587`, or `465` with `ACCORD_MAIL_TLS=tls`"),
    "ACCORD_MAIL_TLS": (
        "`starttls`, `tls`, or `none` (only for a mail server on this machine)",
        "`starttls`",
    ),
    "ACCORD_MAIL_FROM": (
        "sender address for email. Choose one that does not reveal an agency, a place or a type of work",
        "none; required with `ACCORD_MAIL_HOST`",
    ),
    "ACCORD_MAIL_USER": ("user name for the mail server", "none"),
    "ACCORD_MAIL_PASSWORD": ("password for the mail server", "none"),
    "ACCORD_PEOPLE_PER_HOUR": (
        "how many people's records a colleague may open in an hour before Accord slows them down and tells others",
        "`60`",
    ),
    "ACCORD_NAMES_PER_HOUR": (
        "how many people's names a colleague may find by searching in an hour before Accord does the same",
        "`120`",
    ),
    "ACCORD_LISTED_PER_HOUR": (
        "how many people's names a colleague may list or find in an hour (all of the agency's clients, the people in "
        "a total) before Accord does the same",
        "`600`",
    ),
    "ACCORD_PLAIN_HTTP": ("`1` turns TLS off. Only for tests", "off. The demo never uses TLS"),
    "ACCORD_POSTGRES": ("which embedded server to use, `16` or `18`. Neither can read the other's data", "`18`"),
    "ACCORD_FAST_DB": ("`1` gives up protection against power failures. Only for tests", "off"),
}
