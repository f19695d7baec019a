"""What surrounds every page, as one object: `frame`.

The rooms do not build it. The setting `ACCORD_FRAME` names a function that returns a `Frame` for a request. Without it,
and when no one is signed in, a page has the signed-out frame: brand, language, leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

BAR_LENGTH = 4


def exit_url() -> str:
    """Return the address that *Leave this site* opens: an ordinary page. Set `ACCORD_EXIT_URL` to change it."""
    return getattr(settings, "ACCORD_EXIT_URL", "https://www.weather.gov/")


@dataclass(frozen=True)
class NavItem:
    """One menu item. `icon` is a name from `accord.ui.icons`; `children` are the second and last level."""

    label: str
    url: str
    current: bool = False
    icon: str = "dot"
    children: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Language:
    """A language in its own words ("Español"), offered in the header."""

    code: str
    name: str


@dataclass(frozen=True)
class Frame:
    """Everything that `ui/base.html` needs. A control with an empty address is left out.

    `idle_seconds` turns on the notice before a session locks. `lock_url` is then a page that is safe to GET, and that
    continues by itself if another tab kept the session alive. `leave_url` ends the session. `keep_url` takes what was
    typed, and `page_mark` says in every form which session its page belongs to.
    """

    signed_in: bool = False
    acting_for: str = ""
    role_words: str = ""
    nav: tuple[NavItem, ...] = ()
    notices: int = 0
    notices_url: str = ""
    search_url: str = ""
    account_name: str = ""
    account_items: tuple[NavItem, ...] = ()
    sign_out_url: str = ""
    language_url: str = ""
    saved_before: bool = False  # this page answers something that was sent twice
    code_before: bool = False  # the same, and the answer was a code that is shown once
    here: str = "/"  # the page to return to after changing the language
    languages: tuple[Language, ...] = ()
    home_url: str = "/"
    exit_url: str = field(default_factory=exit_url)
    idle_seconds: int = 0
    lock_url: str = ""
    leave_url: str = ""
    keep_url: str = ""
    page_mark: str = ""
    footer: tuple[NavItem, ...] = ()
    printed_at: datetime | None = None  # printed on the page; None: nothing
    promise: str = ""  # what may leave this agency, in one sentence that is true for it

    @property
    def bar(self) -> tuple[NavItem, ...]:
        """Return the first four, which a phone shows at the bottom."""
        return self.nav[:BAR_LENGTH]

    @property
    def rest(self) -> tuple[NavItem, ...]:
        """Return the items that a phone shows under *More*."""
        return self.nav[BAR_LENGTH:]

    @property
    def rest_is_current(self) -> bool:
        return any(item.current for item in self.rest)

    @property
    def sections(self) -> tuple[NavItem, ...]:
        """Return the second level of the current item."""
        return next((item.children for item in self.nav if item.current), ())


def signed_out() -> Frame:
    """Return the frame of a page without anyone signed in."""
    return Frame(
        languages=tuple(Language(code, str(name)) for code, name in settings.LANGUAGES),
        language_url=getattr(settings, "ACCORD_LANGUAGE_URL", ""),
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """Add `frame` to every template (context processor)."""
    path = getattr(settings, "ACCORD_FRAME", None)
    found = signed_out() if path is None else import_string(path)(request)
    # What was sent is not in the address: after a refused form, return to its page.
    here = request.get_full_path() if request.method == "GET" else request.path
    return {"frame": replace(found, here=here, **_before(request))}


def _before(request: HttpRequest) -> dict[str, bool]:
    said = request.GET.get("saved")
    return {"saved_before": said == "1", "code_before": said == "code"}
