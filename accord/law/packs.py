"""Law packs: dated rules as data, read from YAML and checked when loaded.

A pack is a file in `packs/`. Each rule has an id whose meaning never changes, a first and a last day (both included),
a source, one plain sentence, and one effect. A rule is marked `unverified` if a person still has to read its source.
The effects below are the whole vocabulary. An unknown key or word is refused on loading, so a misspelled rule can't go
missing unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import yaml

from accord.core.errors import BadInput
from accord.law.codes import (
    Act,
    Aim,
    FirstStep,
    Form,
    InterpreterTie,
    Label,
    Means,
    Process,
    Purpose,
    Regime,
    Side,
    SignerCapacity,
    SignerFlag,
    Situation,
    Statement,
    Trait,
    Who,
)

HERE = Path(__file__).parent / "packs"


@dataclass(frozen=True, kw_only=True)
class Binds:
    """A regime that binds the agencies on these sides. If traits are listed, it binds only those with at least one of
    them."""

    regime: Regime
    sides: frozenset[Side]
    traits: frozenset[Trait] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ReleaseNeeded:
    """Nothing leaves the agency without a release, a statute, or a judge's order."""


@dataclass(frozen=True, kw_only=True)
class ReleaseLength:
    """Release lengths in days: the form's default, the longest without a written reason, and the longest allowed."""

    default_days: int
    reason_over_days: int
    refuse_over_days: int

    def __post_init__(self) -> None:
        if not 1 <= self.default_days <= self.reason_over_days <= self.refuse_over_days:
            raise ValueError("the lengths must rise (default, reason, refusal) and start at one day or more")


@dataclass(frozen=True, kw_only=True)
class ReleaseContent:
    """Statements that must be made to the person and recorded."""

    statements: frozenset[Statement]


@dataclass(frozen=True, kw_only=True)
class Signers:
    """The groups that must sign in this situation. Within a group, any one capacity is enough."""

    situation: Situation
    groups: tuple[frozenset[SignerCapacity], ...]
    court_appointed: bool = False
    inform_person: bool = False


@dataclass(frozen=True, kw_only=True)
class BarredSigners:
    """A person with one of these flags can never sign for someone else."""

    flags: frozenset[SignerFlag]


@dataclass(frozen=True, kw_only=True)
class BarredInterpreters:
    """A person with one of these ties can't interpret."""

    ties: frozenset[InterpreterTie]


@dataclass(frozen=True, kw_only=True)
class ServiceAlone:
    """A grant that lets this person receive these services and release information without a parent or guardian."""

    who: Who
    purposes: frozenset[Purpose]
    from_age: int = 0


@dataclass(frozen=True, kw_only=True)
class Majority:
    """The age in years at which a person is an adult."""

    age: int


@dataclass(frozen=True, kw_only=True)
class NeverShared:
    """Items of these kinds or with these labels are never shared (unless the owner has the trait)."""

    kinds: frozenset[str] = frozenset()
    labels: frozenset[Label] = frozenset()
    unless_trait: Trait | None = None


@dataclass(frozen=True, kw_only=True)
class OnlyTo:
    """Items of these kinds go only to agencies with one of these traits, no matter who signed."""

    kinds: frozenset[str]
    traits: frozenset[Trait]


@dataclass(frozen=True, kw_only=True)
class ExtraConsent:
    """These kinds need more statements when shared with these sides. In some cases, notices must be sent with the
    data."""

    kinds: frozenset[str]
    statements: frozenset[Statement]
    to_sides: frozenset[Side] = frozenset(Side)
    travels_with: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class AdvocatePrivilege:
    """Communication with someone in one of these roles, with this many hours of training on file, is privileged."""

    roles: frozenset[str]
    hours: int
    supervised: bool
    holder: str
    judge_may_look_alone: bool
    ends_at_death: bool
    exceptions: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Counts from 1 up to, but not including, this number are not shown."""

    smallest: int


@dataclass(frozen=True, kw_only=True)
class Compelled:
    """Legal documents that compel a disclosure of the items they list."""

    accepts: frozenset[Process]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report that agencies must or may make to an authority. If traits are listed, it is only for agencies with one
    of them.

    With `under_age`, the report is about a person below that age in years. A report with `after_screening` is due when a
    screen indicates that the person was trafficked.
    """

    required: bool
    to: frozenset[str]
    kinds: frozenset[str]
    within_hours: int
    traits: frozenset[Trait] = frozenset()
    under_age: int = 0
    after_screening: bool = False


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """A systems-based agency shares its own information only after an officer has checked all of these boxes."""

    ticks: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A definition of trafficking: one of these acts, by one of these means, for one of these aims.

    With `child_needs_no_means`, no means is needed if the person was under 18 when it happened.
    """

    form: Form
    acts: frozenset[Act]
    means: frozenset[Means]
    aims: frozenset[Aim]
    child_needs_no_means: bool


@dataclass(frozen=True, kw_only=True)
class Smuggling:
    """Helping a person cross a border is a different offense from trafficking."""


@dataclass(frozen=True, kw_only=True)
class HandOff:
    """Agencies with one of these traits, and staff with one of these roles, don't screen. They call an agency that
    does."""

    traits: frozenset[Trait]
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something other than a report that an agency must do when a screen indicates that a person below this age in
    years was trafficked."""

    step: FirstStep
    within_hours: int
    under_age: int


