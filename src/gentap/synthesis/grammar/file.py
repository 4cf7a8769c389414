"""Reading the grammar file: every entry is checked, and an error says which line is wrong."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.synthesis.grammar.checks import EntryError, fail, flag, positive, table
from gentap.synthesis.grammar.families import FAMILIES
from gentap.synthesis.grammar.gates import DERIVED, KINDS, Gate
from gentap.synthesis.grammar.lines import line_of, lines_of
from gentap.synthesis.grammar.rules import Choice, Lengths, Phrase, Rules
from gentap.synthesis.grammar.templates import (
    OF_TABLE,
    Variables,
    check_acyclic,
    read_choice,
    read_family,
    read_phrase,
)
from gentap.synthesis.grammar.titles import DERIVED as TITLES
from gentap.synthesis.grammar.words import read_lexicon, read_titles

SHIPPED = "grammar.toml"
_SECTIONS = ("headers", "cells", "titles", "types", "variables", "frames", "lengths", "families")


def read_rules(path: Path | None = None) -> Rules:
    """Read the grammar that ships with the package and, laid over it, a file of one's own.

    Raises:
        InputError: The file cannot be read, or an entry of it is wrong; its line is named.
    """
    shipped = resources.files(__package__).joinpath(SHIPPED).read_text("utf-8")
    if path is None:
        return _read(shipped, SHIPPED, None)
    try:
        own = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the grammar file {path}: {error}") from error
    return _read(own, str(path), lambda: _read(shipped, SHIPPED, None))


def _read(text: str, name: str, shipped: Callable[[], Rules] | None) -> Rules:
    """Read a file that is laid over the shipped grammar, if there is one."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"grammar file {name} is no TOML: {error}") from error
    try:
        alone = flag(data, "alone", "", default=False)
        base = shipped() if shipped and not alone else None
        digest = hashlib.blake2b(digest_size=8)
        for part in (base.key if base else "", text):
            digest.update(part.encode())
        return _rules(data, base, digest.hexdigest())
    except EntryError as error:
        line = line_of(error.where, lines_of(text))
        raise InputError(f"grammar file {name}, line {line}: {error}") from error


def _rules(data: Mapping[str, Any], base: Rules | None, key: str) -> Rules:
    for section in table(data, "", (*_SECTIONS, "alone")):
        if section not in ("frames", "alone"):
            table(data[section], section)
    lexicon, types = read_lexicon(data, base.lexicon if base else None)
    titles = read_titles(data, types, base.titles if base else {})
    pages = frozenset((*TITLES, *titles))
    variables = _variables(data.get("variables", {}), pages, base.variables if base else {})
    known = frozenset((*KINDS, *DERIVED, *types))
    families = dict(base.families) if base else {}
    weights = dict(base.weights) if base else {}
    for name, entry in table(data.get("families", {}), "families", FAMILIES).items():
        where = f"families.{name}"
        table(entry, where, ("weight", "templates"))
        if "weight" in entry or name not in weights:
            weights[name] = positive(entry.get("weight", 1), f"{where}.weight", least=0)
        if "templates" in entry or name not in families:
            own = read_family(name, entry, variables, known, pages)
            families[name] = families[name].plus(own) if name in families else own
    if not any(weights.values()):
        fail("families", "there must be at least one, of a weight above 0")
    frames = _frames(data, pages, base)
    lengths = _lengths(data, base)
    return Rules(lexicon, titles, variables, frames, lengths, families, weights, key)


def _variables(own: Mapping[str, Any], pages: Collection[str], base: Variables) -> Variables:
    names = OF_TABLE | own.keys() | base.keys()
    variables = dict(base)
    for name, phrases in own.items():
        if name in OF_TABLE:
            fail(f"variables.{name}", "the table already gives a variable of this name")
        read = read_choice(
            phrases, f"variables.{name}", lambda entry, at: read_phrase(entry, at, names, pages)
        )
        variables[name] = base[name].plus(read) if name in base else read
    for name in own:
        check_acyclic(name, variables)
    return variables


def _frames(data: Mapping[str, Any], pages: Collection[str], base: Rules | None) -> Choice[Phrase]:
    def frame(entry: Mapping[str, Any], where: str) -> Phrase:
        phrase = read_phrase(entry, where, ("question", "title"), pages)
        if phrase.pattern.count("question") != 1:
            fail(where, "needs [question] exactly once")
        gate = phrase.title
        if "title" in phrase.pattern:
            phrase = replace(phrase, title=Gate.of(gate.some, gate.none, gate.every | {"any"}))
        return phrase

    if "frames" in data or base is None:
        own = read_choice(data.get("frames", ["[question]"]), "frames", frame)
        return base.frames.plus(own) if base else own
    return base.frames


def _lengths(data: Mapping[str, Any], base: Rules | None) -> Lengths:
    if "lengths" not in data:
        return base.lengths if base else Lengths(((1000, 1.0),))
    steps = []
    for words, share in data["lengths"].items():
        where = f"lengths.{words}"
        if not words.isdecimal():
            fail(where, "must be a number of words")
        if positive(share, where, least=0) > 1:
            fail(where, "must be a share of at most 1")
        steps.append((int(words), float(share)))
    if not steps:
        fail("lengths", "there must be at least one")
    return Lengths(tuple(sorted(steps)))
