"""`accord protect`: files in, a table or one clear line out."""

from __future__ import annotations

import csv
import io
import json

import pytest

from accord.cli import main

TABLE = """county,kind,n
North,labour,23
North,sexual,4
North,both,31
South,labour,40
South,sexual,55
South,both,8
East,labour,12
East,sexual,17
East,both,0
"""


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_the_printed_table_reads_suppressed_and_does_not_reveal_which_cells_are_small(table, capsys):
    assert main(["protect", str(table), "--by", "county,kind", "--count", "n"]) == 0
    out, err = capsys.readouterr()
    rows = {(row["county"], row["kind"]): row["n"] for row in csv.DictReader(io.StringIO(out))}
    assert len(rows) == 16
    assert rows[("North", "sexual")] == rows[("South", "both")] == "suppressed"
    assert rows[("*", "*")] == "190"
    assert rows[("East", "both")] == "0"
    assert "primary" not in out
    assert "0 exposed" in err


def test_json_has_the_stable_keys_and_comes_back_as_what_is_published(table, tmp_path, capsys):
    call = ["protect", str(table), "--by", "county,kind", "--count", "n", "--json"]
    assert main(call) == 0
    first = json.loads(capsys.readouterr().out)
    assert list(first) == ["cells", "optimal", "gap", "audit", "seconds"]
    assert list(first["cells"][0]) == ["county", "kind", "value", "status"]
    assert set(first["audit"]) == {"cells", "exposed"}
    assert {cell["status"] for cell in first["cells"]} == {"published", "primary", "secondary"}
    old = tmp_path / "old.json"
    old.write_text(json.dumps(first), encoding="utf-8")
    assert main([*call, "--published", str(old)]) == 0
    assert json.loads(capsys.readouterr().out)["cells"] == first["cells"]


