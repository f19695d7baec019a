"""Find names that match a search and maintain the index that large agencies need.

An agency with at most a thousand people has no index, because a search opens every name. A larger agency has index rows
for the sounds of each name. The rows fall into a few buckets under the agency's search key (see `rules`).

Only a user's session holds that key, so no background job can build the index. Each search therefore indexes a slice
of the names that are missing or were indexed by an older version. Until that is done, searches also use the older rows,
and the results say whether names may be missing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.db import connection

from accord.access.actors import Actor
from accord.access.codes import FIND_PERSON, SEARCH_KEY
from accord.access.rules import may
from accord.core.rows import insert_many
from accord.core.statements import build_sql, fetch
from accord.people import rules
from accord.people.codes import PersonName
from accord.people.rules import Asked, Likeness
from accord.sharing import keeping, opening
from accord.sharing import queries as sharing
from accord.sharing.assignments import actor_params, not_barred
from accord.sharing.models import SearchToken
from accord.sharing.queries import Item
from accord.vault import sealing

OPEN_ALL = 1_000  # up to this many people, a search opens every name, which takes about 50 milliseconds
OPENED_AT_ONCE = 400  # limit for opening names after a better match is found
OPENED_BESIDE = 300  # how many more names a search opens for joined, split, or short spellings
SLICE = 1_000  # how many index rows one search rebuilds
LOOKED_AT = 64  # one in this many new records triggers a check of whether the agency has outgrown its buckets
OUTGROWN = 4  # an agency outgrows its buckets at this many times the number of people they were made for

Names = dict[uuid.UUID, PersonName]
Alike = dict[uuid.UUID, Likeness]


class Found(NamedTuple):
    """Names that match a search, how similar they are, and whether some possible matches were not opened."""

    names: Names
    alike: Alike
    left_out: bool


class Index(NamedTuple):
    """The state of an agency's index: its lowest row number and the number of buckets as an exponent of two."""

    first: int
    bits: int

    @property
    def whole(self) -> bool:
        """Return whether every row was made with the current method."""
        return self.first >= rules.base(self.bits)


def name_in(items: Mapping[str, Sequence[Item]]) -> PersonName | None:
    """Return the newest name in a person's opened entries (given by kind), or None."""
    rows = items.get("identity.name", ())
    return rows[-1].payload if rows else None


# Finding ------------------------------------------------------------------------------------------------------------

_EVERYBODY = build_sql(
    "select p.id from sharing_person p where p.owner = %(agency)s and {not_barred} limit %(limit)s",
    not_barred=not_barred("p.id"),
)
_ALIKE = build_sql(
    """
    select t.person, count(*) as shared from sharing_searchtoken t
    where t.owner = %(agency)s and t.bucket = any(%(buckets)s) and {not_barred}
    group by t.person order by shared desc, t.person
    """,
    not_barred=not_barred("t.person"),
)
_FIRST_ALIKE = build_sql("{alike} limit %(limit)s", alike=_ALIKE)


def candidates(*, actor: Actor, text: str) -> Found:
    """Find names at the actor's agency that are similar to this one. In a large agency, the index selects the names to
    open."""
    asked = Asked(text)
    everybody = fetch(_EVERYBODY, limit=OPEN_ALL + 1, **actor_params(actor))
    if len(everybody) <= OPEN_ALL:
        names = _opened(actor, [row.id for row in everybody])
        return Found(names, _likeness(asked, names), False)
    index = _index_of(actor) or _begin(actor)
    waiting = not index.whole and continue_index(actor=actor, index=index)
    names, left_out = _sound_alike(actor, text, index)
    beside, more = _written_otherwise(actor, text, index, names)
    alike = _likeness(asked, names | beside)
    left_out = left_out or (more and not any(like.whole for like in alike.values()))
    return Found(names | beside, alike, left_out or waiting)


