"""`accord estimate` as its user meets it: files in, page, JSON, exit code."""

import json
import xml.etree.ElementTree as ET

import pytest

from accord.cli import main
from bench.numbers_estimate import DATA

KEYS = {"observed", "lists", "method", "terms", "estimate", "intervals", "models", "gates", "warnings"}


def run(capsys, *args):
    code = main(["estimate", *map(str, args)])
    out = capsys.readouterr()
    return code, out.out, out.err


def as_json(capsys, *args):
    code, out, err = run(capsys, *args, "--json")
    assert err == ""
    return code, json.loads(out)


@pytest.fixture
def csv(tmp_path):
    def write(text, name="lists.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_json_has_the_stable_keys(capsys):
    code, found = as_json(capsys, DATA / "uk_5.csv", "--bootstrap", 300)
    assert code == 0
    assert set(found) >= KEYS
    assert found["observed"] == 2744
    assert found["lists"] == ["LA", "NG", "PFNCA", "GO", "GP"]
    assert found["method"] == "stepwise"
    assert found["terms"][0] == "LA:NG"
    assert found["estimate"] == pytest.approx(11313, abs=1)
    assert {(i["kind"], i["level"]) for i in found["intervals"]} == {
        (kind, level) for kind in ("bca", "percentile", "wald") for level in (0.95, 0.8)
    }
    assert all(i["lower"] < found["estimate"] < i["upper"] for i in found["intervals"])
    assert found["models"][0].keys() == {"terms", "estimate", "bic"}
    assert len(found["models"]) == 33
    assert [gate["passed"] for gate in found["gates"]] == [True] * 6
    assert any("33 models fit about as well" in line for line in found["warnings"])


def test_the_same_seed_gives_the_same_output(capsys):
    args = (DATA / "korea_3.csv", "--bootstrap", 200, "--recall", 0.95, "--seed", 5)
    assert run(capsys, *args) == run(capsys, *args)


def test_the_page_says_what_was_seen_what_is_estimated_and_what_not_to_conclude(capsys):
    code, page, err = run(capsys, DATA / "uk_5.csv", "--bootstrap", 200, "--recall", 0.95)
    assert (code, err) == (0, "")
    assert "2,744 different people on at least one list" in page
    assert "11,300 people in all" in page
    for heading in ("INTERVALS", "MODELS THAT FIT", "WHAT CHANGES THE ANSWER", "GATES", "WHAT NOT TO CONCLUDE"):
        assert heading in page
    assert "without PFNCA" in page
    assert "decomposable graphs" in page
    assert "with linkage error" in page
    assert max(map(len, page.splitlines())) <= 100


@pytest.mark.parametrize(
    ("method", "estimate", "kind"),
    [
        ("wald-aic", 11304, "profile"),
        ("bic", 22991, "wald"),
        ("independence", 13444, "wald"),
        ("bayes", 12400, "credible"),
    ],
)
def test_each_method_answers(capsys, method, estimate, kind):
    code, found = as_json(capsys, DATA / "uk_5.csv", "--method", method, "--bootstrap", 0)
    assert code == 0
    assert found["estimate"] == pytest.approx(estimate, rel=0.01 if method == "bayes" else 0.001)
    assert found["intervals"][0]["kind"] == kind


def test_a_table_too_sparse_is_refused_and_nothing_gives_the_number_away(capsys):
    code, found = as_json(capsys, DATA / "new_orleans_5.csv")
    assert code == 3
    assert found["estimate"] is None
    assert (found["terms"], found["intervals"], found["models"]) == ([], [], [])
    assert [gate["name"] for gate in found["gates"] if not gate["passed"]] == ["overlaps"]
    code, page, _ = run(capsys, DATA / "new_orleans_5.csv")
    assert code == 3
    assert "NO ESTIMATE IS SHOWN" in page
    assert "1,03" not in page


def test_despite_the_gates_it_is_computed_with_the_gates_in_the_output(capsys):
    code, found = as_json(capsys, DATA / "new_orleans_5.csv", "--despite-gates", "--bootstrap", 200)
    assert code == 0
    assert found["estimate"] == pytest.approx(1034.2, abs=0.1)
    assert any(not gate["passed"] for gate in found["gates"])


def test_where_no_estimate_exists_the_gates_cannot_be_passed_over(capsys, csv):
    path = csv("A,B,C,count\n1,0,0,40\n0,1,0,40\n0,0,1,40\n")
    code, found = as_json(capsys, path, "--despite-gates")
    assert (code, found["estimate"]) == (3, None)
    code, page, _ = run(capsys, path, "--despite-gates")
    assert code == 3
    assert "no finite maximum" in page


@pytest.mark.parametrize(
    ("rows", "failed"),
    [
        ("A,B,count\n1,0,100\n0,1,100\n1,1,50\n", ["lists", "overlaps"]),
        ("A,B,C,count\n1,0,0,90\n0,1,0,90\n0,0,1,5\n1,1,0,30\n1,0,1,12\n", ["list_sizes"]),
        ("A,B,C,count\n1,0,0,90\n0,1,0,90\n0,0,1,50\n1,1,0,30\n1,0,1,9\n0,1,1,9\n", ["overlaps"]),
    ],
)
def test_each_gate_refuses(capsys, csv, rows, failed):
    path = csv(rows)
    code, found = as_json(capsys, path)
    assert code == 3
    assert [gate["name"] for gate in found["gates"] if not gate["passed"]] == failed


def test_merged_lists_give_the_published_table(capsys):
    code, found = as_json(capsys, DATA / "uk_6.csv", "--merge", "PF+NCA", "--bootstrap", 0)
    assert code == 0
    assert found["lists"] == ["LA", "NG", "PF+NCA", "GO", "GP"]
    assert found["estimate"] == pytest.approx(11313, abs=1)


def test_kept_lists_lose_the_people_on_none_of_them(capsys):
    _, found = as_json(capsys, DATA / "uk_5.csv", "--lists", "LA,NG,PFNCA,GO", "--bootstrap", 0)
    assert found["observed"] == 2428


def test_strata_add_up_to_the_total(capsys, csv):
    body = (DATA / "kosovo_4.csv").read_text().splitlines()
    rows = [f"{side},{line}" for side in ("north", "south") for line in body[1:]]
    path = csv("\n".join(["side," + body[0], *rows]))
    code, found = as_json(capsys, path, "--stratify", "side", "--bootstrap", 300)
    assert code == 0
    assert found["observed"] == 8800
    assert found["estimate"] == pytest.approx(2 * 14341.7, rel=1e-4)
    assert set(found["strata"]) == {"north", "south"}
    total, one = (
        {i["kind"]: i for i in part["intervals"] if i["level"] == 0.95} for part in (found, found["strata"]["north"])
    )
    for kind in ("bca", "percentile", "wald"):
        width = (total[kind]["upper"] - total[kind]["lower"]) / (one[kind]["upper"] - one[kind]["lower"])
        assert width == pytest.approx(2**0.5, rel=0.25)
    code, page, _ = run(capsys, path, "--stratify", "side", "--bootstrap", 100)
    assert "STRATA" in page
    assert "south" in page


def test_the_plot_is_an_svg_with_a_title_and_a_description(capsys, tmp_path):
    run(capsys, DATA / "uk_5.csv", "--bootstrap", 100, "--plot", tmp_path / "uk.svg")
    root = ET.parse(tmp_path / "uk.svg").getroot()
    assert root.tag.endswith("svg")
    assert "uk_5.csv" in root.find("{*}title").text
    assert "2,744 people seen" in root.find("{*}desc").text
    assert len(root.findall("{*}circle")) == 20


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "lists.csv: is empty"),
        ("A,B,C\n1,0,0\n", "lists.csv, row 1: the last column must be named count"),
        ("A,A,count\n1,0,3\n", "lists.csv, row 1, column A: this column is in the header twice"),
        ("A,B:C,count\n1,0,3\n", "lists.csv, row 1: a list needs a name"),
        ("A,B,count\n", "lists.csv: there are no histories below the header"),
        ("A,B,count\n1,0,-3\n", "lists.csv, row 2, column count: a count is a whole number"),
        ("A,B,count\n1,0,3\n0,1,2.5\n", "lists.csv, row 3, column count: a count is a whole number"),
        ("A,B,count\n1,0,1e3\n", "lists.csv, row 2, column count: a count is a whole number"),
        ("A,B,count\n1,0,\n", "lists.csv, row 2, column count: a count is a whole number"),
        ("A,B,count\n1,0,٣\n", "lists.csv, row 2, column count: a count is a whole number"),
        ("A,B,count\n1,0,99999999999\n", "lists.csv, row 2, column count: a count is a whole number"),
        ("A,B,count\n1,x,3\n", "lists.csv, row 2, column B: a list column holds only 0 or 1"),
        ("A,B,count\n1,0,3\n1,0,4\n", "lists.csv, row 3: this history is in the file twice"),
        ("A,B,count\n0,0,3\n", "lists.csv, row 2: a history with no list cannot have been observed"),
        ("A,B,count\n1,0,3,9\n", "lists.csv, row 2: has 4 columns, the header has 3"),
        ("A,B,count\n1,0,3\n", "lists.csv, column B: no one is on this list"),
        ("A,count\n1,3\n", "lists.csv: an estimate needs at least two lists"),
        (b"A,B,count\n1,0,3\n\xff\xfe0,1,4\n", "lists.csv, row 3: not UTF-8 text"),
        ("A,B,count\n" + "1," * 500_000 + "3\n", "lists.csv, row 2: this line is longer than"),
        (",".join(f"L{i}" for i in range(500)) + ",count\n", "lists.csv, row 1: more than 20 lists"),
        (",".join("ABCDEFGHIJK") + ",count\n" + "1," * 11 + "5\n", "lists.csv: more than 10 lists"),
        ('A,B,count\n1,0,"3\n', "lists.csv, row 2: not a table"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(capsys, csv, content, line):
    path = csv(content)
    code, out, err = run(capsys, path)
    assert (code, out) == (2, "")
    assert err.startswith(f"accord: {line}")
    assert err.count("\n") == 1
    assert len(err) < 200


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["--lists", "LA,XX"], "there is no list named 'XX'"),
        (["--lists", "LA,LA"], "the same list is named twice"),
        (["--merge", "LA"], "merging needs at least two different lists"),
        (["--stratify", "side"], "uk_5.csv, row 1, column side: there is no such column"),
        (["--p", "2"], "--p must be a number from 0 to 1"),
        (["--bootstrap", "5"], "--bootstrap needs at least 100 resamples"),
        (["--level", "0"], "--level must be a number from 0.5 to 0.999"),
        (["--seed", "-1"], "--seed must be a whole number from 0"),
        (["--order", "9"], "--order must be a whole number from 2 to 4"),
        (["--bootstrap", "0", "--plot", "/nowhere/at/all.svg"], "all.svg: can't be written"),
    ],
)
def test_bad_options_get_one_line_and_exit_code_2(capsys, args, line):
    code, _, err = run(capsys, DATA / "uk_5.csv", *args)
    assert code == 2
    assert err.startswith(f"accord: {line}")


