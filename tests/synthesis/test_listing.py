"""Files are found in the same order whether they lie on this machine or are reached by fsspec."""

import types

import pytest
from fsspec.implementations.local import LocalFileSystem

from gentap.errors import InputError
from gentap.synthesis.listing import _walk_remote, find

FILES = ["b.md", "a.HTML", "c.txt", ".d.html", "z/e.htm", "z-/h.html", "y/f.jsonl.gz", "y/q/i.warc",
         ".g/h.md", "y/.j/k.html", "y/[1].html", "z.html"]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for number, name in enumerate(FILES):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(bytes(number))
    return tmp_path


def names(start, path):
    return [(file.removeprefix(start), size) for file, size in find(start + path)]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/y",
        "/y/",
        "/c.txt",
        "/y/[1].html",
        "/**",
        "/**/*.html",
        "/y/[f]*",
        "/?",
        "/*",
        "/z*",
    ],
)
def test_addresses_list_what_paths_do(folder, path):
    found = names(f"local://{folder}", path)
    assert found == names(str(folder), path)
    assert found


def test_the_order_is_that_of_names_files_before_folders(folder):
    found = [name for name, _ in names(f"local://{folder}", "")]
    order = ["a.HTML", "b.md", "z.html", "y/[1].html", "y/f.jsonl.gz", "y/q/i.warc", "z/e.htm",
             "z-/h.html"]  # fmt: skip
    assert found == [f"/{name}" for name in order]


def test_objects_that_mark_folders_are_none():
    listings = {
        "bucket/a": [
            {"name": "bucket/a/", "type": "file", "size": 0},
            {"name": "bucket/a/b/", "type": "directory", "size": 0},
            {"name": "bucket/a/c.md", "type": "file", "size": None},
        ],
        "bucket/a/b": [
            {"name": "bucket/a/b/", "type": "directory", "size": 0},
            {"name": "bucket/a/b/d.md", "type": "file", "size": 3},
        ],
    }
    store = types.SimpleNamespace(ls=lambda folder, detail: listings[folder])
    found = list(_walk_remote(store, {"name": "bucket/a", "type": "directory"}))
    assert found == [("bucket/a/c.md", 0), ("bucket/a/b/d.md", 3)]


def test_what_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"local:///.*/none does not exist"):
        list(find(f"local://{tmp_path}/none"))
    with pytest.raises(InputError, match=r"/x\*\.html matches no document"):
        list(find(f"local://{tmp_path}/x*.html"))


@pytest.mark.parametrize("error", [PermissionError("denied"), KeyError("of some library")])
def test_a_folder_that_cannot_be_listed_is_not_left_out(folder, monkeypatch, error):
    def ls(self, path, detail=False, whole=LocalFileSystem.ls):
        if path.endswith("/y"):
            raise error
        return whole(self, path, detail=detail)

    monkeypatch.setattr(LocalFileSystem, "ls", ls)
    with pytest.raises(OSError, match=f"^local://{folder}: .*(denied|of some library)"):
        list(find(f"local://{folder}"))
