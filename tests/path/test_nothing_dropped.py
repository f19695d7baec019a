"""No field that someone filled in is ever dropped silently: every form either passes it on or refuses it. The pages of
a person also show it again."""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory

from accord.access.codes import KINDS, SHARE_PERSON
from accord.access.forms import StepUpForm
from accord.agencies.codes import AGENCY_TYPES
from accord.core import clock
from accord.core.text import LANGUAGES
from accord.law.codes import Purpose, Statement, Trait
from accord.releases.fitting import SENSITIVE, Fit
from accord.ui.fields import DayField, typed_date
from tests.region import World
from tests.steps.every_form import all_forms
from tests.steps.records import open_record
from tests.steps.signing import terms_page

ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
CHOICES = [(str(ONE), "One"), (str(OTHER), "Other")]
AGENCIES = [(ONE, "One"), (OTHER, "Other")]
MEMBERS = [SimpleNamespace(owner=ONE, name="One"), SimpleNamespace(owner=OTHER, name="Other")]
WORDS = "abbey abide able about above absorb"
FORMS = dict(all_forms())

# What a form is built with besides what was sent. A missing one fails the test.
MORE: dict[str, dict[str, Any]] = {
    "membership.forms.ActForForm": {"choices": CHOICES},
    "membership.forms.RolesForm": {"roles": [("advocate", "Advocate"), ("officer", "Officer")]},
    "membership.forms.InviteForm": {"roles": [("advocate", "Advocate"), ("officer", "Officer")]},
    "membership.forms.OfficerForm": {"roles": [("advocate", "Advocate"), ("officer", "Officer")]},
    "membership.forms.AgencyForm": {"roles": [("advocate", "Advocate"), ("officer", "Officer")]},
    "systems.forms.ConnectForm": {"purposes": [("legal_help", "Legal help")], "keyless": set()},
    "agreements.forms.AskForm": {"agencies": MEMBERS, "may_join": True},
    "agreements.forms.CheckForm": {"ticks": [f"{ONE} {WORDS}"]},
    "agreements.forms.CoalitionForm": {"agencies": MEMBERS, "zone": "America/Chicago"},
    "agreements.forms.DraftForm": {"agencies": MEMBERS, "zone": "America/Chicago"},
    "agreements.forms.MembersForm": {"agencies": MEMBERS},
    "agreements.forms.SignForm": {"ticks": [f"{ONE} {WORDS}"]},
    "legal_requests.served_forms.ServedForm": {"agencies": AGENCIES},
    "answers.forms.StartForm": {"languages": ("English (en)", "Español (es)")},
    "questionnaires.forms.AttachForm": {"wanted": "towns.csv"},
    "questionnaires.forms.PublishForm": {"kinds": ["needs", "health"]},
    "bodies.forms.SeatForm": {"agencies": AGENCIES},
    "bodies.forms.RepresentativeForm": {"colleagues": AGENCIES},
    "people.forms.ReassignForm": {"people": CHOICES, "colleagues": CHOICES},
    "people.forms.LetInForm": {"colleagues": CHOICES},
    "people.forms.BarForm": {"colleagues": CHOICES},
    "people.forms.AssignForm": {"colleagues": CHOICES},
    "numbers.forms.SubmitForm": {"pinned": False},
    "releases.terms_forms.TermsForm": {
        "reason_over": 90,
        "to": ONE,
        "fit": Fit(tuple(Purpose)[:3], tuple(Purpose)[3:], None, tuple(KINDS)[:5], tuple(SENSITIVE), ()),
        "days": [(date(2026, 12, 18), "Dec. 18, 2026 (30 days)")],
        "check": lambda release: [],
    },
    "releases.forms.OfficialForm": {"partners": AGENCIES, "kinds": list(KINDS)},
    "releases.signing_forms.PreparationForm": {
        "need": None,
        "around": CHOICES,
        "age_known": False,
        "majority": 18,
        "languages": ("es",),
        "check": lambda prepared, years: [],
    },
    "releases.signing_forms.TheirForm": {
        "needed": frozenset(list(Statement)[:1]),
        "version": 1,
        "signers": {"signature": True},
    },
    "releases.signing_forms.PaperForm": {"needed": frozenset(list(Statement)[:1]), "person_signs": True},
    "releases.forms.WithdrawForm": {"signed": [("parent", "Marta")]},
    "legal_requests.forms.StepForm": {"may_end": True},
    "legal_requests.forms.HandOverForm": {"listed": tuple(KINDS), "partners": AGENCIES},
}
# What is asked for and not kept, and why.
NOT_KEPT = {
    "step_up_code": "proves who acts",
    "again": "compared with the passphrase",
    "words": "the words that were proposed",
    "next": "an address, read from what was sent",
}
# The methods by which forms pass on what was typed; without one, the cleaned data is passed on.
HANDED_ON = (
    "payload",
    "release",
    "terms",
    "prepared",
    "given",
    "taker",
    "disclosure",
    "member",
    "facts",
    "application",
    "needs",
    "need",
    "service",
    "chosen",
    "another",
)
BESIDE = ("years",)  # what a view takes from the cleaned data as well


