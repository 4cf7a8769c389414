import gzip
import pickle
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.synthesis.inputs import Input, list_inputs


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.HTML", "c.txt", ".d.html", "z/e.htm", "y/f.markdown", ".g/h.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    names = [Path(item.path).relative_to(tmp_path).as_posix() for item in list_inputs([tmp_path])]
    assert names == ["a.HTML", "b.md", "y/f.markdown", "z/e.htm"]


def test_a_named_file_is_listed_whatever_it_is(tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text("text")
    assert list(list_inputs([str(file)])) == [Input(file.as_posix(), length=4)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_every_line_is_a_document(tmp_path: Path, name: str) -> None:
    lines = b'{"a": "\xc3\xa9"}\n\n{"b": 1}\n{"c": 2}'
    file = tmp_path / name
    file.write_bytes(gzip.compress(lines) if name.endswith("gz") else lines)
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


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"{}\n" * 1_000)[:-9]])
def test_a_broken_archive_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    with pytest.raises(InputError, match="cannot be read to its end"):
        list(list_inputs([tmp_path]))


def test_a_dangling_link_is_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to(tmp_path / "gone.html")
    (item,) = list_inputs([tmp_path])
    with pytest.raises(OSError, match=r"No such file|cannot find"):
        item.read()
