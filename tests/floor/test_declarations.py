"""Each model says beside its columns who reads and writes its rows, which backup holds them, and why what is readable is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Field, Model

from accord.access.codes import READ_TOTALS, SIGN_AGREEMENT
from accord.core.floors import ADDED_ONCE, COMMON, SEALED, Backup, Floor, IdOf, Reading, Writing
from accord.sharing import floor
from tests.region import World


def columns(model: type[Model]) -> dict[str, Field]:
    return {field.attname: field for field in model._meta.concrete_fields if field.attname != "pk"}


def is_id(field: Field) -> bool:
    return isinstance(field, models.UUIDField) or (isinstance(field, ArrayField) and is_id(field.base_field))


# What else a floor needs to be told.
NEEDED = {
    Floor.PARTIES: ("named_if", "which agencies are named"),
    Floor.BODY: ("of_body", "which column names the body"),
}


def faults(model: type[Model]) -> Iterator[str]:
    """Yield what is missing or wrong in what a model declares."""
    for name, kind in {"floor": Floor, "backup": Backup, "readable": dict}.items():
        if not isinstance(getattr(model, name, None), kind):
            yield f"declares no {name}"
    reading = getattr(model, "reading", Reading())
    yield from _unsaid(getattr(model, "floor", None), reading)
    if (getattr(model, "floor", None) is Floor.SYSTEM) == hasattr(model, "writing"):
        yield "declares `writing` unless its floor is SYSTEM"
    there, persons = columns(model), getattr(model, "persons", ())
    readable: dict[str, str] = getattr(model, "readable", {})
    for name in sorted({*persons, *readable, *_changed(model), reading.of_body} - {*there, ""}):
        yield f"{name} is no column"
    for name, field in there.items():
        reasons = [part[name] for part in (COMMON, readable) if name in part]
        if name in persons:
            if name in readable:
                yield f"{name} is explained twice"
        elif name in SEALED and isinstance(field, models.BinaryField):
            continue
        elif len(reasons) != 1 or not reasons[0]:
            yield f"{name} is explained twice" if reasons else f"{name} is readable without a reason"
        elif is_id(field) != isinstance(reasons[0], IdOf):
            yield f"{name}: say in `persons` that it names a person, or by IdOf what else it names"


def _unsaid(kept: Floor | None, reading: Reading) -> Iterator[str]:
    for needs, (said, words) in NEEDED.items():
        if (kept is needs) != bool(getattr(reading, said)):
            yield f"says in `reading` {words} if its floor is {needs.name}"


def _changed(model: type[Model]) -> tuple[str, ...]:
    writing = getattr(model, "writing", None)
    return writing.changes if isinstance(writing, Writing) else ()


@pytest.mark.parametrize("table", sorted(floor.models()))
def test_a_model_says_who_reads_and_writes_and_why_its_columns_are_readable(table: str) -> None:
    assert list(faults(floor.models()[table])) == []


def test_every_column_of_the_database_is_a_models(world: World) -> None:
    """So that none is added by hand in a migration, past what the models declare."""
    with world.owner() as owner:
        found = owner.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
        ).fetchall()
    declared = {(table, field.column) for table, model in floor.models().items() for field in columns(model).values()}
    assert {(table, column) for table, column in found if table not in floor.ASSIGNED} == declared


def planted(**own: object) -> type[Model]:
    """Return a model outside the product with these declarations and columns, over a complete set."""

    class Planted(models.Model):
        floor = Floor.OWNED
        writing = ADDED_ONCE
        backup = Backup.DATA
        readable = {"state": "workflow state"}

        owner = models.UUIDField(primary_key=True)
        state = models.TextField()

        class Meta:
            apps = Apps()
            app_label = "planted"

    for name, value in own.items():
        if value is None:
            delattr(Planted, name)
        elif isinstance(value, Field):
            Planted.add_to_class(name, value)
        else:
            setattr(Planted, name, value)
    return Planted


PERSON = "say in `persons` that it names a person, or by IdOf what else it names"


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({}, []),
        ({"floor": None}, ["declares no floor"]),
        ({"backup": None}, ["declares no backup"]),
        ({"writing": None}, ["declares `writing` unless its floor is SYSTEM"]),
        ({"floor": Floor.SYSTEM}, ["declares `writing` unless its floor is SYSTEM"]),
        ({"floor": Floor.PARTIES}, ["says in `reading` which agencies are named if its floor is PARTIES"]),
        ({"floor": Floor.PARTIES, "reading": Reading(named_if="true")}, []),
        ({"floor": Floor.BODY}, ["says in `reading` which column names the body if its floor is BODY"]),
        ({"floor": Floor.BODY, "reading": Reading(of_body="body")}, ["body is no column"]),
        ({"reading": Reading(of_body="state")}, ["says in `reading` which column names the body if its floor is BODY"]),
        ({"readable": {}}, ["state is readable without a reason"]),
        ({"about": models.UUIDField()}, ["about is readable without a reason"]),
        ({"about": models.UUIDField(), "persons": ("about",)}, []),
        ({"about": models.UUIDField(), "readable": {"state": "state", "about": "who"}}, [f"about: {PERSON}"]),
        ({"about": models.UUIDField(), "readable": {"state": "state", "about": IdOf("agency")}}, []),
        (
            {"people": ArrayField(models.UUIDField()), "readable": {"state": "s", "people": "who"}},
            [f"people: {PERSON}"],
        ),
        ({"persons": ("about",)}, ["about is no column"]),
        ({"writing": Writing(changes=("about",))}, ["about is no column"]),
        ({"by": models.UUIDField(), "readable": {"state": "state", "by": IdOf("x")}}, ["by is explained twice"]),
        ({"sealed": models.TextField()}, ["sealed is readable without a reason"]),
    ],
)
def test_what_a_model_does_not_say_fails_the_build(own: dict[str, object], named: list[str]) -> None:
    assert list(faults(planted(**own))) == named


def test_the_floor_is_not_written_without_a_models_word(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("floor", "writing"):
        monkeypatch.setattr(floor, "models", lambda name=name: {"planted": planted(**{name: None})})
        with pytest.raises(LookupError, match=f"declares no {name}"):
            list(floor.statements())


@pytest.mark.parametrize(
    ("writing", "condition"),
    [
        (Writing(added_by=SIGN_AGREEMENT), "(select accord.actor_is('officer'))"),
        (Writing(added_by=SIGN_AGREEMENT, afresh=True), "(select accord.actor_is_afresh('officer'))"),
        (
            Writing(added_by=READ_TOTALS),
            "((select accord.actor_is('advocate')) or (select accord.actor_is('analyst')) or ",
        ),
        (Writing(added_if="state = 'new'"), "state = 'new'"),
    ],
)
def test_every_role_whose_roles_include_the_action_may_add(
    monkeypatch: pytest.MonkeyPatch, writing: Writing, condition: str
) -> None:
    monkeypatch.setattr(floor, "models", lambda: {"planted": planted(writing=writing)})
    adds = next(line for line in floor.policies("planted", Floor.OWNED) if line.startswith("create policy adds"))
    assert f"with check (owner = (select accord.actor_agency()) and {condition}" in adds


def test_an_action_that_is_unknown_stops_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floor, "models", lambda: {"planted": planted(writing=Writing(added_by="fly"))})
    with pytest.raises(LookupError, match="unknown action fly"):
        floor.policies("planted", Floor.OWNED)
