"""Lines of the acceptance list, each through a page that someone opens, or the service behind it."""

from __future__ import annotations

import ast
import re
import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

import accord
from accord.access.codes import KINDS, ROLES
from accord.core import clock
from accord.core.errors import Invalid
from accord.numbers.codes import BREAKDOWNS, PEOPLE_SERVED
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.releases.workflows import Status
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.addresses import NEVER_EXISTED, about_people, address, ask, routes
from tests.steps.membership import invite
from tests.steps.records import SAID, handle, index_everyone, log_of, open_record, release_to
from tests.steps.signing import TERMS, days

ONE_MINUTE = timedelta(minutes=1)


def status(client: Client, ref: object, page: str = "") -> int:
    return client.get(f"/people/{ref}/{page}").status_code


def handles(world: World, known: PersonRef) -> list[uuid.UUID]:
    """Return the address of a person for a partner, even if the partner may not know of it."""
    with world.owner() as owner:
        rows = owner.execute("select distinct handle from sharing_share where person = %s", [known.person]).fetchall()
    return [ref for (ref,) in rows]


def ends_at(world: World, known: PersonRef):
    with world.as_("alma") as alma:
        return sharing.shares_of(actor=alma, known=known)[0].ends_at


def drafted(world: World, known: PersonRef, *, start_in: int = 0) -> uuid.UUID:
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        release = Release(
            recipient=str(world.agencies["legal"]),
            kinds=("identity.name", "needs"),
            purposes=("legal_help",),
            start=(today + timedelta(days=start_in)).isoformat(),
            last_day=(today + timedelta(days=20)).isoformat(),
            person_languages=("en",),
        )
        return releases.draft(actor=alma, ref=known.ref, release=release)


def sign(world: World, known: PersonRef, series: uuid.UUID, revision: int = 1) -> None:
    signer = releases.Signer("Sam", "self", ("en",), "typed")
    with world.as_("alma") as alma:
        said = {"signers": (signer,), "age": 24, "said": releases.Said(SAID, "Alma")}
        releases.sign(actor=alma, ref=known.ref, series=series, revision=revision, **said)


@pytest.mark.line(1, 2)
def test_the_last_day_is_shared_to_its_last_minute_and_not_longer(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known, days=5)
    ref = handle(world, "elena")
    with world.as_("alma"):
        left = ends_at(world, known) - clock.now() - ONE_MINUTE
    world.move(seconds=left.total_seconds())
    world.sessions.clear()
    assert status(world.client("elena"), ref) == 200
    seen = log_of(world, "adele", "read-by-partner")[0]
    assert f"release:{series}" in seen.basis and seen.purpose == "legal_help"
    world.move(minutes=2)
    refused = world.client("elena").get(f"/people/{ref}/")
    assert refused.status_code == 403 and b"Samira" not in refused.content
    assert log_of(world, "emil", "people:person")[0].outcome == "no_longer"


