import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gentap.errors import InputError
from gentap.evaluation.benchmarks import load_examples
from gentap.records import Example, Source
from gentap.table import Table

FETAQA: dict[str, Any] = {
    "feta_id": 2275,
    "page_wikipedia_url": "http://en.wikipedia.org/wiki/Andy_Karl",
    "table_page_title": "Andy Karl",
    "table_section_title": "Awards",
    "table_array": [["Year", "Award", "Award"], ["2013", "Drama Desk"], ["2014", "Tony", "Won"]],
    "highlighted_cell_ids": [[0, 1], [1, 0], [2, 2]],
    "question": "What did Andy Karl win?",
    "answer": "He won a Tony.",
}
EXAMPLE = Example(
    "e1", "cell", "Who?", "Ann", Table(("Name",), (("Ann",),), "T"), ((0, 0),), Source("u", "CC0")
)


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_fetaqa_record(tmp_path: Path) -> None:
    (example,) = load_examples(write(tmp_path / "dev.jsonl", FETAQA))
    assert example.id == "2275"
    assert example.kind == "sentence"
    assert example.question == "What did Andy Karl win?"
    assert example.answer == "He won a Tony."
    assert example.table.header == ("Year", "Award", "Award")
    assert example.table.rows == (("2013", "Drama Desk", ""), ("2014", "Tony", "Won"))
    assert (example.table.title, example.table.section) == ("Andy Karl", "Awards")
    assert example.evidence == ((0, 0), (1, 2))
    assert example.source == Source(FETAQA["page_wikipedia_url"], "CC BY-SA 4.0")


def test_own_records_plain_gzipped_and_with_blank_lines(tmp_path: Path) -> None:
    line = json.dumps(EXAMPLE.to_record())
    plain, zipped = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_text(f"\ufeff{line}\n\n", encoding="utf-8")
    zipped.write_bytes(gzip.compress(line.encode()))
    assert load_examples(plain) == load_examples(str(zipped)) == [EXAMPLE]


def test_parquet_file_and_folder(tmp_path: Path) -> None:
    for number in range(2):
        record = EXAMPLE.to_record() | {"id": f"e{number}"}
        pq.write_table(pa.Table.from_pylist([record]), tmp_path / f"part-{number}.parquet")
    assert [example.id for example in load_examples(tmp_path)] == ["e0", "e1"]
    assert load_examples(tmp_path / "part-1.parquet") == [EXAMPLE]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"highlighted_cell_ids": [[3, 0]]}, r"evidence cell \[2, 0\] is outside the 2 x 3 table"),
        ({"highlighted_cell_ids": [[-1, 0]]}, "outside"),
        ({"highlighted_cell_ids": [[1, 3]]}, "outside"),
        ({"highlighted_cell_ids": 3}, "not a FeTaQA record"),
        ({"table_array": []}, "not a FeTaQA record"),
    ],
)
def test_bad_fetaqa_record_says_where(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "dev.jsonl", FETAQA, FETAQA | change)
    with pytest.raises(InputError, match=rf"dev\.jsonl:2: .*{message}"):
        load_examples(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", "not JSON"), ("[1]", "a JSON list, not an object"), ("{}", "not an example record")],
)
def test_bad_line_says_where(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "dev.jsonl"
    path.write_text(json.dumps(FETAQA) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"dev\.jsonl:2: {message}"):
        load_examples(path)


def test_bad_parquet_record_says_where(tmp_path: Path) -> None:
    records = [EXAMPLE.to_record(), EXAMPLE.to_record() | {"kind": "essay"}]
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"x\.parquet:2: .*essay"):
        load_examples(tmp_path / "x.parquet")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "latin.jsonl").write_bytes(b'{"a": "\xe9"}')
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b"text")[:-6])
    (tmp_path / "no.parquet").write_bytes(b"not parquet")
    (tmp_path / "folder").mkdir()
    for name, message in {
        "missing.jsonl": "cannot read",
        "missing.parquet": "cannot read",
        "empty.jsonl": "no example",
        "latin.jsonl": "not UTF-8",
        "cut.jsonl.gz": "cannot read",
        "no.parquet": "as Parquet",
        "folder": r"no part-\*\.parquet",
    }.items():
        with pytest.raises(InputError, match=message):
            load_examples(tmp_path / name)
