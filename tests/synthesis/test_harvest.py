import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import datasets
import duckdb
import pandas
import polars
import pytest

from gentap.errors import InputError
from gentap.records import Alignment
from gentap.storage import Shards, read_json, read_jsonl, read_records, write_jsonl
from gentap.synthesis import harvest as module
from gentap.synthesis.harvest import harvest
from gentap.synthesis.shard import page_name

RUN = """
import sys, time
from gentap.synthesis import shard as module
from gentap.synthesis.harvest import harvest
load = module.load
def slow(source, **options):
    time.sleep(0.05)
    return load(source, **options)
module.load = slow
harvest([sys.argv[1]], sys.argv[2], shard_size=2, workers=int(sys.argv[3]))
"""


def document(number):
    """A document of which two sentences align, in the form that every reader knows."""
    return {
        "uri": f"https://en.wikipedia.org/wiki/City_{number}%21",
        "title": f"City {number}!",
        "tables": [
            {
                "header": ["Club", "Ground"],
                "rows": [[f"Rovers {number}", f"Park {number}"], ["United", "Old Lane"]],
            }
        ],
        "sentences": [
            f"The club Rovers {number} plays at Park {number}.",
            "United has always played at Old Lane.",
            "Nothing of this matters to anybody.",
        ],
    }


@pytest.fixture
def docs(tmp_path):
    path = tmp_path / "docs.jsonl"
    write_jsonl(path, map(document, range(7)))
    with path.open("a") as handle:
        handle.write("{broken\n")
    return path


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def wait_for(directory, pattern):
    deadline = time.monotonic() + 60
    while not list(directory.glob(pattern)) and time.monotonic() < deadline:
        time.sleep(0.01)


def test_everything_seen_is_kept_or_dropped(docs, tmp_path):
    report = harvest([docs], tmp_path / "out", shard_size=3)
    assert report == {
        "documents": 8,
        "rejected": {"bad-record": 1},
        "tables": {"kept": 7, "rejected": {}},
        "sentences_seen": 21,
        "kept": 10,  # one a document, and the sentence about United once in each of 3 shards
        "rows": {"one": 10},
        "licenses": {"": 10},
        "dropped": {"duplicate": 4, "no-cell": 7},
    }
    assert report["kept"] + sum(report["dropped"].values()) == report["sentences_seen"]
    assert read_json(tmp_path / "out" / "report.json") == report
    found = [Alignment.from_record(record) for record in read_records(tmp_path / "out")]
    assert [alignment.sentence for alignment in found[:2]] == [
        "The club Rovers 0 plays at Park 0.",
        "United has always played at Old Lane.",
    ]
    assert found[0].evidence == ((0, 0), (0, 1))
    assert found[0].source.uri.endswith("City_0%21")


def test_workers_and_resuming_change_no_byte(docs, tmp_path):
    reports = [
        harvest([docs], tmp_path / "one", shard_size=2),
        harvest([docs], tmp_path / "two", shard_size=2, workers=2),
        harvest([docs], tmp_path / "three", shard_size=2, limit=3),
        harvest([docs], tmp_path / "three", shard_size=2),
    ]
    assert reports[0] == reports[1] == reports[3] != reports[2]
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_goes_on(docs, tmp_path, workers):
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, docs, out, str(workers)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    wait_for(out, "part-00001*")
    run.send_signal(signal.SIGKILL)
    run.wait()
    done = contents(out)
    assert any(name.startswith("part-00001") for name in done)
    (out / ".part-00002-x.parquet.1.tmp").write_bytes(b"half")
    harvest([docs], out, shard_size=2, workers=3 - workers)
    harvest([docs], tmp_path / "whole", shard_size=2)
    assert contents(out) == contents(tmp_path / "whole")


