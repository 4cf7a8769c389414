"""What the words of a header tell: what to call a column, and what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gentap.synthesis.grammar.english import head_word, singular
from gentap.values import Kind, strip_footnotes

MAX_HEADER, MAX_HEADER_WORDS, MAX_UNKNOWN_WORDS = 40, 3, 2
_MOST_REMEMBERED = 1 << 14
USUAL_NAMES = 2
"""How well a column names the rows where its types do not say; see `Type`."""

NUMBER_OF = re.compile(r"^(?:#|number|no\.?|num\.?)\s+of\s+", re.IGNORECASE)
_PLACEHOLDER_NAME = re.compile(r"(?:unnamed|column|col|field)[\s:_]*\d*", re.IGNORECASE)
_FURNITURE = re.compile(r"\s*\(\s*(?:s|es)\s*\)|/s\b|\s+v t e$", re.IGNORECASE)
_REMARK = re.compile(r"\s*\((?P<inner>[^()]*)\)$")
_DATED = re.compile(r"(?P<name>.+?)[\s,]+(?:in )?(?P<year>(?:1[89]|20)\d\d)")
_NAME = re.compile(r"[^\W\d_]{2}")
_WORD = re.compile(r"[^\W\d_]+")
_NAME_OF = re.compile(
    r"(?P<what>\w{4,}(?: \w+)?) names?|names? of (?:the )?(?P<whose>\w{4,}(?: \w+)?)", re.IGNORECASE
)
_SCALED = re.compile(r"million|billion|thousand|000|\bbn\b|\bmln\b", re.IGNORECASE)
_OWN_NAMES = frozenset(
    "first last full given family stage real middle birth maiden common scientific native local "
    "original official other alternative former english german french brand trade".split()
)
_NO_NOUNS = frozenset(
    "first last new old current previous next former other main best worst high low final total "
    "official active men women male female won lost for against defending by as from to in at on "
    "with of yes no only under over after before during per served led one two "
    "three four five".split()
)
_PARTICIPLE = re.compile(r"\w{3,}[^e]ed$|[.?!]$")


@dataclass(frozen=True, slots=True)
class Type:
    """A type of columns, as the grammar file has it.

    Attributes:
        name: What the file calls it.
        kinds: The kinds of column that it is limited to, if any.
        whole: Whether its words must be the whole header.
        implied: It and the types that come with it.
        names: How well a column names the rows, 0 to 3, or None where nothing is said.
        lower: Whether the cells are said in small letters.
        verb: What is done ("win"), or "".
        past: The same in the past tense.
        participle: The same as a participle.
    """

    name: str
    kinds: frozenset[str] = frozenset()
    whole: bool = False
    implied: frozenset[str] = frozenset()
    names: int | None = None
    lower: bool = False
    verb: str = ""
    past: str = ""
    participle: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the grammar file says about words, all keys casefolded.

    Attributes:
        types: The types that a header word or a whole header gives, by word.
        names: What to call a column instead of its header.
        counts: The same for columns of numbers, looked up first.
        words: What to say instead of a word of a header.
        units: How a unit in brackets is said.
        proper: Words that keep their capital.
        skipped: Headers of columns that are never asked about.
        empty: Cells that are no answer and name nothing.
        the: Last words of names that get an article, with a blank before.
        the_before: First words of names that get an article, with blanks around.
        known: All types by name.
    """

    types: Mapping[str, tuple[Type, ...]]
    names: Mapping[str, str]
    counts: Mapping[str, str]
    words: Mapping[str, str]
    units: Mapping[str, str]
    proper: frozenset[str]
    skipped: frozenset[str]
    empty: frozenset[str]
    the: tuple[str, ...]
    the_before: tuple[str, ...]
    known: Mapping[str, Type]
    _phrases: dict[tuple[str, Kind, bool], str] = field(default_factory=dict, repr=False)

    def phrase(self, header: str, kind: Kind, *, with_unit: bool = False) -> str:
        """Return what to call a column in a sentence, or "" when there is no good name.

        Args:
            header: Its header.
            kind: What its cells are.
            with_unit: Say the unit in brackets, too, where the file knows it.
        """
        key = header, kind, with_unit
        if key not in self._phrases:
            if len(self._phrases) >= _MOST_REMEMBERED:
                self._phrases.clear()
            self._phrases[key] = self._phrase(*key)
        return self._phrases[key]

    def _phrase(self, header: str, kind: Kind, with_unit: bool) -> str:
        name = _FURNITURE.sub("", strip_footnotes(header)).split(" / ")[0]
        name = re.sub(r"\s+([,.)])|(\()\s+", r"\1\2", " ".join(name.split())).rstrip(":")
        if known := self._known(name, kind):
            return known
        if name.casefold() in self.skipped:
            return ""
        if _SCALED.search(name):
            # Its numbers are not what they say.
            return ""
        remark = _REMARK.search(name)
        name = _REMARK.sub("", name)
        unit = self.units.get(remark["inner"].casefold(), "") if remark and with_unit else ""
        if remark and re.fullmatch(r"(?:1[89]|20)\d\d", remark["inner"]):
            name = f"{remark['inner']} {name}"
        if known := self._known(name, kind):
            return f"{known} in {unit}" if unit else known
        if dated := _DATED.fullmatch(name):
            name = f"{dated['year']} {dated['name']}"
        if called := _NAME_OF.fullmatch(name):
            what = called["what"] or called["whose"]
            name = name if what.casefold() in _OWN_NAMES else what
        name = NUMBER_OF.sub("", name).replace("/", " or ")
        name = " ".join(self.words.get(word.casefold(), word) for word in name.split())
        if not self._is_good(name):
            return ""
        phrase = _WORD.sub(self._lower, name)
        return f"{phrase} in {unit}" if unit else phrase

    def types_of(self, header: str, phrase: str, kinds: frozenset[str]) -> list[Type]:
        """Return the types that a header, or else its noun, gives a column of these kinds."""
        folded = phrase.casefold()
        head = head_word(folded)
        # "Games" with numbers are how many there were, and not which one.
        fallbacks = (head,) if "number" in kinds else (singular(folded), head, singular(head))
        if found := self._typed((header.casefold(), folded), kinds):
            return found
        for word in fallbacks:
            if found := [one for one in self._typed((word,), kinds) if not one.whole]:
                return found
        return []

    def article(self, name: str) -> str:
        """Return a name with "the", if it is one that has it."""
        folded = f" {name.casefold()}"
        if folded.startswith(" the "):
            return name
        if folded.endswith(self.the) or folded.startswith(self.the_before):
            return f"the {name}"
        return name

    def _known(self, name: str, kind: Kind) -> str:
        folded = name.casefold()
        return (self.counts.get(folded, "") if kind == "number" else "") or self.names.get(
            folded, ""
        )

    def _typed(self, spellings: Iterable[str], kinds: frozenset[str]) -> list[Type]:
        found = {one.name: one for word in spellings for one in self.types.get(word, ())}
        return [one for one in found.values() if not one.kinds or one.kinds & kinds]

    def _is_good(self, name: str) -> bool:
        folded, parts = name.casefold(), name.split()
        if not _NAME.search(name) or len(name) > MAX_HEADER:
            return False
        if len(parts) > MAX_HEADER_WORDS + 2 * (" of " in name or " or " in name):
            return False
        if {folded, head_word(folded)} & self.skipped or _PLACEHOLDER_NAME.fullmatch(name):
            return False
        if any(map(str.isdigit, parts[-1])) or re.search(r"[^\w\s,.'’\-–&]", name):
            return False
        if parts[0][0].isdigit() and not re.fullmatch(r"(?:1[89]|20)\d\d", parts[0]):
            return False
        last = parts[-1]
        if folded in self.types:
            return True
        heads = {head_word(folded), singular(head_word(folded))}
        known = any(not one.whole for head in heads for one in self.types.get(head, ()))
        if not known and " of " not in name and len(parts) > MAX_UNKNOWN_WORDS:
            return False
        if (
            not name.isascii()
            or last.casefold() in _NO_NOUNS
            or _PARTICIPLE.search(last)
            or len(name) < 3
        ):
            return False
        return any(map(str.islower, last)) or len(last) > 4

    def _lower(self, match: re.Match[str]) -> str:
        word = match[0]
        folded = word.casefold()
        if folded in self.proper:
            return word.capitalize() if word.isupper() and len(word) > 3 else word
        if any(map(str.isupper, word[1:])) and not (
            word.isupper() and (len(word) > 4 or folded in self.types)
        ):
            return word
        return word if len(word) == 1 and word != "A" else folded
