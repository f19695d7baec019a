"""After someone leaves: records move to new keys, slice by slice, through anyone signed in. The keys of the one who
left open nothing."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from accord.access.codes import KINDS
from accord.cli import main
from accord.membership import services as membership
from accord.people import queries as people
from accord.sharing import keeping
from accord.sharing.opening import data_key_bound
from accord.vault import sealing
from accord.vault.ring import Ring
from tests.region import World
from tests.steps.api import Caller, connect
from tests.steps.membership import code_of
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to
from tests.steps.totals import last_half_year, submit_nothing


def opened_with(world: World, ring: Ring) -> tuple[int, int]:
    """Return how many of Harbor House's data keys open with a ring that someone kept, and how many there are."""
    found = 0
    with world.owner() as owner:
        rows = owner.execute(
            "select person, kind, epoch, ring_version, sealed from sharing_datakey where owner = %s",
            [world.agencies["harbor"]],
        ).fetchall()
    for person, kind, epoch, version, sealed in rows:
        if (kind, version) in ring.secrets:
            bound = data_key_bound(ring.agency, person, kind, epoch, version)
            found += bool(sealing.decrypt(ring.kind_key(kind, version), bytes(sealed), bound))
    return found, len(rows)


def leave(world: World, user: str = "alma") -> Ring:
    """End a colleague's membership. Returns their ring, as they might have copied it."""
    with world.as_(user) as leaver:
        ring = leaver.ring
    page = world.client("adele").post(f"/agency/colleagues/{world.memberships[user]}/end/")
    assert page.headers["Location"] == "/agency/renewal/"
    return ring


def versions(world: World, table: str, where: str) -> set[int]:
    with world.owner() as owner:
        return {v for (v,) in owner.execute(f"select distinct version from {table} where {where}", []).fetchall()}


@pytest.fixture
def left(fresh_world: World) -> tuple[World, list[uuid.UUID], Ring]:
    """Return a world with three people of Harbor House, one shared, where Alma has left."""
    refs = [open_record(fresh_world, name).ref for name in ("Samira Quill", "Noor Vale", "Ada Thorn")]
    release_to(fresh_world, *_known(fresh_world, refs[:1]))
    return fresh_world, refs, leave(fresh_world)


def _known(world: World, refs: list[uuid.UUID]):
    from accord.sharing import queries as sharing

    with world.as_("alma") as alma:
        return sharing.find_many(actor=alma, refs=refs)


def name_read_by_adele(world: World, ref: uuid.UUID) -> str:
    from accord.sharing import services as records

    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=ref, membership=adele.membership, reason="Renews its keys")
        return people.page(actor=adele, ref=ref, kinds=KINDS).name


def test_two_slices_and_an_interruption_leave_everything_readable(left: tuple) -> None:
    world, refs, ring = left
    before, total = opened_with(world, ring)
    assert before == total > 10
    assert name_read_by_adele(world, refs[0])  # the reason for the access has a new data key of its own
    total += 1
    with world.owner() as owner:
        shared = owner.execute("select * from sharing_sharekey order by 1, 2, 3, 4, 5, 6").fetchall()
    with world.as_("adele") as adele:
        assert keeping.renewal(actor=adele) == keeping.Renewal(1, total, total - 1, ())
        assert keeping.rewrap_slice(actor=adele, limit=5) == 5
    with pytest.raises(RuntimeError), world.as_("adele") as adele:  # the machine fails in the middle of a slice
        assert keeping.rewrap_slice(actor=adele, limit=5) == 5
        raise RuntimeError
    world.client("adele").post("/sign-out/")
    world.sessions.pop("adele")
    assert opened_with(world, ring)[0] == total - 6
    assert name_read_by_adele(world, refs[0]) == "Samira Quill"  # half under the old version, half under the new one
    page = world.client("adele").get("/agency/renewal/")
    assert page.context["done"] == 6 and page.context["total"] == total
    assert "hx-post" not in page.content.decode()
    going = world.client("adele").post("/agency/renewal/", follow=True)
    assert going.context["done"] == total and "Done." in alert_words(going)
    assert opened_with(world, ring) == (0, total)
    assert [name_read_by_adele(world, ref) for ref in refs] == ["Samira Quill", "Noor Vale", "Ada Thorn"]
    with world.owner() as owner:  # recipients are not affected
        assert owner.execute("select * from sharing_sharekey order by 1, 2, 3, 4, 5, 6").fetchall() == shared


