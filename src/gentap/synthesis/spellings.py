"""The ways in which prose may spell out a cell: whole, by a part of it, or by a part of a name.

"Amman, Jordan" is named by "Amman", "3 May 1998" by "1998", "19.18 m" by "19.18", and "Christian
Coleman" by "Coleman" where nobody else on the page is called so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from gentap.text import MONTHS, STOPWORDS, Token, tokens

Key = tuple[str, ...]
Kind = Literal["whole", "part", "date", "name"]
LONGEST = 20
_MOST_PARTS = 12
_MOST_NAME_WORDS = 6
_SHORTEST_NAME = 4
_DISTINCTIVE_DIGITS = 3
_NOTE_WORDS = 5, 16
_MOST_PIECE_WORDS = 5
_MONTHS = frozenset(MONTHS)
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_SEPARATOR = re.compile(
    r"\s*(?:[,;•·|](?=\s|$)|/|\s[&+–—-](?=\s)|\s(?:and|feat\.?|featuring|vs?\.?)\s)\s*"
)
_RANGE = re.compile(r"(?<=\d{4})\s?[–—-]\s?(?=\d{4}|\d{1,2}\s[A-Z]|[A-Z])")
# A run of letters beyond Latin, Greek and Cyrillic.
_OTHER_SCRIPT = re.compile(r"((?:[\u0590-\u1cff\u2e80-\uffef]\s?)+)")
_DULL = STOPWORDS | frozenset("yes none null nil unknown tba tbd tbc na total other others".split())
_GENERIC = frozenset(
    "award awards prize club team city county state school college university church station "
    "street road river lake island park house hall film series season championship championships "
    "cup league games open tournament division district region province party records band group "
    "king queen prince president minister junior senior north south east west great national "
    "international united first second third".split()
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
COUNTS = {
    word: str(number)
    for words in (_ORDINALS, _CARDINALS)
    for number, word in enumerate(words.split(), 1)
    if word != "one"
}
_PARTICLES = frozenset("de la von van der bin al el da dos del di du le ter ten y of the".split())


class Spelling(NamedTuple):
    """One way to spell out a cell.

    Attributes:
        key: Normal forms of its tokens.
        kind: ``whole``: of the cell, but for brackets. ``part``: a member of a list, a number
            without its unit, a name among numbers. ``date``: a part of a date. ``name``: an end
            of a name.
        name: Normal forms of the name that it is an end of; empty where it is none.
    """

    key: Key
    kind: Kind = "whole"
    name: Key = ()


@lru_cache(maxsize=1 << 13)
def spellings(cell: str) -> tuple[Spelling, ...]:
    """Return the ways to spell out a cell; none if it is trivial.

    A cell is known without what it holds in brackets, a date in either order and by its year or
    month, a list by its members, a number without its unit, a name by its ends. Single digits,
    single letters, stop-words and blanks such as "n/a" are trivial: they would match by accident.
    """
    bare = without_brackets(cell)
    found: dict[Key, Spelling] = {}
    if bare != cell:
        found |= {key: Spelling(key) for key in _orders(_key(tokens(cell)))}
    pieces = _pieces(bare)
    for piece in (bare, *pieces):
        words = tokens(piece)
        key = _key(words)
        for order in _orders(key):
            found.setdefault(order, Spelling(order, "whole" if piece is bare else "part"))
        if len(key) > 1:
            # A list is no name; its members may be.
            _add_parts(found, piece, words, is_name=piece is not bare or not pieces)
    return tuple(
        spelling
        for spelling in found.values()
        if 0 < len(spelling.key) <= LONGEST and not is_trivial(spelling.key)
    )


def _add_parts(found: dict[Key, Spelling], text: str, words: list[Token], *, is_name: bool) -> None:
    key = _key(words)
    for part in (*_of_quantity(words), *_of_notes(text, words)):
        found.setdefault(part, Spelling(part, "part"))
    for part in _of_date(key):
        found.setdefault(part, Spelling(part, "date"))
    for part in _of_name(text, words) if is_name else ():
        found.setdefault(part, Spelling(part, "name", key))


def without_brackets(cell: str) -> str:
    """Return a cell without what it holds in brackets."""
    return _ASIDE.sub("", cell) if "(" in cell or "[" in cell else cell


def is_trivial(key: Key) -> bool:
    """Tell whether a key would be found anywhere: one character, stop-words, "n/a"."""
    if len("".join(key).lstrip("-")) == 1:
        return True
    if all(value.isdigit() for value in key):
        return False
    return all((len(value) == 1 and value.isascii()) or value in _DULL for value in key)


def is_distinctive(number: str) -> bool:
    """Tell a number that hardly occurs twice: three digits or more, and no year."""
    return len(digits(number)) >= _DISTINCTIVE_DIGITS and not is_year(number)


def digits(value: str) -> str:
    """Return the digits of a number without sign and point; "" where it is none."""
    found = value.lstrip("-").replace(".", "")
    return found if found.isdigit() else ""


def is_year(number: str) -> bool:
    """Tell whether a number may be a year."""
    return len(number) == 4 and number.isdigit() and "1000" <= number <= "2100"


class Names:
    """Which parts of names mean one name only on a page."""

    def __init__(self, cells: Iterable[str], title: str) -> None:
        """Take every cell of a page once, and its title."""
        self._owners: defaultdict[str, set[Key]] = defaultdict(set)
        for cell in cells:
            for spelling in spellings(cell):
                if spelling.name:
                    self._own(spelling.name)
                elif len(spelling.key) == 1:
                    self._own(spelling.key)
        self._own(_key(tokens(without_brackets(title))))

    def _own(self, name: Key) -> None:
        for word in name:
            self._owners[word].add(name)

    def is_clear(self, spelling: Spelling) -> bool:
        """Tell whether a part of a name can mean no other name."""
        shared = set.intersection(*(self._owners[word] for word in spelling.key))
        # "Georg Meier" and "Germany Georg Meier" are one.
        return all(_is_end(*sorted((name, spelling.name), key=len)) for name in shared)


def _is_end(short: Key, long: Key) -> bool:
    return (len(short) > 1 and long[-len(short) :] == short) or short == long


def _key(words: list[Token]) -> Key:
    return tuple(word.value for word in words)


def _pieces(text: str) -> list[str]:
    pieces = [piece for piece in _SEPARATOR.split(text) if piece]
    pieces = [part for piece in pieces for part in _RANGE.split(piece) if part]
    if not text.isascii():
        pieces = [part for piece in pieces for part in _by_script(piece)]
    # Commas between longer pieces are those of prose.
    short = all(piece.count(" ") < _MOST_PIECE_WORDS for piece in pieces)
    return pieces if short and 1 < len(pieces) <= _MOST_PARTS else []


def _by_script(text: str) -> list[str]:
    """Part a name in Latin letters from the same in others: "Mark Lee 李国煌"."""
    parts = [part.strip() for part in _OTHER_SCRIPT.split(text)]
    return [part for part in parts if part]


def _orders(key: Key) -> Iterator[Key]:
    """Yield a key, and a full date in the other orders that people write."""
    yield key
    if len(key) > 1 and key[-1].endswith("s") and len(key[-1]) > _SHORTEST_NAME:
        yield (*key[:-1], key[-1][:-1])
    if date := _date(key):
        day, month, year = date
        yield from ((day, month, year), (month, day, year), (year, month, day))


def _of_date(key: Key) -> Iterator[Key]:
    """Yield what a full date, or a month of a year, is named by in short."""
    if date := _date(key):
        day, month, year = date
        yield from ((year,), (month, year), (day, month), (month, day))
    elif len(key) == 2 and key[0] in _MONTHS and len(key[1]) == 4 and key[1].isdigit():
        yield (key[1],)


def _date(key: Key) -> tuple[str, str, str] | None:
    month = next((value for value in key[:2] if value in _MONTHS), None)
    rest = [value for value in key if value != month]
    if month and len(key) == 3 and len(rest) == 2 and all(map(str.isdigit, rest)):
        day, year = sorted(rest, key=len)
        return day, month, year
    return None


def _of_quantity(words: list[Token]) -> Iterator[Key]:
    """Yield a number with a unit without it, where the number is one of its kind."""
    if not 2 <= len(words) <= 3 or words[0].kind != "number" or words[1].kind != "word":
        return
    if is_distinctive(words[0].value) and words[1].value not in _MONTHS:
        yield (words[0].value,)


def _of_notes(text: str, words: list[Token]) -> Iterator[Key]:
    """Yield what stands out of a cell of names and numbers: "189 (93 overs) C. Hill 40"."""
    numbers = sum(word.kind == "number" for word in words)
    if not _NOTE_WORDS[0] <= len(words) <= _NOTE_WORDS[1] or 4 * numbers < len(words):
        return
    run: list[Token] = []
    for word in (*words, None):
        if word and word.kind == "number" and is_distinctive(word.value):
            yield (word.value,)
        if word and word.kind == "word" and text[word.start].isupper():
            run.append(word)
            continue
        if 2 <= len(run) <= _MOST_NAME_WORDS:
            yield _key(run)
        run = []


def _of_name(text: str, words: list[Token]) -> Iterator[Key]:
    """Yield the ends of a name: "Christian Coleman" is "Coleman", too."""
    if not 2 <= len(words) <= _MOST_NAME_WORDS or any(word.kind != "word" for word in words):
        return
    key = _key(words)
    for size in range(2, len(words)):
        for part, ends in ((key[-size:], words[-size:]), (key[:size], words[:size])):
            if text[ends[0].start].isupper() and text[ends[-1].start].isupper():
                yield part
    last = words[-1]
    if (
        all(text[word.start].isupper() or word.value in _PARTICLES for word in words)
        and len(last.value) >= _SHORTEST_NAME
        and last.value not in _GENERIC
    ):
        yield (last.value,)