Effect = (
    Binds
    | ReleaseNeeded
    | ReleaseLength
    | ReleaseContent
    | Signers
    | BarredSigners
    | BarredInterpreters
    | ServiceAlone
    | Majority
    | NeverShared
    | OnlyTo
    | ExtraConsent
    | AdvocatePrivilege
    | Threshold
    | Compelled
    | Report
    | Ticks
    | Definition
    | Smuggling
    | HandOff
    | Step
)
EFFECTS: dict[str, type[Any]] = {cls.__name__: cls for cls in get_args(Effect)}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule, in force from `start` through `until`. Without `regimes`, it covers all the pack's agencies."""

    id: str
    words: str
    source: str
    start: date
    until: date | None = None
    unverified: bool = False
    regimes: frozenset[Regime] = frozenset()
    effect: Effect

    def in_force(self, today: date) -> bool:
        """Return True if the rule is in force on this day."""
        return self.start <= today and (self.until is None or today <= self.until)


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A jurisdiction's rules. `jurisdiction` "*" applies to every agency."""

    name: str
    words: str
    jurisdiction: str
    checked: date
    rules: tuple[Rule, ...]


def _read(value: Any, kind: Any) -> Any:
    """Return a value from YAML as the type `kind`. Raises ValueError if it has another type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _read(value, inner[0])
    if origin in (frozenset, tuple):
        if not isinstance(value, list):
            raise ValueError(f"expected a list, found {value!r}")
        return origin(_read(each, inner[0]) for each in value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    # bool is an int in Python: "age: true" must not pass
    if type(value) is not kind:
        raise ValueError(f"expected {kind.__name__}, found {value!r}")
    return value


def _build(cls: type[Any], data: Any, place: str, **given: Any) -> Any:
    """Return a dataclass built from a mapping that has exactly its fields. Raises BadInput with the location of the
    error."""
    if not isinstance(data, Mapping):
        raise BadInput(f"{place}: expected names and values", file="law pack")
    types, expected = get_type_hints(cls), [f for f in fields(cls) if f.name not in given]
    unknown = sorted(set(data) - {f.name for f in expected})
    missing = [f.name for f in expected if f.default is MISSING and f.name not in data]
    if unknown or missing:
        raise BadInput(f"{place}: unknown {unknown}, missing {missing}", file="law pack")
    try:
        return cls(**given, **{name: _read(value, types[name]) for name, value in data.items()})
    except ValueError as wrong:
        raise BadInput(f"{place}: {wrong}", file="law pack") from wrong


def _rule(data: Any, place: str) -> Rule:
    effects = data.get("effect") if isinstance(data, Mapping) else None
    if not isinstance(effects, Mapping) or len(effects) != 1:
        raise BadInput(f"{place}: a rule has one effect", file="law pack")
    [(name, values)] = effects.items()
    if name not in EFFECTS:
        raise BadInput(f"{place}: unknown effect {name!r}", file="law pack")
    effect = _build(EFFECTS[name], values or {}, f"{place} {name}")
    rest = {key: value for key, value in data.items() if key != "effect"}
    rule: Rule = _build(Rule, rest, place, effect=effect)
    if rule.until is not None and rule.until < rule.start:
        raise BadInput(f"{place}: it ends before it starts", file="law pack")
    return rule


def parse(text: str) -> Pack:
    """Return a pack from its YAML text. Raises BadInput for anything outside the vocabulary and for a repeated id."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise BadInput("not valid YAML", file="law pack") from wrong
    listed = data.get("rules") if isinstance(data, Mapping) else None
    if not isinstance(listed, list):
        raise BadInput("a pack needs a list of rules", file="law pack")
    rules = tuple(_rule(each, f"rule {number}") for number, each in enumerate(listed, start=1))
    ids = [rule.id for rule in rules]
    if len(ids) != len(set(ids)):
        raise BadInput("two rules have the same id", file="law pack")
    head = {key: value for key, value in data.items() if key != "rules"}
    pack: Pack = _build(Pack, head, "head", rules=rules)
    return pack


@cache
def builtin() -> tuple[Pack, ...]:
    """Return the packs that come with Accord: our own rules, US federal law, and the demo's made-up state."""
    packs = tuple(parse(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.yaml")))
    ids = [rule.id for pack in packs for rule in pack.rules]
    if len(ids) != len(set(ids)):
        raise BadInput("two packs have the same rule id", file="law pack")
    return packs
