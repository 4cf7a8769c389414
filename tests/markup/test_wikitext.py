import sys

import pytest

from gentap.errors import InputError, MissingExtraError
from gentap.markup import parse_wikitext
from gentap.table import Table


def test_prose_is_what_a_reader_sees() -> None:
    page = parse_wikitext(
        "{{Infobox river|length={{convert|6|km}}}}\n"
        "'''The Nile''' is a [[river|long river]] in [[Africa]].<ref name=a>No.</ref>\n"
        "It has ''two'' [http://x.org sources] & <b>one</b> mouth.<!-- no -->\n\n\n"
        "[[File:a.jpg|thumb|No [[link]]]]__NOTOC__\n"
        "Its name&nbsp;is [[:Category:Old|old]] [[:Nil]], 3 < 4.[http://x.org]<br>"
        "See https://y.org/ too.\n"
        "[[Category:Rivers]]\n[[de:Nil]]\n[[Datei:a.png|mini|links|No.]]\n"
        "<gallery>\nNo.jpg\n</gallery><syntaxhighlight>no</syntaxhighlight>\n"
    )
    assert page.blocks == (
        "The Nile is a long river in Africa. It has two sources & one mouth.",
        "Its name is old Nil, 3 < 4. See https://y.org/ too.",
    )
    assert page.tables == ()


def test_list_items_are_blocks_of_their_own() -> None:
    page = parse_wikitext("Text.\n* One {{x}}of\n** two\n# Three\n; Term : what\nEnd.\n----\nOn.")
    assert page.blocks == ("Text.", "One of", "two", "Three", "Term", "what", "End.", "On.")


def test_headings_make_title_and_sections() -> None:
    page = parse_wikitext(
        "= Nile =\nOne.\n== Mouths {{x}}==\n{|\n! a !! b\n|-\n| 1 || 2\n|}\n"
        "=== [[Old]] ones ===\n{|\n! a !! b\n|-\n| 3 || 4\n|}\n== See also ==\nNo.\n== End ==\nTwo."
    )
    assert page.title == "Nile"
    assert [table.section for table in page.tables] == ["Mouths", "Old ones"]
    assert {table.title for table in page.tables} == {"Nile"}
    assert page.blocks == ("One.", "Two.")


def test_spans_of_tables_are_expanded() -> None:
    page = parse_wikitext(
        '{| class="wikitable" style="text-align:left"\n'
        '|+ style="x" | Long [[river]]s\n'
        '! scope="col" | River !! Mouth\n! Length\n'
        "|-\n"
        '| rowspan="2" | [[Nile (river)|Nile]]<ref>x</ref> || colspan=2 | Sea\n'
        "|-\n"
        "| x<br>y || {{flag|a}} 3 < 4\n"
        "|- class=a\n"
        "| Volga\n|\n* one\n* two\n| +5\n"
        "|}"
    )
    assert page.tables == (
        Table(
            ("River", "Mouth", "Length"),
            (
                ("Nile", "Sea", "Sea"),
                ("Nile", "x y", "3 < 4"),
                ("Volga", "one, two", "+5"),
            ),
            "",
            "Long rivers",
        ),
    )
    assert page.blocks == ()


def test_a_caption_without_attributes() -> None:
    (table,) = parse_wikitext("{|\n|+ Cap\n|-\n! a !! b\n|-\n| 1 || +2\n|}").tables
    assert (table.section, table.rows) == ("Cap", (("1", "+2"),))


def test_html_tables_and_boxes() -> None:
    page = parse_wikitext(
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>'''2'''</td></tr></table>\n"
        '{| class="infobox"\n! no\n| no\n|}\n<div style="display:none">No.</div>\n'
        "<span class=\"x\">Yes</span>, <nowiki>''so''</nowiki> it is."
    )
    assert [table.rows for table in page.tables] == [(("1", "2"),)]
    assert page.blocks == ("Yes, so it is.",)


def test_nested_tables_stand_for_themselves() -> None:
    page = parse_wikitext(
        "{|\n! a !! b\n|-\n| 1 ||\n{|\n! c !! d\n|-\n| 5 || 6\n|}\n|-\n| 3 || 4\n|}"
    )
    assert [table.header for table in page.tables] == [("a", "b"), ("c", "d")]


def test_what_stands_between_the_cells_of_a_table_is_not_shown() -> None:
    page = parse_wikitext("{|\nThis is ''lost''.\n|-\n! a !! b\n|-\n| 1 || 2\n|}")
    assert (len(page.tables), page.blocks) == (1, ())


def test_values_of_attributes_cannot_leave_them() -> None:
    page = parse_wikitext("{|\n! a !! b\n|-\n| class='x\" rowspan=\"2' | 1 || 2\n|-\n| 3 || 4\n|}")
    assert page.tables[0].rows == (("1", "2"), ("3", "4"))


@pytest.mark.parametrize("text", ["", "{{x", "[[", "{|", "== ", "<ref>", "'''", "|}", "{{{", "<"])
def test_broken_markup_is_read_as_far_as_it_goes(text: str) -> None:
    assert parse_wikitext(f"It is so.\n\n{text}").blocks[:1] == ("It is so.",)


@pytest.mark.parametrize(
    "text", ["<div class=" * 9_000, "{{a|" * 9_000, "]]}}" + "[[a|" * 9_000, "[//a " * 9_000]
)
def test_what_nothing_closes_is_refused_at_once(text: str) -> None:
    with pytest.raises(InputError, match="opens 9,000 marks that nothing closes"):
        parse_wikitext(text)


def test_what_is_closed_is_not_refused() -> None:
    row = (
        "|-\n| [[a|b]] || {{c|d}} || <b>e</b><br> || [http://f g] || <!-- i -->"
        + "<ref name=h/>" * 8
        + "\n"
    )
    page = parse_wikitext("{|\n! 1 !! 2 !! 3 !! 4 !! 5\n" + row * 400 + "|}")
    assert page.tables[0].rows[-1] == ("b", "", "e", "g", "")


def test_markup_that_is_nested_too_deeply_is_an_error() -> None:
    with pytest.raises(InputError, match="cannot be parsed"):
        parse_wikitext("{{{" * 20_000 + "}}}" * 20_000)


def test_the_library_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mwparserfromhell", None)
    with pytest.raises(MissingExtraError, match=r"gentap\[documents\]"):
        parse_wikitext("")
