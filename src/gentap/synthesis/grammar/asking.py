"""Asks a table by a grammar.

The grammar is a file of phrase and sentence templates. ``[column]``, ``[value]`` and the like
are sampled from the table; the other bracketed variables are defined by the file itself
(Shi et al., Generation-Focused Table-Based Intermediate Pre-training for Free-Form Question
Answering, AAAI 2022). The paper leaves the productions open; these are our own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from gentap.records import Coordinates
from gentap.synthesis.grammar.drafts import Draft
from gentap.synthesis.grammar.families import FAMILIES
from gentap.synthesis.grammar.file import read_rules
from gentap.synthesis.grammar.page import GateIndex, GrammarPage
from gentap.synthesis.grammar.profile import BarrenError, Profile
from gentap.synthesis.grammar.queries import Query, evidence, execute
from gentap.synthesis.grammar.rules import Choice, Rules, Template
from gentap.synthesis.grammar.spoken import words
from gentap.synthesis.grammar.texts import Texts
from gentap.table import Table

_ATTEMPTS = 8
"""Failures in a row after which a table has no more questions of a family."""
_NAMING = ("comparison",)
"""Families whose question names the answer."""


@dataclass(frozen=True, slots=True)
class CellQuestion:
    """A question whose answer is one cell.

    Attributes:
        question: The question.
        answer: The text of the cell, exactly.
        cell: (row, column) of the answer; row 0 = first data row.
        family: The family of the grammar that it comes from.
        query: Its proof: `execute` finds the cell.
        evidence: (row, column) of the cells the answer rests on, the answer among them.
    """

    question: str
    answer: str
    cell: tuple[int, int]
    family: str
    query: Query
    evidence: Coordinates


class Grammar:
    """A grammar that asks short-form questions about tables."""

    def __init__(self, rules: Rules) -> None:
        """Take a checked grammar."""
        self.rules = rules
        self._index = GateIndex(rules.families.values())
        self._pages: dict[frozenset[str], GrammarPage] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> Grammar:
        """Read the grammar that ships with the package, and a file laid over it, if any.

        Raises:
            InputError: The file cannot be read, or an entry of it is wrong; its line is named.
        """
        return cls(read_rules(path))

    def generate(self, table: Table, count: int, rng: random.Random) -> list[CellQuestion]:
        """Ask up to `count` different questions, fewer when the table gives no more.

        Args:
            table: The table asked about.
            count: How many questions to ask.
            rng: Where chance comes from; the same state gives the same questions.
        """
        profile = Profile(table, self.rules.lexicon, self.rules.titles)
        if len(profile.columns) < 2 or len(profile.view.rows) < 2:
            return []
        page = self._page(profile.title.types)
        found: dict[str, CellQuestion] = {}
        doubtful: set[str] = set()
        families = page.fitting(profile)
        names = page.weighed(families)
        while names.items and len(found) < count:
            name = names.draw(rng)
            for _ in range(_ATTEMPTS):
                template = families[name].draw(rng)
                try:
                    asked = _ask(page, profile, name, template, rng)
                except BarrenError:
                    families[name] = families[name].without(template)
                    if not families[name].items:
                        break
                    continue
                if asked is not None and _is_new(asked, found, doubtful):
                    break
            else:
                families[name] = Choice((), ())
            if not families[name].items:
                names = names.without(name)
        return list(found.values())

    def _page(self, types: frozenset[str]) -> GrammarPage:
        if types not in self._pages:
            self._pages[types] = GrammarPage(self.rules, self._index, types)
        return self._pages[types]


def _is_new(asked: CellQuestion, found: dict[str, CellQuestion], doubtful: set[str]) -> bool:
    """Add a question that was not asked before; take it back if it has two answers."""
    if asked.question in doubtful:
        return False
    known = found.setdefault(asked.question, asked)
    if known.cell != asked.cell and known.answer != asked.answer:
        # Two columns are called alike: nobody can tell which is meant.
        del found[asked.question]
        doubtful.add(asked.question)
    return known is asked


def _ask(
    page: GrammarPage, profile: Profile, family: str, template: Template, rng: random.Random
) -> CellQuestion | None:
    draft = FAMILIES[family].draw(profile, template.slots, rng)
    if draft is None or (cell := execute(draft.query, profile.view)) is None:
        return None
    if not profile.answers(*cell) or not profile.is_one(cell[0], draft.target):
        return None
    question = page.say(template.pattern, Texts(draft, profile, rng), rng)
    if question is None:
        return None
    answer = profile.table.rows[cell[0]][cell[1]]
    if family not in _NAMING and _is_given_away(answer, question, draft):
        return None
    proof = evidence(draft.query, profile.view, cell)
    return CellQuestion(question, answer, cell, family, draft.query, proof)


def _is_given_away(answer: str, question: str, draft: Draft) -> bool:
    """Tell whether the question says the answer, or the answer a name that the question says.

    What is asked for may be in the name itself, too: "the stadium of Olympic Stadium".
    """
    said, target = words(answer), words(draft.target.phrase)
    named = [value for one in draft.query.conditions if one.operator == "=" for value in one.values]
    return said in words(question) or any(
        target in words(value) or (words(value) in said and not value.isdigit()) for value in named
    )
