import pytest

from gentap.errors import InputError
from gentap.markup import markdown_tables, parse_markdown
from gentap.table import Table

PAGE = r"""---
title: front matter
---
# The **Races**

Prose about [the race](https://x.org/a_(b)) and
its `code|pipe`, in two lines.
<!-- | a | b |
|---|---| -->
## Results

| Year | *Winner* | Note \| more |
|:-----|:--------:|--------------|
| 1998 | **Ann** `x_y` | a \| b |
| 1999 | [Bob](http://b.org) |
| 2000 | ![flag](f.png) Cy | [^1] | extra |
After the rule of the standard this is a row

- First item here.
- Second item
  goes on.
1. Third ~~old~~ new.

> Quoted __words__.

Under
-----
a | b
--|--
1 | 2
# Another
"""


def test_the_page() -> None:
    page = parse_markdown(PAGE)
    assert page.title == "The Races"
    assert page.blocks == (
        "Prose about the race and its code|pipe, in two lines.",
        "First item here.",
        "Second item goes on.",
        "Third old new.",
        "Quoted words.",
    )


def test_the_tables() -> None:
    first, second = markdown_tables(PAGE)
    assert first == Table(
        ("Year", "Winner", "Note | more"),
        (
            ("1998", "Ann x_y", "a | b"),
            ("1999", "Bob", ""),
            ("2000", "flag Cy", ""),
            ("After the rule of the standard this is a row", "", ""),
        ),
        "The Races",
        "Results",
    )
    assert second == Table(("a", "b"), (("1", "2"),), "The Races", "Under")


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n| 1 | 2 |",
        "| a | b |\n|---|\n| 1 | 2 |",
        "| a | b |",
        "| a | b |\n|---|---|",
        "| a |\n|---|\n| 1 |",
        "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```",
        "~~~\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n",
        "<!--\n| a | b |\n|---|---|\n| 1 | 2 |",
        "",
    ],
)
def test_what_is_no_table(text: str) -> None:
    assert markdown_tables(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("| a | b |\n|---|---|", "empty"),
        ("| a | b |\n|---|---|\n|  |  |", "empty"),
        ("| a |\n|---|\n| 1 |", "one-column"),
        ("|a" * 61 + "|\n" + "|-" * 61 + "|\n|1|", "too-wide"),
        ("|a|b" * 30 + "|\n" + "|-|-" * 30 + "|\n" + "|1|\n" * 20_000, "too-large"),
        ("<table><tr><td>x</table>", "layout"),
        ("<table>" + "<caption><tr><td>x" * 30_000 + "<div>" * 30_000, "too-large"),
    ],
)
def test_why_a_table_is_left_out(text: str, reason: str) -> None:
    page = parse_markdown(text)
    assert (page.tables, page.rejected) == ((), ((reason, 1),))


def test_html_tables() -> None:
    page = parse_markdown(
        """# T
## S
Before.
<table class="x">

<tr><th>A</th><th>B</th></tr>
<tr><td>1</td><td>

<TABLE><tr><td>2</td></tr></TABLE></td></tr></table>
After.

  <table><tr><th>C<th>D
<tr><td>3<td>4

Not in it.
<table>

Nor this.
"""
    )
    assert page.tables == (
        Table(("A", "B"), (("1", "2"),), "T", "S"),
        Table(("C", "D"), (("3", "4"),), "T", "S"),
    )
    assert page.blocks == ("Before.", "After.", "Not in it.", "Nor this.")
    assert page.rejected == (("empty", 1), ("layout", 1))


def test_back_ticks_of_other_lengths_are_text() -> None:
    assert parse_markdown("``a `b` c`` `d").blocks == ("a `b` c `d",)
    assert parse_markdown("`` `a ``b` c").blocks == ("`a b` c",)


@pytest.mark.parametrize("end", ["\n", "## Next", "> quote", "```", "***"])
def test_what_ends_a_table(end: str) -> None:
    (table,) = markdown_tables(f"|a|b|\n|-|-|\n|1|2|\n{end}\n|3|4|")
    assert table.rows == (("1", "2"),)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**b** and *i* and ***bi***", "b and i and bi"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("_it_ \\*not\\*", "it *not*"),
        ("[`code`](url) and [ref][1] and <https://x.org>", "code and ref and https://x.org"),
        ("``a ` b`` &amp; c<br/>d <b>e</b>", "a ` b & c d e"),
        ("[a](u 'title')", "a"),
    ],
)
def test_inline_markup(marked: str, plain: str) -> None:
    assert parse_markdown(marked).blocks == (plain,)


def test_headings_of_both_kinds() -> None:
    page = parse_markdown("Title\n=====\n## Part ##\n|a|b|\n|-|-|\n|1|2|\n#nohash\n\n    code\n")
    assert page.title == "Title"
    assert page.tables[0].section == "Part"
    assert parse_markdown("#\ntext").blocks == ("text",)
    assert parse_markdown("a\n***\nb").blocks == ("a", "b")


def test_indented_code_is_no_prose() -> None:
    assert parse_markdown("a\n\n    code\n\nb\n    goes on").blocks == ("a", "b goes on")


def test_a_huge_text_is_refused() -> None:
    with pytest.raises(InputError, match="20 million"):
        parse_markdown("x" * 20_000_001)


@pytest.mark.parametrize(
    "text",
    ["# " + " " * 100_000 + "x", "- " * 50_000, "a|b\n-|-" + " " * 100_000 + "x", "*a " * 20_000,
     "[" * 50_000, "`" * 5_000, "<" * 50_000, "|" * 50_000 + "\n" + "|-" * 50_000, "> " * 50_000],
)  # fmt: skip
def test_odd_texts_are_read_in_time(text: str) -> None:
    assert parse_markdown(text).tables == ()
