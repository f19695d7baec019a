"""Words that must not be in a page title, an address or a file name."""

from __future__ import annotations

import re

# Beginnings of words that would tell a stranger what a page is about, in English and Spanish.
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
        "screening",
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
    """Return the words in a title or an address that reveal something about a case. Ids are ignored."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text).lower().replace("safely", "")
    return [word for word in CASE_WORDS if word in plain]
