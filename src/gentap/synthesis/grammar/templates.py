"""The entries of the grammar file that hold texts: phrases and sentence templates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from gentap.synthesis.grammar.checks import fail, strings, table, weight
from gentap.synthesis.grammar.drafts import Slots
from gentap.synthesis.grammar.families import FAMILIES
from gentap.synthesis.grammar.gates import Gate
from gentap.synthesis.grammar.rules import Choice, Pattern, Phrase, Template, parse_pattern

Item = TypeVar("Item")
Variables = Mapping[str, Choice[Phrase]]

OF_TABLE = frozenset[str]().union(*(family.variables for family in FAMILIES.values()))
"""Variables that tables give, not the file."""
_TELL_COLUMN = frozenset("column a_column amount column_verb column_past column_participle".split())
_TELL_TARGET = frozenset("target who in_which target_verb target_past target_participle".split())


def read_family(
    name: str,
    entry: Mapping[str, Any],
    variables: Variables,
    types: Collection[str],
    pages: Collection[str],
) -> Choice[Template]:
    """Read the templates of a family.

    Args:
        name: Which family.
        entry: Its section of the file.
        variables: Those of the file.
        types: The types of columns there are.
        pages: The types of pages there are.
    """
    family = FAMILIES[name]
    gated = [key for key in ("column", "column2") if key in family.gives]

    def template(entry: Mapping[str, Any], at: str) -> Template:
        table(entry, at, {"text", "weight", "operation", "target", "title", "beside", *gated})
        pattern = _pattern(entry, at, family.variables | variables.keys())
        used = _used(pattern, variables)
        if missing := used - family.variables - variables.keys():
            fail(at, f'"{name}" gives no [{min(missing)}]')
        if not pattern[-1].endswith("?"):
            fail(f"{at}.text", 'the text must end with "?"')
        only = family.operations[0] if len(family.operations) == 1 else None
        operation = entry.get("operation", only)
        if operation not in family.operations:
            known = ", ".join(family.operations)
            fail(f"{at}.operation" if operation else at, f'"operation" must be one of {known}')
        compared = operation in ("max", "min")
        column = _gate(entry, "column", at, types, *(("orderable",) if compared else ()))
        column2, target, beside = (
            _gate(entry, key, at, types) for key in ("column2", "target", "beside")
        )
        title = _gate(entry, "title", at, pages)
        slots = Slots(
            column, column2, target, title, beside, operation,
            ranked="ordinal" in used,
            tells_column=bool(used & (_TELL_COLUMN | {"nth"})),
            tells_target=bool(used & _TELL_TARGET),
            sole=not used & _TELL_COLUMN and (compared or bool(used & {"nth"})),
            named=name == "sequence" and "value2" in used,
        )  # fmt: skip
        return Template(pattern, slots)

    return read_choice(entry.get("templates"), f"families.{name}.templates", template)


def _used(pattern: Pattern, variables: Variables) -> set[str]:
    used = set(pattern[1::2])
    for name in pattern[1::2]:
        if name in variables:
            used.update(*(_used(inner.pattern, variables) for inner in variables[name].items))
    return used


def read_choice(
    value: object, where: str, read: Callable[[Mapping[str, Any], str], Item]
) -> Choice[Item]:
    """Read a list of texts, or of tables with a text and perhaps a weight."""
    if not isinstance(value, list) or not value:
        fail(where, "must be a list of at least one phrase")
    weighted = []
    for number, entry in enumerate(value):
        at = f"{where}[{number}]"
        entry = {"text": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, dict):
            fail(at, 'must be a phrase or a table with a "text"')
        weighted.append((read(entry, at), weight(entry, at)))
    return Choice.of(weighted)


def read_phrase(
    entry: Mapping[str, Any], where: str, names: Collection[str], pages: Collection[str]
) -> Phrase:
    """Read a phrase of a variable, or a frame."""
    table(entry, where, {"text", "weight", "title"})
    return Phrase(_pattern(entry, where, names, empty=True), _gate(entry, "title", where, pages))


def _pattern(
    entry: Mapping[str, Any], where: str, names: Collection[str], *, empty: bool = False
) -> Pattern:
    text = entry.get("text")
    if not isinstance(text, str) or not (text or empty):
        fail(where, 'needs a "text"')
    pattern = parse_pattern(text)
    for name in pattern[1::2]:
        if name not in names:
            fail(where, f"[{name}] is neither a variable of the file nor one of the table")
    if any(bracket in part for part in pattern[::2] for bracket in "[]"):
        fail(where, f'stray bracket in "{text}"')
    return pattern


def _gate(
    entry: Mapping[str, Any], key: str, where: str, types: Collection[str], *every: str
) -> Gate:
    value = entry.get(key, [])
    where = f"{where}.{key}"
    names = strings([value] if isinstance(value, str) else value, where)
    for number, name in enumerate(names):
        if name.lstrip("!+") not in types:
            fail(f"{where}[{number}]", f'"{name}" is no type; see the head of the shipped file')
    return Gate.of(
        frozenset(name for name in names if name[0] not in "!+"),
        frozenset(name[1:] for name in names if name[0] == "!"),
        frozenset((*every, *(name[1:] for name in names if name[0] == "+"))),
    )


def check_acyclic(name: str, variables: Variables, path: tuple[str, ...] = ()) -> None:
    """Check that a variable does not contain itself."""
    if name in path:
        fail(f"variables.{path[0]}", f"contains itself: {' -> '.join((*path, name))}")
    for phrase in variables[name].items:
        for inner in phrase.pattern[1::2]:
            if inner in variables:
                check_acyclic(inner, variables, (*path, name))
