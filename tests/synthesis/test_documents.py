import gzip
import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
import zstandard

from gentap.errors import InputError
from gentap.records import Document, Sentence, Source
from gentap.synthesis import packing
from gentap.synthesis.documents import (
    Input,
    Rejected,
    list_inputs,
    load,
    parse_document,
    read_documents,
)
from gentap.table import Table

TABLE = "<table><tr><th>Year<th>Winner<tr><td>1998<td>Ann</table>"
HTML = f"<title>Races (sport)</title><p>Ann won the race in 1998.[1] It was hot.{TABLE}"
WIKITEXT = "Ann won the race in 1998.\n{|\n! Year !! Winner\n|-\n| 1998 || [[Ann]]\n|}\n"
EMPTY_ZIP = b"PK\5\6" + bytes(18)
PACKERS = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
MARKDOWN = "# Races\nAnn won the race in 1998.\n\n|Year|Winner|\n|-|-|\n|1998|Ann|\n"


def _document(result: Document | Rejected) -> Document:
    assert isinstance(result, Document)
    return result


def _line(tmp_path: Path, record: Any) -> Document | Rejected:
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    (result,) = read_documents([tmp_path], license="L")
    return result


def test_an_html_page() -> None:
    document = _document(parse_document("a.html", HTML.encode(), license="CC0"))
    assert document == Document(
        Source("a.html", "CC0"),
        "Races (sport)",
        (Table(("Year", "Winner"), (("1998", "Ann"),), "Races (sport)"),),
        (Sentence("Ann won the race in 1998.", "Races"),),
    )


def test_a_markdown_page() -> None:
    document = _document(parse_document("A.MD", MARKDOWN.encode()))
    assert document.tables[0].title == document.title == "Races"
    assert document.sentences == (Sentence("Ann won the race in 1998.", "Races"),)


@pytest.mark.parametrize("packed", PACKERS)
@pytest.mark.parametrize(
    ("name", "text"), [("a.html", HTML), ("a.Markdown", MARKDOWN), ("Races.wikitext", WIKITEXT)]
)
def test_packed_pages_are_what_they_hold(name: str, text: str, packed: str) -> None:
    plain = _document(parse_document(name, text.encode()))
    found = _document(parse_document(name + packed, PACKERS[packed](text.encode())))
    assert (found.tables, found.sentences) == (plain.tables, plain.sentences)
    assert (found.title, found.source.uri) == (plain.title, name + packed)


@pytest.mark.parametrize("packed", PACKERS)
def test_a_packed_page_has_a_json_file_beside_it_too(tmp_path: Path, packed: str) -> None:
    (tmp_path / f"a.html{packed}").write_bytes(PACKERS[packed](HTML.encode()))
    (tmp_path / "a.json").write_text('{"title": "T", "url": "https://x.org/"}')
    (document,) = map(_document, read_documents([tmp_path]))
    assert (document.title, document.source.uri) == ("T", "https://x.org/")


@pytest.mark.parametrize("packed", PACKERS)
def test_packed_lines_are_documents(tmp_path: Path, packed: str) -> None:
    record = {"sentences": ["A won."], "tables": [{"header": ["a", "b"], "rows": [["1", "2"]]}]}
    file = tmp_path / f"a.jsonl{packed}"
    file.write_bytes(PACKERS[packed](f"{json.dumps(record)}\n{{\n".encode()))
    good, bad = read_documents([file])
    assert _document(good).source.uri == f"{file.as_posix()}:1"
    assert bad == Rejected(f"{file.as_posix()}:2", "bad-record")


