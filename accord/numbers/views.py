"""Pages for totals: counting, submitting, combining, and reviewing them, and the public pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.codes import READ_TOTALS, REVIEW_TOTALS, SUBMIT_TOTALS, SUM_TOTALS
from accord.access.forms import post_data, service_succeeds, status_of
from accord.access.marks import creates, needs, open_to_all
from accord.access.requests import ActingRequest, OpenRequest
from accord.access.saying import saved
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.numbers import presenters, queries, rules, services, sums
from accord.numbers.forms import DecisionForm, ReopenForm, SubmitForm
from accord.numbers.rules import Period
from accord.numbers.workflows import SumStep


def _period(code: str) -> Period:
    try:
        return rules.parse_period(code)
    except LookupError:
        raise Hidden from None


def _begun(request: ActingRequest, code: str) -> Period:
    """Return the half-year for a code if it has begun in the actor's time zone. Raises Hidden if the half-year has not
    begun."""
    period = _period(code)
    if period.first > clock.today(request.actor.zone):
        raise Hidden
    return period


@needs(READ_TOTALS)
@require_safe
def home(request: ActingRequest) -> HttpResponse:
    """Show the actor's tasks and the published tables."""
    return render(request, "numbers/home.html", presenters.home(request.actor))


# Inside an agency -------------------------------------------------------------------------------------------------


def _own_totals_page(request: ActingRequest, period: Period, **forms: Any) -> HttpResponse:
    seen = queries.own_totals(actor=request.actor, period=period)
    stamp = seen.count.stamp if seen.count else ""
    submit_form = SubmitForm(initial={"stamp": stamp}, request=request, pinned=seen.pinned)
    context = {
        **presenters.own_totals_page(request.actor, seen),
        "submit_form": submit_form,
        "reopen_form": ReopenForm(),
        **forms,
    }
    return render(request, "numbers/own_totals.html", context, status=max(map(status_of, forms.values()), default=200))


@needs(SUBMIT_TOTALS)
@require_safe
def own_totals(request: ActingRequest, code: str) -> HttpResponse:
    """Show one half-year in the actor's own agency."""
    return _own_totals_page(request, _begun(request, code))


@needs(SUBMIT_TOTALS)
@require_POST
def count(request: ActingRequest, code: str) -> HttpResponse:
    """Start or continue a count."""
    services.count(actor=request.actor, period=_begun(request, code))
    return saved(request, N_("Count saved. Nothing has been submitted yet."), "numbers:own_totals", code)


@needs(SUBMIT_TOTALS)
@require_POST
def submit(request: ActingRequest, code: str) -> HttpResponse:
    """Submit the reviewed count."""
    period, actor = _begun(request, code), request.actor
    pinned = queries.own_totals(actor=actor, period=period).pinned
    form = SubmitForm(request.POST, request=request, pinned=pinned)
    if service_succeeds(form, lambda: services.submit(actor=actor, period=period, **form.terms())):
        return saved(request, N_("Totals submitted to the statistics unit."), "numbers:own_totals", code)
    return _own_totals_page(request, period, submit_form=form)


@needs(SUBMIT_TOTALS)
@require_POST
def reopen(request: ActingRequest, code: str) -> HttpResponse:
    """Reopen a submission to correct it."""
    period, form = _begun(request, code), ReopenForm(request.POST)
    if service_succeeds(form, lambda: services.reopen(actor=request.actor, period=period, **form.cleaned_data)):
        return saved(
            request, N_("Totals reopened. You can correct them and submit them again."), "numbers:own_totals", code
        )
    return _own_totals_page(request, period, reopen_form=form)


@needs(SUBMIT_TOTALS)
@require_safe
def behind(request: ActingRequest, code: str, cell: str) -> HttpResponse:
    """List the people in one of the agency's own counts."""
    period = _begun(request, code)
    keys = presenters.keys_from_address(period.counted, cell)
    found = queries.behind(actor=request.actor, period=period, keys=keys)
    return render(request, "numbers/behind.html", presenters.behind(period, found))


# At the statistics unit -------------------------------------------------------------------------------------------


@creates
@needs(SUM_TOTALS)
@require_http_methods(["GET", "POST"])
def sum_up(request: ActingRequest, code: str) -> HttpResponse:
    """Show who has submitted, and combine the totals for the second reviewer."""
    period = _begun(request, code)
    if request.method == "POST":
        services.sum_up(actor=request.actor, period=period)
        return saved(request, N_("Totals combined. A second person reviews them next."), "numbers:sum", code)
    board = sums.board(actor=request.actor, period=period)
    return render(request, "numbers/sum.html", presenters.board(request.actor, board))


SAID_OF_REVIEW = {
    SumStep.PUBLISH: N_("Published. Anyone can read these totals now."),
    SumStep.SEND_BACK: N_("Sent back to the analyst."),
}


@needs(REVIEW_TOTALS)
@require_http_methods(["GET", "POST"])
def review(request: ActingRequest, code: str) -> HttpResponse:
    """Let the second reviewer publish combined totals or send them back."""
    period, actor = _begun(request, code), request.actor
    board = sums.board(actor=actor, period=period)
    form = DecisionForm(
        post_data(request),
        request=request,
        action=REVIEW_TOTALS,
        initial={"sum_id": board.sum.id if board.sum else ""},
    )
    if service_succeeds(form, lambda: services.decide(actor=actor, **form.terms())):
        return saved(request, SAID_OF_REVIEW[form.cleaned_data["decision"]], "numbers:review", code)
    context = {**presenters.board(actor, board), "form": form}
    return render(request, "numbers/review.html", context, status=status_of(form))


# For everyone ------------------------------------------------------------------------------------------------------


@open_to_all
@require_safe
def statistics(request: OpenRequest) -> HttpResponse:
    """List every published table."""
    return render(request, "numbers/statistics.html", presenters.statistics(queries.published()))


@open_to_all
@require_safe
def table(request: OpenRequest, code: str) -> HttpResponse:
    """Show one published table with its charts."""
    return render(request, "numbers/table.html", presenters.table(queries.published_table(period=_period(code))))


@open_to_all
@require_safe
def table_csv(request: OpenRequest, code: str) -> HttpResponse:
    """Return the figures of a published table as a CSV file."""
    found = queries.published_table(period=_period(code))
    name = f"{found.period.measure.replace('_', '-')}-{found.period.half_year}.csv"
    return HttpResponse(
        presenters.csv_of(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
