"""Reading the grammar file: every entry is checked, and an error says which one is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from gentap.errors import InputError
from gentap.synthesis.grammar_checks import fail, strings, table, weight
from gentap.synthesis.grammar_columns import DERIVED, KINDS, Gate
from gentap.synthesis.grammar_drafts import Slots
from gentap.synthesis.grammar_families import FAMILIES
from gentap.synthesis.grammar_lexicon import Lexicon
from gentap.synthesis.grammar_rules import (
    Choice,
    Pattern,
    Rules,
    Template,
    parse_pattern,
)

Item = TypeVar("Item")

_COLUMN = frozenset(("column", "a_column", "amount"))


def read_rules(path: Path | None = None) -> Rules:
    """Read a grammar file, by default the one that ships with the package.

    Raises:
        InputError: The file cannot be read, or an entry of it is wrong.
    """
    source = path or resources.files(__package__).joinpath("grammar.toml")
    try:
        data = tomllib.loads(source.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the grammar file {source}: {error}") from error
    try:
        return _rules(data)
    except InputError as error:
        raise InputError(f"grammar file {source}: {error}") from error


def _rules(data: Mapping[str, Any]) -> Rules:
    table(data, "the file", {"types", "headers", "variables", "frames", "families"})
    lexicon = _lexicon(data)
    own = table(data.get("variables"), "variables")
    given = frozenset[str]().union(*(family.variables for family in FAMILIES.values()))
    for name in own.keys() & given:
        fail(f"variables.{name}", "the table already gives a variable of this name")
    variables = {
        name: _choice(
            phrases, f"variables.{name}", lambda entry, at: _phrase(entry, at, given | own.keys())
        )
        for name, phrases in own.items()
    }
    for name in variables:
        _acyclic(name, variables, ())
    types = frozenset((*KINDS, *DERIVED, *lexicon.kinds))
    entries = table(data.get("families"), "families", FAMILIES)
    families = [
        ((name, _family(name, entry, variables, types)), weight(entry, f"families.{name}"))
        for name, entry in entries.items()
    ]
    if not families:
        fail("families", "there must be at least one")
    return Rules(
        lexicon, variables, _choice(data.get("frames"), "frames", _frame), Choice.of(families)
    )


def _lexicon(data: Mapping[str, Any]) -> Lexicon:
    types: dict[str, frozenset[str]] = {}
    kinds: dict[str, frozenset[str]] = {}
    for name, entry in table(data.get("types"), "types").items():
        table(entry, f"types.{name}", {"words", "kinds"})
        kinds[name] = frozenset(strings(entry.get("kinds", []), f"types.{name}.kinds", KINDS))
        for word in strings(entry.get("words"), f"types.{name}.words"):
            types[word.casefold()] = types.get(word.casefold(), frozenset()) | {name}
    headers = table(data.get("headers"), "headers", {"names", "counts", "proper", "skipped"})

    def phrases(key: str) -> dict[str, str]:
        names = table(headers.get(key), f"headers.{key}")
        strings(list(names.values()), f"headers.{key}")
        return {name.casefold(): phrase for name, phrase in names.items()}

    def words(key: str) -> frozenset[str]:
        return frozenset(map(str.casefold, strings(headers.get(key), f"headers.{key}")))

    return Lexicon(
        types, kinds, phrases("names"), phrases("counts"), words("proper"), words("skipped")
    )


def _family(
    name: str, entry: object, variables: Mapping[str, Choice[Pattern]], types: Collection[str]
) -> Choice[Template]:
    family = FAMILIES[name]
    gated = [key for key in ("column", "column2") if key in family.gives]

    def template(entry: Mapping[str, Any], at: str) -> Template:
        table(entry, at, {"text", "weight", "operation", "target", *gated})
        pattern = _pattern(entry, at, family.variables | variables.keys())
        used = _used(pattern, variables)
        if missing := used - family.variables - variables.keys():
            fail(at, f'"{name}" gives no [{min(missing)}]')
        if not pattern[-1].endswith("?"):
            fail(at, 'the text must end with "?"')
        only = family.operations[0] if len(family.operations) == 1 else None
        operation = entry.get("operation", only)
        if operation not in family.operations:
            fail(at, f'"operation" must be one of {", ".join(family.operations)}')
        column, column2, target = (
            _gate(entry, key, at, types) for key in ("column", "column2", "target")
        )
        slots = Slots(column, column2, target, operation, "ordinal" in used, bool(used & _COLUMN))
        return Template(pattern, slots)

    where = f"families.{name}"
    templates = table(entry, where, {"weight", "templates"}).get("templates")
    return _choice(templates, f"{where}.templates", template)


def _used(pattern: Pattern, variables: Mapping[str, Choice[Pattern]]) -> set[str]:
    used = set(pattern[1::2])
    for name in pattern[1::2]:
        if name in variables:
            used.update(*(_used(inner, variables) for inner in variables[name].items))
    return used


def _choice(
    value: object, where: str, read: Callable[[Mapping[str, Any], str], Item]
) -> Choice[Item]:
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


def _phrase(entry: Mapping[str, Any], where: str, names: Collection[str]) -> Pattern:
    table(entry, where, {"text", "weight"})
    return _pattern(entry, where, names)


def _pattern(entry: Mapping[str, Any], where: str, names: Collection[str]) -> Pattern:
    text = entry.get("text")
    if not isinstance(text, str) or not text:
        fail(where, 'needs a "text"')
    pattern = parse_pattern(text)
    for name in pattern[1::2]:
        if name not in names:
            fail(where, f"[{name}] is neither a variable of the file nor one of the table")
    if any(bracket in part for part in pattern[::2] for bracket in "[]"):
        fail(where, f'stray bracket in "{text}"')
    return pattern


def _frame(entry: Mapping[str, Any], where: str) -> Pattern:
    pattern = _phrase(entry, where, ("question", "title"))
    if pattern.count("question") != 1:
        fail(where, "needs [question] exactly once")
    return pattern


def _gate(entry: Mapping[str, Any], key: str, where: str, types: Collection[str]) -> Gate:
    value = entry.get(key, [])
    where = f"{where}.{key}"
    names = strings([value] if isinstance(value, str) else value, where)
    for name in names:
        if name.removeprefix("!") not in types:
            fail(where, f'"{name}" is no column type')
    compared = key == "column" and entry.get("operation") in ("max", "min")
    return Gate.of(
        frozenset(name for name in names if not name.startswith("!")),
        frozenset(name[1:] for name in names if name.startswith("!")),
        frozenset(("orderable",) if compared else ()),
    )


def _acyclic(name: str, variables: Mapping[str, Choice[Pattern]], path: tuple[str, ...]) -> None:
    if name in path:
        fail(f"variables.{name}", f"contains itself: {' -> '.join((*path, name))}")
    for pattern in variables[name].items:
        for inner in pattern[1::2]:
            if inner in variables:
                _acyclic(inner, variables, (*path, name))
