"""One bad document costs itself, and nothing else."""

import faulthandler
import multiprocessing
import os
import signal
import time

import pytest

from gentap.errors import GentapError, InputError, MissingExtraError
from gentap.storage import Shards, alignment_schema, read_records
from gentap.synthesis import shard as module
from gentap.synthesis.documents import list_inputs, load
from gentap.synthesis.engines import run_local
from gentap.synthesis.harvest import harvest
from gentap.synthesis.limits import Limits
from gentap.synthesis.shard import MIN_SUPPORT, Options, Task

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="tests fork with patches")

LIMITS = Limits(10, 1024)
GOOD = """<title>Cup {0}</title><p>United {0} has always played its games at Old Lane {0}.</p>
<table><tr><th>Club</th><th>Ground</th></tr><tr><td>Rovers</td><td>Hill Park</td></tr>
<tr><td>United {0}</td><td>Old Lane {0}</td></tr></table>"""
# Every end tag looks for its element among all that are open: seconds in C.
SLOW = "<span>" * 1_900 + "</x>" * 1_000_000
LARGE = "<table>" + "<tr><td>a<td>b" * 500_000


@pytest.fixture(autouse=True)
def _forking(monkeypatch):
    """Let workers inherit what a test has patched, whatever Python's default is."""
    monkeypatch.setattr(
        "gentap.synthesis.engines.multiprocessing.get_context",
        lambda method: multiprocessing.context._concrete_contexts[method or "fork"],
    )


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text(GOOD.format(number))
    return folder


@pytest.fixture
def task(docs, tmp_path):
    return Task(0, tuple(list_inputs([docs]))), options(tmp_path)


def options(tmp_path):
    return Options(tmp_path / "out", "", MIN_SUPPORT, False, frozenset())


def behave(monkeypatch, act):
    """Let the document 1.html do something before it is read."""

    def acting(source, **options):
        if "1.html" in source.path:
            act()
        return load(source, **options)

    monkeypatch.setattr(module, "load", acting)


def count():
    sum(range(10**14))  # C code that looks at no signal


def wait():
    time.sleep(60)


def allocate():
    bytearray(400 << 20)


def gather():
    held = []
    while True:
        held.append(list(range(1000)))


def fault():
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)


def leave():
    os._exit(0)


def fail():
    raise KeyError("oops")


@pytest.mark.parametrize(
    ("workers", "act", "reason"),
    [
        (1, count, "timeout"),
        (2, count, "timeout"),
        (1, wait, "timeout"),
        (1, allocate, "out-of-memory"),
        (2, allocate, "out-of-memory"),
        (1, gather, "out-of-memory"),
        (1, fault, "crashed"),
        (2, fault, "crashed"),
        (1, leave, "crashed"),
        (1, fail, "crashed"),
    ],
)
def test_a_bad_document_is_counted_and_the_run_goes_on(
    docs, tmp_path, monkeypatch, workers, act, reason
):
    behave(monkeypatch, act)
    limits = {"timeout": 1 if reason == "timeout" else 60, "memory": 256}
    report = harvest([docs], tmp_path / "out", workers=workers, shard_size=3, **limits)
    assert report["rejected"] == {reason: 1}
    assert report["documents"] == 4
    assert report["kept"] == 3
    titles = [record["table"]["title"] for record in read_records(tmp_path / "out")]
    assert titles == ["Cup 0", "Cup 2", "Cup 3"]
    monkeypatch.undo()
    again = harvest([docs], tmp_path / "out", shard_size=3)
    assert again == report


@pytest.mark.parametrize(
    ("page", "limits", "reason"),
    [
        (SLOW, {"timeout": 1.5}, "timeout"),
        (LARGE, {"timeout": 60, "memory": 64}, "out-of-memory"),
    ],
)
def test_pages_that_overwhelm_the_parser(docs, tmp_path, page, limits, reason):
    (docs / "1.html").write_text(page)
    report = harvest([docs], tmp_path / "out", **limits)
    assert report["rejected"] == {reason: 1}
    assert report["kept"] == 3