@pytest.mark.parametrize("packed", PACKERS)
def test_packed_files_are_rejected_by_name(
    tmp_path: Path, packed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MAX_BYTES", 1_000_000)
    bomb = PACKERS[packed](bytes(10_000_000))
    (tmp_path / f"bomb.html{packed}").write_bytes(bomb * 20)
    (tmp_path / f"broken.md{packed}").write_bytes(PACKERS[packed](b"# A")[:-4])
    (tmp_path / f"lines.jsonl{packed}").write_bytes(bomb * 3 + PACKERS[packed](b"\n{}"))
    results = list(read_documents([tmp_path]))
    assert [result.reason for result in results if isinstance(result, Rejected)] == [
        "too-large", "unreadable", "too-large", "bad-record"
    ]  # fmt: skip


def test_wiki_pages_are_called_what_their_files_are(tmp_path: Path) -> None:
    file = tmp_path / "Tour_de_X%2FY.mediawiki"
    file.write_text(WIKITEXT)
    (document,) = map(_document, read_documents([file]))
    assert document.title == document.tables[0].title == "Tour de X/Y"
    file.with_suffix(".json").write_text('{"title": "T", "url": "https://x.org/"}')
    (document,) = map(_document, read_documents([file]))
    assert (document.title, document.source.uri) == ("T", "https://x.org/")
    file.with_suffix(".json").unlink()
    file.write_text(f"= Head =\n{WIKITEXT}")
    (document,) = map(_document, read_documents([file]))
    assert document.title == "Head"


def _docx(title: str) -> bytes:
    file, document = io.BytesIO(), docx.Document()
    document.add_paragraph(title, "Title")
    document.add_paragraph("Ann won the race in 1998.")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Year", "Winner", "1998", "Ann"], strict=True):
        cell.text = text
    document.save(file)
    return file.getvalue()


def test_a_word_document() -> None:
    document = _document(parse_document("a.docx", _docx("Races"), license="L"))
    assert document == Document(
        Source("a.docx", "L"),
        "Races",
        (Table(("Year", "Winner"), (("1998", "Ann"),), "Races"),),
        (Sentence("Ann won the race in 1998.", "Races"),),
    )


def test_a_word_document_is_bounded_by_what_it_unpacks_to(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _docx("x" * 2_000_000)
    limit = 1_000_000
    assert len(data) < limit
    monkeypatch.setattr(packing, "MAX_BYTES", limit)
    assert parse_document("a.docx", data) == Rejected("a.docx", "too-large")


def test_standard_input_has_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stdin.json").write_text('{"title": "No"}')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(HTML.encode())))
    (document,) = map(_document, read_documents(["-"]))
    assert (document.title, document.source.uri) == ("Races (sport)", "stdin.html")


def test_given_title_and_address_go_first() -> None:
    data = b'<link rel="canonical" href="https://own.org/">' + HTML.encode()
    assert _document(parse_document("a.htm", data)).source.uri == "https://own.org/"
    document = _document(parse_document("a.htm", data, title="T", uri="https://x.org/"))
    assert (document.title, document.tables[0].title) == ("T", "T")
    assert document.source.uri == "https://x.org/"


def test_a_json_file_beside_the_page_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "a.json").write_text('{"title": "Beside", "url": "https://x.org/"}')
    (tmp_path / "b.html").write_text(HTML)
    (tmp_path / "b.json").write_text("[]")
    first, second = map(_document, read_documents([tmp_path]))
    assert (first.title, first.source.uri) == ("Beside", "https://x.org/")
    assert (second.title, second.source.uri) == ("Races (sport)", (tmp_path / "b.html").as_posix())


@pytest.mark.parametrize(
    "residue",
    ["|team1=Ann won the race in 1998.", "{{Ann won it all in 1998.", "Category:Races of the year.",
     "Ann won it |alt=A picture of Ann.", "Ann.jpg]] Ann won it all."],
)  # fmt: skip
def test_what_is_left_of_templates_is_no_prose(residue: str) -> None:
    page = f"<p>{residue}</p>{HTML}"
    assert len(_document(parse_document("a.html", page.encode())).sentences) == 1


def test_what_templates_left_inside_a_sentence_goes() -> None:
    page = f"<p>Ann (; ; born 1970) and Bob () won , in 1998 .</p>{TABLE}"
    document = _document(parse_document("a.html", page.encode()))
    assert document.sentences[0].text == "Ann (born 1970) and Bob won, in 1998."


def test_capitals_are_undone() -> None:
    page = f"<title>Ann Lee</title><p>ANN LEE won the race.</p>{TABLE}"
    document = _document(parse_document("a.html", page.encode()))
    assert document.sentences == (Sentence("Ann Lee won the race.", "Ann Lee"),)


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("a.pdf", b"x", "unknown-format"),
        ("a.docx.gz", b"x", "unknown-format"),
        ("a.jsonl", b"{}", "unknown-format"),
        ("a.warc", b"", "unknown-format"),
        ("a.docx", b"PK no", "unreadable"),
        ("a.docx", EMPTY_ZIP, "unreadable"),
        ("a.wikitext", bytes(100), "unreadable"),
        ("a.wikitext", b"<div " * 9_000, "too-deep"),
        ("a.html.gz", b"x", "unreadable"),
        ("a.html", b"x" * 20_000_001, "too-large"),
        ("a.html", bytes(100), "unreadable"),
        ("a.html", b"<div>" * 30_000, "too-deep"),
        ("a.html", b"<" * 2_000_001, "too-large"),
        ("a.html", b"<p>Ann won the race in 1998.", "no-table"),
        ("a.html", TABLE.encode(), "no-sentence"),
        ("a.md", b"", "no-table"),
    ],
)
def test_why_a_file_is_rejected(path: str, data: bytes, reason: str) -> None:
    assert parse_document(path, data) == Rejected(path, reason)


