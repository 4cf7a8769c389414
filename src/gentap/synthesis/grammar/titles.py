"""What kind of page a table is from, and how its title is said."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gentap.synthesis.grammar.english import singular

MAX_TITLE = 60
DERIVED = ("any", "dated", "list")

_UNSAID = re.compile(r" [–—-] |[:;\[\]{}|/#]")
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_LIST = re.compile(r"^lists? of (?P<what>.+)", re.IGNORECASE)
_END = re.compile(r"\s(?:in|of|by|from|at|on|with|for|that|who|to|and|or|named|as)\s|[,(:]|$")
_DATED = re.compile(r"(?:1[89]|20)\d\d(?:[–-]\d{2,4})?\s+(?!in\b)")
_WORKS = re.compile(r"\s(?:filmography|discography|bibliography|videography)$")
_PART = re.compile(r"[^\W\d_a-z][\w.'’-]*")
_NO_THINGS = frozenset(
    "records statistics things terms results medalists seasons numbers figures".split()
)
_PEOPLE = {"people": "person", "women": "woman", "men": "man", "alumni": "person"}


@dataclass(frozen=True, slots=True)
class TitleType:
    """A kind of pages, as the grammar file has it.

    Attributes:
        words: Last words of titles that make a page one.
        anywhere: Words that do wherever they are in a title or the heading of a table.
        columns: Sets of column types; a table that has all of one makes its page one.
    """

    words: frozenset[str]
    anywhere: frozenset[str]
    columns: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a page.

    Attributes:
        text: How it is said, or "".
        types: What kind of page it is; see the grammar file.
    """

    text: str
    types: frozenset[str]


def read_title(
    title: str, section: str, kinds: Mapping[str, TitleType], columns: Collection[frozenset[str]]
) -> Title:
    """Look at the title of a table with columns of these types."""
    said = set(re.findall(r"[\w-]+", f"{title} {section}".casefold()))
    about = frozenset(name for name, kind in kinds.items() if not said.isdisjoint(kind.anywhere))
    text = _BRACKETS.sub("", html.unescape(title)).strip()
    if (
        not text
        or len(text) > MAX_TITLE
        or _UNSAID.search(text)
        or not re.search(r"[^\W\d_]", text)
    ):
        return Title("", about)
    types = {"any", *about}
    last = text.split()[-1].casefold()
    types.update(name for name, kind in kinds.items() if last in kind.words)
    if _LIST.match(text):
        return Title(f"the {text[0].lower()}{text[1:]}", frozenset(types | {"list"}))
    if _DATED.match(text):
        return Title(text, frozenset(types | {"dated"}))
    name = _WORKS.sub("", text)
    present = frozenset[str]().union(*columns)
    if _is_name(name):
        for kind, rule in kinds.items():
            if "person" not in present and any(wanted <= present for wanted in rule.columns):
                return Title(name, frozenset(types | {kind}))
    return Title(text, frozenset(types))


def listed_noun(*titles: str, known: Collection[str] = ()) -> str:
    """Return what a list lists, one of them: "List of tallest bridges in Peru" -> "bridge".

    Args:
        titles: Titles, the first of which counts, unless a later one has a known noun.
        known: Nouns that are known.
    """
    nouns = list(filter(None, map(_listed, titles)))
    sure = (noun for noun in nouns if noun in known or noun in _PEOPLE.values())
    return next(sure, nouns[0] if nouns else "")


def _listed(title: str) -> str:
    if not (found := _LIST.match(html.unescape(title))):
        return ""
    last = _END.split(found["what"], maxsplit=1)[0].split()[-1:]
    word = last[0] if last else ""
    if word in _PEOPLE:
        return _PEOPLE[word]
    return singular(word).lower() if singular(word) != word and word not in _NO_THINGS else ""


def headed_noun(section: str) -> str:
    """Return what a section is about, one of them: "Filmography: Short films" -> "film"."""
    heading = section.rpartition(": ")[2]
    if re.search(r"\b(?:and|or)\b|[&/,]", heading):
        return ""
    return singular(heading.split()[-1].casefold()) if heading else ""


def _is_name(title: str) -> bool:
    parts = title.split()
    return 2 <= len(parts) <= 4 and all(_PART.fullmatch(part) for part in parts)