def test_a_file_that_is_not_there_gets_one_line(capsys, tmp_path):
    code, _, err = run(capsys, tmp_path / "none.csv")
    assert (code, err) == (2, "accord: none.csv: cannot be read (no such file or directory)\n")


def test_six_lists_are_too_many_for_all_models_and_the_line_says_what_to_do(capsys):
    code, _, err = run(capsys, DATA / "uk_6.csv", "--method", "bic")
    assert code == 2
    assert "merge some with --merge" in err


def test_a_byte_order_mark_spaces_and_blank_lines_do_no_harm(capsys, csv):
    text = (DATA / "korea_3.csv").read_text().replace(",", ", ").replace("\n", "\r\n\r\n")
    path = csv(b"\xef\xbb\xbf" + text.encode())
    code, found = as_json(capsys, path, "--bootstrap", 0)
    assert (code, found["lists"]) == (0, ["b", "c", "d"])
    assert found["estimate"] == pytest.approx(268.8, abs=0.05)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n,,,\n"])
def test_files_of_spreadsheets_are_read(capsys, csv, end):
    text = (DATA / "korea_3.csv").read_text()
    for path in (csv(text.replace("\n", end)), csv("sep=;\n" + text.replace(",", ";")), csv(text.replace(",", "\t"))):
        code, found = as_json(capsys, path, "--bootstrap", 0)
        assert (code, found["estimate"]) == (0, pytest.approx(268.8, abs=0.05))