def test_agencies_are_added_up_and_their_rules_hold(tmp_path, capsys):
    file = tmp_path / "parts.csv"
    rows = [("East", who, 30) for who in "ABC"] + [("West", "A", 50), ("West", "B", 40)]
    rows += [(place, who, 40) for place in ("North", "South") for who in "ABC"]
    file.write_text("county,agency,n\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows), encoding="utf-8")
    assert main(["protect", str(file), "--by", "county", "--count", "n", "--agency", "agency", "--json"]) == 0
    status = {cell["county"]: cell["status"] for cell in json.loads(capsys.readouterr().out)["cells"]}
    assert status["West"] == "primary"
    assert status["*"] == "published"


def test_a_hierarchy_is_read_from_yaml(table, tmp_path, capsys):
    groups = tmp_path / "groups.yaml"
    groups.write_text("county:\n  Coast: [North, East]\n", encoding="utf-8")
    assert main(["protect", str(table), "--by", "county,kind", "--count", "n", "--hierarchy", str(groups)]) == 0
    assert "Coast,*,87" in capsys.readouterr().out


def test_an_exposed_published_table_is_refused_with_its_own_exit_code(table, tmp_path, capsys):
    call = ["protect", str(table), "--by", "county,kind", "--count", "n", "--json"]
    main([*call, "--threshold", "4"])
    old = tmp_path / "old.json"
    old.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main([*call, "--published", str(old)]) == 3
    out, err = capsys.readouterr()
    refused = json.loads(out)
    assert refused["cells"] == []
    assert refused["audit"] == {"cells": 2, "exposed": 2}
    assert err.startswith("accord: Refused")


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"", [], "bad.csv: is empty"),
        (b"county,kind,n\n", [], "no rows below its header"),
        (b"county,n\nNorth,3\n", [], "row 1, column kind: the column is missing"),
        (b"county,kind,kind,n\na,b,c,3\n", [], "row 1, column kind: this column is in the header twice"),
        (b"county,kind,n\nNorth,x,-3\n", [], "row 2, column n: the count is not a whole number"),
        (b"county,kind,n\nNorth,x,3\nSouth,x,2.5\n", [], "row 3, column n: the count is not a whole number"),
        (b"county,kind,n\nNorth,x,3\nNorth,x,4\n", [], "row 3: the same combination"),
        (b"county,kind,n\nNorth,,3\n", [], "row 2, column kind: the field is empty"),
        (b"county,kind,n\n*,x,3\n", [], "row 2: '*' is reserved for totals"),
        (b"county,kind,n\nNorth,x\n", [], "row 2: has 2 columns, the header has 3"),
        (b"county,kind,n\nNorth,x" + b"," * 1_000_000 + b"3\n", [], "row 2: this line is longer than"),
        (b"x," * 1_000_000 + b"n\n", [], "row 1: this line is longer than"),
        ("county,kind,n\nNorth,é,3\n".encode("latin-1"), [], "row 2: not UTF-8 text"),
        (b'county,kind,n\n"North,x,3\n', [], "row 2: not a table"),
        (
            TABLE.replace("kind", "Kind").encode(),
            [],
            "column kind: the column is missing from the header; did you mean 'Kind'?",
        ),
        (TABLE.encode(), ["--threshold", "1"], "threshold must be at least 2"),
        (TABLE.encode(), ["--hierarchy", "none.yaml"], "none.yaml: cannot be read"),
        (TABLE.encode(), ["--published", "none.json"], "none.json: cannot be read"),
    ],
)
def test_bad_input_is_one_line_with_file_row_and_column(content, options, says, tmp_path, capsys):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    assert main(["protect", str(file), "--by", "county,kind", "--count", "n", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


def test_a_file_that_is_not_there_is_one_line(capsys):
    assert main(["protect", "nowhere.csv", "--by", "a", "--count", "n"]) == 2
    assert capsys.readouterr().err == "accord: nowhere.csv: cannot be read (no such file or directory)\n"


# Files as people make them -----------------------------------------------------------------------------------------

COUNTRIES = "country,sex,n\nSE,a,50\nSE,b,40\nNO,a,25\nNO,b,20\nDK,a,40\nDK,b,35\nFR,a,60\nFR,b,50\n"
COUNTIES = "county,sex,n\n01,a,40\n01,b,30\n08,a,25\n08,b,20\n010,a,50\n010,b,45\n"
TIMES = (
    "hour,sex,n\n12:30,a,40\n12:30,b,30\n1e3,a,25\n1e3,b,20\nnull,a,50\nnull,b,45\n2026-01-01,a,15\n2026-01-01,b,19\n"
)


def published(capsys, tmp_path, text, by, *options):
    """Return the exit code, the figures by category, and what is said on standard error."""
    file = tmp_path / "counts.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code = main(["protect", str(file), "--by", by, "--count", "n", *options])
    out, err = capsys.readouterr()
    rows = list(csv.reader(io.StringIO(out)))[1:]
    return code, {tuple(keys): value for *keys, value in rows}, err


def grouped(tmp_path, text):
    file = tmp_path / "groups.yaml"
    file.write_text(text, encoding="utf-8")
    return ["--hierarchy", str(file)]


@pytest.mark.parametrize(
    ("text", "by", "groups", "sums"),
    [
        (
            COUNTRIES,
            "country",
            "{Nordic: [SE, NO, DK], Other: [FR]}",
            {"Nordic": (115, 95, 210), "Other": (60, 50, 110)},
        ),
        (COUNTRIES, "country", "{ON: [SE, NO], Off: [DK, FR]}", {"ON": (75, 60, 135), "Off": (100, 85, 185)}),
        (COUNTIES, "county", "{North: [01, 08], South: [010]}", {"North": (65, 50, 115), "South": (50, 45, 95)}),
        (COUNTIES, "county", "{007: [01, 08], 1_0: [010]}", {"007": (65, 50, 115), "1_0": (50, 45, 95)}),
        (TIMES, "hour", "{odd: [12:30, 1e3], even: [null, 2026-01-01]}", {"odd": (65, 50, 115), "even": (65, 64, 129)}),
    ],
)
def test_members_of_a_group_are_what_is_written(tmp_path, capsys, text, by, groups, sums):
    options = grouped(tmp_path, f"{by}: {groups}\n")
    code, shown, err = published(capsys, tmp_path, text, f"{by},sex", *options)
    assert code == 0 and "take care" not in err
    for group, figures in sums.items():
        assert tuple(shown[group, sex] for sex in ("a", "b", "*")) == tuple(map(str, figures))


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ("country: {Nordic: [SE, NOR, DK], Other: [FR]}", "lists 'NOR', but no row has it; is 'NO' meant?"),
        ("country: {Nordic: [SE, no, DK], Other: [FR]}", "lists 'no', but no row has it; is 'NO' meant?"),
        ("country: {Nordic: {Inner: [SE, Norge]}, Other: [FR]}", "lists 'Norge', but no row has it; is 'NO' meant?"),
        (
            "country: {Far: [ZZZ], Other: [FR]}",
            "lists 'ZZZ', but no row has it; take it out, or give it a row that counts 0",
        ),
        ("Country: {Nordic: [SE]}", "names 'Country', which is not one of the breakdowns; is 'country' meant?"),
        ("country: {Nordic: [SE], Nordic: [NO]}", "groups.yaml, row 1: this key is there twice"),
        ("country: {Nordic: [SE, [NO]]}", "a list inside a list"),
    ],
)
def test_a_member_that_no_row_has_is_refused_with_the_nearest(tmp_path, capsys, groups, says):
    code, shown, err = published(capsys, tmp_path, COUNTRIES, "country,sex", *grouped(tmp_path, groups))
    assert (code, shown) == (2, {}) and says in err.splitlines()[-1]