# A choice that means the same as none.
SAME_AS_NONE = {
    ("releases.terms_forms.TermsForm", "ability"): "full",
    ("releases.signing_forms.TheirForm", "all_true"): "on",  # beside every box
    ("releases.terms_forms.TermsForm", "person_languages"): list(LANGUAGES)[-1:],  # the one that they read best
}


@pytest.fixture
def acting(world: World) -> Iterator[Any]:
    """Yield a request of someone who is signed in."""
    with world.as_("alma") as actor:
        request = RequestFactory().post("/")
        request.actor, request.session_state = actor, world.session("alma")
        yield request


def build(name: str, sent: dict[str, Any], request: Any) -> forms.Form:
    form = _built(name, sent, request)
    if hasattr(form, "offer"):  # what was found by a name
        form.offer(CHOICES, **({"exact": False} if "exact" in inspect.signature(form.offer).parameters else {}))
    return form


def _built(name: str, sent: dict[str, Any], request: Any) -> forms.Form:
    cls, more = FORMS[name], MORE.get(name, {})
    if not issubclass(cls, StepUpForm):
        return cls(_query(sent), **more)
    try:
        return cls(_query(sent), request=request, action=SHARE_PERSON, **more)
    except TypeError:  # it knows its action itself
        return cls(_query(sent), request=request, **more)


