"""Short-form questions: grammar in, questions out whose answer is provably one cell.

The grammar is a file of phrase and sentence templates. ``[column]``, ``[value]`` and the like
are sampled from the table; the other bracketed variables are defined by the file itself
(Shi et al., Generation-Focused Table-Based Intermediate Pre-training for Free-Form Question
Answering, AAAI 2022). The paper leaves the productions open; these are our own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gentap.records import Coordinates
from gentap.synthesis.grammar_columns import Column, Profile
from gentap.synthesis.grammar_drafts import Draft
from gentap.synthesis.grammar_families import FAMILIES
from gentap.synthesis.grammar_file import read_rules
from gentap.synthesis.grammar_lexicon import singular, usable, words
from gentap.synthesis.grammar_queries import Query, evidence, execute
from gentap.synthesis.grammar_rules import Choice, Rules, Template
from gentap.table import Table

__all__ = ["CellQuestion", "Grammar", "Query", "execute"]

_ATTEMPTS = 12
"""Failures in a row after which a table has no more questions of a family."""
_AN = re.compile(r"[aeio]|(?:[AEFHILMNORSX][A-Z]{1,2}\b)|h(?:our|onou?r)")
_MAX_TITLE = 80
_SINGULAR_VERBS = {"is": "is", "was": "was", "has": "has", "does": "does"}
_PLURAL_VERBS = {"is": "are", "was": "were", "has": "have", "does": "do"}
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


@dataclass(frozen=True, slots=True)
class Grammar:
    """A grammar that asks short-form questions about tables."""

    rules: Rules

    @classmethod
    def load(cls, path: Path | None = None) -> Grammar:
        """Read a grammar file, by default the one that ships with the package.

        Raises:
            InputError: The file cannot be read, or an entry of it is wrong.
        """
        return cls(read_rules(path))

    def generate(self, table: Table, count: int, rng: random.Random) -> list[CellQuestion]:
        """Ask up to `count` different questions, fewer when the table gives no more.

        Args:
            table: The table asked about.
            count: How many questions to ask.
            rng: Where chance comes from; the same state gives the same questions.
        """
        profile = Profile(table, self.rules.lexicon)
        found: dict[str, CellQuestion] = {}
        if len(profile.columns) < 2 or len(profile.view.rows) < 2:
            return []
        families = self._fitting(profile)
        while families and len(found) < count:
            entry = rng.choices(families, [weight for _, _, weight in families])[0]
            for _ in range(_ATTEMPTS):
                asked = self._ask(profile, entry[0], entry[1].draw(rng), rng)
                if asked is not None and asked.question not in found:
                    found[asked.question] = asked
                    break
            else:
                families.remove(entry)
        return list(found.values())

    def _fitting(self, profile: Profile) -> list[tuple[str, Choice[Template], float]]:
        def fits(template: Template) -> bool:
            return all(profile.eligible(gate) for gate in template.slots.gates)

        families = self.rules.families
        return [
            (name, fitting, weight)
            for (name, templates), weight in zip(families.items, families.weights, strict=True)
            if (fitting := templates.where(fits)) is not None
        ]

    def _ask(
        self, profile: Profile, family: str, template: Template, rng: random.Random
    ) -> CellQuestion | None:
        draft = FAMILIES[family].draw(profile, template.slots, rng)
        if draft is None or (cell := execute(draft.query, profile.view)) is None:
            return None
        answer = profile.table.rows[cell[0]][cell[1]]
        if not usable(answer):
            return None
        texts = _texts(draft, profile.table)
        question = self.rules.expand(template.pattern, texts, rng)
        framed = question and self._frame(question, profile.table.title, rng)
        if not framed or (family not in _NAMING and words(answer) in words(framed)):
            return None
        proof = evidence(draft.query, profile.view, cell)
        return CellQuestion(framed, answer, cell, family, draft.query, proof)

    def _frame(self, question: str, title: str, rng: random.Random) -> str:
        texts = {"question": question[:-1], "title": _title(title)}
        framed = self.rules.expand(self.rules.frames.draw(rng), texts, rng) or question[:-1]
        return f"{framed[0].upper()}{framed[1:]}?"


def _texts(draft: Draft, table: Table) -> Mapping[str, str]:
    target, column, column2 = draft.target, draft.column, draft.column2
    texts = {**draft.texts, "target": target.phrase, **_verbs(target)}
    texts["title"] = _title(table.title)
    texts["who_or_what"] = "who" if "person" in target.types else "what"
    for dated in (target, column):
        if dated is not None and "event" in dated.types:
            texts["participle"] = table.header[dated.index].lower()
    if column is not None:
        texts["column"] = column.phrase
        texts["a_column"] = f"{'an' if _AN.match(column.phrase) else 'a'} {column.phrase}"
        texts |= {f"column_{verb}": _verbs(column)[verb] for verb in ("is", "was")}
        if "value" in texts:
            texts["amount"] = _amount(texts["value"], column)
    if column2 is not None:
        texts["column2"] = column2.phrase
        texts["column2_is"] = _verbs(column2)["is"]
    return texts


def _verbs(column: Column) -> Mapping[str, str]:
    return _PLURAL_VERBS if column.plural else _SINGULAR_VERBS


def _amount(value: str, column: Column) -> str:
    return f"{value} {singular(column.phrase) if value == '1' else column.phrase}"


def _title(title: str) -> str:
    if len(title) > _MAX_TITLE:
        return ""
    return f"the {title[0].lower()}{title[1:]}" if title.startswith("List of ") else title
