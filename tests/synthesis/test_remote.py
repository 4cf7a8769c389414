"""Object storage, in the shape of fsspec's own address of this machine's files."""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
from contextlib import contextmanager

import fsspec
import pytest
import zstandard
from fsspec.implementations.asyn_wrapper import AsyncFileSystemWrapper
from fsspec.implementations.local import LocalFileSystem

from gentap.cli import main
from gentap.errors import InputError, MissingExtraError
from gentap.storage import Shards, alignment_schema, read_json, read_records, write_jsonl
from gentap.synthesis import packing
from gentap.synthesis.documents import load
from gentap.synthesis.engines import run_local
from gentap.synthesis.harvest import harvest
from gentap.synthesis.inputs import Input, list_inputs
from gentap.synthesis.limits import Limits
from gentap.synthesis.questions import Question
from gentap.synthesis.shard import MIN_SUPPORT, Options, Task, make_shard

PAGE = """<title>Cup {0}</title><p>United {0} has always played its games at Old Lane {0}.
<p>The Rovers of {0} are not spoken of.
<table><tr><th>Club</th><th>Ground</th></tr><tr><td>Rovers</td><td>Hill Park</td></tr>
<tr><td>United {0}</td><td>Old Lane {0}</td></tr></table>"""
RECORD = b"WARC/1.0\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
PACKERS = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
LOCAL = """
import sys
from gentap.synthesis.harvest import harvest
harvest(sys.argv[1:2], sys.argv[2])
print([name for name in ("fsspec", "upath") if name in sys.modules])
"""


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    (folder / "more").mkdir(parents=True)
    for number in range(5):
        (folder / f"{number}.html").write_text(PAGE.format(number))
    (folder / "3.json").write_text(json.dumps({"title": "Named", "url": "http://x.org/"}))
    (folder / "empty.html").write_text("")
    table = {"header": ["Club", "Ground"], "rows": [["United", "Old Lane"]]}
    text = "United plays at Old Lane, and they all say so."
    records = [{"title": "Cup", "text": text, "tables": [table]}, {"bad": 1}]
    write_jsonl(folder / "more" / "a.jsonl", records)
    return folder


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_are_the_same_wherever_they_go(docs, out, tmp_path):
    options = {"shard_size": 3, "keep_dropped": True, "license": "CC0"}
    report = harvest([docs], f"local://{out}", workers=2, **options)
    assert report == harvest([docs], tmp_path / "here", **options)
    assert report["documents"] == 8
    assert report["kept"] == 6
    assert contents(out) == contents(tmp_path / "here")
    assert list(read_records(f"local://{out}")) == list(read_records(out))
    (dropped, *_) = sorted(out.glob("dropped-*"))
    assert list(read_records(f"local://{dropped}")) == list(read_records(dropped))


