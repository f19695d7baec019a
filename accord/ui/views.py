"""The gallery shows every component in every state with made-up content, for people and for axe to check."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accord.ui import refusals, samples


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery.html", {"frame": samples.frame(), **samples.components()})


@require_safe
def person(request: HttpRequest) -> HttpResponse:
    """Show a whole page as an advocate sees it."""
    locking = replace(samples.frame(), idle_seconds=1800, lock_url="/gallery/refused/403/", home_url="/gallery/")
    return render(request, "ui/gallery_person.html", {"frame": locking, **samples.components()})


@require_safe
def refused(request: HttpRequest, status: int) -> HttpResponse:
    """Show a refusal as a signed-out reader sees it. A 409 shows both versions."""
    if status == 500:
        return render(request, "ui/500.html", status=500)
    return refusals.page(request, status, yours="Tuesday 9:30", theirs="Wednesday 11:00")
