"""Whether a sentence is in the relation that a question asks for."""

from __future__ import annotations

import re

from gentap.synthesis.questions import Request
from gentap.synthesis.wanted import stem, told
from gentap.text import content_words, values

_NEAR = 3
_OF = frozenset(("of", "to"))
_IS = frozenset(("is", "was", "are", "were"))
_BEST = re.compile(r"\b(?:first|only|most|least|last|\w+est)\b", re.I)
_RELATION = re.compile(
    r"wh(?:at|o) (?:is|was|are|were) (?:the )?(?P<relation>\w+(?: \w+){0,3}?) (?:of|to) (?:the )?"
    r"(?P<of>.+?)\?$",
    re.I,
)
_WHO = re.compile(r"\bwho\b", re.I)
_WROTE = re.compile(r"\bwho (?:also )?wrote\b(?P<song> the song\b)?", re.I)
_WRITERS = re.compile(r"writ|author|compos|lyric")
_WRITTEN = re.compile(r"\bwr[io]t|\b(?:author|novel|book|play|poem|story|memoir)", re.I)
_SIGNS = {
    **dict.fromkeys(("born", "birthplace"), re.compile(r"born|birth|native")),
    **dict.fromkeys(("die", "died", "death"), re.compile(r"die|death|dead|killed")),
    **dict.fromkeys(("own", "owns", "owned", "owner"), re.compile(r"own")),
    "capital": re.compile("capital"),
    "seat": re.compile("seat"),
}
"""Words of a question, and what its table has to say somewhere for them to be answered."""
_TOWARDS = frozenset("for at by with from in of on to against over".split())
_NAMED = re.compile(r"\bnamed (?:for|after)\b")
_NAMES = re.compile(r"\bnamed?\b|\bnamesake|\bcall|\bhonou?r", re.I)


def is_other_relation(question: str, request: Request) -> bool:
    """Tell whether "the seat of X" is asked for, and the sentence speaks of no seat of X's.

    Or for the first, and it is one of the first; for who wrote a song, and the sentence says whose
    it is; for somebody whom something is but named for; for the release of what is but recorded;
    for a capital, a birth, a death or an owner, and the table speaks of none; or for who played for
    X, who is the player.
    """
    if _is_turned_round(question, request) or _lacks_word(question, request):
        return True
    among = re.search(r"\bone of (?:the|its|his|her|their)\b(.*)", request.alignment.sentence)
    best = {match.casefold() for match in _BEST.findall(among[1])} if among else set()
    if best & set(values(question)) and "one of" not in question:
        return True
    if not (found := _RELATION.match(question)):
        return False
    relation, of = found["relation"].casefold(), content_words(found["of"])
    alignment = request.alignment
    if relation.split()[-1] in ("name", "type", "kind", "number", "part"):
        return False
    table = alignment.table
    for index, name in enumerate(table.header):
        if content_words(relation) <= content_words(name):
            # The table says what it is of; unless that is what is asked about.
            return any(
                of & content_words(table.rows[row][column])
                for row, column in alignment.evidence
                if column == index
            )
    said = values(alignment.sentence)
    head = stem(relation.split()[-1])
    return not any(
        of & set(_before(said, place))
        or (_OF & set(said[place + 1 : place + 3]) and of & set(said[place + 2 : place + 6]))
        for place, word in enumerate(said)
        if stem(word) == head
    )


def _is_turned_round(question: str, request: Request) -> bool:
    """Tell whether "who played for X?" is asked, and the sentence says that X played for Y."""
    if not _WHO.match(question):
        return False
    alignment = request.alignment
    said, asked = values(alignment.sentence), values(question)
    start = said[:1] == ("the",)
    for row, column in alignment.evidence:
        name = values(alignment.table.rows[row][column])
        if not name or said[start : start + len(name)] != name:
            continue
        for place in range(2, len(asked) - len(name) + 1):
            done = asked[place - 2 : place]
            if done[1] in _TOWARDS and asked[place : place + len(name)] == name:
                return any(
                    said[i : i + 2] == done and said[i + 2 : i + 2 + len(name)] != name
                    for i in range(len(said))
                )
    return False


def _lacks_word(question: str, request: Request) -> bool:
    """Tell whether nothing says who wrote it, or that somebody was born, died or owned it there."""
    alignment = request.alignment
    wrote = _WROTE.search(question)
    if wrote and not _WRITTEN.search(alignment.sentence):
        return True
    if _NAMED.search(alignment.sentence) and not _NAMES.search(question):
        return True
    known = told(request).casefold()
    if wrote and wrote["song"] and not _WRITERS.search(known):
        return True
    if "released" in values(question) and "recorded" in known and "releas" not in known:
        return True
    signs = (_SIGNS[word] for word in values(question) if word in _SIGNS)
    return any(not sign.search(known) for sign in signs)


def _before(said: tuple[str, ...], place: int) -> tuple[str, ...]:
    """Return the words just before one, from a verb on: Oslo is a capital, but has none."""
    near = said[max(0, place - _NEAR) : place]
    verbs = [i for i, word in enumerate(near) if word in _IS]
    return near[verbs[-1] :] if verbs else near
