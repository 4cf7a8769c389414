"""Question and table to model input within a token budget: which rows are kept, and why."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from itertools import islice

from gentap.table import Table
from gentap.tokenization import Tokenizer

_WORD = re.compile(r"\w+")
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Separators:
    """What stands between the parts of a model input.

    Attributes:
        part: Before title, section and header.
        row: Before every data row.
        cell: Between two cells of a row.
    """

    part: str
    row: str
    cell: str

    @classmethod
    def for_tokenizer(cls, tokenizer: Tokenizer) -> Separators:
        """Choose separators of one token each: T5's sentinels where there are any."""
        if tokenizer.id("<extra_id_1>") is not None:
            return cls(part="<extra_id_0>", row="<extra_id_1>", cell="|")
        return cls(part=";;", row=";", cell="|")

    def to_record(self) -> dict[str, str]:
        """Return the separators as a plain dictionary."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ModelInput:
    """What the encoder reads.

    Attributes:
        ids: Token ids, prefix and suffix included.
        rows: The data rows that are in it, ascending.
        complete: Whether that is all of the table.
    """

    ids: list[int]
    rows: tuple[int, ...]
    complete: bool


class Linearizer:
    """Turns a question and a table into token ids.

    The layout is ``question · title · section · header · row · row ...``; the paper appends
    the table to the question with separators between rows (Shi et al., AAAI 2022). Where the
    table is too large, rows that share rare words with the question come first.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        separators: Separators | None = None,
        *,
        budget: int = 512,
        cell_limit: int = 32,
    ) -> None:
        """Prepare the separators.

        Args:
            tokenizer: The model's tokenizer.
            separators: Those that the model was trained with; by default chosen for it.
            budget: Tokens an input may have at most.
            cell_limit: Tokens of one cell at most; the rest of a longer cell is not read.
        """
        self.tokenizer = tokenizer
        self.separators = separators or Separators.for_tokenizer(tokenizer)
        self.budget = budget
        self.cell_limit = cell_limit
        marks = (self.separators.part, self.separators.row, self.separators.cell)
        self._part, self._row, self._cell = (self._mark(mark) for mark in marks)

    def encode(
        self,
        question: str,
        table: Table,
        *,
        pinned: Collection[int] = (),
        budget: int | None = None,
    ) -> ModelInput:
        """Linearize a question and a table.

        Args:
            question: The question; "" for table-to-text.
            table: The table.
            pinned: Rows to keep before all others (the evidence, in training). They are left
                out only where they do not fit, which ``rows`` of the result tells.
            budget: Overrides the budget for this input.
        """
        limit = budget or self.budget
        ids = self._opening(question, table, limit)
        left = limit - len(ids) - len(self.tokenizer.suffix)
        order = rank_rows(question, table, pinned)
        kept: dict[int, list[int]] = {}
        # Once a few rows have not fitted, the input is as good as full.
        misses = 0
        for row, piece in self._rows(table, order):
            if len(piece) <= left:
                kept[row] = piece
                left -= len(piece)
            elif (misses := misses + 1) > 3:
                break
        rows = tuple(sorted(kept))
        for row in rows:
            ids += kept[row]
        ids += self.tokenizer.suffix
        complete = len(rows) == len(table.rows)
        return ModelInput(ids, rows, complete)

    def text(self, text: str, extra: Iterable[str] = ()) -> list[int]:
        """Return the ids of a plain text, and of cells behind it, for the question generator."""
        first, *cells = self.tokenizer.encode([text, *extra])
        ids = [*self.tokenizer.prefix, *first]
        for number, cell in enumerate(cells):
            ids += (self._cell if number else self._part) + cell[: self.cell_limit]
        return ids + self.tokenizer.suffix

    def target(self, text: str) -> list[int]:
        """Return the ids of an answer as the decoder is to write it."""
        return [
            *self.tokenizer.prefix,
            *self.tokenizer.encode([text])[0],
            *self.tokenizer.suffix,
        ]

    def _opening(self, question: str, table: Table, limit: int) -> list[int]:
        asked, title, section, *header = self.tokenizer.encode(
            [question, table.title, table.section, *table.header]
        )
        # At most half the budget for what is not the table's rows.
        names = self._join(name[:8] for name in header)[: limit // 4]
        titles = self._part + title[:32] + self._part + section[:32] + self._part
        room = max(limit // 2 - len(names) - len(titles), limit // 8)
        return [*self.tokenizer.prefix, *asked[:room], *titles, *names]

    def _rows(self, table: Table, order: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
        """Tokenize rows in this order, a few at a time: a huge table is never read whole."""
        pending = iter(order)
        while chunk := list(islice(pending, _CHUNK)):
            pieces = iter(
                self.tokenizer.encode([cell for row in chunk for cell in table.rows[row]])
            )
            for row in chunk:
                cells = islice(pieces, table.width)
                yield (
                    row,
                    self._row + self._join(cell[: self.cell_limit] for cell in cells),
                )

    def _join(self, pieces: Iterable[list[int]]) -> list[int]:
        joined: list[int] = []
        for number, piece in enumerate(pieces):
            joined += (self._cell if number else []) + piece
        return joined

    def _mark(self, mark: str) -> list[int]:
        known = self.tokenizer.id(mark)
        return [known] if known is not None else self.tokenizer.encode([mark])[0]


def rank_rows(question: str, table: Table, pinned: Collection[int] = ()) -> list[int]:
    """Order rows by what they share with the question, rare words weighing more.

    Pinned rows come first; rows that are level keep the table's order.

    Returns:
        All row numbers, best first.
    """
    wanted = _words(question)
    seen = [wanted.intersection(_words(" ".join(row))) for row in table.rows]
    counts = Counter(word for words in seen for word in words)
    weight = {word: math.log1p(len(table.rows) / count) for word, count in counts.items()}
    # Summed in sorted order, so that the result does not hang on the hash seed.
    scores = [sum(weight[word] for word in sorted(words)) for words in seen]
    first = frozenset(pinned)
    return sorted(range(len(seen)), key=lambda row: (row not in first, -scores[row], row))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
