"""The values that travel between the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gentap.errors import InputError
from gentap.table import Table

Kind = Literal["sentence", "cell"]
Coordinates = tuple[tuple[int, int], ...]
Counts = tuple[tuple[str, int], ...]
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record comes from, and under which licence."""

    uri: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document.

    Attributes:
        text: The sentence, white space folded.
        subject: What the text around it is about (the page's title, or the cell whose
            linked passage it comes from); "" where nobody knows.
        anchor: (row, column) of the cell whose linked passage the sentence comes from.
    """

    text: str
    subject: str = ""
    anchor: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its tables and the sentences outside them.

    Attributes:
        source: Where it comes from.
        title: Its title, or "".
        tables: Its data tables.
        sentences: What it says outside them.
        rejected_tables: How many other tables it has, by the reason why they are not among them.
    """

    source: Source
    title: str
    tables: tuple[Table, ...]
    sentences: tuple[Sentence, ...]
    rejected_tables: Counts = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """A sentence that states at least two cells of one row of a table, or of each of several.

    Attributes:
        sentence: The sentence as it will be learnt.
        table: The table it speaks of.
        evidence: (row, column) of every matched cell, row by row, the best matched row first.
        spans: (start, end) character offsets in the sentence, one a matched cell; rows may share
            a span ("Heat and Ali are films by Michael Mann").
        support: Share of the sentence's content words that its rows, the header and the titles
            carry, 0 to 1.
        strength: How much the cells of its best matched row prove, see
            `gentap.synthesis.weights.Weigher`; a name and a year are 3.
        foreign: The numbers and names of the sentence that neither table nor titles hold.
        source: Where it comes from.
    """

    sentence: str
    table: Table
    evidence: Coordinates
    spans: Coordinates
    support: float
    strength: float
    foreign: tuple[str, ...]
    source: Source

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows it speaks of, the best matched first."""
        return tuple(dict.fromkeys(row for row, _ in self.evidence))

    def to_record(self) -> dict[str, Any]:
        """Return the alignment as plain values, ready for JSON or Parquet."""
        return {
            "sentence": self.sentence,
            "table": self.table.to_record(),
            "evidence": [list(cell) for cell in self.evidence],
            "spans": [list(span) for span in self.spans],
            "rows": len(self.rows),
            "support": self.support,
            "strength": self.strength,
            "foreign": list(self.foreign),
            "source": {"uri": self.source.uri, "license": self.source.license},
            "schema": SCHEMA,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Alignment:
        """Read what `to_record` wrote.

        Raises:
            InputError: A field is missing or of the wrong type.
        """
        try:
            return cls(
                sentence=str(record["sentence"]),
                table=Table.from_record(record["table"]),
                evidence=_pairs(record["evidence"]),
                spans=_pairs(record["spans"]),
                support=float(record["support"]),
                strength=float(record["strength"]),
                foreign=tuple(map(str, record["foreign"])),
                source=_source(record.get("source")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not an alignment record: {error!r}") from error


@dataclass(frozen=True, slots=True)
class Example:
    """A question about a table and its answer.

    Attributes:
        id: Stable name of the example.
        kind: ``sentence`` (the answer is a sentence) or ``cell`` (it is one cell's value).
        question: The question; "" for table-to-text.
        answer: The answer to learn or to be compared with.
        table: The table asked about.
        evidence: (row, column) of the cells the answer rests on; row 0 = first data row.
        source: Where it comes from.
    """

    id: str
    kind: Kind
    question: str
    answer: str
    table: Table
    evidence: Coordinates = ()
    source: Source = Source()

    def to_record(self) -> dict[str, Any]:
        """Return the example as plain values, ready for JSON or Parquet."""
        return {
            "id": self.id,
            "kind": self.kind,
            "question": self.question,
            "answer": self.answer,
            "table": self.table.to_record(),
            "evidence": [list(cell) for cell in self.evidence],
            "source": {"uri": self.source.uri, "license": self.source.license},
            "schema": SCHEMA,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Example:
        """Read what `to_record` wrote.

        Raises:
            InputError: A field is missing or of the wrong type.
        """
        try:
            kind = record["kind"]
            if kind not in ("sentence", "cell"):
                raise ValueError(f'kind is {kind!r}, not "sentence" or "cell"')
            return cls(
                id=str(record["id"]),
                kind=kind,
                question=str(record["question"]),
                answer=str(record["answer"]),
                table=Table.from_record(record["table"]),
                evidence=_pairs(record.get("evidence") or ()),
                source=_source(record.get("source")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not an example record: {error!r}") from error


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its value and where it stands (row 0 = first data row)."""

    value: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says about a table.

    Attributes:
        question: The question as asked.
        answer: A sentence.
        cell: The cell the second decoder points at, if any.
        evidence: (row, column) of cells whose value the answer states; found by matching
            text, so a hint and not a proof.
        agreement: How far the two decoders agree, 0 to 1.
        rows_read: Data rows the model saw, or ``"all"``.
        model: Name of the model.
        warnings: Remarks a reader should see.
    """

    question: str
    answer: str
    cell: Cell | None
    evidence: Coordinates
    agreement: float
    rows_read: tuple[int, ...] | Literal["all"]
    model: str
    warnings: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Return the answer in the one shape that every interface prints."""
        cell = self.cell
        return {
            "question": self.question,
            "answer": self.answer,
            "cell": cell and {"value": cell.value, "row": cell.row, "column": cell.column},
            "evidence": [list(pair) for pair in self.evidence],
            "agreement": round(self.agreement, 4),
            "rows_read": self.rows_read if self.rows_read == "all" else list(self.rows_read),
            "model": self.model,
            "warnings": list(self.warnings),
        }


def _pairs(value: Any) -> Coordinates:  # noqa: ANN401 - untrusted input
    return tuple((int(first), int(second)) for first, second in value)


def _source(value: Any) -> Source:  # noqa: ANN401 - untrusted input
    return Source(str(value["uri"]), str(value["license"])) if value else Source()
