import gzip
import json
import pickle
import sys
from pathlib import Path

import pytest

from gentap.errors import InputError, MissingExtraError
from gentap.records import Alignment, Example, Source
from gentap.storage import (
    Shards,
    alignment_schema,
    example_schema,
    is_remote,
    locate,
    merged,
    read_counts,
    read_json,
    read_jsonl,
    read_parquet,
    read_records,
    run_settings,
    write_json,
    write_jsonl,
    write_parquet,
)
from gentap.table import Table

TABLE = Table(("Year", "Title"), (("1999", "Ö"), ("2001", "")), "Page", "Films")
ALIGNMENT = Alignment(
    "Ö came in 1999.",
    TABLE,
    ((0, 1), (0, 0)),
    ((0, 1), (10, 14)),
    0.75,
    3.0,
    ("Rome",),
    Source("u", "CC"),
)
EXAMPLE = Example("s-1", "sentence", "When?", "Ö came in 1999.", TABLE, ((0, 0),))


def failing():
    yield {"a": 1}
    raise RuntimeError("stopped")


@pytest.mark.parametrize("name", ["a.jsonl", "deep/a.jsonl.gz"])
def test_jsonl_round_trip(tmp_path, name):
    records = [{"a": "Ö\u2028\n"}, {"a": [1, None]}]
    assert write_jsonl(tmp_path / name, records) == 2
    assert list(read_jsonl(tmp_path / name)) == records
    assert list(read_records(tmp_path / name)) == records


def test_packed_jsonl_is_the_same_bytes_every_time(tmp_path):
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_jsonl(tmp_path / name, [{"a": 1}])
    packed = (tmp_path / "a.jsonl.gz").read_bytes()
    assert packed == (tmp_path / "b.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == b'{"a": 1}\n'


@pytest.mark.parametrize("write", [write_jsonl, write_parquet])
def test_a_failed_write_leaves_what_was_there(tmp_path, write):
    path = tmp_path / "a.jsonl"
    path.write_text("before")
    with pytest.raises(RuntimeError):
        write(path, failing())
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_jsonl_skips_empty_lines_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n{"a": 2}')
    assert list(read_jsonl(path)) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1}\n{"a"', r"a\.jsonl:2 is not JSON"),
        (b"[1]\n", "not a JSON object"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path, content, said):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        list(read_jsonl(path))


def test_a_cut_off_packed_file_is_an_input_error(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}\n' * 100)[:-12])
    with pytest.raises(InputError, match="cannot be read"):
        list(read_jsonl(path))


@pytest.mark.parametrize("damage", [b"\x00\xff" * 40, b""])
def test_a_packed_file_damaged_inside_is_an_input_error(tmp_path, damage):
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(json.dumps({"a": list(range(500))}).encode())
    path.write_bytes(packed[:60] + damage + packed[140:])
    with pytest.raises(InputError, match="cannot be read"):
        list(read_jsonl(path))


def test_json_round_trip_and_errors(tmp_path):
    path = tmp_path / "deep" / "a.json"
    write_json(path, {"a": "Ö"})
    assert read_json(path) == {"a": "Ö"}
    with pytest.raises(InputError, match="cannot be read"):
        read_json(tmp_path / "none.json")
    path.write_text("[]")
    with pytest.raises(InputError, match="not a JSON object"):
        read_json(path)


def test_records_survive_parquet(tmp_path):
    write_parquet(tmp_path / "a.parquet", [ALIGNMENT.to_record()], alignment_schema())
    write_parquet(tmp_path / "e.parquet", [EXAMPLE.to_record()], example_schema())
    (alignment,) = read_parquet(tmp_path / "a.parquet")
    (example,) = read_records(tmp_path / "e.parquet")
    assert alignment == ALIGNMENT.to_record()
    assert Alignment.from_record(alignment) == ALIGNMENT
    assert Example.from_record(example) == EXAMPLE


def test_an_empty_shard_keeps_schema_and_counts(tmp_path):
    path = tmp_path / "a.parquet"
    assert write_parquet(path, [], alignment_schema(), {"kept": 0}) == 0
    assert list(read_parquet(path)) == []
    assert read_counts(path) == {"kept": 0}


def test_parquet_without_counts_or_broken_is_an_input_error(tmp_path):
    path = tmp_path / "a.parquet"
    write_parquet(path, [{"a": 1}])
    with pytest.raises(InputError, match="keeps no counts"):
        read_counts(path)
    path.write_bytes(b"PAR1")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        list(read_parquet(path))
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_counts(path)


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"gentap\[data\]"):
        write_parquet(tmp_path / "a.parquet", [])


