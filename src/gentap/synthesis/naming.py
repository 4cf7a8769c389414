"""What a question names: enough to lead to its row, and not what it asks for."""

from __future__ import annotations

import re

from gentap.synthesis.grammar.english import ADJECTIVE
from gentap.synthesis.questions import Request, is_definition
from gentap.text import content_words, is_name, tokens, values

_VAGUE = re.compile(
    r"\b(he|she|it|they|him|his|her|their|its|them|this|these|those|"
    r"the (film|movie|song|album|book|series|show|band|team|player|group|game|company)"
    r"(?! [\"“]?(?-i:[A-Z0-9])))\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|they)\b|\b\w+ed it (?:in|at|on|for)\b", re.IGNORECASE)
_PREPOSITIONS = frozenset(
    "in at on of for by to with from as about into that which who whose when where".split()
)
_NOTHING = "  "
_OPENING = re.compile(
    r"^(?:(?:In|On|At|By|From|During|For)\b[^,]*, )?(?:The |the )?"
    r"(?P<names>(?:[“\"']?[^\W_a-z][\w.'’-]*,?"
    r"(?: (?:of|the|de|van|von|da|di|and|in|at|for|on|&|y|la|le|du|des)(?= [A-Z]))?(?: |$)){1,12})"
)
"""The first names of a sentence, after an opening "In 1998,"; it may go on with others."""
_WHO_IS = re.compile(r"who (?:is|was|are|were) (?:the )?(?P<what>.+?)\?$", re.I)
_NAME_OF = re.compile(r"\bname of (?:the |an? )?(?P<what>.+?)\?$", re.I)


def phrase(text: str) -> str:
    """Return the words of a text, blanks around, so that whole words are found in it."""
    return f" {' '.join(values(text))} "


def cells_of(request: Request) -> set[str]:
    """Return the cells that a sentence names, each as `phrase` has it."""
    table = request.alignment.table
    return {phrase(table.rows[row][column]) for row, column in request.alignment.evidence}


def leads(question: str, request: Request) -> set[str]:
    """Return what leads from a question to its rows: words of theirs that it does not ask for."""
    table = request.alignment.table
    known = content_words(table.title)
    for row in request.alignment.rows:
        known |= content_words(" ".join(table.rows[row]))
    return set(values(question)) & (known - set(values(request.asked)))


def has_no_referent(question: str, request: Request) -> bool:
    """Tell whether nobody knows what a question is about: "the film", or nothing with a name.

    Or whom its sentence means by "he": who that is stands there after the pronoun, or elsewhere.
    """
    if _PRONOUN.search(request.alignment.sentence):
        return True
    if _VAGUE.search(question) is not None and len(leads(question, request)) < 2:
        return True
    table = request.alignment.table
    said = phrase(question)
    if any(whole in said for whole in {*cells_of(request), phrase(table.title)} - {_NOTHING}):
        return False
    titles = content_words(f"{table.title} {table.section}")
    return not any(
        token.kind == "number"
        or (
            is_name(question, token)
            and token.value not in titles
            and not ADJECTIVE.search(token.value)
        )
        for token in tokens(question)
    )


def drops_subject(question: str, request: Request) -> bool:
    """Tell whether a question names nothing of what its sentence begins with.

    That is the first run of names, after "In 1998," or the like.
    """
    found = _OPENING.match(request.alignment.sentence)
    names = content_words(found["names"]) if found else frozenset[str]()
    return bool(names) and names.isdisjoint(values(question))


def names_itself(question: str, request: Request) -> bool:
    """Tell whether a question asks for what it names: "What is the name of the Nile?".

    So do "the river Nile", and "the river in Nile" and "the river that Nile is" where the sentence
    begins with the Nile; and "Who is the Nile?" where that is not what the sentence says.
    """
    alignment = request.alignment
    opening, cells = phrase(alignment.sentence), cells_of(request)
    open_ended = not _PREPOSITIONS.isdisjoint(values(question)[-1:])
    if found := _NAME_OF.search(question):
        named = phrase(found["what"])
        if any(
            named.startswith(cell)
            or (named.endswith(cell) and _PREPOSITIONS.isdisjoint(named.removesuffix(cell).split()))
            for cell in cells
        ):
            return True
        return any(
            named.endswith((f" in{cell}", f" of{cell}", f" of the{cell}"))
            or (f" that{cell}" in named and not open_ended)
            for cell in cells
            if opening.startswith((cell, f" the{cell}"))
        )
    if (found := _WHO_IS.match(question)) and not open_ended:
        named = phrase(found["what"])
        more = [cell for cell in cells if named.startswith(cell)]
        return any(cell != named or not is_definition(alignment.sentence) for cell in more)
    return False