def _sound_alike(actor: Actor, text: str, index: Index) -> tuple[Names, bool]:
    """Open the names that share the most buckets with this text, and return whether some were left out.

    Names are grouped by how many buckets they share, most first. A bucket holds several sounds, so a group is opened
    completely unless an opened name already shares more sounds than any name in the group can. After that, names are
    opened only up to a total of a few hundred, because in a large agency the rest all have the same given name.
    """
    sounds = rules.sounds(text)
    buckets = _buckets(actor, sounds, index) | _buckets_before(actor, text, index)
    rows = fetch(_ALIKE, buckets=list(buckets), **actor_params(actor))
    names: Names = {}
    most, left_out = 0, False
    for shared, group in groupby(rows, key=lambda row: row.shared):
        persons = [row.person for row in group]
        room = len(persons) if most <= shared else max(0, OPENED_AT_ONCE - len(names))
        left_out = left_out or len(persons) > room
        opened = _opened(actor, persons[:room])
        names |= opened
        most = max([most, *(len(sounds & rules.sounds(name.used, name.others)) for name in opened.values())])
    return names, left_out


def _written_otherwise(actor: Actor, text: str, index: Index, names: Names) -> tuple[Names, bool]:
    """Open more names that may match: joined or split words and short or long forms. The most similar names come
    first."""
    buckets = _buckets(actor, rules.more_sounds(text), index)
    limit = OPENED_BESIDE + len(names) + 1
    rows = fetch(_FIRST_ALIKE, buckets=list(buckets), limit=limit, **actor_params(actor))
    others = [row for row in rows if row.person not in names]
    cut = any(row.shared > 1 for row in others[OPENED_BESIDE:])  # one shared sound is weak evidence
    return _opened(actor, [row.person for row in others[:OPENED_BESIDE]]), cut


def _opened(actor: Actor, persons: Collection[uuid.UUID]) -> Names:
    return {
        person: item.payload
        for person, item in opening.own_items_undecided(actor=actor, persons=persons, kinds=["identity.name"])
    }


def _likeness(asked: Asked, names: Names) -> Alike:
    found = ((who, asked.likeness(name.used, name.others)) for who, name in names.items())
    return {who: like for who, like in found if like}


# Buckets ------------------------------------------------------------------------------------------------------------


def bucket(actor: Actor, sound: str, bits: int, version: int = 0) -> int:
    """Return a sound's bucket out of 2 ** bits under one version of the agency's search key, by default the newest."""
    return rules.base(bits) + _hashed(actor, sound, version) % 2**bits


def _hashed(actor: Actor, sound: str, version: int = 0) -> int:
    secret = actor.ring.secret(SEARCH_KEY, version or actor.ring.latest(SEARCH_KEY))
    return int.from_bytes(sealing.keyed_hash(secret, "name sound", sound)[:4], "big")


def _buckets(actor: Actor, sounds: Iterable[str], index: Index) -> set[int]:
    """Return the buckets for these sounds. Earlier bucket counts are included while the index still has rows
    from them."""
    kinds = range(rules.bits_of(index.first) or rules.FEWEST_BITS, index.bits + 1)
    versions = actor.ring.versions(SEARCH_KEY)
    return {bucket(actor, sound, bits, version) for sound in sounds for bits in kinds for version in versions}


def _buckets_before(actor: Actor, text: str, index: Index) -> set[int]:
    if rules.bits_of(index.first):
        return set()
    sounds, versions = rules.sounds_before(text), actor.ring.versions(SEARCH_KEY)
    return {_hashed(actor, sound, version) % rules.BUCKETS_BEFORE for sound in sounds for version in versions}


# The index ----------------------------------------------------------------------------------------------------------

_EDGES = """
select (select min(t.bucket) from sharing_searchtoken t where t.owner = %(agency)s) as first,
  (select max(t.bucket) from sharing_searchtoken t where t.owner = %(agency)s) as last
"""
_PEOPLE = "select count(*) as people from sharing_person p where p.owner = %(agency)s"
_WAIT = """
insert into sharing_searchtoken (owner, bucket, person)
select p.owner, %(waiting)s, p.id from sharing_person p where p.owner = %(agency)s
  and not exists (select from sharing_searchtoken t where t.owner = %(agency)s and t.person = p.id)
on conflict do nothing returning 1 as done
"""
_OLDEST = build_sql(
    """
    select t.person, t.bucket from sharing_searchtoken t
    where t.owner = %(agency)s and t.bucket < %(below)s and {not_barred} order by t.bucket limit %(limit)s
    """,
    not_barred=not_barred("t.person"),
)


def _index_of(actor: Actor) -> Index | None:
    """Return the state of the agency's index, or None if it has none."""
    ((first, last),) = fetch(_EDGES, agency=actor.agency)
    if first is None:
        return None
    return Index(first, rules.bits_of(last) or rules.bits_for(_people(actor)))


