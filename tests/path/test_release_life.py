"""The life of a release after it was signed: it is revoked, doubted, paused when its basis changes, and resumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from accord.access.codes import KINDS
from accord.core.errors import Conflict, Hidden, Invalid, NoLonger, Refused
from accord.people import queries as people_queries
from accord.people.codes import Birth
from accord.releases import handing, suspension
from accord.releases import services as releases
from accord.releases.entries import AFTER_SIGNING, CircleMember
from accord.sharing import services as records
from accord.sharing.codes import record_number
from accord.sharing.queries import PersonRef
from tests.region import World, local, years_on
from tests.steps.pages import alert_words
from tests.steps.records import handle, open_record, release_to
from tests.steps.releases import MOTHER, SELF, later, learn, now, sees, sign, supervise, tasks, young


def on(world: World, day: date, at: str) -> None:
    """Move to this day and time in Riverbend and sign the personas in again."""
    world.move_to(local(f"{day}T{at}"))
    world.sessions.clear()


def ends_with_childhood(world: World, born: date, ref: UUID) -> None:
    """Check that it can be read until the last minute before the eighteenth birthday, and not in the first minute of
    it."""
    birthday = years_on(born, 18)
    on(world, birthday - timedelta(days=1), "23:59")
    assert sees(world, ref)
    on(world, birthday, "00:01")
    assert not sees(world, ref)


def take_back(world: World, known: PersonRef, series: UUID, *, user: str = "alma", **how: object) -> None:
    revision = now(world, known, series)[1]
    with world.as_(user) as actor:
        more = {"how": "oral", "checked": True, **how}
        releases.withdraw(actor=actor, ref=known.ref, series=series, revision=revision, **more)


@pytest.mark.line(20)
def test_a_doubtful_revocation_pauses_it_until_the_person_confirms(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = release_to(world, known)
    ref = handle(world, "elena")
    take_back(world, known, series, checked=False)
    release, _ = now(world, known, series)
    assert (release.status, release.pauses) == ("suspended", ("withdrawal_unchecked",))
    assert not sees(world, ref)
    assert tasks(world) == ["check_who_spoke"]
    take_back(world, known, series)
    release, revision = now(world, known, series)
    assert (release.status, release.pauses, release.ended_by) == ("withdrawn", (), "self")
    assert not sees(world, ref)
    assert tasks(world) == ["get_it_in_writing"]
    with world.as_("alma") as alma, pytest.raises(Conflict):
        releases.not_asked(actor=alma, ref=known.ref, series=series, revision=revision)
    with world.as_("alma") as alma, pytest.raises(Conflict):
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=revision, how="oral", checked=True)


@pytest.mark.line(24)
def test_when_the_person_did_not_ask_it_resumes(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = release_to(world, known)
    ref = handle(world, "elena")
    take_back(world, known, series, checked=False)
    revision = now(world, known, series)[1]
    with world.as_("alma") as alma:
        releases.not_asked(actor=alma, ref=known.ref, series=series, revision=revision)
    assert now(world, known, series)[0].status == "active"
    assert sees(world, ref)
    assert tasks(world) == []
    told = [line.action for line in accounting(world, known)]
    assert [each for each in told if each != "read-by-partner"] == ["share-begun", "share-paused", "share-resumed"]


def accounting(world: World, known: PersonRef) -> list:
    from accord.audit import queries as audit

    with world.as_("alma") as alma:
        return audit.disclosures(owner=alma.agency, person=known.person, opens=alma.opens)


def test_only_the_person_or_a_signer_revokes_it(fresh_world: World) -> None:
    world = fresh_world
    known, born = young(world, 15)
    series = sign(world, known, SELF, MOTHER, age=15, birth=born)
    with pytest.raises(Invalid):
        take_back(world, known, series, speaker="relative")
    take_back(world, known, series, speaker="parent")
    release, _ = now(world, known, series)
    assert (release.status, release.ended_by) == ("withdrawn", "parent")


@pytest.mark.line(20)
def test_a_revocation_is_taken_by_anyone_on_duty(fresh_world: World) -> None:
    """Lapsed training closes the record to Alma, but does not keep Alma from ending a share."""
    world, known = fresh_world, open_record(fresh_world)
    series = release_to(world, known)
    ref = handle(world, "elena")
    revision = now(world, known, series)[1]
    with world.as_("alma") as alma:
        alma.trained = False
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=revision, how="oral", checked=True)
    assert not sees(world, ref)


def flag(world: World, known: PersonRef, *flags: str) -> None:
    """Record what is known about the mother."""
    with world.as_("alma") as alma:
        _, (mother,) = suspension.circle(actor=alma, ref=known.ref)
        member = replace(mother.payload, flags=flags, basis="the person's own words")
        suspension.record_member(
            actor=alma, ref=known.ref, member=member, series=mother.series, revision=mother.revision
        )


@pytest.mark.line(29)
def test_a_signer_who_turns_out_to_have_harmed_the_person(fresh_world: World) -> None:
    world = fresh_world
    known, born = young(world, 15)
    series = sign(world, known, SELF, MOTHER, age=15, birth=born)
    own = sign(world, known, SELF, age=15, birth=born, purposes=("counselling",), partner="hospital")
    ref = handle(world, "elena")
    flag(world, known, "abuser_of_person")
    release, revision = now(world, known, series)
    assert (release.status, release.pauses) == ("suspended", ("signer_barred",))
    assert now(world, known, own)[0].status == "active"  # what was signed alone stays active
    assert not sees(world, ref)
    assert tasks(world) == ["ask_her_again"]
    with world.as_("alma") as alma, pytest.raises(Conflict):
        releases.not_asked(actor=alma, ref=known.ref, series=series, revision=revision)
    flag(world, known)
    assert now(world, known, series)[0].status == "active"
    assert sees(world, ref)
    assert tasks(world) == []
    flag(world, known, "trafficker")
    take_back(world, known, series)
    assert now(world, known, series)[0].status == "withdrawn"
    flag(world, known)
    assert now(world, known, series)[0].status == "withdrawn"
    assert not sees(world, ref)


@pytest.mark.line(29, 30)
def test_a_signer_is_the_entry_on_record_and_not_a_spelling(fresh_world: World) -> None:
    """Written again with another accent and capitals, someone who has harmed this person's other parent is refused."""
    world = fresh_world
    known, born = young(world, 15)
    with world.as_("alma") as alma:
        harm = CircleMember("Márta  Quill", "parent", ("es",), "", ("abuser_of_other_parent",))
        suspension.record_member(actor=alma, ref=known.ref, member=harm)
    with pytest.raises(Invalid) as refused:
        sign(world, known, SELF, replace(MOTHER, name="marta quill", capacity="guardian"), age=15, birth=born)
    codes = [problem.code for problem in refused.value.data["problems"]]
    assert codes == ["signer_barred", "guardian_signature_missing"]