def _query(sent: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def filled(name: str, field: forms.Field, today: date, which: int = -1) -> dict[str, Any]:
    """Return what a browser sends for a filled field; for choices, the one with this number."""
    if isinstance(field, DayField):
        return typed_date(name, today.isoformat())
    if isinstance(field, forms.MultipleChoiceField):
        return {name: [_codes(field)[which]]}
    if _is_choice(field):
        return {name: _codes(field)[which]}
    if isinstance(field, forms.UUIDField):
        return {name: str(ONE)}
    if isinstance(field, forms.BooleanField):
        return {name: "on"}
    if isinstance(field, forms.IntegerField):
        return {name: "20"}
    return {name: f"typed as {name}"[: getattr(field, "max_length", None) or 99]}


def _is_choice(field: forms.Field) -> bool:
    """Return whether the choices of a text field are its widget's: they are known only once the form was sent."""
    return isinstance(field, forms.ChoiceField) or isinstance(field.widget, forms.RadioSelect)


def _codes(field: Any) -> list[str]:
    return [str(code) for code, _words in getattr(field, "choices", field.widget.choices) if str(code)]


def handed_on(form: forms.Form, today: date) -> str:
    """Return everything that leaves a valid form."""
    parts = []
    for method in HANDED_ON:
        call = getattr(form, method, None)
        if call is not None:
            arguments = {"today": today.isoformat(), "name": "Wren", "signs_too": True}
            asked = inspect.signature(call).parameters
            parts.append(repr(call(**{key: value for key, value in arguments.items() if key in asked})))
    parts += [repr(form.cleaned_data[name]) for name in BESIDE if parts and name in form.cleaned_data]
    return " ".join(parts) if parts else repr(sorted(form.cleaned_data.items(), key=lambda pair: pair[0]))


def cases(form: forms.Form, today: date) -> Iterator[dict[str, Any]]:
    """Yield each field alone with the required ones; all of them for every choice; all of them without each choice."""
    every = {name: filled(name, field, today) for name, field in form.fields.items() if name not in NOT_KEPT}
    required = {name: sent for name, sent in every.items() if form.fields[name].required}
    for name in every:
        yield required | {name: every[name]}
    for name, field in form.fields.items():
        if name in every and _is_choice(field):
            yield {key: sent for key, sent in every.items() if key != name}
            if not isinstance(field, forms.MultipleChoiceField):
                for number in range(len(_codes(field))):
                    yield every | {name: filled(name, field, today, number)}


def flat(sent: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in sent.values() for key, value in part.items()}


def brought_by_the_type(case: dict[str, Any]) -> bool:
    """Return whether the type of agency brings the legal fact that was chosen as well."""
    return Trait(case["traits"][0]) in AGENCY_TYPES[case["type"]][2]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_filled_field_is_passed_on_or_refused(acting: Any, name: str) -> None:
    today = clock.today(acting.actor.zone)
    empty = build(name, {}, acting)
    dropped = set()
    for case in cases(empty, today):
        form = build(name, flat(case), acting)
        if not form.is_valid():
            assert form.errors
            continue
        whole = handed_on(form, today)
        for field in case:
            without = build(name, flat({key: sent for key, sent in case.items() if key != field}), acting)
            if SAME_AS_NONE.get((name, field)) == flat(case).get(field, ""):
                continue
            if name == "membership.forms.AgencyForm" and field == "traits" and brought_by_the_type(flat(case)):
                continue
            if without.is_valid() and handed_on(without, today) == whole:
                dropped.add((field, tuple(sorted(case))))
    assert not dropped, f"{name} drops {sorted({field for field, _case in dropped})}"


# Each form on a person's page: its address, what is sent besides the texts, the texts, and where they are shown again.
PAGES = (
    ("name/", {"revision": "1"}, ("used", "others", "pronouns"), "name/"),
    ("contact/", {"revision": "1", "method": "text"}, ("address", "when", "never"), "contact/"),
    ("items/new/", {"daily": ["housing"], "urgency": "week"}, ("words",), ""),
    ("entries/new/", {"category": "housing", **typed_date("day", "2026-11-18")}, ("provider", "note"), ""),
    ("notes/new/", {}, ("text",), ""),
    ("status/", {"revision": "0", "status": "waiting"}, ("note",), ""),
    ("status/new/", {"type": "t", "state": "filed"}, ("receipt",), ""),
    ("others/new/", {"revision": "0", "capacity": "parent"}, ("name", "court_paper", "basis"), "others/"),
)


@pytest.mark.parametrize(("url", "sent", "texts", "shown"), PAGES)
def test_what_was_typed_on_a_persons_page_is_read_there_again(
    world: World, url: str, sent: dict[str, str], texts: tuple[str, ...], shown: str
) -> None:
    known, alma = open_record(world), world.client("alma")
    typed = {name: f"typed as {name}" for name in texts}
    saved = alma.post(f"/people/{known.ref}/{url}", {**sent, **typed})
    assert saved.status_code == 302, saved.content.decode()
    page = alma.get(f"/people/{known.ref}/{shown}").content.decode()
    if shown == "others/":  # the list leads to the entry
        page += alma.get(re.search(r'href="([^"]*/others/[0-9a-f-]{36}/)"', page)[1]).content.decode()
    assert [words for words in typed.values() if words not in page] == []


def test_the_terms_of_a_release_are_read_on_its_page(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
    typed = {name: f"typed as {name}" for name in ("reason_for_length", "ability_basis")}
    sent = {
        "recipient": str(world.agencies["legal"]),
        "kinds": ["needs"],
        "purposes": ["legal_help"],
        "text_language": "en",
        "reads": "en",
        "until": "other",
        "how": "prepare",
        "ability": "legal_incapacity",
        **typed_date("start", today.isoformat()),
        **typed_date("last_day", (today + timedelta(days=120)).isoformat()),
    }
    saved = alma.post(terms_page(alma, known.ref), sent | typed)
    assert saved.status_code == 302, saved.content.decode()
    page = alma.get(saved.headers["Location"].replace("sign/", "")).content.decode()
    assert [words for words in typed.values() if words not in page] == []


def test_a_record_keeps_all_that_was_typed_when_it_was_opened(world: World) -> None:
    alma = world.client("alma")
    with world.as_("alma") as actor:
        born = clock.today(actor.zone) - timedelta(days=9_000)
    texts = {name: f"typed as {name}" for name in ("used", "others", "pronouns", "address", "when", "never")}
    url = alma.post("/people/new/", {**texts, "language": "ht", **typed_date("date", born.isoformat())}).headers[
        "Location"
    ]
    pages = " ".join(alma.get(url + part).content.decode() for part in ("name/", "age/", "contact/"))
    assert [words for words in texts.values() if words not in pages] == []
    assert f'value="{born.year}"' in pages and 'value="ht" selected' in pages
