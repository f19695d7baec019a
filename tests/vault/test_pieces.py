"""A file in sealed pieces opens whole, in order and unchanged, or not at all."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.vault.pieces import Sealer, opened
from accord.vault.sealing import CannotOpen

SIZE = 7


def sealed(content: bytes, cuts: list[int]) -> tuple[Sealer, list[bytes]]:
    """Seal a file that arrives in parts of any size."""
    sealer, found, begin = Sealer(SIZE), [], 0
    for end in [*sorted(cut % (len(content) + 1) for cut in cuts), len(content)]:
        found += sealer.add(content[begin:end])
        begin = end
    return sealer, [*found, sealer.finish()]


@given(content=st.binary(max_size=60), cuts=st.lists(st.integers(0, 100), max_size=5))
def test_a_file_opens_as_it_was_however_it_arrived(content: bytes, cuts: list[int]) -> None:
    sealer, pieces = sealed(content, cuts)
    assert sealer.pieces == len(pieces) == max(1, -(-len(content) // SIZE))
    assert b"".join(opened(sealer.key, sealer.file, sealer.pieces, pieces)) == content


@given(content=st.binary(min_size=SIZE + 1, max_size=60), data=st.data())
def test_pieces_that_are_missing_moved_repeated_or_of_another_file_do_not_open(
    content: bytes, data: st.DataObject
) -> None:
    sealer, pieces = sealed(content, [])
    _other, foreign = sealed(content, [])
    place = st.integers(0, len(pieces) - 1)
    at = data.draw(place)
    changed = [
        pieces[:at] + pieces[at + 1 :],
        [*pieces[:at], pieces[at], *pieces[at:]],
        [*pieces[:at], foreign[at], *pieces[at + 1 :]],
        pieces[::-1],
        [*pieces, pieces[-1]],
        [],
    ]
    for one in changed:
        with pytest.raises(CannotOpen):
            list(opened(sealer.key, sealer.file, sealer.pieces, one))
    with pytest.raises(CannotOpen):  # cut short, and the number of pieces with it
        list(opened(sealer.key, sealer.file, len(pieces) - 1, pieces[:-1]))
    with pytest.raises(CannotOpen):
        list(opened(sealer.key, uuid.uuid4(), sealer.pieces, pieces))
