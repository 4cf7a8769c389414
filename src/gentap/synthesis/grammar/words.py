"""The sections of the grammar file about words: headers, cells, titles and types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from gentap.synthesis.grammar.checks import fail, flag, strings, table, text
from gentap.synthesis.grammar.gates import DERIVED, KINDS, Type
from gentap.synthesis.grammar.lexicon import Lexicon
from gentap.synthesis.grammar.titles import TitleType

_HEADERS = tuple("names counts words units proper skipped unless nouns modifiers".split())
_FORMS = ("verb", "past", "participle")
_NOTHING = Lexicon(
    {},
    {},
    {},
    {},
    {},
    frozenset(),
    frozenset(),
    {},
    frozenset(),
    frozenset(),
    frozenset(),
    frozenset(),
    (),
    (),
    frozenset(),
    {},
)


def read_lexicon(
    data: Mapping[str, Any], base: Lexicon | None
) -> tuple[Lexicon, Mapping[str, Type]]:
    """Read headers, cells and types, and add them to what there is."""
    base = base or _NOTHING
    known = _types(data.get("types", {}), base.known)
    words: dict[str, tuple[Type, ...]] = {
        word: tuple(known[one.name] for one in found) for word, found in base.types.items()
    }
    for name, entry in data.get("types", {}).items():
        for word in strings(entry.get("words", []), f"types.{name}.words"):
            found = words.get(word.casefold(), ())
            if known[name] not in found:
                words[word.casefold()] = (*found, known[name])
    headers = table(data.get("headers", {}), "headers", _HEADERS)
    nouns = base.nouns | _words(headers, "headers.nouns")
    modifiers = base.modifiers | _words(headers, "headers.modifiers")
    proper = base.proper | _words(headers, "headers.proper")
    parts = {part for phrase in (*words, *nouns) for part in phrase.replace(",", " ").split()}
    cells = table(data.get("cells", {}), "cells", ("empty", "the", "the_before", "the_names"))
    return (
        Lexicon(
            words,
            {**base.names, **_phrases(headers, "names")},
            {**base.counts, **_phrases(headers, "counts")},
            {**base.words, **_phrases(headers, "words")},
            {**base.units, **_phrases(headers, "units")},
            proper,
            base.skipped | _words(headers, "headers.skipped"),
            {**base.unless, **_phrases(headers, "unless")},
            nouns,
            modifiers,
            base.vocabulary | parts | modifiers | proper,
            base.empty | _words(cells, "cells.empty"),
            base.the + tuple(f" {word}" for word in sorted(_words(cells, "cells.the"))),
            base.the_before
            + tuple(f" {words} " for words in sorted(_words(cells, "cells.the_before"))),
            base.the_names | _words(cells, "cells.the_names"),
            known,
        ),
        known,
    )


def read_titles(
    data: Mapping[str, Any], types: Collection[str], base: Mapping[str, TitleType]
) -> Mapping[str, TitleType]:
    """Read the kinds of pages, and add them to what there is."""
    titles = dict(base)
    for name, entry in data.get("titles", {}).items():
        where = f"titles.{name}"
        table(entry, where, ("words", "anywhere", "columns"))
        sets = entry.get("columns", [])
        if not isinstance(sets, list):
            fail(f"{where}.columns", "must be a list of lists of types")
        columns = tuple(
            frozenset(strings(one, f"{where}.columns[{number}]", (*KINDS, *DERIVED, *types)))
            for number, one in enumerate(sets)
        )
        before = titles.get(name, TitleType(frozenset(), frozenset(), ()))
        words = before.words | _words(entry, f"{where}.words")
        anywhere = before.anywhere | _words(entry, f"{where}.anywhere")
        titles[name] = TitleType(words, anywhere, before.columns + columns)
    return titles


def _types(own: Mapping[str, Any], base: Mapping[str, Type]) -> Mapping[str, Type]:
    types = dict(base)
    implied: dict[str, frozenset[str]] = {}
    for name, entry in own.items():
        where = f"types.{name}"
        if name in KINDS or name in DERIVED:
            fail(where, "every table already has a type of this name")
        table(entry, where, ("words", "kinds", "whole", "is", "names", "lower", *_FORMS))
        before = base.get(name, Type(name))
        names = entry.get("names", before.names)
        if names is not None and (isinstance(names, bool) or names not in (0, 1, 2, 3)):
            fail(f"{where}.names", f"must be 0, 1, 2 or 3, not {names!r}")
        kinds = strings(entry.get("kinds", []), f"{where}.kinds", KINDS)
        every = {*own, *base, *DERIVED}
        implied[name] = frozenset(strings(entry.get("is", []), f"{where}.is", every))
        forms = [text(entry, form, where, getattr(before, form)) for form in _FORMS]
        whole, lower = (
            flag(entry, key, where, default=getattr(before, key)) for key in ("whole", "lower")
        )
        types[name] = Type(
            name, frozenset(kinds) or before.kinds, whole, before.implied, names, lower, *forms
        )
    return {
        name: replace(one, implied=_closure(name, implied, base)) for name, one in types.items()
    }


def _closure(
    name: str, implied: Mapping[str, frozenset[str]], base: Mapping[str, Type]
) -> frozenset[str]:
    """Return a type and all that come with it, and with those."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += implied.get(one, ())
            waiting += base[one].implied if one in base else ()
    return frozenset(found)


def _phrases(headers: Mapping[str, Any], key: str) -> dict[str, str]:
    names = table(headers.get(key, {}), f"headers.{key}")
    return {name.casefold(): text(names, name, f"headers.{key}") for name in names}


def _words(section: Mapping[str, Any], where: str) -> frozenset[str]:
    key = where.rpartition(".")[2]
    return frozenset(map(str.casefold, strings(section.get(key, []), where)))
