import io
import re
import sys
import zipfile

import docx
import docx.enum.style
import pytest
from docx.oxml import OxmlElement

from gentap.errors import InputError, MissingExtraError
from gentap.markup import Page, parse_docx
from gentap.table import Table


def parse(document: docx.document.Document) -> Page:
    file = io.BytesIO()
    document.save(file)
    return parse_docx(file.getvalue())


def add_table(document: docx.document.Document, *rows: str) -> docx.table.Table:
    cells = [row.split() for row in rows]
    table = document.add_table(len(cells), len(cells[0]))
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def without(data: bytes, left_out: str) -> bytes:
    """A copy of a package that lacks a part and what points to it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name != left_out:
                content = old.read(name)
                if name == "_rels/.rels":
                    content = re.sub(rb"<Relationship [^>]*core-properties[^>]*>", b"", content)
                new.writestr(name, content)
    return file.getvalue()


def test_paragraphs_headings_and_tables_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("Long <rivers>", "Title")
    document.add_paragraph("The Nile & the\nVolga are long.")
    document.add_heading("Mouths", 1)
    document.add_paragraph("Two of them:")
    document.add_paragraph("one", "List Bullet")
    document.add_paragraph("")
    add_table(document, "River Mouth", "Nile Sea")
    document.add_heading("Old ones", 7)
    add_table(document, "River Mouth", "Volga Lake")
    document.add_heading("References", 2)
    document.add_paragraph("Not this.")
    title = "Long <rivers>"
    assert parse(document) == Page(
        title,
        (
            Table(("River", "Mouth"), (("Nile", "Sea"),), title, "Mouths"),
            Table(("River", "Mouth"), (("Volga", "Lake"),), title, "Old ones"),
        ),
        ("The Nile & the Volga are long.", "Two of them:", "one"),
    )


def test_merged_cells_are_expanded() -> None:
    document = docx.Document()
    table = add_table(document, "a b c", "1 2 -", "- 3 4", "- 5 6", "7 8 9")
    table.cell(1, 2).text = table.cell(2, 0).text = table.cell(3, 0).text = ""
    table.cell(1, 0).merge(table.cell(3, 0))
    table.cell(1, 1).merge(table.cell(1, 2))
    assert parse(document).tables[0].rows == (
        ("1", "2", "2"),
        ("1", "3", "4"),
        ("1", "5", "6"),
        ("7", "8", "9"),
    )


def test_a_block_of_merged_cells_is_one_value() -> None:
    document = docx.Document()
    table = add_table(document, "a b c", "1 x y", "2 z w", "3 4 5")
    for row, column in ((1, 2), (2, 1), (2, 2)):
        table.cell(row, column).text = ""
    table.cell(1, 1).merge(table.cell(2, 2))
    assert parse(document).tables[0].rows == (("1", "x", "x"), ("2", "x", "x"), ("3", "4", "5"))


def test_rows_that_are_repeated_are_header_rows() -> None:
    document = docx.Document()
    table = add_table(document, "Place Place", "Town Land", "Rome Italy")
    for row, value in zip(table.rows, (None, "true", "0"), strict=True):
        mark = OxmlElement("w:tblHeader")
        if value:
            mark.set(docx.oxml.ns.qn("w:val"), value)
        row._tr.get_or_add_trPr().append(mark)
    (found,) = parse(document).tables
    assert (found.header, found.rows) == (("Place Town", "Place Land"), (("Rome", "Italy"),))


def test_a_row_may_begin_late_and_continue_nothing() -> None:
    document = docx.Document()
    table = add_table(document, "a b c", "1 2 3", "4 5 6")
    row = table.rows[2]._tr
    row.remove(row.tc_lst[0])
    before = OxmlElement("w:gridBefore")
    before.set(docx.oxml.ns.qn("w:val"), "1")
    row.get_or_add_trPr().append(before)
    table.rows[0]._tr.tc_lst[0].vMerge = "continue"
    (found,) = parse(document).tables
    assert (found.header, found.rows) == (("a", "b", "c"), (("1", "2", "3"), ("", "5", "6")))


def test_a_cell_continues_only_one_as_wide_as_itself() -> None:
    document = docx.Document()
    table = add_table(document, "a b c", "1 2 3", "x y z")
    first, second, _ = table.rows[2]._tr.tc_lst
    first.vMerge, first.grid_span = "continue", 2
    table.rows[2]._tr.remove(second)
    assert parse(document).tables[0].rows == (("1", "2", "3"), ("x", "x", "z"))


def test_tables_of_contents_are_left_out() -> None:
    document = docx.Document()
    document.add_heading("Mouths", 1)
    document.styles.add_style("toc 1", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Mouths. 1.", "toc 1")
    document.add_paragraph("It is so.")
    assert parse(document).blocks == ("It is so.",)


def test_cells_hold_lists_and_tables() -> None:
    document = docx.Document()
    table = add_table(document, "a b", "1 2")
    cell = table.cell(1, 1)
    cell.add_paragraph("one", "List Bullet")
    cell.add_paragraph("two", "List Bullet")
    inner = cell.add_table(2, 2)
    for number, inner_cell in enumerate(inner._cells):
        inner_cell.text = f"i{number}"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    outer, nested = sorted(parse(document).tables, key=lambda found: found.header)
    assert outer.header == ("a", "b")
    assert outer.rows == (("1", "2 one, two"),)
    assert nested.rows == (("i2", "i3"),)


def test_the_title_is_that_of_the_properties_first() -> None:
    document = docx.Document()
    document.add_heading("Head", 2)
    assert parse(document).title == "Head"
    document.add_paragraph("Named", "Title")
    assert parse(document).title == "Named"
    document.core_properties.title = " Given "
    assert parse(document).title == "Given"


def test_the_librarys_own_title_is_none() -> None:
    document = docx.Document()
    document.add_paragraph("It is so.")
    file = io.BytesIO()
    document.save(file)
    data = without(file.getvalue(), "docProps/core.xml")
    assert docx.Document(io.BytesIO(data)).core_properties.title == "Word Document"
    assert parse_docx(data).title == ""


def test_what_is_damaged_is_an_error() -> None:
    file = io.BytesIO()
    docx.Document().save(file)
    good = file.getvalue()
    for data in (b"", b"PK\x03\x04", good[:-100], without(good, "word/document.xml")):
        with pytest.raises(InputError, match="cannot be read"):
            parse_docx(data)


def test_the_library_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"gentap\[documents\]"):
        parse_docx(b"")
