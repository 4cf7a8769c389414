"""The part of a grammar that is for one kind of pages, prepared for many tables."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from gentap.synthesis.grammar.drafts import Slots
from gentap.synthesis.grammar.gates import ANY
from gentap.synthesis.grammar.profile import Profile
from gentap.synthesis.grammar.rules import Choice, Pattern, Phrase, Rules, Template, expand
from gentap.synthesis.grammar.texts import Texts

_MOST_REMEMBERED = 1 << 14


class GateIndex:
    """Which gates columns pass, as bits: the types of columns recur from table to table."""

    def __init__(self, families: Iterable[Choice[Template]]) -> None:
        """Number the gates of templates."""
        gates = (gate for choice in families for one in choice.items for gate in one.slots.gates)
        self._bits = {gate: 1 << number for number, gate in enumerate(dict.fromkeys(gates))}
        self._passed: dict[frozenset[str], int] = {}

    def needed(self, template: Template) -> int:
        """Return the bits of the gates of a template."""
        return sum({self._bits[gate] for gate in template.slots.gates})

    def passed(self, types: frozenset[str]) -> int:
        """Return the bits of the gates that columns of these types pass."""
        if types not in self._passed:
            if len(self._passed) >= _MOST_REMEMBERED:
                self._passed.clear()
            self._passed[types] = sum(bit for gate, bit in self._bits.items() if gate.admits(types))
        return self._passed[types]


class GrammarPage:
    """Variables, frames and templates that fit a kind of pages."""

    def __init__(self, rules: Rules, index: GateIndex, types: frozenset[str]) -> None:
        """Leave out what is for other pages.

        Args:
            rules: The grammar.
            index: The gates of its templates.
            types: What kind of page it is.
        """

        def fits(entry: Phrase) -> bool:
            return entry.title.admits(types)

        self._rules = rules
        self._index = index
        self._variables: Mapping[str, Choice[Phrase]] = {
            name: choice.where(fits) for name, choice in rules.variables.items()
        }
        self._frames = rules.frames.where(fits)
        self._families = {
            name: [
                (template, weight, index.needed(template))
                for template, weight in zip(choice.items, choice.weights, strict=True)
                if template.slots.title.admits(types)
            ]
            for name, choice in rules.families.items()
            if rules.weights[name]
        }

    def fitting(self, profile: Profile) -> dict[str, Choice[Template]]:
        """Return the templates that the columns of a table fit, by family."""
        passed = 0
        for column in profile.columns:
            passed |= self._index.passed(column.types)
        fitting = {}
        for name, entries in self._families.items():
            kept = [
                (template, weight)
                for template, weight, needed in entries
                if needed & passed == needed and _fits(template.slots, profile)
            ]
            if kept:
                fitting[name] = Choice.of(kept)
        return fitting

    def weighed(self, families: Iterable[str]) -> Choice[str]:
        """Return the choice among the names of families, by their weights in the grammar."""
        return Choice.of((name, self._rules.weights[name]) for name in families)

    def say(self, pattern: Pattern, texts: Texts, rng: random.Random) -> str | None:
        """Fill a template and wrap it; None when a text is missing, or by chance if it is long."""
        question = expand(pattern, self._variables, texts, rng)
        if question is None:
            return None
        inside = {"question": question[:-1], "title": texts.get("title")}
        framed = expand(self._frames.draw(rng).pattern, self._variables, inside, rng)
        if framed is None or not self._rules.lengths.keeps(framed, rng):
            return None
        return f"{framed[0].upper()}{framed[1:]}?"


def _fits(slots: Slots, profile: Profile) -> bool:
    if slots.beside is not ANY and not slots.beside.admits(profile.present):
        return False
    # "Who won?" is no question where two columns say who, nor "which is higher?" with two heights.
    unsaid = [slots.target] if not slots.tells_target else []
    if slots.sole:
        unsaid.append(slots.column)
    return all(gate is ANY or profile.sole(gate) for gate in unsaid)
