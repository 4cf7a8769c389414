"""What the columns of a table are called and hold, as far as the grammar can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from gentap.synthesis.grammar.cells import is_mixed, is_whole, measures, text_types
from gentap.synthesis.grammar.english import head_word, is_plural, singular
from gentap.synthesis.grammar.gates import KINDS, Column, Type
from gentap.synthesis.grammar.lexicon import NUMBER_OF, USUAL_NAMES, Lexicon
from gentap.synthesis.grammar.roles import with_roles
from gentap.synthesis.grammar.titles import headed_noun, listed_noun
from gentap.synthesis.grammar.view import TableView
from gentap.table import Table

_PREPOSITION = re.compile(r" (?:of|in|for|per|to|from|at|on|with) ")
_COPY = re.compile(r" \(\d\d?\)$")
"""What a table adds to a name that it has before."""
_RECORD = ("w", "l", "d", "t")
"""Headers that are wins, losses, draws and ties where they stand together."""
_KINDS = frozenset(KINDS)
_WORDS_OF_TWO, _WORDS_OF_THREE = 3.5, 5.0
_EXTREMES = frozenset(
    "best worst highest lowest most least fewest maximum minimum top fastest slowest".split()
)
_PERSONAL = (
    *(frozenset((one,)) for one in "born died age notability medal".split()),
    frozenset(("hometown",)),
    frozenset(("political_party",)),
    frozenset(("placing", "nation")),
    frozenset(("clocked", "nation")),
    frozenset(("rank", "nationality")),
    frozenset(("team",)),
    frozenset(("college", "post")),
)
"""Types of columns beside which, when all are there, a "name" is that of a person."""


def read_columns(view: TableView, lexicon: Lexicon) -> tuple[Column, ...]:
    """Return the columns of a table that can be asked about."""
    table = view.table
    columns = list(_named(view, lexicon))
    if lexicon.known and not any(column.types & lexicon.known.keys() for column in columns):
        # Not one word is known: this is hardly a header.
        return ()
    present = frozenset[str]().union(*(column.types for column in columns))
    columns = [_resolved(column, present, table, lexicon) for column in columns]
    phrases = [column.phrase for column in columns]
    columns = [column for column in columns if phrases.count(column.phrase) == 1]
    return tuple(with_roles(columns, view, lexicon))


def header_types(view: TableView, lexicon: Lexicon) -> list[frozenset[str]]:
    """Return what every column would hold by its header alone.

    Whether a question says enough depends on it, too: where there is an address, "where" may ask
    for it, though nobody could say it.
    """
    return [
        frozenset[str]().union(*(one.implied for one in lexicon.types_of(header, header, _KINDS)))
        for header in view.table.header
    ]


def _named(view: TableView, lexicon: Lexicon) -> Iterator[Column]:
    header = [_COPY.sub("", name) for name in view.table.header]
    kinds = [view.kind(index) for index in range(view.table.width)]
    phrases = [lexicon.phrase(*pair) for pair in zip(header, kinds, strict=True)]
    twice = {phrase for phrase, count in Counter(phrases).items() if count > 1}
    for index, phrase in enumerate(phrases):
        if phrase in twice:
            phrases[index] = lexicon.phrase(header[index], kinds[index], with_unit=True)
    letters = {name.casefold() for name in header}
    counts = Counter(phrases)
    for index, (phrase, kind) in enumerate(zip(phrases, kinds, strict=True)):
        if not phrase or phrase in twice or counts[phrase] > 1:
            continue
        if lexicon.unless.get(phrase) in counts:
            continue
        others = (name for other, name in enumerate(header) if other != index)
        if kind == "number" and any(
            name.casefold().endswith(f" {phrase.casefold()}") for name in others
        ):
            # "Tackles" beside "combined tackles": nobody knows which are meant.
            continue
        if header[index].casefold() in _RECORD and not {"w", "l"} <= letters:
            continue
        if kind == "text" and is_mixed(view, index):
            continue
        own = {kind, *(text_types(view, index) if kind == "text" else ())}
        found = lexicon.types_of(header[index], phrase, frozenset(own))
        head = head_word(phrase.casefold())
        heads = {head} if kind == "number" else {head, singular(head)}
        if not found and {phrase.casefold(), *heads} & lexicon.types.keys():
            # Numbers in a column of a "cup", or texts in one of "teams": who knows what they mean.
            continue
        if " or " in phrase and phrase not in lexicon.types and _differ(phrase, own, lexicon):
            # Nobody knows which of the two a "winner or runner-up" is.
            continue
        ranks = kind == "number" and any(one.implied & {"rank", "code"} for one in found)
        if ranks and not is_whole(view, index):
            # Nobody comes in 6.3th: the place is worth that.
            continue
        if "season" in own and not any(one.implied & {"period", "tenure"} for one in found):
            # "1960–1969" is no office.
            continue
        if phrase.partition(" ")[0] in _EXTREMES and phrase not in lexicon.types:
            # Nobody asks for "the lowest best score", nor which "best dancer" is first.
            continue
        if "entity" in own and _names_several(view, index, phrase, found):
            own.add("several")
        one = {"entity", "several"} & own == {"entity"} and not NUMBER_OF.match(header[index])
        if one and is_plural(phrase) and phrase not in lexicon.types:
            known = singular(head_word(phrase.casefold())) in lexicon.types
            phrase = singular(phrase) if known else phrase
        yield _column(view, index, phrase, own, found, lexicon)


def _differ(phrase: str, own: set[str], lexicon: Lexicon) -> bool:
    """Tell whether the words between "or" name columns of different types."""
    each = [lexicon.types_of(part, part, frozenset(own)) for part in phrase.split(" or ")]
    return any(one != each[0] for one in each)


def _column(
    view: TableView, index: int, phrase: str, own: set[str], found: list[Type], lexicon: Lexicon
) -> Column:
    types = {"any", *own}.union(*(one.implied for one in found))
    if is_plural(phrase):
        types.add("plural")
    if "text" not in types:
        types |= measures(view, index, types, phrase)
    if NUMBER_OF.match(view.table.header[index]) and "count" not in types:
        phrase = f"number of {phrase}"
        types.discard("plural")
    if _PREPOSITION.search(phrase):
        types.add("of")
    verbs = _verbs(found)
    if verbs:
        types.add("verb")
    if types & {"year", "date", "day", "season"}:
        types.add("when")
    unit = (
        lexicon.unit(view.table.header[index])
        if types & {"number", "measured"} == {"number"}
        else ""
    )
    names = min((one.names for one in found if one.names is not None), default=USUAL_NAMES)
    lower = any(one.lower for one in found)
    return Column(index, phrase, "plural" in types, frozenset(types), names, lower, unit, verbs)


def _verbs(found: list[Type]) -> tuple[tuple[str, str], ...]:
    for one in found:
        if one.past or one.participle:
            participle = one.participle or one.past
            verbs = (("verb", one.verb), ("past", one.past), ("participle", participle))
            return verbs
    return ()


def _resolved(column: Column, present: frozenset[str], table: Table, lexicon: Lexicon) -> Column:
    """Tell what a column called "name" or "title" holds: persons, films, what the list lists."""
    if "work" in column.types and column.phrase == "title":
        noun = headed_noun(table.section)
        release = any(one.name == "release" for one in lexicon.types.get(noun, ()))
        return replace(column, phrase=noun, types=column.types | {"release"}) if release else column
    if "name" not in column.types:
        return column
    noun = listed_noun(table.section, table.title, known=lexicon.types)
    types = column.types - {"name"}
    known = [one for one in lexicon.types.get(noun, ()) if not one.kinds or "entity" in one.kinds]
    named = any("person" in one.implied for one in known)
    personal = not known and any(types <= present for types in _PERSONAL)
    if personal or named or noun == "person":
        phrase = noun if named else "person"
        return replace(column, phrase=phrase, types=types | {"person"}, plural=False)
    if noun in lexicon.types or noun in lexicon.nouns:
        types = types.union(*(one.implied for one in known))
        return replace(column, phrase=noun, types=types, plural=False)
    return column


def _names_several(view: TableView, index: int, phrase: str, found: list[Type]) -> bool:
    """Tell whether cells have more words than one name: those of a team may be its members'."""
    if is_plural(phrase):
        least = _WORDS_OF_TWO
    elif any("team" in one.implied for one in found):
        least = _WORDS_OF_THREE
    else:
        return False
    words = [len(view.table.rows[row][index].split()) for row in view.rows]
    return sum(words) >= least * len(words)
