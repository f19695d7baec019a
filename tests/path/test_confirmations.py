"""The next page says once what was saved and who sees it, but never in a survivor's hands."""

from __future__ import annotations

import html
import re
from typing import Any

from accord.access import saying
from tests.path.test_services import open_record
from tests.region import World

SAID = re.compile(
    r'<div class="usa-alert usa-alert--success[^>]* saved" role="status" tabindex="-1" autofocus[^>]*>.*?<p>(.*?)</p>',
    re.S,
)


def said(page: Any) -> list[str]:
    """Return the confirmations on a page."""
    return [html.unescape(re.sub(r"<[^>]+>", "", words)) for words in SAID.findall(page.content.decode())]


def test_a_note_is_confirmed_once_with_who_sees_it(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    answer = alma.post(f"/people/{known.ref}/notes/new/", {"text": "Zephyr asked for a lawyer."})
    sealed = answer.cookies[saying.COOKIE].value
    assert "Zephyr" not in sealed and answer.cookies[saying.COOKIE]["httponly"]
    # Another page in between neither shows it nor uses it up.
    assert said(alma.get("/")) == []
    first, second = (alma.get(answer.headers["Location"]) for _ in range(2))
    assert said(first) == ["Case note saved. Only Harbor House can see this, depending on each person's role."]
    assert said(second) == []
    # The same words in another session, or changed on the way, count for nothing.
    adele = world.client("adele")
    for value in (sealed, sealed[:-8] + "AAAAAAA=", "x", "é"):
        adele.cookies[saying.COOKIE] = value
        assert said(adele.get("/")) == []