def test_a_category_in_no_group_is_reported(tmp_path, capsys):
    options = grouped(tmp_path, "country: {Nordic: [SE, NO, DK]}")
    code, shown, err = published(capsys, tmp_path, COUNTRIES, "country,sex", *options)
    assert code == 0 and shown["Nordic", "*"] == "210" and shown["FR", "*"] == "110"
    assert "accord: note: country: 'FR' is in no group of the hierarchy" in err


@pytest.mark.parametrize(
    "two", ["Pen\u0303a,Pe\u00f1a", "cafe\u0301,caf\u00e9", "\u1100\u1161,\uac00", "Y\u0323\u0302,Y\u0302\u0323"]
)
def test_two_spellings_that_look_the_same_are_one_category(tmp_path, capsys, two):
    one, other = two.split(",")
    text = f"place,n\n{one},30\n{other},40\nElsewhere,50\n"
    code, shown, err = published(capsys, tmp_path, text, "place")
    assert code == 0 and "take care" not in err
    assert sorted(shown.values()) == ["120", "50", "70"]


@pytest.mark.parametrize("other", ["north", "NORTH", "N orth", "\uff2eorth"])
def test_two_categories_of_one_look_are_reported(tmp_path, capsys, other):
    code, _, err = published(capsys, tmp_path, f'place,n\nNorth,30\n"{other}",40\nElsewhere,50\n', "place")
    assert code == 0
    assert err.count("looks like") == 1


def test_one_agency_in_three_spellings_is_reported(tmp_path, capsys):
    text = "place,who,n\nHere,Haven,30\nHere,haven,40\nHere,HAVEN,50\nThere,Haven,40\n"
    _, _, err = published(capsys, tmp_path, text, "place", "--agency", "who")
    assert err.count("looks like") == 3 and "is counted separately" in err


@pytest.mark.parametrize("word", ["Total", "TOTAL", "total ", "Todos", "Grand total", "All"])
def test_a_row_that_is_a_total_is_refused(tmp_path, capsys, word):
    text = f"place,sex,n\nHere,a,30\nHere,b,40\nThere,a,50\nThere,b,60\n{word},a,80\n{word},b,100\n"
    code, _, err = published(capsys, tmp_path, text, "place,sex")
    assert code == 2 and "is the sum of all other categories; leave such rows out" in err
    code, _, err = published(capsys, tmp_path, f"place,n\nHere,70\n{word},70\n", "place")
    assert code == 2


def test_a_sum_under_another_name_and_a_false_total_are_reported(tmp_path, capsys):
    text = "place,sex,n\nHere,a,30\nHere,b,40\nThere,a,50\nThere,b,60\nCounty,a,80\nCounty,b,100\n"
    code, shown, err = published(capsys, tmp_path, text, "place,sex")
    assert code == 0 and shown["*", "*"] == "360" and "place: 'County' is the sum of all other categories" in err
    code, _, err = published(capsys, tmp_path, "place,n\nHere,30\nThere,50\nTotal,79\n", "place")
    assert code == 0 and "place: 'Total' looks like a total" in err