def test_a_folder_is_read_part_by_part(tmp_path):
    write_jsonl(tmp_path / "part-00001-b.jsonl", [{"a": 2}])
    write_parquet(tmp_path / "part-00000-a.parquet", [{"a": 1}])
    (tmp_path / "part-00002.txt").write_text("no records")
    write_json(tmp_path / "report.json", {})
    assert list(read_records(tmp_path)) == [{"a": 1}, {"a": 2}]


def test_what_holds_no_records_is_an_input_error(tmp_path):
    other = tmp_path / "a.txt"
    other.write_text("")
    for path, said in [
        (tmp_path, "holds no part"),
        (tmp_path / "x.jsonl", "does not exist"),
        (other, "neither"),
    ]:
        with pytest.raises(InputError, match=said):
            list(read_records(path))


def test_shards_merge_their_counts_and_drop_strangers(tmp_path):
    shards = Shards(tmp_path / "out", alignment_schema())
    paths = [shards.path(0, "abc"), shards.path(1, "def")]
    stale = shards.path(1, "old")
    counts = {"seen": 2, "dropped": {"tie": 1, "no-cell": 0}}
    for path in (*paths, stale):
        shards.write(path, [ALIGNMENT.to_record()], counts)
    leftover = shards.directory / ".part-00002-x.parquet.77.tmp"
    leftover.write_bytes(b"half")
    shards.clean()
    report = shards.finish(paths)
    assert report == {"seen": 4, "dropped": {"tie": 2, "no-cell": 0}}
    assert read_json(shards.directory / "report.json") == report
    assert sorted(shards.directory.glob("[.p]*")) == paths
    assert [path.name for path in paths] == ["part-00000-abc.parquet", "part-00001-def.parquet"]
    assert len(list(read_records(shards.directory))) == 2


def test_shards_that_are_there_are_known_by_their_numbers(tmp_path):
    shards = Shards(tmp_path, alignment_schema())
    assert shards.existing() == {}
    paths = [shards.path(0, "b"), shards.path(0, "a"), shards.path(123456, "c")]
    for path in (*paths, tmp_path / "part-x-d.parquet", tmp_path / "part-00001-e.jsonl"):
        path.touch()
    assert shards.existing() == {0: (paths[1], paths[0]), 123456: (paths[2],)}


def test_merged_adds_up_what_only_some_have():
    counts = [{"a": 1, "b": {"x": 1}}, {"b": {"y": 2}}, {"b": {"x": 3}, "c": 1}]
    assert merged(counts) == {"a": 1, "b": {"x": 4, "y": 2}, "c": 1}
    assert merged([]) == {}


def test_a_folder_keeps_its_settings(tmp_path):
    run_settings(tmp_path / "run", {"seed": 1, "model": "m"})
    run_settings(tmp_path / "run", {"model": "m", "seed": 1})
    with pytest.raises(InputError, match="begun with seed = 1, now it is 2: give the same"):
        run_settings(tmp_path / "run", {"seed": 2, "model": "m"})
    with pytest.raises(InputError, match="limit = None, now it is 3"):
        run_settings(tmp_path / "run", {"seed": 1, "model": "m", "limit": 3})


def test_addresses_act_like_paths_and_their_listings_are_fresh(tmp_path):
    remote = locate(f"local://{tmp_path}")
    assert (is_remote(remote), is_remote(tmp_path), is_remote("a/b")) == (True, False, False)
    assert locate(remote) is remote
    assert locate("a/b") == Path("a/b")
    assert not remote.fs.dircache.use_listings_cache
    again = pickle.loads(pickle.dumps(remote / "part-00000-a.parquet"))
    (tmp_path / again.name).touch()
    assert list(remote.glob("part-*")) == [again]


def test_an_object_is_put_as_a_whole_or_not_at_all(tmp_path):
    path = f"local://{tmp_path}/a.jsonl"
    (tmp_path / "a.jsonl").write_text("before")
    with pytest.raises(RuntimeError):
        write_jsonl(path, failing())
    assert (tmp_path / "a.jsonl").read_text() == "before"
    assert write_jsonl(f"{path}.gz", [{"a": 1}]) == 1
    assert list(read_jsonl(f"{path}.gz")) == [{"a": 1}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.jsonl.gz"]
