"""What the words of a header tell: what to call a column, and what it holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gentap.synthesis.grammar.english import ADJECTIVE, head_word, is_plural, singular
from gentap.synthesis.grammar.gates import Type
from gentap.values import Kind, strip_footnotes

MAX_HEADER_WORDS = 3
_MOST_REMEMBERED = 1 << 14
USUAL_NAMES = 2
"""How well a column names the rows where its types do not say; see `Type`."""

NUMBER_OF = re.compile(r"^(?:#\s*(?=[^\W\d]{3})|(?:#|number|no\.?|num\.?)\s+of\s+)", re.IGNORECASE)
_FURNITURE = re.compile(r"\s*\(\s*(?:s|es)\s*\)|/s\b|\s+v t e$", re.IGNORECASE)
_REMARK = re.compile(r"\s*\((?P<inner>[^()]*)\)$")
_DATED = re.compile(r"(?P<name>.+?)[\s,]+(?:in )?(?P<year>(?:1[89]|20)\d\d)")
_WORD = re.compile(r"[^\W\d_]+")
_NAME_OF = re.compile(
    r"(?P<what>\w{4,}(?: \w+)?) names?|(?:name|title)s? of (?:the )?(?P<whose>\w{4,}(?: \w+)?)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?<=\w)\s(?:in )?(?:mm|cm|k?m|k?m[²2]|ft|mi|kg|lbs?|sq mi|km/h|mph|ha)$")
_CHART = re.compile(r"(?:UK|US|U\.S\.|CAN|AUS|GER|IRL|NZ)\b")
_PER = re.compile(r"(?<!\w)(\w+s) / (\w+[^\Ws])$")
_SCALED = re.compile(r"million|billion|thousand|000|\bbn\b|\bmln\b", re.IGNORECASE)
_OWN_NAMES = frozenset(
    "first last full given family stage real middle birth maiden common scientific native local "
    "original official other alternative former english german french brand trade".split()
)
_JOINING = frozenset("of in at for by from per to on with as or and the a".split())
_APART = frozenset("at for by from to on with as".split())
"""Words after which "the" is missing in a header: "games for new club"."""
_WHOLE = frozenset(("year", "years", "date", "dates"))
_VOWEL = re.compile(r"[AEIOUY]")
_SPACES = re.compile(r"[\s,]+")
_YEAR_FIRST = re.compile(r"^(?:1[89]|20)\d\d ")


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
        unless: The column beside which one is not asked about, both by what they are called.
        nouns: Words that name columns and give them no type.
        modifiers: Words that stand before nouns, in the plural, too.
        vocabulary: All words that names of columns are made of.
        empty: Cells that are no answer and name nothing.
        the: Last words of names that get an article, with a blank before.
        the_before: First words of names that get an article, with blanks around.
        the_names: Whole names that get an article.
        known: All types by name.
    """

    types: Mapping[str, tuple[Type, ...]]
    names: Mapping[str, str]
    counts: Mapping[str, str]
    words: Mapping[str, str]
    units: Mapping[str, str]
    proper: frozenset[str]
    skipped: frozenset[str]
    unless: Mapping[str, str]
    nouns: frozenset[str]
    modifiers: frozenset[str]
    vocabulary: frozenset[str]
    empty: frozenset[str]
    the: tuple[str, ...]
    the_before: tuple[str, ...]
    the_names: frozenset[str]
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
        if _SCALED.search(name) or (kind == "number" and _CHART.match(name)):
            # Its numbers are not what they say.
            return ""
        remark = _REMARK.search(name)
        if remark and "=" in remark["inner"]:
            # "Size (1 = largest)": its numbers are a code.
            return ""
        name = _UNIT.sub("", _REMARK.sub("", name))
        unit = self.units.get(remark["inner"].casefold(), "") if remark and with_unit else ""
        if kind == "number" and remark and re.fullmatch(r"(?:1[89]|20)\d\d", remark["inner"]):
            name = f"{remark['inner']} {name}"
        if known := self._known(name, kind):
            return f"{known} in {unit}" if unit else known
        if dated := _DATED.fullmatch(name):
            name = f"{dated['year']} {dated['name']}"
        if called := _NAME_OF.fullmatch(name):
            what = called["what"] or called["whose"]
            own = what.casefold() in self.proper | _OWN_NAMES or ADJECTIVE.search(what)
            name = name if own else what
        name = NUMBER_OF.sub("", name).replace("/", " / ")
        name = " ".join(self.words.get(word.casefold(), word) for word in name.split())
        name = _PER.sub(r"\1 per \2", name).replace(" / ", " or ")
        if not self._is_good(name):
            return ""
        if name.count(" or ") > 1:
            *some, last = name.split(" or ")
            name = f"{', '.join(some)} or {last}"
        phrase = _WORD.sub(self._lower, name)
        return f"{phrase} in {unit}" if unit else phrase

    def unit(self, header: str) -> str:
        """Return what the numbers under a header are in, as the header has it, or ""."""
        if remark := _REMARK.search(strip_footnotes(header)):
            found = remark["inner"].strip()
        else:
            found = header.rpartition(" ")[2] if " " in header else ""
        return found if found.casefold() in self.units else ""

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
        ends = " " in name and folded.endswith(self.the)
        has = ends or folded.startswith(self.the_before) or folded[1:] in self.the_names
        return f"the {name}" if has else name

    def _known(self, name: str, kind: Kind) -> str:
        folded = name.casefold()
        return (self.counts.get(folded, "") if kind == "number" else "") or self.names.get(
            folded, ""
        )

    def _typed(self, spellings: Iterable[str], kinds: frozenset[str]) -> list[Type]:
        found = {one.name: one for word in spellings for one in self.types.get(word, ())}
        return [one for one in found.values() if not one.kinds or one.kinds & kinds]

    def _is_good(self, name: str) -> bool:
        """Tell whether a name is made of words that the file knows, the last a noun."""
        folded, head = name.casefold(), head_word(name.casefold())
        parts = _SPACES.split(_YEAR_FIRST.sub("", folded))
        if len(parts) > MAX_HEADER_WORDS + 2 * (not _JOINING.isdisjoint(parts)):
            return False
        if {folded, head} & (self.skipped | self.proper):
            return False
        if parts[0] in _WHOLE and len(parts) > 1 and parts[1] not in _JOINING | {"or"}:
            # "Year first flight" is no noun; where it is one, the file says so.
            return folded in self.types
        if not _APART.isdisjoint(parts) or parts[0] in _JOINING:
            return folded in self.types
        if re.search(r" of the \w+ ", folded):
            # "Coach of the month club" is half a header.
            return folded in self.types
        before = list(itertools.takewhile(lambda part: part not in _JOINING, parts))[:-1]
        if any(is_plural(part) and part not in self.modifiers for part in before):
            # "Results score": two headers, and no noun.
            return folded in self.types
        either = folded.split(" or ")
        if ("," in name and len(either) == 1) or (len(either) > 1 and any(map(is_plural, either))):
            return False
        noun = {head, singular(head)} & (self.types.keys() | self.nouns)
        known = self.vocabulary | _JOINING
        return bool(noun) and all(part in known or singular(part) in known for part in parts)

    def _lower(self, match: re.Match[str]) -> str:
        word = match[0]
        folded = word.casefold()
        if folded in self.proper:
            return word.capitalize() if word.isupper() and len(word) > 3 else word
        if word.isupper() and len(word) > 1 and not _VOWEL.search(word):
            return word
        if any(map(str.isupper, word[1:])) and not (
            word.isupper() and (len(word) > 4 or folded in self.types or folded in self.nouns)
        ):
            return word
        return word if len(word) == 1 and word != "A" else folded
