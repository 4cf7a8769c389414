"""WordNet's own files (Miller, 1995), read as far as synonyms need them.

Lookups are those of nltk's reader, which wants its files in a place and with an index of its own:
the word itself and the base forms that exceptions or endings lead to (Morphy).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gentap.errors import InputError, MissingExtraError

# WordNet's own name for the folder of its database.
FOLDER_VARIABLE = "WNSEARCHDIR"
FOLDERS = ("/usr/share/wordnet", "/usr/local/WordNet-3.0/dict", "/usr/share/wordnet/dict")
REMEDY = (
    "METEOR needs WordNet's files: `apt-get install wordnet-base`, "
    f"or set {FOLDER_VARIABLE} to the folder that holds data.noun"
)

_ENDINGS = {
    "noun": (("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"),
             ("shes", "sh"), ("men", "man"), ("ies", "y")),
    "verb": (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""),
             ("ing", "e"), ("ing", "")),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "adv": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of speech: its files."""

    offsets: dict[str, tuple[int, ...]]
    exceptions: dict[str, list[str]]
    data: bytes


class WordNet:
    """Synonyms of English words.

    Attributes:
        folder: Where its files are.
        version: As its files state it, "3.0".
    """

    def __init__(self, folder: str | Path) -> None:
        """Read the files.

        Args:
            folder: Holds ``index.*``, ``data.*`` and ``*.exc``.

        Raises:
            InputError: A file is missing or is not WordNet's.
        """
        self.folder = Path(folder)
        self._found: dict[str, list[Synset]] = {}
        try:
            self._parts = {name: _read_part(self.folder, name) for name in _ENDINGS}
        except (OSError, ValueError, IndexError) as error:
            raise InputError(f"{self.folder}: not WordNet's files ({error})") from error
        head = self._parts["noun"].data[:2000].decode("utf-8", "replace")
        self.version = head.partition("WordNet ")[2].partition(" ")[0] or "unknown"

    @classmethod
    def find(cls) -> WordNet:
        """Return the WordNet of this machine, read once.

        Raises:
            MissingExtraError: There is none; the message says how to get it.
        """
        named = os.environ.get(FOLDER_VARIABLE)
        for folder in [named] if named else FOLDERS:
            if (Path(folder) / "data.noun").is_file():
                return _load(folder)
        raise MissingExtraError(REMEDY)

    def synsets(self, word: str) -> list[Synset]:
        """Return the sets of synonyms that a word, or a base form of it, belongs to."""
        if word not in self._found:
            self._found[word] = list(self._synsets(word.lower()))
        return self._found[word]

    def _synsets(self, word: str) -> Iterator[Synset]:
        for name, part in self._parts.items():
            for form in _forms(word, part, _ENDINGS[name]):
                for offset in part.offsets[form]:
                    yield Synset(_lemmas(part.data, offset))


@dataclass(frozen=True, slots=True)
class Lemma:
    """A word in a set of synonyms, as nltk's METEOR asks for it."""

    text: str

    def name(self) -> str:
        """Return the word; its parts are joined by ``_`` where it has several."""
        return self.text


@dataclass(frozen=True, slots=True)
class Synset:
    """A set of synonyms, as nltk's METEOR asks for it."""

    words: Sequence[Lemma]

    def lemmas(self) -> Sequence[Lemma]:
        """Return its words."""
        return self.words


@functools.cache
def _load(folder: str) -> WordNet:
    return WordNet(folder)


def _read_part(folder: Path, name: str) -> _Part:
    offsets = {}
    for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            fields = line.split()
            # The last so many fields are the synsets' places in the data file.
            offsets[fields[0]] = tuple(int(field) for field in fields[-int(fields[2]) :])
    exceptions = {}
    for line in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
        form, *bases = line.split()
        exceptions[form] = bases
    return _Part(offsets, exceptions, (folder / f"data.{name}").read_bytes())


def _forms(word: str, part: _Part, endings: Sequence[tuple[str, str]]) -> Iterator[str]:
    bases = part.exceptions.get(word)
    if bases is None:
        bases = [word[: -len(old)] + new for old, new in endings if word.endswith(old)]
    return (form for form in dict.fromkeys([word, *bases]) if form in part.offsets)


def _lemmas(data: bytes, offset: int) -> list[Lemma]:
    fields = data[offset : data.index(b"\n", offset)].decode("utf-8").split(" ")
    # The number of words is hexadecimal; every other field is a word, with its syntactic marker.
    words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
    return [Lemma(word.partition("(")[0]) for word in words]
