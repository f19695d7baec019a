"""Pages for a picture or scan of the signed form."""

from __future__ import annotations

import uuid

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import READ_PERSON, SHARE_PERSON
from accord.access.forms import post_data, service_succeeds, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.core.text import N_
from accord.files import queries as files
from accord.files.uploading import SealedFileField
from accord.releases import scans, services
from accord.releases.views import person_of, recipient_of


class ScanForm(forms.Form):
    """A picture or scan of the signed form."""

    scan = SealedFileField(
        label=gettext_lazy("Picture or scan of the signed form"),
        help_text=gettext_lazy("PDF, JPEG or PNG, up to 25 MB. If it has several pages, scan them into one PDF."),
    )


@needs(SHARE_PERSON)
@creates
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Add a picture or scan of the signed form to a release."""
    _page, context = person_of(request, ref)
    _known, item = services.find_release(actor=request.actor, ref=ref, series=series)
    form = ScanForm(post_data(request), request.FILES or None)
    if request.method == "POST" and service_succeeds(
        form, lambda: scans.keep(actor=request.actor, ref=ref, series=series, upload=form.cleaned_data["scan"])
    ):
        return saved(request, N_("Scan saved. Only your agency can open it."), "releases:release", ref, series)
    context |= {
        "form": form,
        "item": item,
        "recipient": recipient_of(item),
        "signed": scans.is_signed(item.payload),
    }
    return render(request, "releases/scan.html", context, status=status_of(form))


@needs(READ_PERSON)
@require_safe
def one(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID, scan: uuid.UUID) -> HttpResponseBase:
    """Download a scan. Its file name identifies no one."""
    opened = scans.open_scan(actor=request.actor, ref=ref, series=series, scan=scan)
    return files.answer(opened=opened, name=_("signed-form"))