@pytest.mark.line(4, 13)
def test_a_draft_and_a_release_that_has_not_begun_open_nothing(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series = drafted(world, known, start_in=4)
    elena = world.client("elena")
    with world.as_("elena") as actor:
        assert people_queries.intake_list(actor=actor) == []
    assert handles(world, known) == []
    sign(world, known, series)
    (ref,) = handles(world, known)
    assert status(elena, ref) == 404
    assert b"Samira" not in elena.get("/").content
    world.move(days=4)
    world.sessions.clear()
    assert handle(world, "elena") == ref
    assert status(world.client("elena"), ref) == 200


@pytest.mark.line(5)
def test_what_was_not_released_is_nowhere(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    assert (
        world.client("alma").post(f"/people/{known.ref}/notes/new/", {"text": "Saw a cardiologist"}).status_code == 302
    )
    release_to(world, known, kinds=("identity.name", "needs"))
    elena, ref = world.client("elena"), handle(world, "elena")
    for path in (f"/people/{ref}/", f"/people/{ref}/why/", "/", "/people/"):
        page = elena.get(path)
        assert page.status_code == 200 and b"cardiologist" not in page.content and b"555-0142" not in page.content
    assert status(elena, ref, "contact/") in (403, 404)
    with world.as_("elena") as actor:
        found = sharing.find(actor=actor, ref=ref)
        verdicts = sharing.decisions(actor=actor, known=found, action="read-person", kinds=("notes.case", "needs"))
        assert (verdicts["notes.case"].reason, bool(verdicts["needs"])) == ("category", True)
        assert set(people_queries.page(actor=actor, ref=ref, kinds=KINDS).items) == {"identity.name", "needs"}


@pytest.mark.line(6, 43)
def test_an_agreement_opens_nothing_without_a_release(fresh_world: World) -> None:
    """Hospital and police have agreements with Harbor House, and their staff have promised confidentiality."""
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    ref = handle(world, "elena")
    for user in ("farah", "ben"):
        assert {status(world.client(user), ref), status(world.client(user), known.ref)} == {404}
        with world.as_(user) as actor:
            assert people_queries.intake_list(actor=actor) == []


@pytest.mark.line(7)
def test_another_purpose_opens_nothing(fresh_world: World) -> None:
    world = fresh_world
    release_to(world, open_record(world))
    elena, ref = world.client("elena"), handle(world, "elena")
    assert status(elena, ref) == 200
    other = next(code for code in ROLES["attorney"].purposes if code != "legal_help")
    assert elena.post("/purpose/", {"purpose": other, "next": "/"}).status_code == 302
    page = elena.get(f"/people/{ref}/")
    assert page.status_code == 403 and b"Samira" not in page.content and b"purpose" in page.content


@pytest.mark.line(8, 50)
def test_a_release_works_one_way_and_is_not_passed_on(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    ref = handle(world, "elena")
    with world.as_("elena") as elena:
        hers = people.open_record(actor=elena, name=PersonName(used="Samira Quill"))
    assert status(world.client("alma"), hers.ref) == 404
    client = world.client("elena")
    with world.as_("elena") as elena:
        today = clock.today(elena.zone)
    terms = {"recipient": str(world.agencies["hospital"]), **TERMS, **days(today, today + timedelta(days=9))}
    assert client.post(f"/people/{ref}/forms/new/1/", terms).status_code in (403, 404)
    assert client.post(f"/people/{ref}/notes/new/", {"text": "into the record"}).status_code in (403, 404)
    with world.as_("elena") as elena:
        found = sharing.find(actor=elena, ref=ref)
        verdict = sharing.decisions(actor=elena, known=found, action="share", kinds=("needs",))["needs"]
        assert verdict.reason == "onward"


@pytest.mark.line(16)
def test_declining_every_release_does_not_change_the_help(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    alma = world.client("alma")
    for path in ("entries/new/", "items/new/"):
        body = (
            alma.get(f"/people/{known.ref}/{path}")
            .content.decode()
            .partition("<main")[2]
            .partition("<footer")[0]
            .lower()
        )
        assert body and "release" not in body and "consent" not in body
    with world.as_("alma") as actor:
        day = clock.today(actor.zone)
    form = {"category": "housing", "day_0": day.day, "day_1": day.month, "day_2": day.year}
    done = alma.post(f"/people/{known.ref}/entries/new/", form)
    assert done.status_code == 302, done.content.decode()
    assert log_of(world, "adele", "share-begun") == []


@pytest.mark.line(18, 19)
def test_what_is_signed_stays_as_it_was_signed(fresh_world: World) -> None:
    """Other terms, or a later last day, are another release, which no one has signed. No address changes the first."""
    world, known = fresh_world, open_record(fresh_world)
    series = release_to(world, known)
    with world.as_("alma") as alma:
        signed = releases.find_release(actor=alma, ref=known.ref, series=series)[1].payload
        other = releases.draft(actor=alma, ref=known.ref, release=replace(signed, kinds=("identity.name",)))
        fresh = releases.find_release(actor=alma, ref=known.ref, series=other)[1].payload
        later = days(date.fromisoformat(signed.start), date.fromisoformat(signed.last_day) + timedelta(days=30))
    assert (fresh.status, fresh.signatures, fresh.statements, fresh.text_hash) == (Status.DRAFT, (), (), "")
    client, ids = world.client("alma"), {"ref": known.ref, "series": series, "scan": series, "language": "en", "to": 1}
    changing = [each for each in routes() if each.name.startswith("releases:") and "series" in each.arguments]
    assert len(changing) > 5
    for route in changing:
        client.post(address(route, ids), {**TERMS, **later, "recipient": signed.recipient, "revision": "2"})
    with world.as_("alma") as alma:
        stored = releases.find_release(actor=alma, ref=known.ref, series=series)[1].payload
    assert releases.text_hash(stored).hex() == stored.text_hash == signed.text_hash


@pytest.mark.line(24)
def test_after_a_revocation_the_partner_is_told_and_the_history_stays(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known)
    ref = handle(world, "elena")
    assert status(world.client("elena"), ref) == 200
    with world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    told = world.client("elena").get("/").content.decode()
    assert "no longer shared" in told and "Samira" not in told and "Harbor House · record " in told
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="They asked for their history")
    page = world.client("adele").get(f"/people/{known.ref}/history/").content.decode()
    assert "Elena" in page and "Riverbend Legal Aid" in page


# A small index has few buckets: one name can fall into the same ones under two keys by chance, eight can't.
ALSO_IN_BOTH = ("Noor Vale", "Ada Birch", "Tomas Okafor", "Lena Marlowe", "Jomo Winter", "Mei Ashdown", "Rosa Delgado")


@pytest.mark.line(39)
def test_the_same_person_in_two_agencies_is_linked_by_nothing(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No id, hash, key or score of one record appears anywhere next to the other, in any table."""
    world = fresh_world
    first = open_record(world)
    ours = [first.person, *(open_record(world, name).person for name in ALSO_IN_BOTH)]
    with world.as_("elena") as elena:
        second = people.open_record(actor=elena, name=PersonName(used="Samira Quill"), birth=Birth(years="24"))
        others = [people.open_record(actor=elena, name=PersonName(used=name)).person for name in ALSO_IN_BOTH]
    index_everyone(world, monkeypatch, "alma", "elena")
    found: dict[uuid.UUID, set[str]] = {first.person: set(), second.person: set()}
    rows_of: dict[uuid.UUID, int] = dict.fromkeys(found, 0)
    with world.owner() as owner:
        tables = owner.execute(
            "select table_name from information_schema.columns where column_name = 'person' and table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            for person, values in found.items():
                for row in owner.execute(f"select * from {table} where person = %s", [person]).fetchall():
                    rows_of[person] += 1
                    values |= {str(v) for v in row if isinstance(v, (uuid.UUID, bytes))}
        buckets = [
            [
                owner.execute(
                    "select bucket from sharing_searchtoken where person = %s order by 1", [person]
                ).fetchall()
                for person in persons
            ]
            for persons in (ours, [second.person, *others])
        ]
        both = [str(person) for person in found]
        lines = owner.execute("select line from audit_event").fetchall()
    assert min(rows_of.values()) > 5
    assert not found[first.person] & found[second.person]
    assert buckets[0] != buckets[1] and all(buckets[0]) and all(buckets[1])
    assert not [line for (line,) in lines if all(person in line for person in both)]


@pytest.mark.line(42)
def test_a_person_who_was_turned_away_is_hidden_like_everyone(fresh_world: World) -> None:
    """A name and nothing else: no service was given, none will be."""
    world = fresh_world
    with world.as_("alma") as alma:
        known = people.open_record(actor=alma, name=PersonName(used="Zephyrine Away"))
    pages = [route for route in about_people() if route.arguments == ("ref",)]
    assert len(pages) > 5
    for user in ("ben", "elena", "kim"):
        for route in pages:
            there, nowhere = (address(route, {"ref": ref}) for ref in (known.ref, NEVER_EXISTED))
            assert ask(world, user, "get", there, known.ref) == ask(world, user, "get", nowhere, NEVER_EXISTED)
        found = world.client(user).post("/people/find/", {"name": "Zephyrine Away"}).content
        asked = {
            b'name="name" value="Zephyrine Away"',
            b'name="prefill" value="Zephyrine Away"',
        }  # in the box, and to continue
        assert found.count(b"Zephyrine") == sum(found.count(each) for each in asked)


@pytest.mark.line(48)
def test_a_note_in_a_systems_agency_says_where_it_may_go(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("cora") as cora:
        known = people.open_record(actor=cora, name=PersonName(used="Samira Quill"))
    client = world.client("cora")
    assert b"may be disclosed to the defense" in client.get(f"/people/{known.ref}/notes/new/").content
    assert client.post(f"/people/{known.ref}/notes/new/", {"text": "She will testify"}).status_code == 302
    assert b"may be disclosed to the defense" in client.get(f"/people/{known.ref}/").content
    with world.as_("cora") as cora:
        (note,) = sharing.read(actor=cora, known=known, kinds=["notes.case"])["notes.case"]
    assert note.payload.discoverable
    assert b"defense" not in world.client("alma").get(f"/people/{open_record(world).ref}/notes/new/").content


@pytest.mark.line(49)
def test_victim_witness_staff_are_system_advocates_without_privilege(world: World) -> None:
    page = world.client("chidi").get("/agency/invite/").content.decode()
    assert 'value="system_advocate"' in page and 'value="advocate"' not in page
    with pytest.raises(Invalid):
        invite(world, "chidi", roles=("advocate",))
    privileged = {"notes.advocate", "legal.privileged"} & set(KINDS)
    assert privileged and not any("system_advocate" in KINDS[code].opened_by for code in privileged)
    with world.as_("cora") as cora:
        assert not privileged & set(cora.ring.codes())


@pytest.mark.line(69)
def test_immigration_is_not_a_breakdown_of_any_report(world: World) -> None:
    said = " ".join([*PEOPLE_SERVED.kinds, *(str(part) for part in BREAKDOWNS)])
    assert "immigration" in KINDS and "immigration" not in said
    for user in ("adele", "ines", "kim"):
        assert b"mmigration" not in world.client(user).get("/numbers/").content
    assert b"mmigration" not in Client().get("/statistics/").content


@pytest.mark.line(99)
def test_no_page_is_kept_and_signing_out_clears_the_browser(world: World) -> None:
    client = world.client("gus")
    for path in ("/", "/people/", "/numbers/", "/sign-in/", "/nowhere/"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    out = client.post("/sign-out/")
    assert '"cache"' in out.headers["Clear-Site-Data"] and '"storage"' in out.headers["Clear-Site-Data"]
    assert client.get("/").status_code == 302
    world.sessions.pop("gus")


@pytest.mark.line(101)
def test_everything_that_is_done_leaves_its_line(fresh_world: World) -> None:
    """Reading, being refused, changing, sharing and printing: when, who, from where, about which person, the outcome,
    and why."""
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known)
    ref = handle(world, "elena")
    world.client("alma").get(f"/people/{known.ref}/")
    world.client("alma").post(f"/people/{known.ref}/notes/new/", {"text": "A note"})
    world.client("elena").get(f"/people/{ref}/")
    world.client("ben").get(f"/people/{known.ref}/")
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="She asked who looked")
    world.client("adele").get(f"/people/{known.ref}/history/")
    with world.owner() as owner:
        rows = owner.execute(
            "select e.owner, e.action, e.outcome, e.source, e.actor_account, e.actor_agency, a.person, "
            "e.line::jsonb ->> 'at' from audit_event e left join audit_about a on a.owner = e.owner and "
            "a.position = e.position where e.source = '127.0.0.1'"
        ).fetchall()
    for row in rows:
        assert row[4] and row[5] and row[2] and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{2,}Z", row[7]), row
    of = world.agencies
    found = {(row[0], row[1], row[2], row[6]) for row in rows}
    assert found >= {
        (of["harbor"], "read", "done", known.person),
        (of["harbor"], "written", "done", known.person),
        (of["harbor"], "read-by-partner", "done", known.person),
        (of["legal"], "read-shared", "done", ref),
        (of["police"], "people:person", "not_found", None),
        (of["harbor"], "accounting", "done", known.person),
    }
    seen = log_of(world, "adele", "read-by-partner")[0]
    assert seen.purpose == "legal_help" and f"release:{series}" in seen.basis and "needs" in seen.kinds


@pytest.mark.line(110)
def test_next_to_leaving_is_said_what_it_does_not_do(world: World) -> None:
    for path in ("/sign-in/", "/join/", "/statistics/", "/nowhere/"):
        page = Client().get(path).content.decode()
        first = re.search(r"<(a|button|input|select)\b[^>]*>", page.partition("<body")[2])
        assert first is not None and ('id="leave"' in first[0] or 'href="#' in first[0]), (path, first)
        beside = page.partition('class="exit__note"')[2].partition("</p>")[0]
        assert "history" in beside and "spyware" in beside


@pytest.mark.line(111)
def test_nothing_is_sent_outside_and_a_notice_names_no_one(fresh_world: World) -> None:
    """One file can send email, of which tests/mail proves that it names nothing; the rest of the application can send
    neither email nor text messages. The notices inside say only that something is there."""
    senders = {"smtplib", "email.mime", "django.core.mail", "twilio", "requests", "httpx"}
    root = Path(accord.__file__).parent
    for path in root.rglob("*.py"):
        if path == root / "mail" / "sending.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if any(name == s or name.startswith(f"{s}.") for s in senders)], path
    known = open_record(fresh_world)
    release_to(fresh_world, known)
    page = fresh_world.client("elena").get("/notices/").content.decode().partition("<main")[2]
    assert page and not re.search("Samira|raffick|helter|" + str(known.person), page)
    assert "Harbor House · record " in page  # who to ask, to colleagues who are signed in; the record is a number


@pytest.mark.line(50)
def test_what_was_shared_is_not_offered_for_sharing_on(world: World) -> None:
    known = open_record(world)
    release_to(world, known)
    ref = handle(world, "elena")
    page = world.client("elena").get(f"/people/{ref}/forms/new/")
    assert (
        page.status_code == 403 and "change or pass on what a partner agency shared with you" in page.content.decode()
    )
