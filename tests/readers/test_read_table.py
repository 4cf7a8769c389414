"""Every format to the same table, and every fault to one clear line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gentap.errors import InputError
from gentap.readers import read_table
from gentap.readers.delimited import read_delimited
from gentap.table import Table

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADER, ROWS = ("city", "size"), (("Łódź", "007"), ("NA", "1,5"))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'city,size\nŁódź,007\nNA,"1,5"\n'),
        ("a.csv", '\ufeffcity;size\r\nŁódź;007\r\nNA;1,5\r\n'),
        ("a.csv", 'city|size\rŁódź|007\rNA|1,5'),
        ("a.tsv", "city\tsize\nŁódź\t007\n\nNA\t1,5\n"),
        ("a.csv", 'city,size\nŁódź,007\nNA,"1,5"\n'.encode("utf-16")),
        ("a.json", '[{"city": "Łódź", "size": "007"}, {"city": "NA", "size": "1,5"}]'),
        ("a.jsonl", '{"city": "Łódź", "size": "007"}\n{"city": "NA", "size": "1,5"}\n'),
        ("a.json", '{"header": ["city", "size"], "rows": [["Łódź", "007"], ["NA", "1,5"]]}'),
        ("a.md", "| city | size |\n|---|---|\n| Łódź | 007 |\n| NA | 1,5 |\n"),
        (
            "a.html",
            "<meta charset=utf-8><table><tr><th>city<th>size<tr><td>Łódź<td>007"
            "<tr><td>NA<td>1,5</table>",
        ),
    ],
)  # fmt: skip
def test_every_text_format_gives_the_same_cells(tmp_path, name, content):
    table = read_table(write(tmp_path / name, content))
    assert (table.header, table.rows) == (HEADER, ROWS)
    assert table.title == "a"


def test_old_encodings_are_guessed(tmp_path):
    content = "café;prix\nLe Procope, fondé à Paris;déjà élevé\n".encode("cp1252")
    assert read_table(write(tmp_path / "a.csv", content)).header == ("café", "prix")


def test_frames_and_parquet(tmp_path):
    columns = {"n": [3.0, None], "day": ["x", "y"], "yes": [True, False]}
    frame = pandas.DataFrame(columns, index=[7, 7])
    expected = (("3", "x", "true"), ("", "y", "false"))
    assert read_table(frame, title="t") == Table(("n", "day", "yes"), expected, "t")
    assert read_table(polars.DataFrame(columns)).rows == expected
    polars.DataFrame(columns).write_parquet(tmp_path / "p.parquet")
    assert read_table(tmp_path / "p.parquet").rows == expected
    twice = pandas.DataFrame([[1, 2]], columns=["a", "a"])
    assert read_table(twice).header == ("a", "a (2)")


def test_a_table_is_taken_as_it_is():
    table = Table(HEADER, ROWS)
    assert read_table(table) is table


@pytest.mark.parametrize(
    ("name", "title", "first"),
    [
        ("mountains.csv", "mountains", "Mount Everest"),
        ("missions.xlsx", "missions", "Sputnik 1"),
        ("planets.md", "The planets", "Mercury"),
        ("rivers.html", "Long rivers of the world", "Nile"),
    ],
)
def test_the_examples(name, title, first):
    table = read_table(EXAMPLES / name)
    assert (table.title, table.rows[0][0]) == (title, first)
    assert all(cell for row in table.rows for cell in row)
    assert read_table(EXAMPLES / name, title="mine").title == "mine"


@pytest.mark.parametrize("name", ["mountains.csv", "missions.xlsx", "planets.md", "rivers.html"])
def test_standard_input_tells_its_format(monkeypatch, name):
    stdin = io.TextIOWrapper(io.BytesIO((EXAMPLES / name).read_bytes()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert read_table("-").rows == read_table(EXAMPLES / name).rows


@pytest.mark.parametrize("content", ['[{"a": 1}]', '{"a": 1}\n{"a": 1}'])
def test_standard_input_may_be_json(monkeypatch, content):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert read_table("-").rows[0] == ("1",)


def test_headers_become_unique_and_named(tmp_path):
    table = read_table(write(tmp_path / "a.csv", "a,,a,a (2),a\n1,2,3,4,5\n"))
    assert table.header == ("a", "column 2", "a (2)", "a (2) (2)", "a (3)")


def test_short_rows_are_filled_and_empty_overhang_is_cut(tmp_path):
    table = read_table(write(tmp_path / "a.csv", "a,b,c\n1\n1,2,3,,\n"))
    assert table.rows == (("1", "", ""), ("1", "2", "3"))


def test_no_data_rows_is_a_table(tmp_path):
    assert read_table(write(tmp_path / "a.csv", "a,b\n")) == Table(("a", "b"), (), "a")


def test_one_column_and_quoted_newlines(tmp_path):
    assert read_table(write(tmp_path / "a.csv", "name\nx\ny\n")).rows == (("x",), ("y",))
    table = read_table(write(tmp_path / "b.csv", 'a,b\n"x\ny",2\n'))
    assert table.rows == (("x y", "2"),)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "a.csv: no table there: it is empty"),
        ("a.csv", "a,b\n1,2\n\n1,2,3\n", "line 4 has 3 cells where the header has 2"),
        ("a.csv", 'a,b\n1,2\n"x,3\n4,5\n', "begins on line 3 .* quote that is not closed"),
        ("a.csv", b"\x00\x01\x02\x03\x04\x05" * 50, "a.csv: .*binary"),
        ("a.json", "{", "line 1 is not JSON"),
        ("a.json", "[1, 2]", "neither a list of records"),
        ("a.json", '{"header": ["a"], "rows": [["1", "2"]]}', "row 0 has 2 cells"),
        ("a.jsonl", '{"a": 1}\nnope\n', "line 2 is not JSON"),
        ("a.html", "<p>none</p>", "no table 0: it has 0 data tables"),
        ("a.xlsx", b"PK nonsense", "not a readable spreadsheet"),
        ("a.parquet", b"PAR1nonsense", "not a readable Parquet file"),
    ],
)
def test_faults_say_where(tmp_path, name, content, message):
    with pytest.raises(InputError, match=message):
        read_table(write(tmp_path / name, content))


def test_places_that_are_no_files(tmp_path):
    with pytest.raises(InputError, match="a folder; name a file in it"):
        read_table(tmp_path)
    with pytest.raises(InputError, match=r"none\.csv: No such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot read a table from a int"):
        read_table(7)
    with pytest.raises(InputError, match="unknown format 'doc'"):
        read_table(EXAMPLES / "planets.md", format="doc")
    with pytest.raises(InputError, match="no sheet 4: it has 1"):
        read_table(EXAMPLES / "missions.xlsx", which=4)
    with pytest.raises(InputError, match="counted from 0"):
        read_table(EXAMPLES / "missions.xlsx", which=-1)


def test_nested_values_and_missing_keys(tmp_path):
    content = json.dumps([{"a": {"b": 1}}, {"c": [1, 2], "a": None}])
    table = read_table(write(tmp_path / "a.json", content))
    assert table == Table(("a", "c"), (('{"b": 1}', ""), ("", "[1, 2]")), "a")


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_csv_writes_is_read_back(rows, separator):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    table = read_delimited(out.getvalue(), "here", "", separator=separator)
    assert table.rows == tuple(rows)
