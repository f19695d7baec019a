"""Finding by name: every script, every spelling, through the page, the API, and the index of a large agency."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from importlib import import_module

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accord.access.actors import Actor
from accord.access.codes import SEARCH_KEY
from accord.people import finding, queries, rules, services
from accord.people.codes import PersonName
from accord.sharing import services as records
from tests.region import World
from tests.spellings import APART, SAME, SCRIPTS
from tests.steps.records import index_everyone, open_record

# What is typed, and what is stored: found as the name, found as a similar one, or not shown at all.
WHOLE = (
    *((two, one) for one, two in SAME),
    *(
        ("sam", "Samira Quill"),
        ("O Brien", "Obrien"),
        ("Jean Luc", "Jeanluc"),
        ("小明 王", "王小明"),
        ("小明", "王小明"),
    ),
    *(
        ("王", "王小明"),
        ("영희", "김영희"),
        ("J. Cruz", "Juan Cruz"),
        ("Cruz, Juan", "Juan Cruz"),
        ("🦋", "🦋"),
        ("7", "7"),
    ),
)
SIMILAR = (
    *(("Wang Xiaoming", "王小明"), ("王小明", "Wang Xiaoming"), ("Ivanova", "Иванова"), ("Fatima", "فاطمة")),
    *(("Kim Young-hee", "김영희"), ("Sita", "सीता"), ("Somchai", "สมชาย"), ("Mueller", "Müller"), ("陈小明", "陳小明")),
    *(("Lupe", "Guadalupe"), ("Guadalupe", "Lupita"), ("Pepe", "José"), ("Paco", "Francisco"), ("Chuy", "Jesús")),
    *(("Beto Cruz", "Roberto Cruz"), ("Gpe. Cruz", "Guadalupe Cruz"), ("Hdez", "Hernández"), ("Bill", "William")),
    *(
        ("Mohammed", "Muhamad"),
        ("Jorge", "George"),
        ("Stephen", "Steven"),
        ("Katherine", "Catarina"),
        ("Smaira", "Samira"),
    ),
    *(("Maria Blix", "Maria Ober"), ("Maria del Carmen Lopez", "Carmen")),
)
FAR = (
    *(
        ("sam", "Jomo Ashgrove"),
        ("sam", "Jomo Birchwell"),
        ("Lucja", "Jean-Luc Zed"),
        ("Dang", "Tomas"),
        ("Juan", "Gina"),
    ),
    *(
        ("王小明", "李小红"),
        ("فاطمة", "ليلى"),
        ("सीता", "राम"),
        ("J", "Juan"),
        ("Maria Ober Tull", "Jomo Elena Tull Vale"),
        ("🦋", "🐝"),
    ),
    *(("Ben", "Pam"), ("Kim", "Jan"), ("김영희", "박민수"), ("Samira Quill", "Jomo Greystream")),
)


def names(found: queries.Search, whole: bool) -> set[str]:
    return {row.name for row in found.rows if row.whole is whole}


@pytest.mark.parametrize(("asked", "stored"), WHOLE)
def test_a_spelling_of_the_name_is_the_name(asked: str, stored: str) -> None:
    like = rules.Asked(asked).likeness(stored)
    assert like and like.whole
    assert rules.sounds(asked) & rules.sounds(stored) or rules.more_sounds(asked) & rules.sounds(stored)


@pytest.mark.parametrize(("asked", "stored"), SIMILAR)
def test_a_similar_name_is_shown_apart(asked: str, stored: str) -> None:
    like = rules.Asked(asked).likeness(stored)
    assert like and not like.whole


@pytest.mark.parametrize(("asked", "stored"), FAR)
def test_another_name_is_not_shown(asked: str, stored: str) -> None:
    assert rules.Asked(asked).likeness(stored) is None


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_differ_in_little_are_not_the_name(one: str, other: str) -> None:
    like = rules.Asked(one).likeness(other)
    assert like is None or not like.whole


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=10), st.data())
def test_any_name_is_found_by_itself_in_any_unicode_form(name: str, data: st.DataObject) -> None:
    forms = [name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))]
    forms += [name.upper(), name.lower()] if any(unicodedata.category(sign)[0] == "L" for sign in name) else []
    asked = data.draw(st.sampled_from(forms))
    like = rules.Asked(asked).likeness(name)
    assert like and like.whole, (asked, name)
    assert rules.sounds(asked) == rules.sounds(name) != set()


def test_two_signers_are_two_in_any_script() -> None:
    """A signer is the entry with that name: if names folded to nothing, all would be one."""
    for one, other in (("王小明", "李丽"), ("Иванова", "Петрова"), ("🦋", "🐝"), ("Łucja", "Lucía")):
        assert rules.plain(one) != rules.plain(other) != ""
    assert rules.plain("MÁRTA  Quill") == rules.plain("marta quill") and rules.plain("Đặng") == rules.plain("dang")


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lift the pace: tables are searched faster than anyone types."""
    monkeypatch.setattr(settings, "ACCORD_NAMES_PER_HOUR", 10_000)