def test_several_bad_documents_in_one_shard(docs, tmp_path, monkeypatch, caplog):
    acts = {"0.html": fault, "2.html": allocate, "3.html": fail}

    def acting(source, **options):
        acts.get(source.path[-6:], lambda: None)()
        return load(source, **options)

    monkeypatch.setattr(module, "load", acting)
    with caplog.at_level("INFO"):
        report = harvest([docs], tmp_path / "out", memory=256)
    assert report["rejected"] == {"crashed": 2, "out-of-memory": 1}
    assert report["kept"] == 1
    told = [record.message for record in caplog.records]
    assert told == [
        f"{docs}/0.html: crashed: it ended its worker",
        f"{docs}/2.html: out-of-memory: it ended its worker",
    ]


def test_what_our_own_code_fails_at_is_told_with_its_place(docs, tmp_path, monkeypatch, caplog):
    behave(monkeypatch, fail)
    with caplog.at_level("INFO"):
        harvest([docs], tmp_path / "out")
    (told,) = (record.message for record in caplog.records)
    assert told.startswith(f"{docs}/1.html: crashed: KeyError('oops') in {__file__}:")


def test_a_document_that_cannot_even_be_read(docs, tmp_path):
    (docs / "1.html").unlink()
    os.mkfifo(docs / "1.html")  # nobody writes: opening it waits forever
    report = harvest([docs], tmp_path / "out", timeout=1)
    assert report["rejected"] == {"timeout": 1}
    assert report["kept"] == 3


def test_memory_is_limited_by_document_and_not_by_run(docs, tmp_path, monkeypatch):
    kept = []

    def growing(source, **options):
        kept.append(bytearray(100 << 20))
        return load(source, **options)

    monkeypatch.setattr(module, "load", growing)
    report = harvest([docs], tmp_path / "out", memory=150)
    assert report["rejected"] == {}


def test_no_limits(docs, tmp_path, monkeypatch):
    behave(monkeypatch, allocate)
    report = harvest([docs], tmp_path / "out", timeout=0, memory=0)
    assert report["rejected"] == {}


def test_limits_make_sense(docs, tmp_path):
    with pytest.raises(InputError, match="below 0"):
        harvest([docs], tmp_path / "out", timeout=-1)
    with pytest.raises(InputError, match="below 0"):
        harvest([docs], tmp_path / "out", memory=-1)
    with pytest.raises(InputError, match="shard of 0"):
        harvest([docs], tmp_path / "out", shard_size=0)
    with pytest.raises(InputError, match="no engine spark; take one of local, ray"):
        harvest([docs], tmp_path / "out", engine="spark")


def test_workers_that_die_between_documents_end_the_run(docs, tmp_path, monkeypatch):
    monkeypatch.setattr(Shards, "write", lambda *parts: os._exit(3))
    with pytest.raises(GentapError, match="3 workers ended with 3 while no document"):
        harvest([docs], tmp_path / "out")


def test_what_fails_between_documents_is_raised(docs, tmp_path, monkeypatch):
    def full(*parts):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Shards, "write", full)
    with pytest.raises(OSError, match="No space left") as caught:
        harvest([docs], tmp_path / "out", workers=2)
    assert "in full" in caught.value.__notes__[0]
    assert multiprocessing.active_children() == []


def test_a_missing_library_is_no_fault_of_the_document(docs, tmp_path, monkeypatch):
    def lack():
        raise MissingExtraError("this needs warcio")

    behave(monkeypatch, lack)
    with pytest.raises(MissingExtraError, match="this needs warcio"):
        harvest([docs], tmp_path / "out")


def test_an_idle_worker_that_dies_is_replaced(task, tmp_path):
    one, options = task
    tasks = [one, Task(1, one.chunk), Task(2, one.chunk)]
    done = []
    for shard in run_local(iter(tasks), options, LIMITS, 1):
        done.append(shard.index)
        for child in multiprocessing.active_children():
            child.kill()
    assert done == [0, 1, 2]


def test_tasks_are_taken_as_they_are_needed(task, tmp_path):
    one, options = task
    taken = []

    def endless():
        while True:
            taken.append(len(taken))
            yield Task(taken[-1], one.chunk)

    shards = run_local(endless(), options, LIMITS, 2)
    for done in range(1, 6):
        next(shards)
        assert len(taken) <= done + 3
    shards.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_however_workers_are_started(task, method):
    one, options = task
    (done,) = run_local([one], options, LIMITS, 1, start_method=method)
    assert done.documents == 4
    assert Shards(options.directory, alignment_schema()).existing() == {0: (done.path,)}
