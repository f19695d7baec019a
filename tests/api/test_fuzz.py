"""Schemathesis attacks the API, from its own document, as systems of two agencies with every right a system can have.

Legal Aid's system works with its own people and with one that Harbor House shares in part. The police's system has
never heard of this person. Nothing answers with 5xx, every answer matches the document, and nothing planted at Harbor
House and not released is in any answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.casework import services as casework
from accord.sharing import services as records
from tests.region import World
from tests.steps.api import ADDS, Caller, connect, id_of
from tests.steps.records import handle, open_record, release_to

ROLES = ("machine_writer", "machine_reader", "machine_releases")
READS = ("identity.name", "identity.birth", "contact.safe", "needs", "services", "notes.case", "releases")
MARK = "Quillplantedmark"


@dataclass
class Attack:
    """A system's token, refs and series worth trying, and what must never be returned."""

    token: str
    refs: list[str]
    series: list[str]
    never: list[str]


@pytest.fixture(scope="module")
def attacks(world: World) -> list[Attack]:
    """Return the attacks. Harbor House knows someone, with a mark in every field, and shares only their needs with
    Legal Aid."""
    known = open_record(world, name=f"Samira {MARK}")
    with world.as_("alma") as alma:
        casework.add_note(actor=alma, ref=known.ref, text=f"{MARK} note")
    release = release_to(world, known, kinds=("needs",))
    shared = str(handle(world, "elena"))
    never = [MARK, "555-0142"]
    found = []
    for officer, purpose, handles, hidden in (
        ("elena", "legal_help", [shared], [str(release)]),
        ("bea", "investigation", [], [str(release), shared]),
    ):
        token = connect(world, officer, roles=ROLES, writes=ADDS, reads=READS, purpose=purpose)
        caller = Caller(token)
        own = caller.post("/people", {"name": {"used": "Own"}}).json()["ref"]
        need = {"type": "need", "fields": {"category": "housing", "urgency": "now"}}
        series = caller.post(f"/people/{own}/entries", need).json()["series"]
        for ref in handles:
            membership = id_of(world, token)
            with world.as_("emil") as emil:
                records.assign(actor=emil, ref=uuid.UUID(ref), membership=membership)
        refs = [own, *handles, str(known.ref), shared]
        found.append(Attack(token, refs, [series, str(release)], [*never, *hidden]))
    return found


@pytest.fixture(scope="module")
def operations(world: World) -> Iterator[list[Any]]:
    """Yield every operation of the document that the running application serves."""
    import schemathesis  # imported here, because it would slow every other test run

    from accord.config.wsgi import application  # checks with the current database whether it may serve

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) > 10
    yield found


@pytest.mark.prove
@pytest.mark.parametrize("described", [True, False], ids=["as-described", "against-it"])
@pytest.mark.parametrize("which", [0, 1], ids=["legal", "police"])
def test_no_answer_breaks_or_reveals_anything(
    attacks: list[Attack], operations: list[Any], which: int, described: bool
) -> None:
    attack = attacks[which]
    seen: set[int] = set()
    for operation in operations:
        takes_something = len(operation.path_parameters) + len(operation.query) + len(operation.body)
        if takes_something or described:  # an operation that takes nothing can't be asked wrongly
            _attack(operation, attack, described, seen)
    assert {404, 422} <= seen and 500 not in seen
    assert not described or {200, 403} <= seen


def _attack(operation: Any, attack: Attack, described: bool, seen: set[int]) -> None:
    """Run one operation many times, mostly about someone who exists."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi import checks

    mode = GenerationMode.POSITIVE if described else GenerationMode.NEGATIVE
    conforms = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), at=st.data())
    def try_one(case: Any, at: Any) -> None:
        for name, known in (("ref", attack.refs), ("series", attack.series)):
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = at.draw(st.sampled_from([*known, *known, case.path_parameters[name]]))
        response = case.call(headers={"Authorization": f"Bearer {attack.token}"})
        seen.add(response.status_code)
        case.validate_response(response, checks=conforms)
        text = response.content.decode("utf-8", "replace")
        asked = str(case.path_parameters) + str(case.body)
        assert not [one for one in attack.never if one in text and one not in asked], operation.label

    try_one()