def kill_at_work(docs, out, workers):
    slow = RUN.replace("0.05", "0.25")
    run = subprocess.Popen(
        [sys.executable, "-c", slow, docs, out, str(workers)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    wait_for(out, "part-00000*")
    wait_for(out, "part-00001*")
    run.send_signal(signal.SIGKILL)
    run.wait()
    return run.pid


def test_orphans_write_nothing(docs, tmp_path):
    out = tmp_path / "out"
    kill_at_work(docs, out, 2)
    done = contents(out)
    time.sleep(1)  # those at work have finished their shards
    assert contents(out) == done


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_orphans_end_though_idle(docs, tmp_path):
    group = kill_at_work(docs, tmp_path / "out", 6)
    deadline = time.monotonic() + 30
    while is_group(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_group(group)


def is_group(number):
    """Tell whether a process group has a member that still runs."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(group) == number and state != "Z":
                return True
    return False


def test_what_is_done_is_not_done_again(docs, tmp_path, monkeypatch):
    report = harvest([docs], tmp_path / "out", shard_size=2)
    monkeypatch.setattr(Shards, "write", None)
    assert harvest([docs], tmp_path / "out", shard_size=2) == report


def test_changed_documents_replace_their_shards(docs, tmp_path):
    harvest([docs], tmp_path / "out", shard_size=4)
    write_jsonl(docs, map(document, range(1, 4)))
    report = harvest([docs], tmp_path / "out", shard_size=4)
    assert report["documents"] == 3
    assert len(list((tmp_path / "out").glob("part-*"))) == 1


def test_a_document_that_goes_missing_is_rejected(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    path.write_text("<p>gone</p>")
    inputs = list(module.list_inputs([path]))
    path.unlink()
    monkeypatch.setattr(module, "list_inputs", lambda paths: iter(inputs))
    assert harvest([path], tmp_path / "out")["rejected"] == {"unreadable": 1}


def test_excluded_documents_are_counted(docs, tmp_path):
    exclude = ["CITY_0!", "http://en.wikipedia.org/wiki/City_1%21", "City 99!"]
    report = harvest([docs], tmp_path / "out", exclude=exclude)
    assert report["rejected"] == {"excluded": 2, "bad-record": 1}
    assert report["documents"] == 8
    assert not any("Rovers 0" in record["sentence"] for record in read_records(tmp_path / "out"))


def test_dropped_sentences_are_kept_on_demand(docs, tmp_path):
    report = harvest([docs], tmp_path / "out", keep_dropped=True)
    (path,) = (tmp_path / "out").glob("dropped-*.jsonl")
    (part,) = (tmp_path / "out").glob("part-*")
    assert path.stem.partition("-")[2] == part.stem.partition("-")[2]
    dropped = list(read_jsonl(path))
    assert len(dropped) == sum(report["dropped"].values())
    assert dropped[0] == {
        "sentence": "Nothing of this matters to anybody.",
        "reason": "no-cell",
        "uri": "https://en.wikipedia.org/wiki/City_0%21",
    }


def test_the_licence_goes_along(docs, tmp_path):
    harvest([docs], tmp_path / "out", license="CC0")
    assert {record["source"]["license"] for record in read_records(tmp_path / "out")} == {"CC0"}


def test_other_settings_need_another_folder(docs, tmp_path):
    harvest([docs], tmp_path / "out")
    with pytest.raises(InputError, match="begun with min_support"):
        harvest([docs], tmp_path / "out", min_support=0.5)
    with pytest.raises(InputError, match="begun with exclude"):
        harvest([docs], tmp_path / "out", exclude=["City 1!"])
    with pytest.raises(InputError, match="0 workers"):
        harvest([docs], tmp_path / "out", workers=0)
    with pytest.raises(InputError, match="does not exist"):
        harvest([tmp_path / "none"], tmp_path / "out")


def test_no_documents_make_an_empty_report(tmp_path):
    (tmp_path / "docs").mkdir()
    assert harvest([tmp_path / "docs"], tmp_path / "out") == {
        "documents": 0,
        "rejected": {},
        "tables": {"kept": 0, "rejected": {}},
        "sentences_seen": 0,
        "kept": 0,
        "rows": {},
        "licenses": {},
        "dropped": {},
    }


def test_html_is_harvested(tmp_path):
    rows = "".join(
        f"<tr><td>{club}</td><td>{ground}</td></tr>"
        for club, ground in [("Rovers", "Hill Park"), ("United", "Old Lane")]
    )
    page = f"""<html><head><title>Cup</title></head><body><h1>Cup</h1>
        <p>United has always played its games at Old Lane.</p>
        <table><tr><th>Club</th><th>Ground</th></tr>{rows}</table></body></html>"""
    (tmp_path / "cup.html").write_text(page)
    assert harvest([tmp_path / "cup.html"], tmp_path / "out")["kept"] == 1
    (record,) = read_records(tmp_path / "out")
    assert record["evidence"] == [[1, 0], [1, 1]]
    assert json.loads(json.dumps(record)) == record


def test_every_table_is_kept_or_has_a_reason(tmp_path):
    table = (
        "<table><tr><th>Club</th><th>Ground</th></tr><tr><td>Rovers</td><td>Park</td></tr></table>"
    )
    box = "<table class='navbox'><tr><td>a</td></tr></table>"
    text = "<p>The Rovers have always played at Park.</p>"
    pages = {
        "a": f"{text}{table}{box}",
        "b": f"{text}{box}<table></table>",
        "c": f"{table}{table}{box}",
        "d": f"<title>Out</title>{text}{table}<table></table>",
    }
    for name, page in pages.items():
        (tmp_path / f"{name}.html").write_text(page)
    report = harvest([tmp_path], tmp_path / "out", exclude=["Out"], shard_size=2)
    reasons = {"navigation": 3, "empty": 2, "no-sentence": 2, "excluded": 1}
    assert report["tables"] == {"kept": 1, "rejected": reasons}
    assert report["rejected"] == {"no-table": 1, "no-sentence": 1, "excluded": 1}


def test_page_name_unites_titles_and_addresses():
    names = ["Côte_d’Or (band)", "https://en.wikipedia.org/wiki/C%C3%B4te_d%E2%80%99Or_(band)"]
    assert {page_name(name) for name in names} == {"côte d’or (band)"}
    assert page_name("50% off") == page_name("50%_OFF")


def test_one_bad_record_a_shard_is_explained(tmp_path, caplog):
    path = tmp_path / "docs.jsonl"
    path.write_text('{"tables": 1}\n' * 5)
    with caplog.at_level("INFO"):
        report = harvest([path], tmp_path / "out", shard_size=3)
    assert report["rejected"] == {"bad-record": 5}
    told = [record.message for record in caplog.records if "bad-record" in record.message]
    assert [line.partition(": ")[0] for line in told] == [f"{path}:1", f"{path}:4"]


def with_pandas(pattern, parts):
    return pandas.concat(map(pandas.read_parquet, parts)).sentence.tolist()


def with_polars(pattern, parts):
    return polars.scan_parquet(pattern).select("sentence").collect()["sentence"].to_list()


def with_duckdb(pattern, parts):
    query = f"select sentence, \"table\".title, evidence from '{pattern}' order by filename"
    return [row[0] for row in duckdb.sql(query).fetchall()]


def with_datasets(pattern, parts):
    cache = str(parts[0].parent / "cache")
    return datasets.load_dataset("parquet", data_files=pattern, cache_dir=cache)["train"][
        "sentence"
    ]


@pytest.mark.parametrize("read", [with_pandas, with_polars, with_duckdb, with_datasets])
def test_shards_open_in_what_people_use(docs, tmp_path, read):
    harvest([docs], tmp_path / "out", shard_size=3)
    parts = sorted((tmp_path / "out").glob("part-*"))
    expected = [record["sentence"] for record in read_records(tmp_path / "out")]
    assert list(read(str(tmp_path / "out" / "part-*.parquet"), parts)) == expected
