import gzip
import io
import os
import pickle
import sys
import tracemalloc
from pathlib import Path

import pytest
import zstandard

from gentap.errors import InputError, MissingExtraError
from gentap.synthesis import packing
from gentap.synthesis.inputs import Input, list_inputs

PACKERS = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}


def names(tmp_path: Path, *paths: str) -> list[str]:
    """What is listed, relative to the folder."""
    found = list_inputs([str(tmp_path / path) for path in paths])
    return [Path(item.path).relative_to(tmp_path).as_posix() for item in found]


def make(tmp_path: Path, *files: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("text")


def send(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a.HTML", "c.txt", ".d.html", "z/e.htm", "y/f.markdown", ".g/h.md")
    assert names(tmp_path, "") == ["a.HTML", "b.md", "y/f.markdown", "z/e.htm"]


def test_every_known_format_counts_in_folders(tmp_path: Path) -> None:
    known = ["a.html.gz", "b.md.zst", "c.wikitext", "d.mediawiki.gz", "e.DOCX"]
    make(tmp_path, *known, "f.docx.gz", "g.gz", "h.json", "i.pdf")
    assert names(tmp_path, "") == known


def test_patterns_are_sorted_and_name_each_file_once(tmp_path: Path) -> None:
    make(tmp_path, "b.html", "p/a.html", "p/q/c.html", "p/q/.d.html", "p/x.md", "p/x.pdf")
    assert names(tmp_path, "**/*.html") == ["b.html", "p/a.html", "p/q/c.html"]
    assert names(tmp_path, "p/[ax]*") == ["p/a.html", "p/x.md", "p/x.pdf"]
    assert names(tmp_path, "p/**") == ["p/a.html", "p/q/c.html", "p/x.md", "p/x.pdf"]
    assert names(tmp_path, "?/q") == ["p/q/c.html"]
    with pytest.raises(InputError, match=r"x\*\.html matches no document"):
        names(tmp_path, "b.html", "x*.html")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="matches no document"):
        names(tmp_path, "em*")


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path: Path) -> None:
    make(tmp_path, "a[1].html", "a1.html")
    assert names(tmp_path, "a[1].html") == ["a[1].html"]


def test_a_named_file_is_listed_whatever_it_is(tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text("text")
    assert list(list_inputs([str(file)])) == [Input(file.as_posix(), length=4)]


@pytest.mark.parametrize("packed", PACKERS)
def test_every_line_is_a_document(tmp_path: Path, packed: str) -> None:
    file = tmp_path / f"a.jsonl{packed}"
    file.write_bytes(PACKERS[packed](b'{"a": "\xc3\xa9"}\n\n{"b": 1}\n{"c": 2}'))
    inputs = pickle.loads(pickle.dumps(list(list_inputs([file]))))
    assert [item.read().strip() for item in reversed(inputs)] == [
        b'{"c": 2}',
        b'{"b": 1}',
        b'{"a": "\xc3\xa9"}',
    ]
    assert [item.uri for item in inputs] == [f"{file.as_posix()}:{line}" for line in (1, 3, 4)]


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        list(list_inputs([tmp_path / "none"]))


@pytest.mark.parametrize("packed", [".gz", ".zst"])
@pytest.mark.parametrize("cut", [True, False])
def test_a_broken_archive_is_an_error(tmp_path: Path, packed: str, cut: bool) -> None:
    lines = os.urandom(10_000).hex().encode() + b"\n"
    data = PACKERS[packed](lines * 3)[:-9] if cut else b"never packed"
    (tmp_path / f"a.jsonl{packed}").write_bytes(data)
    with pytest.raises(InputError, match="cannot be read to its end"):
        list(list_inputs([tmp_path]))


@pytest.mark.parametrize("packed", PACKERS)
def test_a_line_that_is_too_large_is_not_held(
    tmp_path: Path, packed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MAX_BYTES", 100_000)
    long = b"x" * 100_000_000
    file = tmp_path / f"a.jsonl{packed}"
    file.write_bytes(PACKERS[packed](b'{"a": 1}\n' + long + b'\n{"b": 2}\n'))
    del long
    tracemalloc.start()
    inputs = list(list_inputs([file]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000
    assert [item.number for item in inputs] == [1, 2, 3]
    assert [item.length for item in inputs] == [9, 100_000_001, 9]
    assert [len(item.read()) for item in inputs] == [9, 100_001, 9]
    assert inputs[2].read() == b'{"b": 2}\n'


def test_many_lines_of_a_bomb_are_held_packed(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(b"[" * 1_000_000 + b"\n") * 60)
    tracemalloc.start()
    inputs = list(list_inputs([file]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000
    assert [item.length for item in inputs] == [1_000_001] * 60


def test_standard_input_is_jsonl_where_it_begins_with_a_brace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(monkeypatch, b'\n\xef\xbb\xbf {"a": 1}\n\n{"b": 2}')
    inputs = pickle.loads(pickle.dumps(list(list_inputs(["-"]))))
    assert [item.uri for item in inputs] == ["stdin.jsonl:2", "stdin.jsonl:4"]
    assert inputs[1].read() == b'{"b": 2}'


@pytest.mark.parametrize(
    ("data", "name"), [(b" \n<p>A\n<p>B\n", "stdin.html"), (b"\n# A\n\nB\n", "stdin.md")]
)
def test_standard_input_is_one_document_otherwise(
    data: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(monkeypatch, data)
    (item,) = list_inputs(["-"])
    assert (item.uri, item.read()) == (name, data.lstrip(b" \n"))
    assert item.length == len(item.read())


def test_standard_input_is_read_no_further_than_a_document_may_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packing, "MAX_BYTES", 10)
    for data in (b"<p>\n" + b"x" * 99, b"<" * 99):
        send(monkeypatch, data)
        (item,) = list_inputs(["-"])
        assert item.length > 10
        assert len(item.read()) == 11


def test_empty_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    send(monkeypatch, b" \n\n")
    with pytest.raises(InputError, match="standard input is empty"):
        list(list_inputs(["-"]))


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("a.docx", "docx"),
        ("a.wikitext.gz", "mwparserfromhell"),
        ("a.warc", "warcio"),
        ("a.html.zst", "zstandard"),
        ("a.jsonl.zst", "zstandard"),
    ],
)
def test_a_missing_library_is_an_error_before_anything_is_listed(
    tmp_path: Path, file: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    make(tmp_path, "0.html", "1.md.gz", "x.json")
    assert names(tmp_path, "") == ["0.html", "1.md.gz"]
    make(tmp_path, file)
    for path in (tmp_path, tmp_path / file):
        with pytest.raises(MissingExtraError, match=rf"needs {module}, .*gentap\[documents\]"):
            next(list_inputs([tmp_path / "0.html", path]))


def test_a_dangling_link_is_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to(tmp_path / "gone.html")
    (item,) = list_inputs([tmp_path])
    with pytest.raises(OSError, match=r"No such file|cannot find"):
        item.read()
