"""What holds for any bytes, any markup, any page on a bad day."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from gentap.errors import InputError
from gentap.markup import Page, decode, parse_html, parse_markdown
from gentap.markup.taming import _Rewriter
from tests.mutations import HTML, MARKDOWN, mutated

TAGS = """table tr td th thead tbody tfoot caption colgroup p div span b i a font br ul li dl dt dd
h1 h2 h3 form select option svg math template noscript script style title body html head
figure center""".split()
ATTRIBUTES = ("", "", "", " class=navbox", " class='infobox'", ' class="toc"', " rowspan=2",
              " colspan=3", " rowspan=0", " colspan='999999999999'", " style='display:none'",
              " hidden", " role=presentation", " x='", ' y="', "/", " =")  # fmt: skip
TEXTS = ("a", "1", " ", "\n", "It is so.", "<", ">", "&", "&lt;", "&#0;", "&#28;", "\0", "\x1c",
         "[1]", "[edit]", "{{x", "a|b", "]]>", "<!--", "-->", "<![CDATA[", "<?", "é", "‏", "$",
         "\u200b", "See also", "12.jpg ")  # fmt: skip
HTML_SOUP = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
        st.builds("</{}>".format, st.sampled_from(TAGS)),
        st.sampled_from(TEXTS),
        st.text(max_size=3),
    ),
    max_size=60,
).map("".join)
MARKS = ("# ", "\n", "\n\n", "|", "|-|", "|a|b|\n|-|-|\n", "    ", "```", "`", "- ", "1. ", "> ",
         "---", "===", "*", "_", "[", "](", ")", "![", "[^1]", "\\", "<b>", "<table>", "</table>",
         "<td>", "<!--", "-->", "&amp;", "\0", "a", "It is so.", "\ud800")  # fmt: skip
MARKDOWN_SOUP = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=3)), max_size=60).map(
    "".join
)
FEW = settings(max_examples=300, deadline=None, derandomize=True)


def check(page: Page) -> None:
    texts = [page.title, *page.blocks]
    for table in page.tables:
        texts += [table.section, *table.header, *(text for row in table.rows for text in row)]
        assert table.rows
        assert len(set(table.header)) == table.width > 1
        assert table.title == page.title
        assert all(map(any, table.rows))
    assert all(page.blocks)
    for text in texts:
        assert text == " ".join(text.split())
        assert not re.search("[\0\ud800-\udfff]", text)
    assert list(page.rejected) == sorted(page.rejected)
    assert all(count > 0 for _, count in page.rejected)


def tables_of(html: str) -> int:
    return len(LexborHTMLParser(html.encode("utf-8", "replace")).css("table"))


@FEW
@given(HTML_SOUP)
def test_html_soup(html: str) -> None:
    page = parse_html(html)
    check(page)
    assert len(page.tables) + sum(count for _, count in page.rejected) == tables_of(html)


@FEW
@given(HTML_SOUP)
def test_html_soup_rewritten(html: str) -> None:
    rewritten = _Rewriter().rewrite(html)
    check(parse_html(rewritten))
    assert _Rewriter().rewrite(rewritten) == rewritten


@FEW
@given(MARKDOWN_SOUP)
def test_markdown_soup(text: str) -> None:
    check(parse_markdown(text))


def read(data: bytes) -> str:
    """Return the text of some bytes, or nothing where they are refused."""
    with suppress(InputError):
        return decode(data)
    return ""


@FEW
@given(mutated(HTML))
def test_html_on_a_bad_day(data: bytes) -> None:
    html = read(data)
    page = parse_html(html)
    check(page)
    assert len(page.tables) + sum(count for _, count in page.rejected) == tables_of(html)


@FEW
@given(mutated(MARKDOWN))
def test_markdown_on_a_bad_day(data: bytes) -> None:
    check(parse_markdown(read(data)))


ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "koi8-r", "shift_jis", "gb18030")
DECLARED = st.builds(
    lambda mark, name, text, encoding: (
        mark + f"<meta charset={name}>{text}".encode(encoding, "replace")
    ),
    st.sampled_from((b"", b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE)),
    st.sampled_from((*ENCODINGS, "idna", "utf-7", "hex", "x")),
    st.text(),
    st.sampled_from(ENCODINGS),
)


@FEW
@given(st.one_of(st.binary(), DECLARED, mutated("<meta charset=koi8-r>Añil, Москва. " * 3)))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    assert not re.search("[\0\ud800-\udfff\ufeff]", read(data))