def test_a_person_no_longer_shared_cannot_be_assigned(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = sign(world, known, SELF)
    ref = handle(world, "elena")
    assert f"Record {record_number(ref)}." in alert_words(world.client("elena").get(f"/people/{ref}/assign/"))
    take_back(world, known, series)
    with world.as_("elena") as elena, pytest.raises(NoLonger):
        records.assign(actor=elena, ref=ref, membership=world.memberships["emil"])
    assert world.client("elena").get(f"/people/{ref}/assign/").status_code == 403


def test_a_release_signed_with_a_parent_ends_with_the_last_day_of_childhood(fresh_world: World) -> None:
    world = fresh_world
    known, born = young(world, 18, days=-10)  # eighteen in ten days
    sign(world, known, SELF, MOTHER, age=17, birth=born, days=30)
    ref = handle(world, "elena")
    ends_with_childhood(world, born, ref)


def test_a_birthday_learned_later_ends_it_too(fresh_world: World) -> None:
    """No job opens sealed data: the day on which it pauses is stored when the birthday becomes known."""
    world = fresh_world
    known, born = young(world, 18, days=-10)
    learn(world, known, Birth(years="17"))
    series = sign(world, known, SELF, MOTHER, age=17, days=30)
    ref = handle(world, "elena")
    learn(world, known, Birth(date=born.isoformat()))
    assert now(world, known, series)[0].status == "active"
    ends_with_childhood(world, born, ref)


def test_an_adult_signs_again_what_a_parent_signed_with_them(fresh_world: World) -> None:
    world = fresh_world
    known, born = young(world, 18, days=3)  # an adult for three days, which no one knew
    learn(world, known, Birth(years="17"))
    series = sign(world, known, SELF, MOTHER, age=17, days=30)
    ref = handle(world, "elena")
    learn(world, known, Birth(date=born.isoformat()))
    release, _ = now(world, known, series)
    assert release.status == "active"  # signed in person, as an adult
    assert sees(world, ref)


@pytest.mark.line(25)
def test_two_records_joined_and_separated(fresh_world: World) -> None:
    """One active until June, one revoked: revoked while they are joined; each as it was when they are separated."""
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    active = release_to(world, known, days=60)
    ref = handle(world, "elena")
    gone = release_to(world, second)
    take_back(world, second, gone)
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    release, _ = now(world, known, active)
    assert (release.status, release.pauses) == ("suspended", ("records_merged",))
    assert not sees(world, ref)
    with world.as_("adele") as adele, pytest.raises(Conflict):
        suspension.join(actor=adele, ref=second.ref, other=known.ref)
    with world.as_("adele") as adele:
        suspension.part(actor=adele, ref=second.ref)
    release, _ = now(world, known, active)
    assert (release.status, release.pauses) == ("active", ())
    assert now(world, second, gone)[0].status == "withdrawn"
    assert sees(world, ref)


@pytest.mark.line(25)
def test_joined_records_share_only_what_both_allow(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    wide = sign(world, known, SELF, kinds=("identity.name", "needs"), days=40)
    ref = handle(world, "elena")
    narrow = sign(world, second, SELF, kinds=("identity.name",), days=20)
    other = sign(world, second, SELF, kinds=("identity.name",), partner="hospital", purposes=("health_care",))
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    with world.as_("elena") as elena:
        assert set(people_queries.page(actor=elena, ref=ref, kinds=KINDS).items) == {"identity.name"}
    assert now(world, known, wide)[0].pauses == ("records_merged",)
    assert now(world, second, narrow)[0].pauses == ()
    assert now(world, second, other)[0].status == "suspended"  # the first record has nothing for the hospital
    later(world, days=21)
    assert not sees(world, ref)  # the earlier end applies
    with world.as_("adele") as adele:
        suspension.part(actor=adele, ref=known.ref)
    with world.as_("elena") as elena:
        assert set(people_queries.page(actor=elena, ref=ref, kinds=KINDS).items) == {"identity.name", "needs"}
    assert now(world, second, other)[0].status == "active"


@pytest.mark.line(25)
def test_revoked_while_joined_is_revoked_in_both(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    first, same = (sign(world, one, SELF) for one in (known, second))
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    assert {now(world, one, series)[0].status for one, series in ((known, first), (second, same))} == {"active"}
    take_back(world, known, first)
    with world.as_("adele") as adele:
        suspension.part(actor=adele, ref=known.ref)
    assert {now(world, one, series)[0].status for one, series in ((known, first), (second, same))} == {"withdrawn"}


def test_the_person_signs_again_for_both_records(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    series = sign(world, known, SELF)
    ref = handle(world, "elena")
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    assert not sees(world, ref)
    later(world, hours=1)
    revision = now(world, known, series)[1]
    with world.as_("alma") as alma:
        signed_form = handing.SignedForm(statements=(), name="Sam", mark="paper")
        handing.keep_signed(actor=alma, ref=known.ref, series=series, signed_form=signed_form)
        handing.finish(actor=alma, ref=known.ref, series=series, revision=revision + 1, age=None)
    assert now(world, known, series)[0].status == "active"
    assert sees(world, ref)


def test_what_came_back_from_older_keys_needs_the_owner_even_while_joined(fresh_world: World) -> None:
    """It is paused for no reason in the record: no matter how often the record is reconsidered, only the owner resumes
    it."""
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    series = sign(world, known, SELF)
    ref = handle(world, "elena")
    sign(world, second, SELF)
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    with world.owner() as owner:
        owner.execute("update sharing_share set suspended_at = accord.now() where person = %s", [known.person])
    for _ in range(2):
        with world.as_("alma") as alma:
            suspension.reconsider(actor=alma, known=known)
        assert now(world, known, series)[0].pauses == ()
        assert not sees(world, ref)
    with world.as_("alma") as alma:
        releases.go_on_after_restore(actor=alma, ref=known.ref, series=series)
    assert sees(world, ref)


def test_a_birthday_learned_in_the_joined_record_ends_it_too(fresh_world: World) -> None:
    world = fresh_world
    (known, born), (second, _) = young(world, 18, days=-10), young(world, 18, days=-10, name="Sam Quill")
    for one in (known, second):
        learn(world, one, Birth(years="17"))
    sign(world, known, SELF, MOTHER, age=17, days=30)
    ref = handle(world, "elena")
    sign(world, second, SELF, MOTHER, age=17, days=30)
    later(world, hours=1)
    supervise(world, known, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    learn(world, second, Birth(date=born.isoformat()))
    ends_with_childhood(world, born, ref)


def test_a_bar_on_one_record_covers_both(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    supervise(world, known, second)
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=second.ref, membership=world.memberships["aisha"])
        records.bar(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    with world.as_("aisha") as aisha:
        assert people_queries.page(actor=aisha, ref=second.ref, kinds=KINDS).name == "Sam Quill"
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=known.ref, other=second.ref)
    with world.as_("aisha") as aisha, pytest.raises(Hidden):
        people_queries.page(actor=aisha, ref=second.ref, kinds=KINDS)


@pytest.mark.line(18)
def test_the_hash_covers_everything_that_was_signed(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    series = sign(world, known, SELF)
    take_back(world, known, series)
    release, _revision = now(world, known, series)
    assert release.status == "withdrawn" and releases.text_hash(release).hex() == release.text_hash
    other = {str: "x", bool: True, int: 9, tuple: ({"signer": "x"},)}
    for name, value in vars(release).items():
        changed = replace(release, **{name: (not value) if isinstance(value, bool) else other[type(value)]})
        assert (releases.text_hash(changed) == releases.text_hash(release)) is (name in AFTER_SIGNING), name


def test_joining_is_the_supervisors(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    second = open_record(world, "Sam Quill")
    with world.as_("alma") as alma, pytest.raises(Refused):
        suspension.join(actor=alma, ref=known.ref, other=second.ref)
