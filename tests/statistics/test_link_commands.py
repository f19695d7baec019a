"""`accord link` and `accord encode` as a user runs them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from accord import cli
from accord.cli._people import MARK
from accord.statlib.files import LONGEST_LINE
from bench.people import several_agencies, truth, two_agencies

HEADER = "id,first_name,last_name,birth_date,sex,place\n"
ANA = "1,Ana,Cruz,1990-03-02,F,Riverbend\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two lists of 1,000 records, their truth, a key, and both lists encoded."""
    to = tmp_path_factory.mktemp("lists")
    a, b = two_agencies(2_000, seed=9)
    a.drop("pid").write_csv(to / "a.csv")
    b.drop("pid").write_csv(to / "b.csv")
    truth(a, b).write_csv(to / "truth.csv")
    assert cli.main(["encode", "--new-key", "--key-file", str(to / "key")]) == 0
    for name in ("a", "b"):
        assert (
            cli.main(
                ["encode", str(to / f"{name}.csv"), "--key-file", str(to / "key"), "--out", str(to / f"t{name}.csv")]
            )
            == 0
        )
    return to


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_readable_lists_give_pairs_and_quality(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(folder / name) for name in ("a.csv", "b.csv")]
    assert cli.main(["link", *paths, "--readable", "--truth", str(folder / "truth.csv")]) == 0
    said = capsys.readouterr()
    true = {(row["left"], row["right"]) for row in table((folder / "truth.csv").read_text())}
    pairs = [row for row in table(said.out) if float(row["probability"]) >= 0.5]
    right = sum((row["left"], row["right"]) in true for row in pairs)
    assert right / len(pairs) > 0.97
    assert right / len(true) > 0.85
    assert "Distinct people: 1,7" in said.err
    assert "precision 0.9" in said.err


def test_encoded_lists_give_counts_that_hold_no_person(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["link", "--encoded", str(folder / "ta.csv"), str(folder / "tb.csv"), "--counts"]) == 0
    said = capsys.readouterr().out
    rows = table(said)
    assert set(rows[0]) == {"ta", "tb", "count"}
    assert sum(int(row["count"]) * (int(row["ta"]) + int(row["tb"])) for row in rows) == 2_000
    assert len(said.splitlines()) == 4


def test_encoded_file_holds_no_field(folder: Path) -> None:
    text = (folder / "ta.csv").read_text().lower()
    body = text.split("\n", 2)[2]
    names = {row["last_name"].lower() for row in table((folder / "a.csv").read_text()) if len(row["last_name"]) > 3}
    assert not any(name in body for name in names)


def test_key_is_for_its_owner_only_and_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (folder / "key").stat().st_mode & 0o077 == 0
    assert cli.main(["encode", "--new-key", "--key-file", str(folder / "key")]) == 2
    assert "never overwritten" in capsys.readouterr().err


def test_same_input_gives_same_output(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        args = [
            str(folder / "ta.csv"),
            str(folder / "tb.csv"),
            "--out",
            str(tmp_path / name),
            "--clusters",
            str(tmp_path / f"{name}c"),
        ]
        assert cli.main(["link", *args]) == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "onec").read_bytes() == (tmp_path / "twoc").read_bytes()


def test_three_lists_and_cannot_link_facts(folder: Path, tmp_path: Path) -> None:
    for name in ("x", "y", "z"):
        (tmp_path / f"{name}.csv").write_bytes((folder / "a.csv").read_bytes())
    (tmp_path / "apart.csv").write_text("left,right\nx:a0,y:a0\nx:a0,z:a0\n")
    files = [str(tmp_path / f"{name}.csv") for name in ("x", "y", "z")]
    out = ["--out", str(tmp_path / "p"), "--clusters", str(tmp_path / "c"), "--not-same", str(tmp_path / "apart.csv")]
    assert cli.main(["link", *files, *out]) == 0
    clusters: dict[str, set[tuple[str, str]]] = {}
    for row in table((tmp_path / "c").read_text()):
        clusters.setdefault(row["cluster"], set()).add((row["list"], row["id"]))
    assert {("y", "a0"), ("z", "a0")} in clusters.values()
    assert sum(len(group) == 3 for group in clusters.values()) > 900
    assert all(len({name for name, _ in group}) == len(group) for group in clusters.values())


