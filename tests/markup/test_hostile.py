"""Whatever the file: a result or a reason, in bounded time and memory."""

import codecs
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gentap.markup import decode, parse_html, parse_markdown
from gentap.synthesis.documents import Input, Rejected, load, parse_document

# A good machine needs a quarter of these.
SECONDS, MEGABYTES = 20, 400

TABLE = "<table><tr><th>Year<th>Winner<tr><td>1998<td>Ann</table>"
PAGE = f"<title>Races</title><p>Ann won the race in 1998.{TABLE}"
MARKDOWN = "# Races\nAnn won the race in 1998.\n\n|Year|Winner|\n|-|-|\n|1998|Ann|\n"


@contextmanager
def bounded() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SECONDS


def outcome(path: str, data: bytes) -> str:
    with bounded():
        result = parse_document(path, data)
    return result.reason if isinstance(result, Rejected) else "read"


def test_a_table_of_a_hundred_thousand_rows_is_read() -> None:
    rows = "".join(f"<tr><td>{row}<td>name {row}<td>x" for row in range(100_000))
    with bounded():
        page = parse_html(f"<table><tr><th>A<th>B<th>C{rows}</table>")
    assert len(page.tables[0].rows) == 100_000
    lines = "".join(f"|{row}|name {row}|x|\n" for row in range(100_000))
    with bounded():
        page = parse_markdown(f"|A|B|C|\n|-|-|-|\n{lines}")
    assert len(page.tables[0].rows) == 100_000


def test_large_files_are_refused(tmp_path) -> None:
    page = b"<p>" + b"word " * 10_000_000
    assert outcome("a.html", page) == outcome("a.md", page) == "too-large"
    (tmp_path / "a.html").write_bytes(page)
    path = (tmp_path / "a.html").as_posix()
    with bounded():
        assert load(Input(path, length=len(page))) == Rejected(path, "too-large")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<div>" * 100_000, "too-deep"),
        (b"<table><tr><td>" * 100_000, "too-deep"),
        (b"<span class=x>" * 100_000, "too-deep"),
        (b"<b><i>" * 100_000, "no-table"),
        (b"<" * 2_000_001, "too-large"),
        (b"<a " * 300_000, "no-table"),
        (b"</ " * 300_000, "no-table"),
        (b"<!--" * 300_000, "no-table"),
        (b"<p a='" * 200_001, "no-table"),
        (b'<a b="' * 200_001, "no-table"),
        (b"<p " + b"a" * 3_000_000 + b">", "no-table"),
        (b"<p " + b"a " * 1_000_000 + b">", "no-table"),
        (b"&" * 1_000_000, "no-table"),
        (b"", "no-table"),
        (b"\n" * 1_000_000, "no-table"),
        (bytes(1_000), "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200, "unreadable"),
        (b"\xff\xd8\xff\xe0" + bytes(range(1, 32)) * 99, "unreadable"),
        (PAGE.encode() + b"\0" * 3, "read"),
        (b"<?xml version='1.0' encoding='latin1'?>" + PAGE.encode(), "read"),
        (PAGE[:60].encode() + b"<<p <<//>" + PAGE.encode() + b"</table></p></b>", "read"),
    ],
    ids=range(21),
)
def test_odd_html(data: bytes, expected: str) -> None:
    assert outcome("a.html", data) == expected


GROWING = """
import re
from pathlib import Path
from gentap.markup import parse_html
table = "<table><tr><th>A<th>B<tr><td>1<td>2</table>"
for page in (
    "".join(f"<p><font size={index}>x" for index in range(20_000)),
    "<table>" + "".join(f"<tr><b a={index}>x" for index in range(20_000)),
    f"<p {' '.join(f'a{index}' for index in range(100_000))}>x",
    "<table>" + "<tr><td rowspan=1000000000 colspan=1000000000>1" * 20_000,
    "<table><tr>" + "<td>1" * 30_000 + "<tr><td>1" * 30_000,
    "<figure>" * 400 + "<p>x" * 30_000,
    "<table><tr><td>" * 100 + table * 5_000,
    "<div class=navbox>" * 400 + table * 5_000,
    "<table>" + "<caption>x" * 30_000,
    "<table><tr><th>A<th>B<tr><td>1<td>" + "<p>x" * 50_000,
):
    parse_html(page)
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="says no peak of memory")
def test_small_pages_do_not_grow() -> None:
    with bounded():
        result = subprocess.run(
            [sys.executable, "-c", GROWING],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        )
    assert int(result.stdout) < MEGABYTES * 1_000


@pytest.mark.parametrize(
    "text",
    [
        "|a" * 60_000 + "|\n" + "|-" * 60_000 + "|\n" + "|\n" * 200_000,
        "[x](" + "a" * 500_000,
        "[x](" * 200_000,
        "[^" * 300_000,
        "<http://a" * 100_000,
        "`" * 500_000,
        "".join("`" * (index % 50) + "a" for index in range(20_000)),
        "---" + "\n" * 500_000,
        "<table>\n" * 100_000,
        "```\n" * 200_001,
        "*a" * 200_000,
        "- " * 300_000 + "x",
        "|a\n|-\n" * 50_000,
    ],
    ids=range(13),
)
def test_odd_markdown(text: str) -> None:
    with bounded():
        assert parse_markdown(text).tables == ()


def test_columns_beyond_all_measure_are_counted() -> None:
    wide = "|a" * 61 + "|\n" + "|-" * 61 + "|\n|1|\n"
    tall = "|a|b" * 20 + "|\n" + "|-|-" * 20 + "|\n" + "|1|\n" * 30_000
    assert parse_markdown(f"{wide}\n{tall}").rejected == (("too-large", 1), ("too-wide", 1))


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="utf-16">',
        '<meta charset="utf-7">',
        '<meta charset="idna">',
        '<meta charset="punycode">',
        '<meta charset="unicode_escape">',
        '<meta charset="hex">',
        '<meta charset="undefined">',
        '<meta charset="shift_jis">',
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0" encoding="' + "x" * 5_000,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_lying_declarations(declaration: str, encoding: str) -> None:
    page = f"{declaration}{'<p>El año pasado ganó la mañana española.' * 10}"
    with bounded():
        assert decode(page.encode(encoding)) == page


def test_marks_that_lie() -> None:
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF8):
        assert outcome("a.html", mark + PAGE.encode() + b"\xd8") in ("no-table", "read")


def test_broken_utf_8_stays_utf_8() -> None:
    text = "Žluťoučký kůň pěl ďábelské ódy. " * 10
    data = text.encode()
    assert decode(data[:1] + data[2:] + b"\xc3").count("luťoučký kůň") == 10
