"""Wikitext -> page, by way of the HTML that a wiki would show."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from gentap.errors import require
from gentap.markup.html import parse_html
from gentap.markup.page import Page
from gentap.markup.taming import TooDeepError

if TYPE_CHECKING:
    from mwparserfromhell.nodes import Node, Tag, Wikilink
    from mwparserfromhell.wikicode import Wikicode

_ITEM = "\x02"  # opens a list item, which ends with its line
_ITEMS = re.compile(f"{_ITEM}+([^\n{_ITEM}]*)")
_BREAK = re.compile(r"\n[ \t]*\n\s*")
_SWITCH = re.compile(r"__[A-Z]+__")
_QUOTES = re.compile(r"'{2,}")
# Links to files, categories and the same page in other languages, which the text does not show.
_UNSEEN_LINK = re.compile(
    r"\s*(?:(?:category|file|image|media)\s*:|[a-z]{2,3}(?:-[a-z]+)*:\S)", re.IGNORECASE
)
_UNSEEN = frozenset(
    "categorytree ce chem gallery graph imagemap indicator mapframe maplink math ref references "
    "score section syntaxhighlight source templatedata templatestyles timeline".split()
)
_FORMATTING = frozenset("b big code em i nowiki s small strong tt u var".split())
_ATTRIBUTES = frozenset("class colspan hidden role rowspan style".split())
_NAME = re.compile(r"[a-z][a-z0-9]*")
_MARK = re.compile(
    r"<(?:br|d[dt]|hr|li|p|t[dhr])\b[^<>]*>|<[a-z][^<>]*/>"
    r"|(?P<opens>\{\{|\{\||\[\[|\[(?=\w*:?//)|<!--|<[a-z])|(?P<closes>\}\}|\|\}|\]\]?|-->|</)",
    re.IGNORECASE,
)
_MAX_WORK = 100_000_000


def parse_wikitext(text: str) -> Page:
    """Read the tables, the headings and the prose of a page in MediaWiki's markup.

    Templates, references and files are left out; links leave their text. What is read then is
    what `parse_html` reads of a page. The title is the first heading of level 1, if any.

    Raises:
        TooDeepError: The markup is nested too deeply, or opens too much that nothing closes.
        MissingExtraError: mwparserfromhell is not installed.
    """
    parser = require("mwparserfromhell", extra="documents")
    _check(text)
    text = _SWITCH.sub("", text.replace(_ITEM, " ").expandtabs())
    try:
        html = _shown(parser.parse(text))
    except (parser.parser.ParserError, RecursionError) as error:
        raise TooDeepError(f"this wikitext cannot be parsed: {error!r}") from error
    html = _ITEMS.sub(r"<li>\1</li>", html)
    return parse_html(_BREAK.sub("\n<p>", f"<p>{html}"))


def _check(text: str) -> None:
    """Refuse what would take the parser hours: it reads to the end for every unclosed mark."""
    unclosed = 0
    for match in _MARK.finditer(text):
        if match["opens"]:
            unclosed += 1
        elif match["closes"]:
            unclosed = max(unclosed - 1, 0)
    if unclosed * len(text) > _MAX_WORK:
        raise TooDeepError(f"this wikitext opens {unclosed:,} marks that nothing closes")


def _shown(code: Wikicode | None) -> str:
    return "".join(map(_node, code.nodes)) if code else ""


def _node(node: Node) -> str:
    from mwparserfromhell import nodes

    match node:
        case nodes.Text():
            return escape(_QUOTES.sub("", str(node)), quote=False)
        case nodes.HTMLEntity():
            return str(node)
        case nodes.Heading():
            return f"\n<h{node.level}>{_shown(node.title)}</h{node.level}>\n"
        case nodes.Wikilink():
            return _link(node)
        case nodes.ExternalLink():
            bare = "" if node.brackets else escape(str(node.url))
            return _shown(node.title) if node.title else bare
        case nodes.Tag():
            return _tag(node)
    return ""  # a template, an argument of one, or a comment


def _link(link: Wikilink) -> str:
    title = str(link.title)
    if _UNSEEN_LINK.match(title):
        return ""
    text = _shown(link.text)
    # A link to a page has one text; the options of a file in another language have several.
    return "" if "|" in text else text or escape(title.strip().removeprefix(":"), quote=False)


def _tag(tag: Tag) -> str:
    name = str(tag.tag).strip().lower()
    if tag.wiki_markup and tag.self_closing:
        return "<hr>" if name == "hr" else _ITEM
    if name in _UNSEEN:
        return ""
    if name == "br":
        return "<br>"
    if name in _FORMATTING or not _NAME.fullmatch(name):
        return _shown(tag.contents)
    if name in ("table", "tr") and tag.wiki_markup:
        # Between the cells stands nothing that would be shown in its place.
        inner = "".join(_tag(cell) for cell in tag.contents.nodes if type(cell) is type(tag))
    else:
        inner = _shown(tag.contents)
    if name == "td" and tag.wiki_markup == "|" and str(tag).startswith("|+"):
        name, inner = "caption", inner.removeprefix("+")  # the library takes it for a cell
    return f"<{name}{_attributes(tag)}>{inner}</{name}>"


def _attributes(tag: Tag) -> str:
    pairs = ((str(item.name).strip().lower(), str(item.value or "")) for item in tag.attributes)
    return "".join(f' {name}="{escape(value)}"' for name, value in pairs if name in _ATTRIBUTES)
