"""HTML that could take the parser long -> plain HTML that says the same.

The standard's algorithm, which the parser follows, is quadratic in three things of which a
small file can have many: nested elements, formatting elements left open (each later block gets
a copy of them all: 80 kB become 3 GB), and attributes of one tag. A page that might have them is
rewritten: few kinds of elements, few attributes, every end tag in its place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import islice

from gentap.errors import InputError

MAX_DEPTH = 500
MAX_TAGS = 2_000_000
_FEW_TAGS = 20_000
_FEW_COPIES = 1_000_000
_FEW_ATTRIBUTES = 4_000_000_000  # length of the page times that of its longest tag
_WITHOUT_ATTRIBUTES = 39  # 13 formatting elements, of each three that are the same

_SPACE = r"\t\n\f\r "
_ATTRIBUTE = (
    rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"|'[^']*+'|[^{_SPACE}>]*+))?+"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# Every alternative goes on to the end of the text at worst: none is tried again from within.
_TOKEN = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*>?|</(?:[^a-zA-Z>][^>]*)?(?:>|\Z)"
    rf"|<(/?)([a-zA-Z][^{_SPACE}/>]*+)((?:[{_SPACE}/]++|{_ATTRIBUTE})*+)(?:>|\Z)",
    re.DOTALL,
)
_NAMES = "b big code em font i s small strike strong tt u".split()
_FORMATTING = re.compile(  # spelt out: ignoring case takes twice as long
    rf"<(?:{'|'.join(''.join(f'[{c}{c.upper()}]' for c in name) for name in _NAMES)})[{_SPACE}/]"
)
_RAW = frozenset("iframe noembed noframes script style textarea title xmp".split())
_DROPPED = frozenset(
    """area base basefont bgsound body col colgroup embed frame frameset head html image img input
    keygen meta param plaintext source track wbr""".split()
)
_UNSEEN = frozenset("annotation button noscript object rp rt select svg template".split())
_VOID = frozenset("br hr link".split())
_BLOCKS = frozenset(
    """address article aside blockquote center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header li main nav ol p pre section summary table ul""".split()
)
_IN_TABLES = frozenset("caption tbody td tfoot th thead tr".split())
_TELLING = ("class", "hidden", "role", "style")
_TELLING_OF_BLOCKS = (*_TELLING, "colspan", "href", "id", "rel", "rowspan")
_MOST_ATTRIBUTES, _LONGEST_ATTRIBUTE = 20, 2_000
_REACH = 100
_CELLS = ("caption", "td", "th")
_ROWS = (*_CELLS, "tr")
_GROUPS = (*_ROWS, "tbody", "tfoot", "thead")
# Start tag -> elements that it closes, and those that it does not reach into.
_CLOSES = {
    "li": (("li",), ("ol", "table", "ul")),
    "dt": (("dt", "dd"), ("dl", "table")),
    "dd": (("dt", "dd"), ("dl", "table")),
    "td": (_CELLS, ("table",)),
    "th": (_CELLS, ("table",)),
    "tr": (_ROWS, ("table",)),
    "caption": (_ROWS, ("table",)),
    "tbody": (_GROUPS, ("table",)),
    "tfoot": (_GROUPS, ("table",)),
    "thead": (_GROUPS, ("table",)),
}
_BLOCK_CLOSES = (("p",), (*_BLOCKS, *_IN_TABLES))


class TooDeepError(InputError):
    """The elements of a page are nested too deeply."""


def tame(text: str) -> str:
    """Return HTML that the parser reads in linear time: the text itself where it is harmless.

    Raises:
        InputError: The page has more than two million tags.
        TooDeepError: The page may be costly, and nests more than 500 elements.
    """
    pieces = text.split("<")
    if len(pieces) > MAX_TAGS:
        raise InputError(f"this page has {len(pieces):,} tags, more than 2 million; split it")
    formats = len(_FORMATTING.findall(text)) + _WITHOUT_ATTRIBUTES
    if (
        len(pieces) <= _FEW_TAGS
        and len(pieces) * formats <= _FEW_COPIES
        and len(text) * max(map(len, pieces)) <= _FEW_ATTRIBUTES
    ):
        return text
    return _Rewriter().rewrite(text)


class _Rewriter:
    """Writes the tags and texts that matter, and keeps a stack of what is open."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._stack: list[tuple[str, str]] = []  # name as read, and as written
        self._open: Counter[str] = Counter()

    def rewrite(self, text: str) -> str:
        position: int | None = 0
        while position is not None:
            position = self._rewrite(text, position)
        self._pop(len(self._stack))
        return "".join(self._out)

    def _rewrite(self, text: str, position: int) -> int | None:
        """Go on up to an element that holds no markup; return the position after it."""
        for match in _TOKEN.finditer(text, position):
            self._write(text[position : match.start()])
            position = match.end()
            name = (match[2] or "").lower()  # "" for a comment
            if match[1]:
                self._end(name)
            elif name in _RAW:
                return self._raw(text, name, position)
            elif name:
                self._start(name, match[3])
        self._write(text[position:])
        return None

    def _write(self, text: str) -> None:
        self._out.append(text.replace("<", "&lt;"))

    def _raw(self, text: str, name: str, position: int) -> int:
        end = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE).search(text, position)
        stop = end.start() if end else len(text)
        if name == "title" and not self._open["svg"]:
            self._out.append("<title>")
            self._write(text[position:stop])
            self._out.append("</title>")
        return stop

    def _start(self, name: str, attributes: str) -> None:
        if name in _DROPPED or (self._open["svg"] and name != "svg"):
            return
        is_block = name in _BLOCKS or name in _IN_TABLES
        if name in _UNSEEN:
            kept = "" if name == "svg" and attributes.endswith("/") else " hidden"
        else:
            telling = _TELLING_OF_BLOCKS if is_block or name in _VOID else _TELLING
            kept = _only(attributes, telling)
        if name in _VOID:
            self._out.append(f"<{name}{kept}>")
        elif is_block:
            self._close_before(name)
            self._push(name, "div" if name == "form" else name, kept)
        elif kept:
            self._push(name, "sup" if name == "sup" else "span", kept)
        elif self._open[name]:  # not written, but its end tag must not close another
            self._push(name, "", "")

    def _push(self, name: str, written: str, attributes: str) -> None:
        self._stack.append((name, written))
        self._open[name] += 1
        if len(self._stack) > MAX_DEPTH:
            raise TooDeepError(f"this page nests more than {MAX_DEPTH} elements; simplify it")
        if written:
            self._out.append(f"<{written}{attributes}>")

    def _close_before(self, name: str) -> None:
        if name in _BLOCKS:
            self._close(*_BLOCK_CLOSES)
        if name in _CLOSES:
            self._close(*_CLOSES[name])

    def _end(self, name: str) -> None:
        if name in _IN_TABLES:
            self._close((name,), ("table",))
        else:
            self._close((name,), () if name == "table" else (*_CELLS, "table"))

    def _close(self, names: Collection[str], limits: Collection[str]) -> None:
        """Close the outermost of these elements, short of those that limit the search."""
        if not any(self._open[name] for name in names):
            return
        found = 0
        for count, (name, _) in enumerate(reversed(self._stack[-_REACH:]), 1):
            if name in names:
                found = count
            if name in limits or (len(names) == 1 and found):
                break
        self._pop(found)

    def _pop(self, count: int) -> None:
        for _ in range(count):
            name, written = self._stack.pop()
            self._open[name] -= 1
            if written:
                self._out.append(f"</{written}>")


def _only(attributes: str, wanted: tuple[str, ...]) -> str:
    """Return the attributes that tell something, each after a space."""
    if not attributes:
        return ""
    found = (
        match[0]
        for match in _ATTRIBUTES.finditer(attributes)
        if match[0].lower().startswith(wanted) and len(match[0]) <= _LONGEST_ATTRIBUTE
    )
    return "".join(f" {attribute}" for attribute in islice(found, _MOST_ATTRIBUTES))
