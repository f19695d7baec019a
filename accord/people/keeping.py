"""Pages about how long what is known stays, and under which keys: renewal after somebody left."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accord.access.acting import signed_in
from accord.people import presenters
from accord.sharing import keeping


@signed_in
@require_http_methods(["GET", "POST"])
def renewal(request: HttpRequest) -> HttpResponse:
    """Put the records' keys under the new ones. The open page drives it, a slice at a time; leaving the page pauses it."""
    if request.method == "POST":
        done = keeping.rewrap_slice(actor=request.actor)
        return redirect(f"{request.path}?on=1" if done else request.path)
    found = keeping.renewal(actor=request.actor)
    return render(request, "people/renewal.html", presenters.renewal(found, going_on="on" in request.GET))
