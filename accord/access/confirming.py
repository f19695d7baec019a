"""Show what an action will do, with the button that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accord.access.forms import ConfirmForm, post_data, service_succeeds, status_of
from accord.access.requests import ActingRequest
from accord.access.saying import saved


def confirm(
    request: ActingRequest, action: str, call: Callable[[], Any], done: str, *, confirmation: str, **words: Any
) -> HttpResponse:
    """Show what will happen, with the button that does it. `done` is the next page, which then shows `confirmation`.

    `words` are passed to `confirm_page`.
    """
    form = ConfirmForm(post_data(request), request=request, action=action)
    if service_succeeds(form, call):
        return saved(request, confirmation, done)
    return confirm_page(request, form, **words)


def confirm_page(request: ActingRequest, form: ConfirmForm, **words: Any) -> HttpResponse:
    """Render the page with its `heading`, what `happens` (as sentences), and the `button`. The breadcrumb goes to the
    address `back` and has the text `back_words`.

    The optional arguments are a `warning`, `ways` (kinds under a heading), six verification `words`, and `danger`,
    which colors the button.
    """
    return render(request, "ui/confirm.html", {"form": form, **words}, status=status_of(form))
