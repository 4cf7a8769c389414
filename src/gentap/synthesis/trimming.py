"""Cuts off the end of a sentence that its table says nothing about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from gentap.records import Alignment
from gentap.synthesis.support import Span, foreign, support, words_of
from gentap.text import STOPWORDS, tokens

_FEWEST_WORDS = 5
_LEAST_SUPPORT = 0.5
# What opens a clause or a phrase without which the sentence is still whole.
_OPENING = re.compile(
    r",\s+(?:(?:which|who|whom|whose|where|when|while|although|though|whereas|before|after|until|"
    r"because|since|as well as|along with|together with|including|despite|but)\b|"
    r"(?:located|based|situated|set|known)\b|\w+(?:ed|en) by\b|"
    r"(?!during|king|ring|spring|string|thing|wing)\w{2,}ing\b)"
)
# The comma parts members of a list, or the clause is not the last one.
_LIST = re.compile(r"^,\s.*,\s+(?:and|or)\s")
_END = re.compile(r"""[.!?]["'”’)\]]*$""")


def trim(text: str, spans: Iterable[Span], known: Collection[str]) -> str:
    """Return a sentence without closing clauses that name no cell and are hardly supported.

    ", which ...", ", while ...", ", becoming ..." go one by one from the end, until one of them
    names a cell, half of its content words are known, or too little would be left.

    Args:
        text: A sentence.
        spans: Where it names cells.
        known: Normal forms of the words that its table and titles hold.
    """
    spans = list(spans)
    named = max((end for _, end in spans), default=0)
    while (end := _END.search(text)) and (openings := list(_OPENING.finditer(text))):
        cut = openings[-1].start()
        kept = text[:cut] + end[0]
        if cut < named or not _may_go(text[cut:], kept, known):
            break
        text = kept
    return text


def trimmed(alignment: Alignment) -> Alignment:
    """Return an alignment whose sentence is trimmed, with the scores of what is left."""
    named = max((end for _, end in alignment.spans), default=0)
    if not _OPENING.search(alignment.sentence, named):
        return alignment  # most of them: their tables need not be read
    known = words_of(alignment.table)
    text = trim(alignment.sentence, alignment.spans, known)
    if text == alignment.sentence:
        return alignment
    found, spans = tokens(text), alignment.spans
    return replace(
        alignment,
        sentence=text,
        support=support(found, spans, alignment.table, alignment.rows),
        foreign=tuple(foreign(text, found, spans, known)),
    )


def _may_go(gone: str, kept: str, known: Collection[str]) -> bool:
    is_open = any(kept.count(first) != kept.count(last) for first, last in ("()", "[]", "“”"))
    if len(kept.split()) < _FEWEST_WORDS or is_open or kept.count('"') % 2 or _LIST.search(gone):
        return False
    words = [token for token in tokens(gone) if token.value not in STOPWORDS]
    lacking = sum(token.value not in known for token in words)
    return not words or 1 - lacking / len(words) < _LEAST_SUPPORT