def test_mapping_names_the_columns(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        text = (
            (folder / f"{name}.csv")
            .read_text()
            .replace("first_name,last_name,birth_date", "Vorname,Nachname,Geburt", 1)
        )
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "map.yaml").write_text("first_name: Vorname\nlast_name: Nachname\nbirth_date: Geburt\n")
    files = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    assert cli.main(["link", *files, "--map", str(tmp_path / "map.yaml")]) == 0
    mapped = capsys.readouterr().out
    assert cli.main(["link", str(folder / "a.csv"), str(folder / "b.csv")]) == 0
    assert mapped == capsys.readouterr().out


FAULTS = {
    "one list": ([HEADER + ANA], "a.csv: one list can't be linked"),
    "empty file": ([HEADER + ANA, ""], "b.csv: is empty"),
    "empty list": ([HEADER + ANA, HEADER], "b.csv: has no records"),
    "no names": (
        [HEADER + ANA, "id,birth_date\n1,1990-03-02\n"],
        "b.csv, row 1: no column for first_name or last_name",
    ),
    "no birth date": ([HEADER + ANA, "id,first_name\n1,Ana\n"], "b.csv, row 1: no column for birth_date"),
    "unreadable date": (
        [HEADER + ANA, HEADER + ANA + ANA.replace("1,", "2,", 1).replace("1990-03-02", "2 March")],
        "b.csv, row 3, column birth_date: not a readable date",
    ),
    "short row": ([HEADER + ANA, HEADER + ANA + "2,Ana\n"], "b.csv, row 3: has 2 columns, the header has 6"),
    "repeated id": (
        [HEADER + ANA, HEADER + ANA + ANA],
        "b.csv, row 3, column id: this id is missing or was already used",
    ),
    "repeated column": (
        [HEADER + ANA, HEADER.replace("sex", "id") + ANA],
        "b.csv, row 1, column id: this column is in the header",
    ),
    "million columns": ([HEADER + ANA, "a," * LONGEST_LINE + "\n"], "b.csv, row 1: this line is longer than"),
    "thousands of columns": ([HEADER + ANA, "a," * 5000 + "\n"], "b.csv, row 1: has 5,000 columns"),
    "tokens beside names": (
        [HEADER + ANA, f"{MARK}; scheme bound; key 00\n"],
        "b.csv: has tokens, but another",
    ),
    "tokens of an older spelling": (
        ["# accord tokens 1; scheme bound; key 00\n"] * 2,
        "a.csv, row 1: made by another version of Accord, which spells names differently: encode it again",
    ),
    "half a quote": ([HEADER + ANA, HEADER + '2,"Ana\n'], "b.csv, row 2: not a table"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_one_line_and_exit_code_two(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, expected = FAULTS[fault]
    files = []
    for name, text in zip(("a.csv", "b.csv"), texts, strict=False):
        (tmp_path / name).write_text(text)
        files.append(str(tmp_path / name))
    assert cli.main(["link", *files]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"accord: {expected}")
    assert len(said.err.splitlines()) == 1 and said.out == ""


def test_mixed_encodings_are_reported_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ANA)
    (tmp_path / "b.csv").write_bytes((HEADER + ANA.replace("Ana", "José")).encode() + b"2,Jos\xe9,Cruz,1990,M,\n")
    assert cli.main(["link", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]) == 2
    assert capsys.readouterr().err == "accord: b.csv, row 3: not UTF-8 text; save the file as UTF-8\n"


def test_missing_file_and_other_keys(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["link", str(folder / "a.csv"), str(tmp_path / "none.csv")]) == 2
    assert "none.csv: cannot be read (no such file or directory)" in capsys.readouterr().err
    assert cli.main(["encode", "--new-key", "--key-file", str(tmp_path / "other")]) == 0
    args = [str(folder / "b.csv"), "--key-file", str(tmp_path / "other"), "--out", str(tmp_path / "t.csv")]
    assert cli.main(["encode", *args]) == 0
    assert cli.main(["link", str(folder / "ta.csv"), str(tmp_path / "t.csv")]) == 2
    assert "t.csv: made with another key, purpose, period or scheme than ta.csv" in capsys.readouterr().err


def test_the_commands_need_no_django() -> None:
    code = "import sys; import accord.cli.link, accord.cli.encode; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


POPULATION = 2_000


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], int]:
    """Return three independent lists of half of a population, and how many different people are on them."""
    to = tmp_path_factory.mktemp("three")
    frames = several_agencies(POPULATION, [0.5, 0.5, 0.5], seed=9)
    for name, frame in zip("abc", frames, strict=True):
        frame.drop("pid").write_csv(to / f"{name}.csv")
    return [str(to / f"{name}.csv") for name in "abc"], len(set().union(*(frame["pid"].to_list() for frame in frames)))


