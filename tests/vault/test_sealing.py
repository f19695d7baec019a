"""What was sealed opens only with its key, under its terms, unchanged."""

from __future__ import annotations

import hashlib
import math
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accord.accounts import services as accounts
from accord.accounts.rules import passphrase_problem
from accord.vault import sealing
from accord.vault.ring import NoKey, Ring, seal_info
from accord.vault.sealing import CannotOpen

SECURITY = Path(__file__).parents[2] / "docs" / "explanation" / "security.md"
KEY, OTHER = sealing.new_secret(), sealing.new_secret()
PAIR, OTHER_PAIR = sealing.KeyPair(KEY), sealing.KeyPair(OTHER)
BOUND = sealing.bind("entry", "name", 1, "owner", "person", "identity.name", 1, "series", 1)


@given(text=st.binary(max_size=400), place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_changed_byte_anywhere_does_not_open(text: bytes, place: int, flip: int) -> None:
    sealed = bytearray(sealing.encrypt(KEY, text, BOUND))
    assert sealing.decrypt(KEY, bytes(sealed), BOUND) == text
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(CannotOpen):
        sealing.decrypt(KEY, bytes(sealed), BOUND)


@given(one=st.lists(st.text(max_size=4), max_size=4), other=st.lists(st.text(max_size=4), max_size=4))
def test_bound_parts_are_never_confused(one: list[str], other: list[str]) -> None:
    assert (sealing.bind(*one) == sealing.bind(*other)) == (one == other)


@given(st.lists(st.text() | st.integers() | st.binary() | st.booleans() | st.floats(), max_size=12))
@example(["x" * 37, "%s", "x" * 127, "x" * 128, "x" * 300, 37, "é"])
def test_bound_parts_are_each_part_after_its_length_in_four_bytes(parts: list[str | int | bytes]) -> None:
    """What was sealed years ago opens only if this never changes, not by one bit."""
    texts = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    assert sealing.bind(*parts) == b"".join(len(text).to_bytes(4, "big") + text for text in texts)


@pytest.mark.parametrize("part", range(9))
def test_a_moved_row_does_not_open(part: int) -> None:
    """Another type, schema, owner, person, kind, epoch, series or revision."""
    parts: list[str | int] = ["entry", "name", 1, "owner", "person", "identity.name", 1, "series", 1]
    sealed = sealing.encrypt(KEY, b"text", sealing.bind(*parts))
    parts[part] = "elsewhere" if isinstance(parts[part], str) else 2
    with pytest.raises(CannotOpen):
        sealing.decrypt(KEY, sealed, sealing.bind(*parts))


def test_another_key_another_suite_and_cut_bytes_do_not_open() -> None:
    sealed = sealing.encrypt(KEY, b"text", BOUND)
    for key, value in (
        (OTHER, sealed),
        (KEY, b"\x02" + sealed[1:]),
        (KEY, sealed[:-1]),
        (KEY, b""),
        (KEY, sealing.SUITE),
    ):
        with pytest.raises(CannotOpen):
            sealing.decrypt(key, value, BOUND)


def test_sealed_to_one_pair_under_terms() -> None:
    sealed = sealing.seal_to(PAIR.public, b"data key", b"terms")
    assert PAIR.open(sealed, b"terms") == b"data key"
    for pair, value, info in (
        (OTHER_PAIR, sealed, b"terms"),
        (PAIR, sealed, b"edited terms"),
        (PAIR, b"\x02" + sealed[1:], b"terms"),
        (PAIR, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"terms"),
        (PAIR, sealed[:40], b"terms"),
        (PAIR, b"", b"terms"),
    ):
        with pytest.raises(CannotOpen):
            pair.open(value, info)
    with pytest.raises(CannotOpen):
        sealing.seal_to(b"\x02" + PAIR.public[1:], b"data key", b"terms")


def test_the_same_text_never_looks_the_same() -> None:
    assert sealing.encrypt(KEY, b"text", BOUND) != sealing.encrypt(KEY, b"text", BOUND)
    assert sealing.seal_to(PAIR.public, b"x", b"") != sealing.seal_to(PAIR.public, b"x", b"")


def test_length_reveals_little() -> None:
    assert len({len(sealing.pad(b"n" * length)) for length in range(1, 129)}) == 1


@pytest.mark.line(83)
def test_a_backup_of_one_agency_restored_under_anothers_key_does_not_open() -> None:
    """Ring seals of Harbor House, moved to a membership of police, or opened with police's own membership key."""
    harbor, police, member, other = (uuid.uuid4() for _ in range(4))
    sealed = sealing.seal_to(PAIR.public, b"ring secret", seal_info(harbor, member, "needs", 1))
    assert PAIR.open(sealed, seal_info(harbor, member, "needs", 1)) == b"ring secret"
    for pair, info in (
        (OTHER_PAIR, seal_info(harbor, member, "needs", 1)),
        (PAIR, seal_info(police, member, "needs", 1)),
        (PAIR, seal_info(harbor, other, "needs", 1)),
        (PAIR, seal_info(harbor, member, "health", 1)),
        (PAIR, seal_info(harbor, member, "needs", 2)),
    ):
        with pytest.raises(CannotOpen):
            pair.open(sealed, info)


def test_a_ring_holds_only_its_own_keys() -> None:
    ring = Ring(uuid.uuid4(), {("needs", 1): KEY, ("needs", 2): OTHER})
    assert ring.latest("needs") == 2 and ring.codes() == {"needs"}
    assert ring.kind_key("needs", 1) != ring.kind_key("needs", 2)
    for ask in (lambda: ring.latest("health"), lambda: ring.kind_key("health", 1), lambda: ring.inbound("needs", 3)):
        with pytest.raises(NoKey):
            ask()


def test_signatures() -> None:
    public, signature = sealing.verify_key(KEY), sealing.sign(KEY, b"head")
    assert sealing.signed_by(public, signature, b"head")
    assert not sealing.signed_by(public, signature, b"another head")
    assert not sealing.signed_by(sealing.verify_key(OTHER), signature, b"head")
    assert not sealing.signed_by(public, b"short", b"head") and not sealing.signed_by(b"", signature, b"head")


def test_a_code_matches_its_step_and_the_ones_next_to_it() -> None:
    """RFC 6238, appendix B: the shared secret and its code at 59 seconds, cut to six digits."""
    secret = b"12345678901234567890"
    assert sealing.totp_step(secret, "287 082", 59) == 1
    assert sealing.totp_step(secret, "287082", 59 + 30) == 1
    assert sealing.totp_step(secret, "287082", 59 + 61) is None
    assert sealing.totp_step(secret, "28708", 59) is None and sealing.totp_step(secret, "no code", 59) is None


@pytest.mark.parametrize("cost", ["argon2id:65536:3", "scrypt:1:1:1", "argon2id:a:b:c", ""])
def test_a_cost_that_is_not_one_of_ours_is_refused(cost: str) -> None:
    with pytest.raises((CannotOpen, ValueError)):
        sealing.Argon.parse(cost)


@pytest.mark.line(95)
@pytest.mark.parametrize(
    ("passphrase", "good"),
    [
        ("too short", False),
        ("14 characters.", False),
        ("fifteen letters", True),
        ("all lower case words without any symbol", True),
        ("a phrase of sixty four letters with spaces in it, and no symbols", True),
        ("our Accord passphrase here", False),
        ("R i v e r b e n d forever", False),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("correct horse battery staple", False),
    ],
)
def test_passphrases(passphrase: str, good: bool) -> None:
    banned = frozenset({"correcthorsebatterystaple"})
    assert (passphrase_problem(passphrase, banned) == "") is good


NAMES = ("ines", "star", "ally", "erin", "andi", "eden", "alma", "anna", "coziness", "dealmaker", "seashell")


def test_what_is_proposed_is_never_refused_for_any_user_name() -> None:
    """Each word that contains a name, then drawn ones: nothing is searched across words or inside one."""
    words = [word for word in sealing._words() if any(name in word for name in NAMES)]
    assert len(words) > 20
    rest = [word for word in sealing._words() if word not in words][:5]
    phrases = [" ".join([word, *rest]) for word in words] + [sealing.new_passphrase() for _ in range(2000)]
    for phrase in phrases:
        assert sealing.is_proposal(phrase)
        for name in NAMES:
            assert not passphrase_problem(phrase, frozenset(), name, generated=True)


@given(
    st.lists(st.sampled_from(sealing._words()), min_size=6, max_size=6, unique=True), st.text(min_size=4, max_size=12)
)
def test_the_account_takes_any_six_words_that_it_could_have_proposed(words: list[str], name: str) -> None:
    typed = f"  {words[0].upper()}  {' '.join(words[1:])} "
    assert sealing.is_proposal(" ".join(words)) and not sealing.is_proposal(typed)
    accounts._check_passphrase(" ".join(words), name)


def test_five_words_or_a_repeated_word_are_not_proposed() -> None:
    words = sealing.new_passphrase().split()
    assert not sealing.is_proposal(" ".join(words[:5])) and not sealing.is_proposal(" ".join([*words[:5], words[0]]))


@pytest.mark.parametrize(
    ("phrase", "name", "good"),
    [
        ("dividable coziness of the old barn", "ines", True),
        ("our alm again in the quiet hills", "alma", True),
        ("dear alma likes the quiet hills", "alma", False),
        ("dear Alma7! likes the quiet hills", "alma", False),
        ("xxalmaxyzquietxhills", "alma", False),
        ("the barn of ana.lopez in the hills", "ana.lopez", False),
    ],
)
def test_the_user_name_is_searched_in_words_and_not_across_them(phrase: str, name: str, good: bool) -> None:
    assert (passphrase_problem(phrase, frozenset(), name) == "") is good


def test_new_passphrases_are_drawn_and_pass_the_rules() -> None:
    drawn = {sealing.new_passphrase() for _ in range(50)}
    assert len(drawn) == 50 and all(len(phrase.split()) == 6 for phrase in drawn)
    assert not any(passphrase_problem(phrase, generated=True) for phrase in drawn)


_HARMFUL = """
absinthe alien arrest blade body bride cage captive celibate cesspool choking cocaine deport drown enslave fat grope
gun handcuff handgun hunger imprison junkie kill maimed murder opium pantyhose pauper police poison pregnant prison
rape scared seduce sex slave slum smuggler strangle strife stupid threaten traffic trash ugly unethical unloved
unwanted unwed unwelcome victim violate virgin weapon whore wound
"""
HARMFUL = frozenset(_HARMFUL.split())


def test_no_word_that_could_hurt_is_proposed_printed_or_read_out() -> None:
    words = sealing._words()
    assert HARMFUL.isdisjoint(words)
    proposed = {word for _ in range(3_000) for word in sealing.new_passphrase().split()}
    said = {word for n in range(3_000) for word in sealing.fingerprint_words(str(n).encode()).split()}
    printed = {word for n in range(800) for word in sealing.spell(sealing.digest(n)).split()}
    for used in (proposed, said, printed):
        assert len(used) > 5_000 and used <= set(words)


def test_six_words_carry_as_many_bits_as_the_documentation_says() -> None:
    words = sealing._words()
    assert len(set(words)) == len(words) and all(re.fullmatch("[a-z]{3,12}", word) for word in words)
    drawn, read_out = math.log2(math.perm(len(words), 6)), 6 * math.log2(len(words))
    assert "Six generated words carry 77" in " ".join(SECURITY.read_text(encoding="utf-8").split())
    assert math.floor(drawn) == math.floor(read_out) == 77
    assert len(words) ** sealing.SPELLED_WORDS > 1 << 8 * (sealing.SECRET_BYTES + 1)


def test_a_recovery_sheet_printed_with_the_earlier_list_is_still_read() -> None:
    sheet = (
        "silk user enslave battering synthesis kilogram scorebook unnamable projector patrol credible alarm cassette "
        "wriggle flask capillary yeah phrase hydrated ability abacus"
    )
    secret = bytes(range(32))
    assert sealing.unspell(sheet) == [secret] and sealing.spell(secret) != sheet
    assert sealing.unspell(sheet.replace("silk", "user")) == []


def test_a_sheet_that_can_be_read_under_both_lists_gives_both_keys() -> None:
    sheet = (
        "employed mousiness unhidden concerned municipal crumpet angular anyhow reusable unseeing hasty wake applicant "
        "luxury unfold educated antelope canned ozone unrigged abstract"
    )
    printed = hashlib.sha256(b"639932").digest()  # with the earlier list
    found = sealing.unspell(sheet)
    assert len(found) == 2 and printed in found and any(sealing.spell(secret) == sheet for secret in found)


SIDE_BY_SIDE = """
import threading
from accord.vault.sealing import Argon, passphrase_key
opened = []
def derive(lanes):
    opened.append(passphrase_key("seven quiet herons over the weir", b"0" * 16, Argon(lanes=lanes)))
threads = [threading.Thread(target=derive, args=(lanes,)) for lanes in (4, 1, 4, 1, 4, 2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(opened), len(set(opened)))
"""


def test_wraps_of_any_number_of_lanes_open_side_by_side() -> None:
    """In a separate process: what hangs there hangs for good."""
    done = subprocess.run([sys.executable, "-c", SIDE_BY_SIDE], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "6 3\n"


def test_new_wraps_have_one_lane_and_64_mib() -> None:
    assert sealing.Argon().text() == "argon2id:65536:3:1"
