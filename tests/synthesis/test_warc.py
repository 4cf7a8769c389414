import gzip
import io
import pickle
import tracemalloc
import zlib

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from gentap.records import Document
from gentap.synthesis import packing
from gentap.synthesis.documents import load
from gentap.synthesis.harvest import harvest
from gentap.synthesis.inputs import list_inputs
from gentap.synthesis.rejection import UnusableError
from gentap.synthesis.warc import read_record, record_spans

PAGE = """<title>Races</title><p>Ann won the race in 1998. Bob lost the race of 1999.
<table><tr><th>Year<th>Winner<tr><td>1998<td>Ann<tr><td>1999<td>Eve {}</table>"""
OTHERS = ["no-response", "no-response", "no-html", "http-error"]


def response(writer, uri, content, *, status="200 OK", kind="text/html", **headers):
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    http = StatusAndHeaders(status, [("Content-Type", kind), *named], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        uri, "response", payload=io.BytesIO(content), http_headers=http
    )
    writer.write_record(record)


def one_record(content=b"<p>Hi.", **options):
    file = io.BytesIO()
    response(WARCWriter(file, gzip=False), "http://a.org/", content, **options)
    return file.getvalue()


def archive(path, *, packed, pages=2):
    """Pages, and one each of what is no page."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "x"}))
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.org")], is_http_request=True)
        writer.write_record(
            writer.create_warc_record("http://a.org/", "request", http_headers=request)
        )
        response(writer, "http://a.org/i.png", b"\x89PNG", kind="image/png")
        response(writer, "http://a.org/x", b"<p>Gone.", status="404 Not Found")
        for number in range(pages):
            content = PAGE.format(number).encode()
            response(writer, f"http://a.org/{number}", content, kind="Text/HTML; charset=utf-8")
    return path


@pytest.fixture(params=["a.warc", "a.warc.gz"])
def crawl(tmp_path, request):
    return archive(tmp_path / request.param, packed=request.param.endswith("gz"))


def test_pages_become_documents_and_all_else_is_counted(crawl):
    inputs = pickle.loads(pickle.dumps(list(list_inputs([crawl]))))
    assert [item.data for item in inputs] == [None] * 6
    assert [item.uri for item in inputs] == [f"{crawl.as_posix()}:{n}" for n in range(1, 7)]
    assert sum(item.length for item in inputs) <= crawl.stat().st_size
    # Each is read on its own, in whatever order.
    *pages, error, image, request, info = map(load, reversed(inputs))
    assert [item.reason for item in (info, request, image, error)] == OTHERS
    assert image.uri == inputs[2].uri
    assert [page.source.uri for page in pages] == ["http://a.org/1", "http://a.org/0"]
    assert isinstance(pages[1], Document)
    assert pages[1].title == pages[1].tables[0].title == "Races"
    assert pages[1].tables[0].rows[1] == ("1999", "Eve 0")


def test_an_archive_is_harvested_alike_by_any_number_of_workers(crawl, tmp_path):
    reports = [
        harvest([crawl], tmp_path / str(workers), shard_size=2, workers=workers)
        for workers in (1, 2)
    ]
    assert reports[0] == reports[1]
    assert reports[0]["documents"] == 6
    rejected = {"no-response": 2, "no-html": 1, "http-error": 1}
    assert reports[0]["rejected"] == rejected
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "12"
    )
    assert first == second


def test_a_cut_archive_gives_what_comes_before_the_cut(crawl, tmp_path):
    data = crawl.read_bytes()
    crawl.write_bytes(data[:-60])
    (tmp_path / "z.html").write_text(PAGE.format(9))
    *whole, cut, page = map(load, list_inputs([tmp_path]))
    assert len(whole) == 5
    assert (cut.reason, cut.uri) == ("unreadable", f"{crawl.as_posix()}:6")
    assert "cut short" in cut.detail
    assert isinstance(whole[4], Document)
    assert isinstance(page, Document)


def test_what_is_damaged_ends_the_archive(crawl):
    data = bytearray(crawl.read_bytes())
    third = list(list_inputs([crawl]))[2].offset
    data[third : third + 20] = b"?" * 20
    crawl.write_bytes(data)
    results = list(map(load, list_inputs([crawl])))
    assert [item.reason for item in results] == ["no-response", "no-response", "unreadable"]
    assert results[2].detail


@pytest.mark.parametrize(
    ("name", "data", "detail"),
    [
        ("a.warc", b"", "holds no record"),
        ("a.warc.gz", b"", "holds no record"),
        ("a.warc", b"\r\n<p>Hi.", "no WARC record begins at byte 2"),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "at byte 0 has no length"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 1" + b"0" * 5_000, "has no length"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 9\r\n\r\n", "cut short"),
        ("a.warc.gz", b"WARC/1.0\r\n", "incorrect header"),
        ("a.warc.gz", gzip.compress(b"<p>Hi.", mtime=0), "this is no WARC record"),
    ],
)
def test_what_is_no_archive_is_unreadable(name, data, detail, tmp_path):
    (tmp_path / name).write_bytes(data)
    (result,) = map(load, list_inputs([tmp_path]))
    assert result.reason == "unreadable"
    assert detail in result.detail


def test_an_archive_that_goes_missing_is_unreadable(tmp_path):
    (tmp_path / "a.warc").symlink_to(tmp_path / "gone")
    (result,) = map(load, list_inputs([tmp_path]))
    assert result.reason == "unreadable"


def test_an_archive_packed_as_a_whole_is_unreadable(tmp_path):
    plain = archive(tmp_path / "a.warc", packed=False).read_bytes()
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(plain))
    (result,) = map(load, list_inputs([tmp_path / "a.warc.gz"]))
    assert result.reason == "unreadable"
    assert "warcio recompress" in result.detail


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("gzip", bytes),  # unpacked by the crawler, which left the header as it was
    ],
)
def test_packed_and_chunked_content_is_unpacked(encoding, pack):
    content = pack(b"<p>Hi there.")
    assert read_record(one_record(content, Content_Encoding=encoding)) == (
        "http://a.org/",
        b"<p>Hi there.",
    )
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)
    headers = {"Content_Encoding": encoding, "Transfer_Encoding": "chunked"}
    assert read_record(one_record(chunked, **headers))[1] == b"<p>Hi there."


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html; charset=windows-1251", "<p>Нил".encode("cp1251")),
        ('application/xhtml+xml; charset="utf-8"', "<p>Нил".encode()),
        ("text/html; charset=windows-1251", "<p>Нил".encode()),
    ],
)
def test_the_declared_encoding_counts_where_it_fits(kind, content):
    assert read_record(one_record(content, kind=kind))[1].decode() == "<p>Нил"


@pytest.mark.parametrize("charset", ["unheard-of", "base64", ""])
def test_an_encoding_that_does_not_fit_is_left_to_the_page(charset):
    content = "<p>Müller".encode("latin-1")
    assert read_record(one_record(content, kind=f"text/html; charset={charset}"))[1] == content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (one_record()[:-6], "unreadable"),
        (one_record() * 2, "unreadable"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "unreadable"),
        (b"WARC/1.0", "unreadable"),
        (one_record(kind="text/plain"), "no-html"),
        (one_record(status="301 Moved"), "http-error"),
    ],
)
def test_why_a_record_is_rejected(data, reason):
    with pytest.raises(UnusableError) as caught:
        read_record(data)
    assert caught.value.reason == reason


def test_bombs_end_in_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 1_000_000)
    inner = gzip.compress(bytes(10_000_000)) * 50
    bombs = [
        one_record(bytes(50_000_000)),  # in the gzip member
        one_record(inner, Content_Encoding="gzip"),
        one_record(b"%x\r\n%b\r\n0\r\n\r\n" % (len(inner), inner), Transfer_Encoding="chunked",
                   Content_Encoding="gzip"),
        bytes(50_000_000),  # no record, but a line without an end
    ]  # fmt: skip
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, bombs)))
    del bombs
    tracemalloc.start()
    results = list(map(load, list_inputs([tmp_path])))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [result.reason for result in results] == ["too-large"] * 4
    assert peak < 25_000_000


@pytest.mark.parametrize("level", [0, 9])
def test_members_are_found_whatever_their_size(level):
    contents = [bytes(size) for size in (0, 1, 65_535, 65_536, 65_537, 300_000)]
    members = [gzip.compress(content, level) for content in contents]
    handle = io.BytesIO(b"".join(members))
    spans = list(record_spans(handle, packed=True))
    data = handle.getvalue()
    assert [data[start : start + length] for start, length in spans] == members
    with pytest.raises(zlib.error):
        list(record_spans(io.BytesIO(data + b"?" * 20), packed=True))
