"""What programs send and no person types: never a server error, always a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from django import forms
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.ui.fields import DayField
from tests.region import World
from tests.steps import bodies
from tests.steps.addresses import NEVER_EXISTED, address, routes
from tests.steps.api import Caller, connect
from tests.steps.records import open_record

HALF = "lone \ud800 surrogate"


def post(caller: Caller, path: str, body: str | bytes) -> tuple[int, dict]:
    said = caller.client.post("/api/v1" + path, body, content_type="application/json", headers=caller.headers)
    return said.status_code, said.json()


@pytest.fixture(scope="module")
def caller(world: World) -> Caller:
    return Caller(connect(world, roles=("machine_writer", "machine_reader", "machine_releases")))


@pytest.fixture(scope="module")
def paths(caller: Caller) -> list[str]:
    """Return every address of the API that takes a body, about a person that the caller brought."""
    ref = caller.post("/people", {"name": {"used": "Ines Quill"}}).json()["ref"]
    need = {"type": "need", "fields": {"category": "housing", "urgency": "now"}}
    series = caller.post(f"/people/{ref}/entries", need).json()["series"]
    places = [
        address(route, {"ref": ref, "series": series}) for route in routes() if route.pattern.startswith("api/v1/")
    ]
    return [place.removeprefix("/api/v1") for place in dict.fromkeys(places)]


# JSON with half a surrogate pair somewhere: as a value, a name, deep inside.
halves = st.recursive(
    st.sampled_from([HALF, "\udfff", "a\ud83d", "\ud800\ud800"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "used", "fields", "type", HALF]), inner, min_size=1, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(body=halves, at=st.integers(0, 50))
def test_half_a_surrogate_pair_is_not_text(caller: Caller, paths: list[str], body: object, at: int) -> None:
    status, said = post(caller, paths[at % len(paths)], json.dumps(body))
    # 403: programs may not search or sign, no matter what they send
    assert status in (403, 405, 422) and said["sentence"], said


def test_half_a_pair_in_a_name_opens_no_record(caller: Caller) -> None:
    for name in ({"used": HALF}, {"used": "Ines", "others": HALF}, {HALF: "Ines"}):
        assert post(caller, "/people", json.dumps({"name": name}))[0] == 422
    # Both halves together are one character, and are kept.
    assert post(caller, "/people", '{"name": {"used": "Ines \\ud83c\\udf37"}}')[0] == 201


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"name":' * 20_000 + "1" + "}" * 20_000,
        b"\xff\xfe\x00",
        '{"name": NaN}',
        "1" * 5000,
        '{"name": {"used": 1e999}}',
    ],
    ids=["lists", "objects", "not UTF-8", "NaN", "long number", "infinite"],
)
def test_what_cannot_be_read_is_reported(caller: Caller, body: str | bytes) -> None:
    status, said = post(caller, "/people", body)
    assert status == 422 and said["sentence"]


@pytest.mark.parametrize("day", [date.max.isoformat(), date.min.isoformat(), "9999-12-30", "0001-01-02"])
def test_the_first_and_last_days_there_are_break_nothing(world: World, caller: Caller, day: str) -> None:
    staff = Caller(client=world.client("alma"))
    ref = open_record(world).ref
    terms = {
        "recipient": str(world.agencies["legal"]),
        "kinds": ["needs"],
        "purposes": ["legal_help"],
        "person_languages": ["en"],
    }
    bodies = [
        (f"/people/{ref}/releases", {**terms, "start": day, "last_day": day}),
        (f"/people/{ref}/releases", {**terms, "start": "2026-12-01", "last_day": day}),
        (f"/people/{ref}/entries", {"type": "service", "fields": {"category": "housing", "day": day}}),
        ("/people", {"name": {"used": "Old"}, "birth": {"date": day}}),
    ]
    for path, body in bodies:
        said = staff.post(path, body)
        assert said.status_code == 422 and said.json()["sentence"], (path, body)


def day_fields(page: object) -> Iterator[str]:
    for context in getattr(page, "context", None) or ():
        for value in context.flatten().values() if hasattr(context, "flatten") else ():
            if isinstance(value, forms.BaseForm):
                yield from (
                    value.add_prefix(name) for name, field in value.fields.items() if isinstance(field, DayField)
                )


@pytest.mark.parametrize("user", ["alma", "adele", "grace", "hal", "kim"])
def test_every_form_with_a_day_refuses_the_last_one_there_is(world: World, user: str) -> None:
    """Access until a day, the start of an agreement, a deadline, a birthday: found on the pages, so a new one is
    included automatically."""
    client, known = world.client(user), open_record(world)
    ids = dict.fromkeys(
        ("task", "assignment", "series", "membership", "agreement", "legal_request", "invitation"), NEVER_EXISTED
    )
    ids |= {"ref": known.ref, "partner": world.agencies["legal"], "body": bodies.made(world).body}
    seen = set()
    for route in routes():
        if not set(route.arguments) <= ids.keys():
            continue
        path = address(route, ids)
        for name in set(day_fields(client.get(path))):
            seen.add(name)
            for day in (date.max, date.min):
                parts = {f"{name}_{i}": part for i, part in enumerate((day.month, day.day, day.year))}
                parts |= {f"{name}_month": day.month, f"{name}_day": day.day, f"{name}_year": day.year}
                said = client.post(path, parts)
                assert said.status_code < 500, (path, name, day)
    assert seen or user in ("hal", "kim")


def all_forms(base: type = forms.Form) -> Iterator[type]:
    for one in base.__subclasses__():
        yield one
        yield from all_forms(one)


def test_every_text_has_a_longest_length() -> None:
    assert get_resolver().url_patterns  # every form is known now
    endless = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in all_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if form.__module__.startswith("accord.")
        and form.__module__ != "accord.ui.samples"
        and isinstance(field, forms.CharField)
        and not isinstance(field, forms.UUIDField)
        and field.max_length is None
    ]
    assert endless == []


def test_an_overlong_code_is_refused(world: World) -> None:
    client = world.client("adele")
    data = {"name": "Sol", "roles": ["advocate"], "step_up_code": "1" * 3_000_000}
    page = client.post("/agency/invite/", data)
    assert page.status_code == 422 and "step_up_code" in page.context["form"].errors


ANSWERS = [
    "[" * 100_000,
    '{"a":' * 900 + "1" + "}" * 900,
    "{}",
    "[]",
    "1",
    '"\\ud800"',
    "{" * 30_000,
    '{"id":"\\ud800","rawId":"\\ud800","response":{},"type":"public-key"}',
]


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_an_odd_answer_of_a_passkey_does_not_fit_and_is_counted(fresh_world: World, answer: str) -> None:
    client = fresh_world.client("adele")
    fresh_world.move(minutes=6)
    page = client.post("/agency/invite/", {"name": "Sol", "roles": ["advocate"], "step_up_passkey": answer})
    assert page.status_code == 422 and "step_up_code" in page.context["form"].errors


# Methods and errors of the API ------------------------------------------------------------------------------------


def test_head_answers_wherever_get_does_and_other_methods_get_json(
    world: World, paths: list[str], caller: Caller
) -> None:
    for path in paths:
        got = caller.get(path)
        head = caller.client.head("/api/v1" + path, headers=caller.headers)
        assert head.status_code == got.status_code, path
        for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"):
            said = caller.client.generic(method, "/api/v1" + path, headers=caller.headers)
            assert said.status_code == 405 and said.json()["code"] == "method", (method, path)
            assert said.headers["Allow"]
    assert "405" in world.client().get("/api/openapi.json").json()["paths"]["/api/v1/people"]["get"]["responses"]


def test_every_error_of_the_api_is_json(world: World, caller: Caller) -> None:
    client = world.client("alma")
    client.handler.enforce_csrf_checks = True
    asked = [
        Caller("no such token").get("/people"),
        caller.get("/nothing/here"),
        caller.get("/people/not-an-id"),
        caller.client.post("/api/v1/people", {"a": "b"}, headers=caller.headers),
        client.post("/api/v1/people", "{}", content_type="application/json"),
        caller.get(f"/people/{NEVER_EXISTED}"),
        caller.client.post("/api/v1/people", "x" * 11_000_000, content_type="application/json", headers=caller.headers),
        caller.client.get("/api/v1/people", headers={**caller.headers, "Host": "elsewhere.example"}),
    ]
    for said in asked:
        assert said.status_code >= 400 and said.headers["Content-Type"] == "application/json", said.status_code
        assert said.json()["sentence"]


@pytest.mark.parametrize(
    ("user", "path"),
    [("alma", "/people/new/"), ("alma", "/people/?sort=oldest"), (None, "/statistics/"), (None, "/sign-in/")],
)
def test_the_language_changes_on_the_current_page(world: World, user: str | None, path: str) -> None:
    client = world.client(user)
    page = client.get(path).content.decode()
    assert f'name="next" value="{path}"' in page
    changed = client.post("/language/", {"language": "es", "next": path})
    assert changed.headers["Location"] == path
    assert 'lang="es"' in client.get(path).content.decode()
