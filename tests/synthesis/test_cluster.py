"""Ray: the same files as without it, whatever is killed when."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
import types

import pytest

from gentap.errors import GentapError, MissingExtraError
from gentap.storage import write_jsonl
from gentap.synthesis import cluster
from gentap.synthesis.harvest import harvest

RUN = """
import sys
from gentap.synthesis.harvest import harvest
harvest(sys.argv[1:2], sys.argv[2], engine="ray", workers=2, shard_size=2, timeout=1.0)
"""
SHARDS = 8
# One that takes too long, in C code: every end tag looks at all elements that are open.
SLOW = "<span>" * 1_900 + "</x>" * 1_000_000


def document(number):
    return {
        "uri": f"https://example.org/{number}",
        "title": f"City {number}",
        "tables": [{"header": ["Club", "Ground"], "rows": [["Rovers", f"Park {number}"]]}],
        "sentences": [f"The club Rovers plays at Park {number}."],
    }


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class FakeRay(types.ModuleType):
    """As much of Ray as is used, each task run when it is waited for."""

    class exceptions:
        class RayError(Exception):
            pass

        class RayTaskError(RayError):
            def __init__(self, cause):
                self.cause = cause

    def __init__(self):
        super().__init__("ray")
        self.started = self.most = self.waiting = 0
        self.lost = False

    def is_initialized(self):
        return bool(self.started)

    def init(self, **options):
        self.started += 1

    def put(self, value):
        return value

    def remote(self, **options):
        def make_remote(function):
            def submit(*arguments):
                self.waiting += 1
                self.most = max(self.most, self.waiting)
                return lambda: function(*arguments)

            return types.SimpleNamespace(remote=submit)

        return make_remote

    def wait(self, waiting):
        return waiting[-1:], waiting[:-1]

    def get(self, task):
        self.waiting -= 1
        if self.lost:
            raise self.exceptions.RayError("node lost")
        try:
            return task()
        except Exception as error:
            raise self.exceptions.RayTaskError(error) from error


@pytest.fixture
def ray(monkeypatch):
    fake = FakeRay()
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["fork", "spawn"])
    return fake


@pytest.fixture
def docs(tmp_path):
    path = tmp_path / "docs.jsonl"
    records = [document(number) for number in range(3)]
    # Reasons that come in another order when shards do.
    records[0]["sentences"].append("Nothing of this matters to anybody at all.")
    records[2]["sentences"].append("He has always played his games at that place.")
    write_jsonl(path, records)
    return path


def test_few_tasks_wait_and_any_order_gives_the_same_report(ray, docs, tmp_path):
    report = harvest([docs], tmp_path / "out", engine="ray", workers=2, shard_size=1)
    assert report == harvest([docs], tmp_path / "one", shard_size=1)
    assert (ray.started, ray.most, ray.waiting) == (1, 2, 0)
    assert report["dropped"] == {"no-cell": 1, "pronoun": 1}
    assert contents(tmp_path / "out") == contents(tmp_path / "one")


def test_what_fails_in_a_task_is_raised_as_it_is(ray, docs, tmp_path, monkeypatch):
    def fail(*parts, **options):
        raise GentapError("no room")
        yield

    monkeypatch.setattr(cluster, "run_local", fail)
    with pytest.raises(GentapError, match=r"^no room$"):
        harvest([docs], tmp_path / "out", engine="ray")
    ray.lost = True
    with pytest.raises(GentapError, match="Ray lost a shard, run again to go on: node lost"):
        harvest([docs], tmp_path / "out", engine="ray")


def test_without_ray_its_extra_is_named(docs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'gentap\[ray\]'"):
        harvest([docs], tmp_path / "out", engine="ray")


@pytest.mark.ray
def test_a_killed_run_on_ray_ends_as_one_of_processes(tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'gentap[ray]'")
    docs, out, whole = (tmp_path / name for name in ("docs", "out", "whole"))
    docs.mkdir()
    (docs / "a.html").write_text(SLOW)
    write_jsonl(docs / "b.jsonl", map(document, range(2 * SHARDS - 1)))
    # Ray's sockets need a short path, and its token a home.
    with tempfile.TemporaryDirectory() as scratch:
        path = os.pathsep.join(sys.path)
        own = {"RAY_ADDRESS": "local", "RAY_TMPDIR": scratch, "HOME": scratch, "PYTHONPATH": path}
        command = [sys.executable, "-c", RUN, docs, out]
        run = subprocess.Popen(command, env=os.environ | own)
        deadline = time.monotonic() + 120
        while not list(out.glob("part-00002*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.wait()
        begun = sorted(out.glob("part-*"))
        assert 0 < len(begun) < SHARDS
        times = [path.stat().st_mtime_ns for path in begun]
        subprocess.run(command, env=os.environ | own, check=True, timeout=120)
    assert [path.stat().st_mtime_ns for path in begun] == times
    report = harvest([docs], whole, shard_size=2, timeout=1.0)
    assert report["rejected"] == {"timeout": 1}
    assert len(list(out.glob("part-*"))) == SHARDS
    assert contents(out) == contents(whole)