def _people(actor: Actor) -> int:
    ((people,),) = fetch(_PEOPLE, agency=actor.agency)
    return int(people)


def _begin(actor: Actor) -> Index:
    """Start an index for an agency that has grown large by marking everyone without a row as not indexed yet."""
    fetch(_WAIT, agency=actor.agency, waiting=rules.WAITING)
    return Index(rules.WAITING, rules.bits_for(_people(actor)))


def continue_index(*, actor: Actor, index: Index | None = None) -> bool:
    """Rebuild a slice of the agency's index, starting with names that have no rows. Returns whether names without rows
    may remain. An advisory lock prevents two sessions from rebuilding the same slice."""
    index = index or _index_of(actor)
    if index is None or index.whole:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"index {actor.agency}"])
        if not cursor.fetchone()[0]:
            return index.first == rules.WAITING
    rows = fetch(_OLDEST, below=rules.base(index.bits), limit=SLICE, **actor_params(actor))
    persons = {row.person for row in rows}
    SearchToken.objects.filter(owner=actor.agency, person__in=persons).delete()
    _write(actor, index.bits, [(person, [name]) for person, name in _opened(actor, persons).items()])
    return len(rows) == SLICE and rows[-1].bucket == rules.WAITING


def index_name(*, actor: Actor, person: uuid.UUID, name: PersonName) -> None:
    """Index a name that was just saved, if the agency has an index. A connected system has no search key, so
    the names that it saves are indexed at the next search."""
    index = _index_of(actor)
    if index is None:
        return
    SearchToken.objects.filter(owner=actor.agency, person=person).delete()
    if SEARCH_KEY in actor.ring.codes():
        looks = person.int % LOOKED_AT == 0
        _write(actor, _bits_now(actor, index) if looks else index.bits, [(person, [name])])
    else:
        SearchToken.objects.create(owner=actor.agency, bucket=rules.WAITING, person=person)


def index_names(*, actor: Actor, people: Sequence[tuple[uuid.UUID, Sequence[PersonName]]], expected: int = 0) -> None:
    """Index the names of new records in bulk. Start an index if the records make the agency large, or if it will be
    large once it has the `expected` number of people."""
    index = _index_of(actor)
    if index is not None:
        _write(actor, max(_bits_now(actor, index), rules.bits_for(expected)), people)
    elif (count := max(_people(actor), expected)) > OPEN_ALL:
        _write(actor, rules.bits_for(count), people)
        _begin(actor)


def _bits_now(actor: Actor, index: Index) -> int:
    """Return the current number of bits, or a larger number if the agency has outgrown its buckets."""
    people = _people(actor)
    outgrown = people >= OUTGROWN * rules.PEOPLE_PER_BUCKET * 2**index.bits
    return rules.bits_for(people) if outgrown else index.bits


def _write(actor: Actor, bits: int, people: Iterable[tuple[uuid.UUID, Iterable[PersonName]]]) -> None:
    rows = [
        SearchToken(owner=actor.agency, bucket=place, person=person)
        for person, names in people
        for place in sorted(
            {bucket(actor, sound, bits) for name in names for sound in rules.sounds(name.used, name.others)}
        )
    ]
    insert_many(rows, ignore_conflicts=True)


# Telling records apart ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identified:
    """The details that identify a record: its marks, and the person's name if the actor's role may search by name."""

    marks: keeping.RecordMarks
    name: str


def identified(*, actor: Actor, persons: Collection[uuid.UUID]) -> dict[uuid.UUID, Identified]:
    """Return the details that identify the agency's own records, for someone who decides about a whole record without
    being assigned to it. The name is included only if the actor's role may search by name. Opening names is logged."""
    known = sharing.find_many(actor=actor, refs=list(persons))
    marks = keeping.marks_of(actor=actor, persons=[one.person for one in known])
    finds = may(actor, FIND_PERSON) and "identity.name" in actor.ring.codes()
    opened = sharing.open_entries_undecided(actor=actor, known_ones=known if finds else [], kinds=["identity.name"])
    names = {ref: name.used for ref, items in opened.items() if (name := name_in(items))}
    if names:
        actor.log("identified-record", about=list(names))
    return {person: Identified(found, names.get(person, "")) for person, found in marks.items()}
