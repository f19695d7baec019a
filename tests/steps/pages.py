"""Steps to read a page's text."""

from __future__ import annotations

import html
import re
from typing import Any

SAID = re.compile(
    r'<div class="usa-alert usa-alert--success[^>]* saved" role="status" tabindex="-1" autofocus[^>]*>.*?<p>(.*?)</p>',
    re.S,
)


def said(page: Any) -> list[str]:
    """Return the confirmations on a page."""
    return [html.unescape(re.sub(r"<[^>]+>", "", words)) for words in SAID.findall(page.content.decode())]


def alert_words(response) -> str:
    """Return the page without the line breaks in its markup."""
    return " ".join(response.content.decode().split())
