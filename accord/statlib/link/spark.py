"""Run the same linkage with its joins on Apache Spark, for lists too large for one machine (optional extra `spark`).

Spark joins the tokens, combines each pair's facts by OR, and counts the patterns. The model is fitted to these counts
on this machine, exactly as in `model.link`. Spark then scores the pairs and lets rival pairs compete. This needs
pyspark and Java 17. An existing session (spark-submit or a cluster's shell) is used as is. Otherwise, a session is
started on this machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from accord.statlib.link import assign, facts, fellegi_sunter, model
from accord.statlib.link.assign import Links, Node
from accord.statlib.link.candidates import LARGEST_BLOCK, known_fields
from accord.statlib.link.model import Result, Tally, Two
from accord.statlib.link.tokens import Kind, TokenList, rarity_kinds

PAIR = ("list", "record", "other_list", "other_record")


def link(lists: Sequence[TokenList], kinds: Sequence[Kind], not_same: Iterable[tuple[Node, Node]] = ()) -> Result:
    """Link lists as `model.link` does. The result is the same except for rounding."""
    known = [known_fields(one, kinds) for one in lists]
    apart = model.told_apart(not_same)
    with tempfile.TemporaryDirectory() as folder:
        spark = session()
        written(Path(folder), lists, kinds, known)
        pairs = patterns(spark, folder).cache()
        tallies = counted(pairs)
        numbers = range(len(lists))
        across = {two: tallies.get(two, EMPTY) for two in combinations(numbers, 2)}
        within = [tallies.get((i, i), EMPTY) for i in numbers]
        patterns_seen = model.count(known, across, within)
        fitted = fellegi_sunter.fit(patterns_seen, kinds)
        odds = pl.concat(
            pl.DataFrame({"list": i, "other_list": j, "pattern": patterns_seen.patterns, "odds": fitted.odds[k]})
            for k, (i, j) in enumerate(across)
        )
        odds.write_parquet(Path(folder) / "odds.parquet")
        certain_pairs = [(i, a, j, b) for (i, j), some in apart.items() for a, b in some]
        found = scored(pairs, spark.read.parquet(f"{folder}/odds.parquet"), certain_pairs)
        links = {two: one_to_one(found, two) for two in across}
        pairs.unpersist()
    return Result([one.size for one in lists], links, fitted, [model.repeated(one) for one in within])


EMPTY = Tally(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def written(folder: Path, lists: Sequence[TokenList], kinds: Sequence[Kind], known: Sequence[facts.Ints]) -> None:
    """Write Parquet files for Spark with the tokens and each record's known fields. The 64-bit tokens are written as
    signed numbers."""
    rare = set(rarity_kinds(kinds))
    (folder / "tokens").mkdir()
    (folder / "known").mkdir()
    for i, one in enumerate(lists):
        records = pl.DataFrame({"list": i, "record": np.arange(one.size), "known": known[i]})
        records.write_parquet(folder / "known" / f"{i}.parquet")
        tokens = pl.concat(
            pl.DataFrame(
                {"record": one.records[k].astype(np.int64), "token": one.tokens[k].view(np.int64)}
            ).with_columns(
                list=pl.lit(i, pl.Int64),
                kind=pl.lit(k, pl.Int64),
                proof=pl.lit(facts.proven(kind), pl.Int64),
                rare=pl.lit(k in rare),
            )
            for k, kind in enumerate(kinds)
        )
        tokens.write_parquet(folder / "tokens" / f"{i}.parquet")


def session() -> SparkSession:
    """Return the running session, or start a small one on this machine."""
    small = SparkSession.builder.appName("accord link").config("spark.ui.enabled", "false")
    running = SparkSession.getActiveSession()
    return running or small.config("spark.sql.shuffle.partitions", "8").getOrCreate()


def patterns(spark: SparkSession, folder: str) -> DataFrame:
    """Return every pair that shares a token, across lists and within them, with its pattern."""
    tokens, known = spark.read.parquet(f"{folder}/tokens"), spark.read.parquet(f"{folder}/known")
    everywhere = Window.partitionBy("kind", "token")
    here = Window.partitionBy("kind", "token", "list")
    others = F.count("*").over(everywhere) - 2
    step = sum((others >= int(edge)).cast("int") for edge in facts.RARITY_STEPS)
    rarity = F.when(
        F.col("rare"), F.shiftleft(F.lit(1), facts.RARITY_SHIFT).cast("long") * F.pow(F.lit(2), step).cast("long")
    )
    proof = F.col("proof").bitwiseOR(F.coalesce(rarity, F.lit(0).cast("long")))
    left = tokens.withColumn("proof", proof).select("list", "record", "kind", "token", "proof")
    few = tokens.withColumn("size", F.count("*").over(here)).where(F.col("size") <= int(LARGEST_BLOCK**0.5))
    right = few.select(F.col("list").alias("other_list"), F.col("record").alias("other_record"), "kind", "token")
    ordered = (F.col("list") < F.col("other_list")) | (
        (F.col("list") == F.col("other_list")) & (F.col("record") < F.col("other_record"))
    )
    joined = left.join(right, ["kind", "token"]).where(ordered).groupBy(*PAIR).agg(F.bit_or("proof").alias("proof"))
    other = known.select(
        F.col("list").alias("other_list"), F.col("record").alias("other_record"), F.col("known").alias("other_known")
    )
    both = F.col("proof").bitwiseOR(F.col("known").bitwiseAND(F.col("other_known")))
    return (
        joined.join(known, ["list", "record"])
        .join(other, ["other_list", "other_record"])
        .select(*PAIR, both.alias("pattern"))
    )


def counted(pairs: DataFrame) -> dict[Two, Tally]:
    """Count the pairs with each pattern, separately for each combination of lists."""
    rows = pairs.groupBy("list", "other_list", "pattern").count().collect()
    by_lists: dict[Two, list[tuple[int, int]]] = {}
    for i, j, pattern, number in rows:
        by_lists.setdefault((i, j), []).append((pattern, number))
    return {two: Tally(*np.array(sorted(some), dtype=np.int64).T) for two, some in by_lists.items()}


def scored(pairs: DataFrame, odds: DataFrame, apart: Sequence[tuple[int, int, int, int]]) -> list[Any]:
    """Return the record pairs that are worth keeping, with their probabilities after competition (see
    `assign.compete`)."""
    each = pairs.join(F.broadcast(odds), ["list", "other_list", "pattern"])
    if apart:
        spark = pairs.sparkSession
        each = each.join(
            spark.createDataFrame(apart, ", ".join(f"{name} long" for name in PAIR)),
            list(PAIR),
            "left_anti",
        )
    row = Window.partitionBy("list", "other_list", "record")
    column = Window.partitionBy("list", "other_list", "other_record")
    rivals = F.sum("odds").over(row) + F.sum("odds").over(column) - F.col("odds")
    probability = (F.col("odds") / (1 + rivals)).alias("probability")
    found = each.select(*PAIR, probability).where(F.col("probability") >= assign.WORTH_KEEPING)
    rows: list[Any] = found.orderBy(*PAIR).collect()
    return rows


def one_to_one(found: Sequence[Any], two: Two) -> Links:
    """Return the one-to-one links of two lists."""
    own = [(a, b, p) for i, a, j, b, p in found if (i, j) == two]
    left, right, probability = (np.array(column) for column in zip(*own, strict=True)) if own else (np.zeros(0),) * 3
    return assign.one_to_one(Links(left.astype(np.int32), right.astype(np.int32), probability.astype(float)))