@pytest.fixture(scope="module")
def crowd(world: World) -> World:
    """Return an agency that knows everyone of the tables."""
    stored = sorted({stored for _asked, stored in (*WHOLE, *SIMILAR, *FAR)} | set(SCRIPTS.values()))
    with world.as_("adele") as adele:
        services.open_records(actor=adele, people=[[PersonName(used=name)] for name in stored])
    return world


def sections(page: str) -> tuple[str, str]:
    """Return the page's names: those found, and those that are similar."""
    found, _, similar = page.partition("Similar names")
    return found, similar


def test_the_page_finds_every_script_and_tells_similar_names_apart(crowd: World) -> None:
    client = crowd.client("adele")
    for asked, stored in [*((name, name) for name in SCRIPTS.values()), *WHOLE[::5]]:
        found, _similar = sections(client.post("/people/find/", {"name": asked}).content.decode())
        assert f">{stored}<".replace("'", "&#x27;") in found, (asked, stored)
    for asked, stored in SIMILAR[::4]:
        found, similar = sections(client.post("/people/find/", {"name": asked}).content.decode())
        assert f">{stored}<" in similar and f">{stored}<" not in found, (asked, stored)
    for asked, stored in FAR[::4]:
        assert f">{stored}<" not in client.post("/people/find/", {"name": asked}).content.decode(), (asked, stored)


def test_the_api_finds_the_same_and_says_how(crowd: World) -> None:
    client = crowd.client("adele")
    for rows, match in ((WHOLE[1::3], "whole"), (SIMILAR, "similar"), (FAR, None)):
        for asked, stored in rows:
            answer = client.post("/api/v1/people/search", {"name": asked}, content_type="application/json").json()
            found = {row["name"]: row["match"] for row in answer["people"]}
            assert found.get(stored) == match, (asked, stored, found)