@pytest.mark.parametrize(
    "again",
    [
        TABLE.replace("North", "NORTH").replace("23", "26"),
        TABLE.replace("county", "County").replace("23", "26"),
        TABLE.replace("North", " north ").replace("23", "26"),
        TABLE.replace("labour", "Labour").replace("county", "\uff43ounty").replace("23", "26"),
    ],
)
def test_an_earlier_release_is_compared_in_any_spelling(table, tmp_path, capsys, again):
    """North, labor goes from 23 to 26: three persons would be revealed."""
    old = tmp_path / "old.json"
    main(["protect", str(table), "--by", "county,kind", "--count", "n", "--json", "--threshold", "4"])
    old.write_text(capsys.readouterr().out, encoding="utf-8")
    header = again.splitlines()[0].rsplit(",", 1)[0]
    options = ["--published", str(old), "--threshold", "4"]
    code, shown, err = published(capsys, tmp_path, again, header, *options)
    assert code == 0, err
    assert next(
        value for (place, kind), value in shown.items() if place.lower() == "north" and kind.lower() == "labour"
    ) == ("suppressed")


def test_an_earlier_release_with_other_words_is_reported(table, tmp_path, capsys):
    old = tmp_path / "old.json"
    main(["protect", str(table), "--by", "county,kind", "--count", "n", "--json"])
    old.write_text(capsys.readouterr().out, encoding="utf-8")
    _, _, err = published(capsys, tmp_path, TABLE.replace("East", "Orient"), "county,kind", "--published", str(old))
    assert "county: an earlier release has 'East', which is not here" in err
    text = TABLE.replace("county,kind", "area,form")
    _, _, err = published(capsys, tmp_path, text, "area,form", "--published", str(old))
    assert "an earlier release has none of these breakdowns (county, kind)" in err


def test_two_groupings_of_one_breakdown_one_after_the_other_are_refused_in_plain_words(tmp_path, capsys):
    first, old = grouped(tmp_path, "country: {Nordic: [SE, NO, DK], Rest: [FR]}"), tmp_path / "old.json"
    file = tmp_path / "counts.csv"
    file.write_text(COUNTRIES, encoding="utf-8")
    assert main(["protect", str(file), "--by", "country,sex", "--count", "n", "--json", *first]) == 0
    old.write_text(capsys.readouterr().out, encoding="utf-8")
    second = grouped(tmp_path, "country: {Kingdoms: [SE, NO], Republics: [FR, DK]}")
    code, shown, err = published(capsys, tmp_path, COUNTRIES, "country,sex", "--published", str(old), *second)
    assert (code, shown) == (2, {})
    assert "an earlier release groups country in another way (it has 'Nordic')" in err.splitlines()[-1]
    for groups, expected in (([], 2), (grouped(tmp_path, "country: {Nordic: [SE, NO, DK], Rest: [FR]}"), 0)):
        code, _, err = published(capsys, tmp_path, COUNTRIES, "country,sex", "--published", str(old), *groups)
        assert code == expected and ("use the hierarchy that it was made with" in err) is bool(expected)


@pytest.mark.parametrize(
    "text", [TABLE.replace("\n", "\r"), TABLE.replace(",", ";"), "sep=,\n" + TABLE, TABLE + ",,\n,,\n"]
)
def test_files_of_spreadsheets_are_read(tmp_path, capsys, text):
    code, shown, _ = published(capsys, tmp_path, text, "county,kind")
    assert code == 0 and shown["*", "*"] == "190"


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", " =1", "a;=1"])
def test_a_spreadsheet_runs_nothing_of_the_table(tmp_path, capsys, sign):
    code, shown, _ = published(capsys, tmp_path, f'"=place",n\n"{sign}",30\nHere,40\nThere,50\n', "=place")
    assert code == 0
    assert not any(key.lstrip().startswith(tuple("=+-@\uff1d")) or ";=" in key for keys in shown for key in keys)
