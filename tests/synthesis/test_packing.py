import gzip
import io
import sys
import tracemalloc
import zipfile

import pytest
import zstandard

from gentap.errors import MissingExtraError
from gentap.synthesis import packing
from gentap.synthesis.packing import check_zip, packing_of, unpack, unpacking, without_packing
from gentap.synthesis.rejection import UnusableError

TEXT = b"one\ntwo\n" * 100_000
PACKERS = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}


@pytest.mark.parametrize(
    ("path", "packing", "rest"),
    [("a.html.GZ", ".gz", "a.html"), ("a.md.zst", ".zst", "a.md"), ("a.html", "", "a.html")],
)
def test_the_ending_tells_how_a_file_is_packed(path, packing, rest):
    assert (packing_of(path), without_packing(path)) == (packing, rest)


@pytest.mark.parametrize("ending", PACKERS)
def test_packed_bytes_are_unpacked(ending):
    pack = PACKERS[ending]
    assert unpack(pack(TEXT), ending) == TEXT
    assert unpack(pack(TEXT) + pack(b"more"), ending) == TEXT + b"more"
    assert unpack(pack(b""), ending) == b""
    assert unpack(TEXT, "") == TEXT


@pytest.mark.parametrize("ending", PACKERS)
def test_packed_streams_are_read_by_line(ending):
    with unpacking(io.BytesIO(PACKERS[ending](TEXT)), ending) as handle:
        assert [handle.readline() for _ in range(3)] == [b"one\n", b"two\n", b"one\n"]
        assert handle.readline(2) == b"tw"


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize("cut", [1, 5, 30])
def test_what_is_cut_short_is_unreadable(ending, cut):
    with pytest.raises(UnusableError) as caught:
        unpack(PACKERS[ending](TEXT)[:-cut], ending)
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("ending", PACKERS)
def test_what_was_never_packed_is_unreadable(ending):
    with pytest.raises(UnusableError) as caught:
        unpack(b"<p>plain", ending)
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("ending", ["", *PACKERS])
def test_no_more_is_unpacked_than_a_document_may_have(ending, monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 10)
    pack = PACKERS.get(ending, bytes)
    assert unpack(pack(b"x" * 10), ending) == b"x" * 10
    with pytest.raises(UnusableError) as caught:
        unpack(pack(b"x" * 11), ending)
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize(("ending", "copies"), [(".gz", 300), (".zst", 7_000)])
@pytest.mark.parametrize("joined", [True, False])
def test_a_bomb_of_megabytes_ends_in_bounded_memory(ending, copies, joined, monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 1_000_000)
    pack = PACKERS[ending]
    bomb = pack(bytes(10_000_000)) * copies if joined else pack(bytes(50_000_000))
    assert len(bomb) > 2_000_000 or not joined
    tracemalloc.start()
    with pytest.raises(UnusableError) as caught:
        unpack(bomb, ending)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason == "too-large"
    assert peak < 25_000_000


def test_a_zip_file_is_judged_by_what_it_says_of_itself(monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 1_000)
    for size, reason in ((500, ""), (501, "too-large")):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", bytes(500))
            archive.writestr("b", bytes(size))
        if not reason:
            check_zip(file.getvalue())
            continue
        with pytest.raises(UnusableError) as caught:
            check_zip(file.getvalue())
        assert caught.value.reason == reason
    with pytest.raises(UnusableError) as caught:
        check_zip(b"PK no")
    assert caught.value.reason == "unreadable"


def test_zstandard_is_asked_for_where_it_is_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtraError, match=r"needs zstandard.*gentap\[documents\]"):
        unpack(b"", ".zst")
