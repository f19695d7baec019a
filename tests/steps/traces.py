"""Words that must not be in a title, an address or a file name."""

from __future__ import annotations

import re

# Beginnings of words that tell a stranger what a page is about, in both languages of the screen.
CASE_WORDS = (
    *("exploit", "immigra", "inmigra", "traffick", "trata ", "visa", "asylum", "asilo", "legal", "subpoena", "citaci"),
    *("court", "tribunal", "police", "polic", "shelter", "refug", "victim", "víctim", "surviv", "sobreviv", "abus"),
    *(
        "health",
        "salud",
        "release",
        "autoriza",
        "consent",
        "need",
        "necesi",
        "service",
        "servicio",
        "withdraw",
        "revoc",
    ),
    *(
        "safe",
        "segur",
        "harm",
        "daño",
        "paper",
        "papel",
        "crim",
        "rescue",
        "rescat",
        "hold",
        "parent",
        "madre",
        "padre",
    ),
)


def tells(text: str) -> list[str]:
    """Return the case words in a title or an address. Ids are not words."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text).lower().replace("safely", "")
    return [word for word in CASE_WORDS if word in plain]