def test_an_open_page_drives_itself_and_pauses_without_it(left: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _refs, _ring = left
    monkeypatch.setattr(keeping.rewrap_slice, "__kwdefaults__", {"limit": 5})
    client = world.client("adele")
    first = client.post("/agency/renewal/", follow=True)
    assert first.context["done"] == 5
    assert 'hx-post="/agency/renewal/" hx-trigger="load"' in first.content.decode()
    assert client.get("/agency/renewal/").context["done"] == 5  # no one has the page open: nothing moves
    for _ in range(20):
        page = client.post("/agency/renewal/", follow=True)
    assert page.context["done"] == page.context["total"] and "hx-post" not in page.content.decode()
    assert "encrypted with the new keys while Adele was signed in" in alert_words(client.get("/agency/log/"))


def test_old_versions_are_deleted_when_nothing_needs_them(left: tuple) -> None:
    world, _refs, _ring = left
    mine, period = "owner = '{}' and code = 'needs'".format(world.agencies["harbor"]), last_half_year(world)
    with world.as_("adele") as adele:
        keeping.rewrap_slice(actor=adele)
        submit_nothing(adele, world.agencies["statistics"], period)  # under a version of the unit's key
    assert versions(world, "vault_ringseal", mine) == {1, 2}  # someone may be writing right now
    world.move(minutes=16)
    with world.as_("aisha") as aisha:
        assert membership.drop_old_keys(actor=aisha) >= 0
    assert versions(world, "vault_ringseal", mine) == {2}
    assert versions(world, "vault_ringkey", mine) == {1, 2}  # the public half is a link in the chain of signatures
    assert versions(world, "vault_ringkey", mine + " and deleted_at is not null") == {1}
    with world.as_("aisha") as aisha:
        assert ("needs", 1) not in aisha.ring.secrets and ("search", 1) in aisha.ring.secrets
    assert "Old keys" in alert_words(world.client("adele").get("/agency/log/"))


def test_a_version_stays_while_a_data_key_or_a_partners_share_needs_it(left: tuple) -> None:
    world, _refs, _ring = left
    # Legal Aid's keys are renewed; what Harbor House shares is still under the old ones
    with world.as_("emil") as emil:
        membership.end_membership(actor=emil, membership=world.memberships["elena"])
    world.move(minutes=16)
    for user, agency in (("adele", "harbor"), ("emil", "legal")):
        with world.as_(user) as actor:
            membership.drop_old_keys(actor=actor)
        mine = f"owner = '{world.agencies[agency]}' and code = 'needs'"
        assert versions(world, "vault_ringseal", mine) == {1, 2}, user
    elsewhere = f"owner = '{world.agencies['legal']}' and code = 'education'"
    assert versions(world, "vault_ringseal", elsewhere) == {2}  # nothing was under this one


def test_what_a_role_does_not_open_is_left_to_a_colleague(left: tuple) -> None:
    world, _refs, _ring = left
    code = code_of(world, "adele")
    world.client("adele").post(
        f"/agency/colleagues/{world.memberships['aisha']}/", {"roles": ["officer"], "step_up_code": code}
    )
    page = world.client("aisha").get("/agency/renewal/")
    assert page.context["mine"] == 0 and page.context["done"] < page.context["total"]
    assert any(line.startswith("Needs: ") and "supervisor" in line for line in page.context["others"])
    assert world.client("aisha").post("/agency/renewal/").status_code == 302
    assert world.client("aisha").get("/agency/renewal/").context["done"] == page.context["done"]


def test_the_command_does_the_same_in_a_session_of_its_own(left: tuple, monkeypatch, capsys) -> None:
    world, _refs, ring = left
    from accord.config.database import Databases
    from accord.demo.riverbend import PASSPHRASE

    answers = iter([PASSPHRASE, code_of(world, "adele")])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    monkeypatch.setattr(Databases, "name", world.name)  # the installation with this world's database
    assert main(["renew", "adele"]) == 0
    still, total = opened_with(world, ring)
    assert still == 0 and f"{total} record keys" in capsys.readouterr().out


def test_what_a_connected_system_brought_opens_after_the_renewal(fresh_world: World) -> None:
    """Its seals to the kinds' inbound pairs move to the kind keys, and open when the old versions are gone."""
    world = fresh_world
    caller = Caller(connect(world))
    brought = caller.post("/people", {"name": {"used": "Mira Sandoval"}}).json()["ref"]
    ref, leaver = uuid.UUID(brought), leave(world)
    assert _wraps(world, ref) == {(1, True)}
    with world.as_("adele") as adele:
        keeping.rewrap_slice(actor=adele)
    assert _wraps(world, ref) == {(2, False)}
    assert opened_with(world, leaver)[0] == 0
    world.move(minutes=16)
    with world.as_("aisha") as aisha:
        membership.drop_old_keys(actor=aisha)
    assert name_read_by_adele(world, ref) == "Mira Sandoval"
    again = Caller(connect(world)).post("/people", {"name": {"used": "Ada Thorn"}}).json()["ref"]
    assert _wraps(world, uuid.UUID(again)) == {(2, True)}
    assert name_read_by_adele(world, uuid.UUID(again)) == "Ada Thorn"


def _wraps(world: World, ref: uuid.UUID) -> set[tuple[int, bool]]:
    """Return under which version the keys of imported entries are sealed, and whether as a seal from outside."""
    with world.owner() as owner:
        sql = "select ring_version, sealed from sharing_datakey where person = %s and kind = 'identity.name'"
        rows = owner.execute(sql, [ref]).fetchall()
    return {(version, sealing.sealed_to_a_pair(bytes(sealed))) for version, sealed in rows}


def test_a_renewed_wrap_is_not_overwritten(left: tuple) -> None:
    """A statement slipped into a colleague's session after the renewal: what opens the records stays."""
    world, _refs, _ring = left
    with world.as_("adele") as adele:
        keeping.rewrap_slice(actor=adele)
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        for change in ("sealed = ''", "ring_version = 1, sealed = ''", "ring_version = 3, sealed = ''"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(f"update sharing_datakey set {change} where kind = 'needs'")