BOX = "<table class=navbox><tr><td>a<td>b</table>"


def test_tables_that_are_left_out_are_counted() -> None:
    page = f"{HTML}{BOX}<table></table>"
    document = _document(parse_document("a.html", page.encode()))
    assert document.rejected_tables == (("empty", 1), ("navigation", 1))
    for page, expected in (
        (f"<p>Ann won the race.{BOX}", (("navigation", 1),)),
        (f"{TABLE}{BOX}", (("navigation", 1), ("no-sentence", 1))),
    ):
        rejected = parse_document("a.html", page.encode())
        assert isinstance(rejected, Rejected)
        assert rejected.tables == expected


def test_files_that_cannot_be_read_or_are_too_large(tmp_path: Path) -> None:
    gone = (tmp_path / "gone.html").as_posix()
    assert load(Input(gone)) == Rejected(gone, "unreadable")
    assert load(Input(gone, length=20_000_001)) == Rejected(gone, "too-large")


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        list(read_documents([tmp_path / "none"]))


def test_plain_jsonl_with_text(tmp_path: Path) -> None:
    table = {"header": ["a", "b"], "rows": [["1", "2"]]}
    text = "Ann won the race in 1998. It was hot.\nBob lost it in the year 1999."
    record = {"title": "Races", "text": text, "tables": [table]}
    document = _document(_line(tmp_path, record))
    assert document.source == Source(f"{(tmp_path / 'a.jsonl').as_posix()}:1", "L")
    assert [sentence.text for sentence in document.sentences] == [
        "Ann won the race in 1998.",
        "Bob lost it in the year 1999.",
    ]
    assert document.tables == (Table(("a", "b"), (("1", "2"),)),)


def test_plain_jsonl_with_sentences(tmp_path: Path) -> None:
    table = {"header": ["a", "b"], "rows": [["1", "2"]], "title": "T"}
    record = {
        "uri": "u", "license": "M", "sentences": ["as  given", ""], "tables": [table],
    }  # fmt: skip
    document = _document(_line(tmp_path, record))
    assert document.source == Source("u", "M")
    assert document.sentences == (Sentence("as given"),)


def test_halves_of_characters_become_question_marks(tmp_path: Path) -> None:
    table = {"header": ["a", "b"], "rows": [["\ud83d\ude00", "\ud83d"]]}
    record = {"sentences": ["One \udc00 two."], "tables": [table]}
    document = _document(_line(tmp_path, record))
    assert document.sentences[0].text == "One ? two."
    assert document.tables[0].rows == (("😀", "?"),)


@pytest.mark.parametrize(
    "record",
    [
        [],
        {},
        {"tables": {}},
        {"tables": [[]]},
        {"tables": [{"header": ["a", "b"], "rows": [["1"]]}], "text": "x"},
        {"tables": [], "sentences": "x"},
        {"tables": [], "sentences": [1]},
        {"passages": {}, "data": [[["x"]]], "title": "t", "header": [["a", []]]},
    ],
)
def test_bad_records_are_rejected(tmp_path: Path, record: Any) -> None:
    result = _line(tmp_path, record)
    assert result == Rejected(f"{(tmp_path / 'a.jsonl').as_posix()}:1", "bad-record")


def test_a_bad_line_does_not_stop_the_rest(tmp_path: Path) -> None:
    good = {
        "sentences": ["A won."], "tables": [{"header": ["a", "b"], "rows": [["1", "2"]]}],
    }  # fmt: skip
    file = tmp_path / "a.jsonl"
    file.write_text(f"{{bad\n\n{json.dumps(good)}\n{'[' * 100_000}\n")
    first, second, third = map(load, list_inputs([file]))
    assert first == Rejected(f"{file.as_posix()}:1", "bad-record")
    assert _document(second).sentences == (Sentence("A won."),)
    assert third == Rejected(f"{file.as_posix()}:4", "bad-record")
    assert isinstance(first, Rejected)
    assert "line 1 column 2" in first.detail


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"tables": [], "text": "Ann won the race."}, "no-table"),
        ({"tables": [{"header": ["a"], "rows": [["1"]]}], "text": "x"}, "no-table"),
        ({"tables": [{"header": ["a", "b"], "rows": []}], "text": "x"}, "no-table"),
        ({"tables": [{"header": ["a", "b"], "rows": [["1", "2"]]}]}, "no-sentence"),
    ],
)
def test_records_of_no_use(tmp_path: Path, record: Any, reason: str) -> None:
    result = _line(tmp_path, record)
    assert isinstance(result, Rejected)
    assert result.reason == reason
