from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from gentap.errors import InputError
from gentap.markup import TooDeepError, html, parse_html
from gentap.markup.taming import _Rewriter, tame

TABLE = "<table><tr><th>A<th>B<tr><td>1<td>2</table>"
PAGE = """<!-- http%3A//x.org/ --><!DOCTYPE html><HTML><head><title>A &lt;b&gt; <i></title>
<link rel=canonical href="https://x.org/"><script>if (a<b) "<table>" </script ><style>p{}</style>
<body bgcolor="red" onload='a > b'><svg/><svg><title>no</title><path d="0"/><g class=x>no</svg>
<p>One <b>b</b>old <a href="?a=1&b=2">link</a>, 3 < 4 & <3, &amp;lt;.<sup class=reference>[1]</sup>
<p class="x">Two<br>lines.<div>Th<font color=red>ree.<p>Four.</font></div>
<!-- <p>no --><!--><p>Five.<? a ?><![CDATA[ x ]]></ x>
<ul><li>Six.<ul><li>Seven.</ul><li>Eight.</ul><dl><dt>N<dd>Nine.<dd>Ten.</dl>
<noscript>no</noscript><select><option>no</select><textarea><p>no</textarea><xmp><p>no</xmp>
<span style="display:none">no <span>no</span> no</span><span class=noprint><b>no</b></span>
<form action=x><h2 id=s>Part<span class="mw-editsection">[edit]</span></h2></form>
<table class="wikitable" width=100%><caption>Best<caption>Other
<thead><tr><th rowspan="2">Club<th colspan='2'>League<tr><th>Apps<th>Goals
<tbody><tr><td>X<td>3<td><ul><li>1<li>2</ul><tr><td rowspan=2>Y<td>4<td>5</tr><tr><td>6<td>7
<tfoot><tr><td>Sum<td>8<td><div class=navbox><table><tr><td>no</table></div>9</table>
<table role=presentation><tr><td><center>Menu<td><p>Eleven.</td></table>
<div role=table><div role=row><div role=cell>a</div><div role=cell>b</div></div>
<div role=row><div role=cell>c</div><div role=cell>d</div></div></div>
<p>Twelve.</div></form></body></html><p>Thirteen.<span class=noprint>no"""


def test_a_rewritten_page_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    page = parse_html(PAGE)
    assert len(page.tables) == 2
    assert "no" not in " ".join(page.blocks).split()
    assert {"Three.", "Twelve.", "Thirteen."} <= set(page.blocks)
    monkeypatch.setattr(html, "tame", _Rewriter().rewrite)
    assert parse_html(PAGE) == page


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p a=1 class='x y' id=z>a</p>", "<p class='x y' id=z>a</p>"),
        ("<b><i class=x>a</b>b</i>c", "<span class=x>ab</span>c"),
        ("<span class=x><span>a</span>b</span>c", "<span class=x>ab</span>c"),
        ("<div><p>a</div>b</p>", "<div><p>a</p></div>b"),
        ("<div><table><tr><td>a</div>b", "<div><table><tr><td>ab</td></tr></table></div>"),
        ("<p title='</p>' class=a/b>c", "<p class=a/b>c</p>"),
        ('<p x =\t"</p>" =\'y>z', "<p>z</p>"),
        ("a <script>b</scripts></SCRIPT >c<script>d", "a c"),
        ("<style>a", ""),
        ("a < b </ c> d<a", "a &lt; b  d"),
        ("<!-->a<!--->b<!-- --!>c<!--d", "abc"),
        ("<svg/>a<svg><title>b</title><p>c</svg>d", "a<span hidden>c</span>d"),
    ],
)
def test_what_is_written(text: str, rewritten: str) -> None:
    assert _Rewriter().rewrite(text) == rewritten


def test_harmless_pages_stay_as_they_are() -> None:
    for text in ("", PAGE, PAGE * 20, f"<script>{'x' * 60_000}</script>", "x" * 60_000):
        assert tame(text) is text


def _formatted(number: int) -> str:
    return "".join(f"<p><FONT size={index}>It is {index}." for index in range(number))


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>a</div>" * 10_000,
        _formatted(2_000),
        f"<p {' '.join(f'a{index}' for index in range(20_000))}>x",
    ],
)
def test_what_could_be_costly_is_rewritten(page: str) -> None:
    assert tame(page) != page


def test_a_costly_page_is_read_as_it_says() -> None:
    page = parse_html(f"<h2>S</h2>{_formatted(30_000)}</p>{TABLE}")
    assert len(page.blocks) == 30_000
    assert page.blocks[-1] == "It is 29999."
    assert page.tables[0].rows == (("1", "2"),)


def test_a_deep_page_is_read_where_it_is_small_and_refused_where_not() -> None:
    assert parse_html("<div>" * 9_000 + TABLE).tables[0].width == 2
    with pytest.raises(TooDeepError, match="more than 500 elements"):
        parse_html("<div>" * 100_000)


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(InputError, match="2,000,001 tags"):
        parse_html("<" * 2_000_000)


@pytest.mark.parametrize(
    "unit",
    [
        "<div></x>",
        "<div title='</div>'>",
        "<span><div></span></div>",
        "<div><object></div></object>",
        "<div><select></div></select>",
        "<form><div></form>",
        "<div><script><!--<script></script></div>--></script>",
        "<div><table><tr><td></div></table>",
        "<ruby><rt>",
        "<rt>",
        "<b><div></b>",
    ],
)
@pytest.mark.parametrize("before", ["", "<!-->", "<svg><title>", "<svg>", "<math><mi>", "<table>"])
def test_no_trick_makes_the_parser_see_a_deep_page(before: str, unit: str) -> None:
    try:
        tamed = tame(before + unit * 3_000 + "<b>" * 20_000)
    except TooDeepError:
        return
    depth = deepest = 0
    for end in re.findall(r"<(/?)(?!br|hr|link)[a-z]", LexborHTMLParser(tamed).html or ""):
        depth += -1 if end else 1
        deepest = max(deepest, depth)
    assert 2 < deepest < 600
