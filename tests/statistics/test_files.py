"""Files as spreadsheets write them, and YAML in which a value is what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.core.errors import BadInput
from accord.statlib import files

ROWS = [["id", "name"], ["1", "Ana, María"], ["2", "Bo"]]
WRITTEN = {
    "as Linux does": b'id,name\n1,"Ana, Mar\xc3\xada"\n2,Bo\n',
    "as Excel does": b'\xef\xbb\xbfid,name\r\n1,"Ana, Mar\xc3\xada"\r\n2,Bo\r\n',
    "as Excel for Mac does": b'id,name\r1,"Ana, Mar\xc3\xada"\r2,Bo',
    "with its separator": b"sep=;\r\nid;name\r\n1;Ana, Mar\xc3\xada\r\n2;Bo\r\n",
    "with its separator in quotation marks": b'"sep=,"\nid,name\n1,"Ana, Mar\xc3\xada"\n2,Bo\n',
    "with semicolons": b"id;name\n1;Ana, Mar\xc3\xada\n2;Bo\n",
    "with tabs": b"id\tname\n1\tAna, Mar\xc3\xada\n2\tBo\n",
    "with empty rows": b'id,name\n1,"Ana, Mar\xc3\xada"\n\n,\n2,Bo\n , \n,,,,\n\n',
    "with empty columns": b'id,name,,\n1,"Ana, Mar\xc3\xada",,\n2,Bo\n',
}


def file(folder: Path, content: bytes) -> Path:
    path = folder / "list.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("how", WRITTEN)
def test_a_table_is_read_in_every_format(how: str, tmp_path: Path) -> None:
    assert [row for _, row in files.table(file(tmp_path, WRITTEN[how]))] == ROWS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "list.csv: is empty"),
        (b"\n,,\n", "list.csv: is empty"),
        (b"id,name\r1,Ana\r2,Jos\xe9\r", "list.csv, row 3: not UTF-8 text; save the file as UTF-8"),
        (b"\xff\xfei\x00d\x00", "list.csv, row 1: not UTF-8 text; save the file as UTF-8"),
        (b"id;name\n1;Ana;Cruz\n", "list.csv, row 2: has 3 columns, the header has 2 (semicolons separate them)"),
        (b"id,name\n\n1,Ana,Cruz\n", "list.csv, row 3: has 3 columns, the header has 2"),
        (b"id,,name,\n1,2,3\n,,,4\n", "list.csv, row 3: has 4 columns, the header has 3"),
        (b"id,id\n", "list.csv, row 1, column id: this column is in the header twice"),
        (b'id,name\n1,"Ana\n', "list.csv, row 2: not a table (unexpected end of data)"),
        (b"a," * 600_000, "list.csv, row 1: this line is longer than 1,000,000 characters"),
    ],
)
def test_what_is_not_a_table_is_reported_with_its_row(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        list(files.table(file(tmp_path, content)))
    assert refused.value.sentence == said


def test_settings_are_what_was_typed(tmp_path: Path) -> None:
    text = b"country: {Nordic: [SE, NO, on], Other: [010, 08, 12:30, 1e3, null, ~, 2020-01-01]}\nNO: yes\n"
    assert files.settings(file(tmp_path, text)) == {
        "country": {"Nordic": ["SE", "NO", "on"], "Other": ["010", "08", "12:30", "1e3", "null", "~", "2020-01-01"]},
        "NO": "yes",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: 2\na: 3\n", "list.csv, row 3: this key is there twice"),
        (b"a: {x: [1], x: [2]}\n", "list.csv, row 1: this key is there twice"),
        (b"a: [1\nb: 2\n", "list.csv, row 2: not readable as YAML"),
        (b"[a, b]: 1\n", "list.csv, row 1: not readable as YAML"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        files.settings(file(tmp_path, content))
    assert refused.value.sentence == said
