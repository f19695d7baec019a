"""Pages of releases."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accord.access.acting import needs
from accord.access.codes import SHARE_PERSON


@needs(SHARE_PERSON)
@require_safe
def new(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Begin a release."""
    return redirect("people:person", ref)