def test_the_index_of_a_large_agency_finds_the_same(crowd: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Except for beginnings of a name, which only a small agency finds."""
    monkeypatch.setattr(rules, "bits_for", lambda people: 10)
    index_everyone(crowd, monkeypatch, "adele")
    with crowd.as_("adele") as adele:
        for asked, stored in (*WHOLE, *((name, name) for name in SCRIPTS.values())):
            if asked in ("sam", "Ma. Cruz"):
                continue
            assert stored in names(queries.search_by_name(actor=adele, text=asked), True), (asked, stored)
        for asked, stored in SIMILAR:
            assert stored in names(queries.search_by_name(actor=adele, text=asked), False), (asked, stored)


def test_a_systems_agency_is_shown_no_far_names(fresh_world: World) -> None:
    for name in ("Jomo Greystream", "Samira Reed"):
        open_record(fresh_world, name, "ben")
    page = fresh_world.client("ben").post("/people/find/", {"name": "sam"}).content
    assert b"Samira Reed" in page and b"Jomo" not in page


def test_the_searched_name_is_filled_into_the_new_record(fresh_world: World) -> None:
    client = fresh_world.client("alma")
    found = client.post("/people/find/", {"name": "Zoë <Kꞌicheꞌ>"})
    page = found.content.decode()
    assert 'action="/people/new/"' in page and 'name="prefill" value="Zoë &lt;Kꞌicheꞌ&gt;"' in page
    form = client.post("/people/new/", {"prefill": "Zoë <Kꞌicheꞌ>"})
    assert form.status_code == 200 and not form.context["name"].errors  # no error is shown yet
    assert 'value="Zoë &lt;Kꞌicheꞌ&gt;"' in form.content.decode()
    assert client.post("/people/new/", {"used": ""}).status_code == 422
    assert client.post("/people/new/", {"used": "Zoë"}).status_code == 302


# The index ------------------------------------------------------------------------------------------------------------


def rows_of(world: World, agency: str = "harbor") -> list[tuple[int, object]]:
    with world.owner() as owner:
        found = owner.execute(
            "select bucket, person from sharing_searchtoken where owner = %s order by 1", [world.agencies[agency]]
        )
        return found.fetchall()


def look(world: World, name: str) -> queries.Search:
    with world.as_("adele") as adele:
        return queries.search_by_name(actor=adele, text=name)


def test_a_small_agency_has_no_index_and_a_large_one_begins_it(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "OPEN_ALL", 3)
    for name in ("王小明", "Łucja Vale", "Đặng Lan"):
        open_record(fresh_world, name, "adele")
    assert names(look(fresh_world, "Lucja"), True) == {"Łucja Vale"} and rows_of(fresh_world) == []
    open_record(fresh_world, "Søren Ek", "adele")  # writing does not start it: the next search does, for everyone
    assert rows_of(fresh_world) == []
    for asked, stored in (("王小明", "王小明"), ("Soren", "Søren Ek"), ("Dang", "Đặng Lan")):
        assert names(look(fresh_world, asked), True) == {stored}
    rows = rows_of(fresh_world)
    assert len({person for _, person in rows}) == 4 and rows[0][0] >= rules.base(rules.FEWEST_BITS)
    assert {bucket - rules.base(rules.FEWEST_BITS) for bucket, _ in rows} <= set(range(2**rules.FEWEST_BITS))
    known = open_record(fresh_world, "Işıl Ak", "adele")
    assert known.person in {person for _, person in rows_of(fresh_world)}
    assert names(look(fresh_world, "Isil"), True) == {"Işıl Ak"}


def old_rows(actor: Actor, person: object, name: str) -> Sequence[tuple[object, int, object]]:
    """Return rows as the first folding wrote them: one for each word of the letters a to z, in one of 1,024 buckets."""
    secret = actor.ring.secret(SEARCH_KEY, actor.ring.latest(SEARCH_KEY))
    hashed = (finding.sealing.keyed_hash(secret, "name sound", sound) for sound in rules.sounds_before(name))
    return [(actor.agency, int.from_bytes(each[:4], "big") % 1024, person) for each in hashed]


def test_an_upgraded_hub_loses_no_one(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old rows are still searched, those who had none are indexed first, and searches renew the others."""
    stored = ["Samira Quill", "Samuel Vale", "王小明", "Łucja Ober", "Mary O'Brien", "सीता"]
    kept = {name: open_record(fresh_world, name, "adele").person for name in stored}
    forward = import_module("accord.sharing.migrations.0009_search_by_size").FORWARD
    with fresh_world.as_("adele") as adele:
        before = [row for name, person in kept.items() for row in old_rows(adele, person, name)]
    with fresh_world.owner() as owner:
        owner.cursor().executemany(
            "insert into sharing_searchtoken (owner, bucket, person) values (%s, %s, %s) on conflict do nothing", before
        )
        owner.execute(forward.replace("1000", "3"))
    assert {row[1] for row in rows_of(fresh_world)} == set(kept.values())
    monkeypatch.setattr(finding, "OPEN_ALL", 3)
    monkeypatch.setattr(finding, "SLICE", 2)
    for asked, name in (("王小明", "王小明"), ("Samira Quill", "Samira Quill"), ("सीता", "सीता")):
        assert name in names(look(fresh_world, asked), True)
        assert rows_of(fresh_world)[0][0] < 1024 or asked == "सीता"  # not everyone's rows are new yet
    for asked, name in (("Samuel", "Samuel Vale"), ("O'Brien", "Mary O'Brien"), ("Lucja", "Łucja Ober")):
        look(fresh_world, asked)
        assert name in names(look(fresh_world, asked), True)
    rows = rows_of(fresh_world)
    assert rows[0][0] >= rules.base(rules.FEWEST_BITS) and {person for _, person in rows} == set(kept.values())


def test_a_small_agency_loses_its_rows_of_before(fresh_world: World) -> None:
    known = open_record(fresh_world, "Samira Quill", "adele")
    with fresh_world.as_("adele") as adele:
        before = old_rows(adele, known.person, "Samira Quill")
    with fresh_world.owner() as owner:
        owner.cursor().executemany(
            "insert into sharing_searchtoken (owner, bucket, person) values (%s, %s, %s) on conflict do nothing", before
        )
        owner.execute(import_module("accord.sharing.migrations.0009_search_by_size").FORWARD)
    assert rows_of(fresh_world) == [] and names(look(fresh_world, "Samira"), True) == {"Samira Quill"}


def test_buckets_grow_with_the_agency(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PEOPLE_PER_BUCKET", 1)
    monkeypatch.setattr(finding, "LOOKED_AT", 1)
    stored = [f"Maria {last}" for last in ("Ober", "Tull", "Wexler", "Zinn", "Hark", "Vale", "Quince", "Reed")]
    with fresh_world.as_("adele") as adele:
        services.open_records(actor=adele, people=[[PersonName(used=name)] for name in stored])
    index_everyone(fresh_world, monkeypatch, "adele")
    assert {rules.bits_of(bucket) for bucket, _ in rows_of(fresh_world)} == {3}
    with fresh_world.as_("adele") as adele:
        services.open_records(actor=adele, people=[[PersonName(used=f"Petra {n}")] for n in range(30)])
    assert {rules.bits_of(bucket) for bucket, _ in rows_of(fresh_world)} == {3, 5}
    for name in stored:  # found while the index has two kinds of rows, and after
        assert name in names(look(fresh_world, name), True)
    assert {rules.bits_of(bucket) for bucket, _ in rows_of(fresh_world)} == {5}


def test_a_barred_colleague_indexes_no_one_hidden_from_them(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the search does not say that someone is left out."""
    hidden, open_to_all = (open_record(fresh_world, name, "adele") for name in ("Samira Quill", "Samuel Reed"))
    with fresh_world.as_("adele") as adele:
        records.bar(actor=adele, ref=hidden.ref, membership=fresh_world.memberships["aisha"])
    monkeypatch.setattr(finding, "OPEN_ALL", 0)
    with fresh_world.as_("aisha") as aisha:
        for _ in range(2):
            found = queries.search_by_name(actor=aisha, text="Sam")
            assert names(found, True) == {"Samuel Reed"} and not found.more
    assert (rules.WAITING, hidden.person) in rows_of(fresh_world)
    assert names(look(fresh_world, "Sam"), True) == {"Samira Quill", "Samuel Reed"}
    assert open_to_all.person != hidden.person