def test_linkage_error_is_carried_from_the_counts_into_the_estimate(
    three: tuple[list[str], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, people = three
    counted, drawn = str(tmp_path / "counts.csv"), str(tmp_path / "drawn.csv")
    assert cli.main(["link", *files, "--counts", "--out", counted, "--imputed", drawn]) == 0
    found = sum(int(row["count"]) for row in table(Path(counted).read_text()))
    seen: Counter[str] = Counter()
    on_b: Counter[str] = Counter()
    for row in table(Path(drawn).read_text()):
        seen[row["imputation"]] += int(row["count"])
        on_b[row["imputation"]] += int(row["count"]) * int(row["b"])
    assert len(seen) == 40
    assert set(on_b.values()) == {len(table(Path(files[1]).read_text()))}
    assert len(set(seen.values())) > 5
    mean = sum(seen.values()) / 40
    assert abs(mean - people) < 0.02 * people
    assert abs(mean - people) < abs(found - people)
    capsys.readouterr()
    assert cli.main(["estimate", counted, "--imputed", drawn, "--bootstrap", "0", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    carried = answer["sensitivity"]["linkage"]
    assert carried["lower"] < carried["estimate"] < carried["upper"]
    assert abs(carried["estimate"] - POPULATION) < abs(answer["estimate"] - POPULATION)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["link", "{a}", "{b}", "--imputed", "x.csv"], "--imputed needs --counts"),
        (["link", "{a}", "{b}", "--counts", "--seed", "-1"], "--seed must be a whole number"),
        (
            ["estimate", "{counts}", "--imputed", "{drawn}", "--recall", "0.9"],
            "--imputed can't be combined with --recall",
        ),
        (["estimate", "{counts}", "--imputed", "{other}"], "other.csv, row 1: has different lists than counts.csv"),
        (["estimate", "{counts}", "--imputed", "{counts}"], "no such column to stratify by"),
    ],
)
def test_random_tables_that_do_not_fit_are_refused(
    command: list[str],
    why: str,
    three: tuple[list[str], int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    body = "{n}1,0,30\n{n}0,1,30\n{n}1,1,20\n"
    texts = {
        "counts": "a,b,count\n" + body.replace("{n}", ""),
        "drawn": "imputation,a,b,count\n" + body.replace("{n}", "1,"),
        "other": "imputation,a,d,count\n" + body.replace("{n}", "1,"),
    }
    paths = {"a": three[0][0], "b": three[0][1]}
    for name, text in texts.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        Path(paths[name]).write_text(text)
    assert cli.main([word.format(**paths) for word in command]) == 2
    assert why in capsys.readouterr().err


PEOPLE = [
    f"{'abcdefghij'[n % 10]}ana,{'klmnopqrst'[n // 10]}ruz,{1960 + n % 40}-{n % 12 + 1:02d}-{n % 27 + 2:02d},F"
    for n in range(100)
]


def linked(folder: Path, capsys: pytest.CaptureFixture[str], *bodies: str) -> tuple[int, str]:
    """Return the exit code of `accord link --counts` over lists with these contents, and what it said."""
    files = []
    for name, body in zip("ab", bodies, strict=True):
        (folder / f"{name}.csv").write_bytes(body.encode())
        files.append(str(folder / f"{name}.csv"))
    capsys.readouterr()
    code = cli.main(["link", *files, "--counts"])
    said = capsys.readouterr()
    return code, said.out + said.err


def hundred(change: Callable[[str], str] = str, head: str = "first_name,last_name,birth_date,sex\n") -> str:
    """Return a hundred people, each line changed in the same way."""
    return head + "".join(change(line) + "\n" for line in PEOPLE)


def with_date(form: str) -> Callable[[str], str]:
    """Return the birth date in another form, by the codes of strftime."""

    def change(line: str) -> str:
        first, last, born, sex = line.split(",")
        return f"{first},{last},{dt.date.fromisoformat(born).strftime(form)},{sex}"

    return change


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    "other",
    [
        hundred(with_date("%Y%m%d")),
        hundred(lambda line: line.translate(ARABIC)),
        hundred(lambda line: line.replace(",F", ",Mujer")),
        hundred().replace("\n", "\r"),
        hundred() + ",,,\n , ,,\n\n",
        "sep=;\n" + hundred().replace(",", ";"),
        hundred().replace(",", ";"),
        hundred().replace(",", "\t"),
    ],
    ids=["eight digits", "Arabic digits", "Mujer", "CR", "blank rows", "sep=;", "semicolons", "tabs"],
)
def test_the_same_people_written_otherwise_are_all_found(
    other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = linked(tmp_path, capsys, hundred(), other)
    assert code == 0
    assert "1,1,100\n" in said


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ("%d%m%Y", "b.csv, row 2, column birth_date: these eight digits are not a date"),
        ("%m%d%Y", "b.csv, row 2, column birth_date: these eight digits are not a date"),
        ("%m/%d/%Y", "b.csv, row 2, column birth_date: not a readable date"),
    ],
)
@pytest.mark.parametrize("command", ["link", "encode"])
def test_another_order_of_the_date_is_refused(
    command: str, form: str, why: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text(hundred())
    (tmp_path / "b.csv").write_text(hundred(with_date(form)))
    args = {
        "link": [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")],
        "encode": [str(tmp_path / "b.csv"), "--key-file", str(folder / "key"), "--out", str(tmp_path / "t.csv")],
    }
    assert cli.main([command, *args[command]]) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "t.csv").exists()


@pytest.mark.parametrize(
    "instead", ["0000-00-00", "9999-12-31", "1111-11-11", "2000-00-00", "1999-09-09", "1900-01-01"]
)
def test_a_placeholder_links_as_an_empty_date(
    instead: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three in ten dates replaced, in both lists: the same pairs as without a date, and their number is reported."""
    results = []
    for value in ("", instead):
        files = []
        for name in ("a", "b"):
            rows = table((folder / f"{name}.csv").read_text())
            for row in rows[::3]:
                row["birth_date"] = value
            files.append(str(tmp_path / f"{name}.csv"))
            with Path(files[-1]).open("w", newline="") as stream:
                writer = csv.DictWriter(stream, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        assert cli.main(["link", *files]) == 0
        results.append(capsys.readouterr())
    assert results[0].out == results[1].out
    assert "a.csv: 334 birth dates" in results[1].err and "a.csv: 334 birth dates" not in results[0].err


def test_names_of_lists_are_those_that_estimate_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["Harbor House clients " + "of the whole year " * 4 + "corrected", "count", "a:b", "Imputation", "x+y,z"]
    files = []
    for name in names:
        files.append(str(tmp_path / f"{name}.csv"))
        Path(files[-1]).write_text(hundred())
    out, drawn = str(tmp_path / "out"), str(tmp_path / "drawn")
    assert cli.main(["link", *files, "--counts", "--out", out, "--imputed", drawn]) == 0
    said = capsys.readouterr().err
    assert "count.csv: the list is called 'count-2' in the output." in said
    header = Path(out).read_text().splitlines()[0].split(",")
    assert header[1:] == ["count-2", "a-b", "Imputation-4", "x-y-z", "count"]
    assert 50 < len(header[0]) <= 60
    code = cli.main(["estimate", out, "--imputed", drawn, "--bootstrap", "0"])
    assert code in (0, 3), capsys.readouterr().err  # 3: a gate refuses lists that are all the same


def test_a_mapping_is_read_as_it_was_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "map.yaml").write_text("first_name: NO\nlast_name: 010\nbirth_date: 1e3\nsex: yes\n")
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(hundred(head="NO,010,1e3,yes\n"))
    files = [str(tmp_path / f"{name}.csv") for name in "ab"]
    assert cli.main(["link", *files, "--map", str(tmp_path / "map.yaml"), "--counts"]) == 0
    assert "1,1,100\n" in capsys.readouterr().out
