"""Text to token ids and back, with the Rust tokenizer alone; what it does not know is folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer as Backend

from gentap.errors import CheckpointError

# Letters that Unicode does not decompose, and signs that many vocabularies lack.
_FOLDED = str.maketrans(
    dict(zip("łŁøØđĐðÐħĦıŋŊŧŦ", "lLoOdDdDhHinNtT", strict=True))
    | {
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "þ": "th",
        "Þ": "Th",
        "ß": "ss",
        "ə": "e",
    }
    | dict.fromkeys("−‐‑‒–—―~", "-")
    | {"×": "x", "<": "(", ">": ")", "{": "(", "}": ")", "`": "'", "^": "", "\\": "/"}
)
_SPACES = re.compile(r"\s+")


class Tokenizer:
    """A Rust tokenizer and the ids that a sequence begins and ends with.

    Every text is encoded as if a space stood before it, so that ids of parts can be joined.

    Attributes:
        prefix: Ids before every sequence (BART's ``<s>``); often empty.
        suffix: Ids after every sequence (``</s>``).
    """

    def __init__(self, backend: Backend) -> None:
        """Wrap a tokenizer; its own truncation and padding are switched off."""
        backend.no_truncation()
        backend.no_padding()
        self.backend = backend
        bare = backend.encode(" a", add_special_tokens=False).ids
        whole = backend.encode(" a").ids
        start = next(i for i in range(len(whole)) if whole[i : i + len(bare)] == bare)
        self.prefix: list[int] = whole[:start]
        self.suffix: list[int] = whole[start + len(bare) :]
        self._unknown = backend.token_to_id("<unk>")
        self._known: dict[str, str] = {}

    @classmethod
    def from_folder(cls, folder: str | Path) -> Tokenizer:
        """Load ``tokenizer.json`` of a checkpoint folder.

        Raises:
            CheckpointError: The file is missing or not a tokenizer.
        """
        path = Path(folder) / "tokenizer.json"
        if not path.is_file():
            raise CheckpointError(f"{folder}: no tokenizer.json there; is it a model folder?")
        try:
            return cls(Backend.from_file(str(path)))
        except Exception as error:  # the Rust side raises bare Exception
            raise CheckpointError(f"{path}: not a readable tokenizer ({error})") from error

    def id(self, token: str) -> int | None:
        """Return the id of a token of the vocabulary, or None."""
        found: int | None = self.backend.token_to_id(token)
        return found

    def encode(self, texts: Iterable[str]) -> list[list[int]]:
        """Return the ids of each text, without prefix and suffix."""
        lines = [" " + self.fold(text) if text else "" for text in texts]
        return [
            encoding.ids for encoding in self.backend.encode_batch(lines, add_special_tokens=False)
        ]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of these ids; special tokens vanish."""
        text: str = self.backend.decode(list(ids), skip_special_tokens=True)
        return text.strip()

    def fold(self, text: str) -> str:
        """Fold white space, and each character that the vocabulary lacks to its nearest one.

        ``ō`` becomes ``o`` and ``−`` a hyphen where the vocabulary would answer ``<unk>``.
        """
        text = _SPACES.sub(" ", text).strip()
        if text.isascii() and not any(sign in text for sign in "<>{}~`^\\"):
            return text
        return "".join(
            known if (known := self._known.get(char)) is not None else self._learn(char)
            for char in text
        )

    def _learn(self, char: str) -> str:
        known = char
        if char != " " and self._unknown is not None and self._lacks(char):
            plain = unicodedata.normalize("NFKD", char.translate(_FOLDED))
            plain = "".join(c for c in plain if not unicodedata.combining(c))
            known = plain if not self._lacks(plain) else char
        self._known[char] = known
        return known

    def _lacks(self, text: str) -> bool:
        return self._unknown in self.backend.encode(text, add_special_tokens=False).ids