def test_documents_are_the_same_wherever_they_lie(docs, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    report = harvest([docs], here, shard_size=3)
    assert harvest([f"local://{docs}/"], there, shard_size=3, workers=2) == report
    found = [
        json.dumps(list(read_records(folder))).replace("local://", "") for folder in (here, there)
    ]
    assert found[0] == found[1]
    assert '"uri": "http://x.org/"' in found[0]
    assert [path.name[:10] for path in sorted(there.glob("part-*"))] == [
        path.name[:10] for path in sorted(here.glob("part-*"))
    ]


def test_a_stopped_run_goes_on(docs, out, monkeypatch):
    arguments = [f"local://{docs}"], f"local://{out}"
    report = harvest(*arguments, shard_size=2)
    whole = contents(out)
    parts = sorted(out.glob("part-*"))
    assert len(parts) == 4
    for path in (parts[1], parts[3], out / "report.json"):
        path.unlink()
    (out / "part-00001-0123456789ab.parquet").write_bytes(b"of other documents")
    times = [path.stat().st_mtime_ns for path in (parts[0], parts[2])]
    assert harvest(*arguments, shard_size=2, workers=2) == report
    assert contents(out) == whole
    assert [path.stat().st_mtime_ns for path in (parts[0], parts[2])] == times
    with pytest.raises(InputError, match=r"^local://.* was begun with shard_size = 2"):
        harvest(*arguments, shard_size=3)


@pytest.mark.filterwarnings("ignore:UPath 'bucket'")
def test_workers_use_no_connection_of_their_parent(docs, out, monkeypatch):
    class Bucket(AsyncFileSystemWrapper):  # has a thread, which no fork takes along
        protocol = ("bucket",)

        def __init__(self, **options):
            super().__init__(LocalFileSystem(), asynchronous=False, **options)

        _strip_protocol = classmethod(lambda cls, path: path.removeprefix("bucket://").rstrip("/"))

    fsspec.register_implementation("bucket", Bucket, clobber=True)
    monkeypatch.setattr(
        "gentap.synthesis.engines.multiprocessing.get_context",
        lambda method: multiprocessing.context._concrete_contexts["fork"],
    )
    report = harvest([f"bucket://{docs}"], f"bucket://{out}", shard_size=3, workers=2)
    assert report["kept"] == 6
    assert report == harvest([f"bucket://{docs}"], f"bucket://{out}", shard_size=3)


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_however_workers_are_started(docs, out, method):
    options = Options(f"local://{out}", "", MIN_SUPPORT, False, frozenset())
    task = Task(0, tuple(list_inputs([f"local://{docs}/?.html"])))
    (done,) = run_local([task], options, Limits(10, 1024), 1, start_method=method)
    assert done.documents == 5
    assert Shards(options.directory, alignment_schema()).existing() == {0: (done.path,)}


@pytest.mark.parametrize("packed", PACKERS)
def test_lines_are_handed_on_and_not_asked_for_again(tmp_path, packed, monkeypatch):
    file = tmp_path / f"a.jsonl{packed}"
    file.write_bytes(PACKERS[packed](b'{"a": 1}\n\n{"b": 2}\n' + b"x" * 200_000))
    here = list(list_inputs([file]))
    there = list(list_inputs([f"local://{file}"]))
    monkeypatch.setattr(LocalFileSystem, "cat_file", None)
    assert [item.read() for item in there] == [item.read() for item in here]
    assert [item.uri for item in there] == [f"local://{item.uri}" for item in here]


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_records_of_archives_are_read_where_they_lie(tmp_path, packed):
    file = tmp_path / f"a.warc{packed}"
    file.write_bytes(PACKERS[packed](RECORD) * 3)
    here = list(list_inputs([file]))
    there = list(list_inputs([f"local://{file}"]))
    assert len(there) == 3
    assert [item.data for item in there] == [None] * 3
    assert [item.read() for item in there] == [item.read() for item in here]


def test_no_more_is_read_than_a_document_may_have(tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 10)
    (tmp_path / "a.html").write_bytes(b"x" * 20)
    (item,) = list_inputs([f"local://{tmp_path}"])
    assert len(item.read()) == 11
    assert load(item).reason == "too-large"


def test_a_document_is_read_once(docs, tmp_path, monkeypatch):
    class Unwatched:
        @contextmanager
        def document(self, place):
            yield

        def commit(self):
            pass

    read, asked = Input.read, []
    monkeypatch.setattr(Input, "read", lambda self: asked.append(self.path) or read(self))
    task = Task(0, tuple(list_inputs([docs / "0.html", docs / "3.html"])))
    make_shard(task, Options(tmp_path, "", MIN_SUPPORT, False, frozenset()), Unwatched())
    names = [path.rpartition("/")[2] for path in asked]
    assert names == ["0.html", "0.json", "3.html", "3.json"]


def test_what_goes_missing_is_rejected(docs):
    (item,) = list_inputs([f"local://{docs}/0.html"])
    (docs / "0.html").unlink()
    assert load(item).reason == "unreadable"


def test_whatever_a_store_raises_is_one_line(docs, out, tmp_path, monkeypatch, capsys):
    def refuse(*arguments, **options):
        raise RuntimeError("no\n credentials")

    out_of_reach = ["harvest", str(docs), "-o", f"local://{out}"]
    assert main(["harvest", str(docs), "-o", f"local://{out}/none"]) == 1
    assert capsys.readouterr().err.startswith(f"gentap: local://{out}/none/settings.json: ")
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "pipe_file", refuse)
        assert main(out_of_reach) == 1
    assert capsys.readouterr().err == f"gentap: local://{out}/settings.json: no credentials\n"
    monkeypatch.setattr(LocalFileSystem, "exists", refuse)
    assert main(out_of_reach) == 1
    assert capsys.readouterr().err == f"gentap: local://{out}: no credentials\n"
    assert main(["harvest", f"local://{docs}", "-o", str(tmp_path / "x")]) == 1
    assert capsys.readouterr().err == f"gentap: local://{docs}: no credentials\n"


def test_a_broken_shard_is_named(out):
    (out / "part-00000-a.parquet").write_bytes(b"half")
    with pytest.raises(InputError, match=r"local://.*a\.parquet cannot be read as Parquet"):
        list(read_records(f"local://{out}"))


@pytest.mark.parametrize(
    ("lacking", "address", "said"),
    [
        ("upath", "local:///x", "this needs upath.*pip install 'gentap\\[storage\\]'"),
        ("gcsfs", "gs://x/y", "gs://x/y cannot be reached: Please install gcsfs"),
        ("s3fs", "s3://x/y", "s3://x/y cannot be reached: Install s3fs"),
    ],
)
def test_a_missing_library_is_named(tmp_path, monkeypatch, lacking, address, said):
    monkeypatch.setitem(sys.modules, lacking, None)
    with pytest.raises(MissingExtraError, match=said):
        harvest([tmp_path], address)
    with pytest.raises(MissingExtraError, match=said):
        list(list_inputs([address]))


def test_an_unknown_protocol_is_an_error():
    with pytest.raises(InputError, match=r"^nosuch://x cannot be reached: .*nosuch"):
        list(list_inputs(["nosuch://x"]))


def test_paths_of_this_machine_do_without(docs, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", LOCAL, docs, tmp_path / "out"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


def test_synthesize_reads_and_writes_addresses(docs, out, tmp_path, monkeypatch):
    class Writer:
        def write(self, requests):
            said = (f"Where is {r.alignment.sentence.split()[1]} now?" for r in requests)
            return [Question(text, 1.0) for text in said]

    monkeypatch.setattr("gentap.commands.synthesis._question_writer", lambda _: (Writer(), "q"))
    harvest([docs], tmp_path / "harvest")
    first = ["synthesize", f"local://{tmp_path}/harvest", "--question-model", "q"]
    assert main([*first, "-o", f"local://{out}"]) == 0
    assert main([*first, "-o", str(tmp_path / "here")]) == 0
    assert contents(out) == contents(tmp_path / "here")
    assert read_json(f"local://{out}/report.json")["seen"] == 6
