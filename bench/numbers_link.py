"""Compare linkage with its promises, and with Splink on the same unencrypted files, for `make bench-numbers`.

Each measurement runs in its own process, so that its time and peak memory can be measured: `python -m
bench.numbers_link ours|splink|attack DATA SEED [bound|joined]`, where DATA is `febrl4` or a number of records. `python
-m bench.numbers_link` prints all rows. `--quick` leaves out the million records, and `--shapes` prints only the lists
with less information.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from accord.statlib.link import assign, attack, counts, model, quality, tokens
from accord.statlib.link.assign import Links, Node
from bench.people import several_agencies, two_agencies
from bench.shapes import SHAPES, outcome, shaped
from tests.statistics.linkage import KEY, febrl4, people

Row = tuple[str, str, str, str]
Measured = dict[str, Any]


def lists(data: str, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the two lists in a data set. Both have `id`, `pid` (the truth) and the five fields."""
    return febrl4() if data == "febrl4" else two_agencies(int(data), seed)


def measured(links: Links, a: pl.DataFrame, b: pl.DataFrame, start: tuple[float, float]) -> Measured:
    """Return the quality of one-to-one links compared with the truth, and the elapsed and processor seconds since
    `start`."""
    wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    left, right = a["pid"].to_numpy(), b["pid"].to_numpy()
    true = left[links.left] == right[links.right]
    matches = len(np.intersect1d(left, right))
    best = quality.best(links.probability, true, matches)
    half = quality.score(links.probability, true, matches, 0.5)
    return {
        "best": best.f1,
        "half": half.f1,
        "precision": half.precision,
        "recall": half.recall,
        "sum": float(links.probability.sum()),
        "true": int(true.sum()),
        "matches": matches,
        "wall": wall,
        "cpu": cpu,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def ours(data: str, seed: int, scheme: str) -> Measured:
    """Encode and link two lists. The seconds include encoding, but not making the lists."""
    a, b = lists(data, seed)
    here, there = people(a), people(b)
    kinds = tokens.kinds_of(scheme)
    start = (time.perf_counter(), time.process_time())
    made = [tokens.encode(one, KEY, kinds) for one in (here, there)]
    encoding = time.process_time() - start[1]
    result = model.link(made, kinds)
    found = measured(result.links[0, 1], a, b, start)
    proposed = float(result.model.proposed[0])

    def clusters_at(threshold: float) -> list[list[Node]]:
        return assign.clusters(result.links, threshold=threshold, proposed=proposed)

    distinct = counts.distinct(result, clusters_at)
    truth = sum(result.sizes) - found["matches"]
    return found | {"encoding": encoding, "distinct": [distinct.lower, distinct.best, distinct.upper, truth]}


def splink(data: str, seed: int, _: str) -> Measured:
    """Run Splink 5 on DuckDB with unencrypted fields and its usual comparisons, trained as its manual says, then
    keep one-to-one links."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frames = []
    for frame in lists(data, seed):
        plain = {name: [value or None for value in frame[name].to_list()] for name in frame.columns if name != "pid"}
        frames.append(pd.DataFrame(plain | {"pid": frame["pid"].to_list(), "n": range(len(frame))}))
    a, b = lists(data, seed)
    start = (time.perf_counter(), time.process_time())
    rules = [
        block_on("first_name", "last_name"),
        block_on("birth_date", "first_name"),
        block_on("birth_date", "last_name"),
        block_on("birth_date", "place"),
        block_on("last_name", "place", "substr(first_name,1,2)"),
        block_on("substr(first_name,1,3)", "substr(last_name,1,3)", "substr(birth_date,1,4)"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="n",
        comparisons=[
            cl.JaroWinklerAtThresholds("first_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("last_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
            cl.ExactMatch("place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    database = DuckDBAPI()
    tables = [database.register(f, dataset_display_name=name) for f, name in zip(frames, ("a", "b"), strict=True)]
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "last_name"))
    pairs = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    flipped = (pairs["source_dataset_l"] == "b").to_numpy()
    left = np.where(flipped, pairs["n_r"], pairs["n_l"]).astype(np.int32)
    right = np.where(flipped, pairs["n_l"], pairs["n_r"]).astype(np.int32)
    links = assign.one_to_one(Links(left, right, pairs["match_probability"].to_numpy(dtype=float)))
    return measured(links, a, b, start)


def attacked(data: str, seed: int, scheme: str) -> Measured:
    """Run both attacks on list a. The attacker has list b unencrypted, which shares three in ten of its people."""
    a, b = lists(data, seed)
    here, known, kinds = people(a), people(b), tokens.kinds_of(scheme)
    made = tokens.encode(here, KEY, kinds)
    names = {part: attack.true_names(here, part) for part in attack.PARTS}
    return {
        "ranking": [attack.ranking(made, kinds, known, names[part], part) for part in attack.PARTS],
        "chaining": [attack.chaining(made, kinds, known, names[part], part) for part in attack.PARTS],
    }


WORK: dict[str, Callable[[str, int, str], Measured]] = {"ours": ours, "splink": splink, "attack": attacked}


def apart(what: str, data: str, seed: int, scheme: str = "bound") -> Measured:
    """Run one measurement in its own process."""
    command = [sys.executable, "-m", "bench.numbers_link", what, data, str(seed), scheme]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: Measured = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def verdict(*held: bool) -> str:
    """Return whether every promise of a row was kept."""
    return "kept" if all(held) else "MISSED"


def linkage_rows(data: str, seed: int, scheme: str, least: float, limits: tuple[float, float]) -> list[Row]:
    """Return our row and Splink's row for one data set. `limits` are seconds and gigabytes."""
    one, other = apart("ours", data, seed, scheme), apart("splink", data, seed)
    lower, best, upper, truth = one["distinct"]
    name = f"{data} seed {seed}, {scheme}" if data != "febrl4" else f"febrl4, {scheme}"
    cost = verdict(one["cpu"] <= limits[0], one["gigabytes"] <= limits[1])
    return [
        (
            f"link {name}: best F1 (F1, P, R at .5)",
            f"{one['best']:.4f} ({one['half']:.4f}, {one['precision']:.3f}, {one['recall']:.3f})",
            f"at least {least}; Splink, in the clear {other['best']:.4f} ({other['half']:.4f})",
            verdict(one["best"] >= least, data != "febrl4" or one["half"] >= 0.94),
        ),
        (
            f"link {name}: processor seconds (encoding; wall), peak GB",
            f"{one['cpu']:.1f} ({one['encoding']:.1f}; {one['wall']:.1f}), {one['gigabytes']:.2f}",
            f"at most {limits[0]:g} and {limits[1]:g}; Splink {other['cpu']:.1f} ({other['wall']:.1f}), {other['gigabytes']:.2f}",
            cost,
        ),
        (
            f"link {name}: sum of probabilities, true pairs linked",
            f"{one['sum']:.0f}, {one['true']} ({one['sum'] / one['true'] - 1:+.1%})",
            f"within 5%; Splink {other['sum'] / other['true'] - 1:+.1%}",
            verdict(abs(one["sum"] / one["true"] - 1) <= 0.05),
        ),
        (
            f"link {name}: distinct people, range",
            f"{best:.0f} ({lower:.0f} to {upper:.0f})",
            f"truth {truth}",
            verdict(lower <= truth <= upper),
        ),
    ]


def attack_rows(scheme: str) -> list[Row]:
    """Return the rows for the two attacks on the tokens of 50,000 records."""
    found = apart("attack", "100000", 1, scheme)
    rows = []
    for name, most in (("ranking", 0.01), ("chaining", 0.02)):
        first, last = found[name]
        ours_text = f"first {first:.2%}, last {last:.2%}"
        rows.append(
            (f"attack by {name}, {scheme} tokens", ours_text, f"below {most:.0%}", verdict(max(first, last) < most))
        )
    return rows


def shape_rows(people: int = 6_000, seed: int = 1) -> list[Row]:
    """Return rows for three lists that each hold a third of the same people, with less information or in another
    script."""
    frames = several_agencies(people, [0.35] * 3, seed=seed, careful=True)
    found, whole = [], None
    for shape in SHAPES:
        for scheme in tokens.SCHEMES:
            if (shape, scheme) == ("no birth date in one", "bound"):
                continue  # its names are tied to a date, year or place: without dates, most pairs are lost
            one = outcome(shaped(frames, shape), KEY, scheme)
            whole = whole or one
            off = one.distinct.best / one.truth - 1
            found.append(
                (
                    f"{shape}, {scheme}: distinct people (missed), F1",
                    f"{one.distinct.best:.0f} ({one.distinct.missed:.0f}), {off:+.2%}; {one.f1:.4f}",
                    f"truth {one.truth}, within 1%; F1 at least {whole.f1 - 0.02:.4f}",
                    verdict(abs(off) <= 0.01, one.f1 >= whole.f1 - 0.02),
                )
            )
    noisy = several_agencies(people, [0.35] * 3, seed=seed)
    for shape in ("all fields", "birth years only", "one-word names"):
        one = outcome(shaped(noisy, shape), KEY)
        most = f"{one.distinct.best:.0f} ({one.distinct.missed:.0f}), {one.distinct.best / one.truth - 1:+.2%}; {one.f1:.4f}"
        found.append((f"{shape}, many errors, joined: the same", most, f"truth {one.truth}", "no promise"))
    return found


def rows(*, million: bool = True) -> list[Row]:
    """Return all rows as (what, ours, reference, verdict)."""
    found = linkage_rows("febrl4", 1, "bound", 0.97, (40, 4))
    for seed in (1, 2, 3):
        found += linkage_rows("100000", seed, "bound", 0.895, (40, 4))
    found += linkage_rows("100000", 1, "joined", 0.915, (40, 4))
    found += shape_rows()
    found += attack_rows("bound") + attack_rows("joined")
    if million:
        found += linkage_rows("1000000", 1, "bound", 0.0, (3600, 4))
    return found


def main() -> None:
    if len(sys.argv) > 3:
        scheme = sys.argv[4] if len(sys.argv) > 4 else "bound"
        print(json.dumps(WORK[sys.argv[1]](sys.argv[2], int(sys.argv[3]), scheme)))
        return
    shown = shape_rows() if "--shapes" in sys.argv else rows(million="--quick" not in sys.argv)
    for row in shown:
        print(" | ".join(row), flush=True)


if __name__ == "__main__":
    main()
