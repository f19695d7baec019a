"""The `frame` object, which holds everything that surrounds a page.

The rooms do not build the frame. The setting `ACCORD_FRAME` names a function that returns a `Frame` for a request.
Without this setting, or when no one is signed in, a page has the signed-out frame: the brand, the language, and the way
to leave the site.
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
    """Return the address of the ordinary page that *Leave this site* opens. Set `ACCORD_EXIT_URL` to change it."""
    return getattr(settings, "ACCORD_EXIT_URL", "https://www.weather.gov/")


@dataclass(frozen=True)
class NavItem:
    """One menu item. `icon` is a name from `accord.ui.icons`. `children` are the items on the second level, which is
    the last."""

    label: str
    url: str
    current: bool = False
    icon: str = "dot"
    children: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Language:
    """A language that the header offers under its own name ("Español")."""

    code: str
    name: str


@dataclass(frozen=True)
class Frame:
    """Everything that `ui/base.html` needs. A control with an empty address is left out.

    With `idle_seconds`, a notice appears before the session locks. `lock_url` must then be a page that is safe to GET
    and that continues on its own if another tab kept the session alive. `leave_url` ends the session. `keep_url`
    receives what was typed. With `keeps_text`, the notice says that it is kept. The `page_mark` in every form shows
    which session the page belongs to.
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
    saved_before: bool = False  # this page is the response to a form that was sent twice
    code_before: bool = False  # the same, for a form whose response was a code shown only once
    here: str = "/"  # the page to return to after changing the language
    languages: tuple[Language, ...] = ()
    home_url: str = "/"
    exit_url: str = field(default_factory=exit_url)
    idle_seconds: int = 0
    lock_url: str = ""
    leave_url: str = ""
    keep_url: str = ""
    keeps_text: bool = False
    page_mark: str = ""
    footer: tuple[NavItem, ...] = ()
    printed_at: datetime | None = None  # the time to print on the page, or None
    promise: str = ""  # one sentence about what may leave this agency

    @property
    def bar(self) -> tuple[NavItem, ...]:
        """Return the first four items, which a phone shows at the bottom."""
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
        """Return the second-level items of the current item."""
        return next((item.children for item in self.nav if item.current), ())


def signed_out() -> Frame:
    """Return the frame for a page when no one is signed in."""
    return Frame(
        languages=tuple(Language(code, str(name)) for code, name in settings.LANGUAGES),
        language_url=getattr(settings, "ACCORD_LANGUAGE_URL", ""),
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """Add `frame` to every template's context."""
    path = getattr(settings, "ACCORD_FRAME", None)
    found = signed_out() if path is None else import_string(path)(request)
    # The address does not include what was sent, so after a refused form, return to the form's page.
    here = request.get_full_path() if request.method == "GET" else request.path
    return {"frame": replace(found, here=here, **_before(request))}


def _before(request: HttpRequest) -> dict[str, bool]:
    before = request.GET.get("saved")
    return {"saved_before": before == "1", "code_before": before == "code"}
