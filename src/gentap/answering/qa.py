"""TableQA: a table and a question in, a grounded answer out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gentap.answering.grounding import matching_cells, restore, unsupported_numbers
from gentap.answering.models import find_model, fingerprint, lineage, open_engine
from gentap.errors import InputError
from gentap.linearize import ModelInput
from gentap.records import Answer, Cell
from gentap.runtime.engine import Choice, Decoding, Engine, Output
from gentap.table import Table
from gentap.text import values

# Small models go round in circles at times; people hardly ever repeat so much.
DECODING = Decoding(no_repeat=6)


class TableQA:
    """Answers questions about tables with both decoders of a model.

    Attributes:
        engine: Runs the model.
        fingerprint: Changes whenever the model's files do.
        lineage: How the model was made, stage by stage, as its `gentap.json` says.
    """

    def __init__(
        self, engine: Engine, fingerprint: str = "", lineage: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Take an engine; see `load`."""
        self.engine = engine
        self.fingerprint = fingerprint
        self.lineage = lineage

    @classmethod
    def load(cls, model: str | Path = "default", *, device: str | None = None) -> TableQA:
        """Load a model.

        Args:
            model: A folder that ``export`` wrote (no torch needed), a checkpoint folder, the
                hub id of either, or ``default``: what the variable GENTAP_MODEL names, else
                what ships.
            device: Where a checkpoint runs, as torch names it.

        Raises:
            CheckpointError: There is no model.
            MissingExtraError: A checkpoint needs torch, which is not installed.
        """
        folder = find_model(model)
        engine = open_engine(folder, device=device)
        return cls(engine, fingerprint(folder), lineage(folder))

    def ask(self, table: Table, question: str, *, decoding: Decoding | None = None) -> Answer:
        """Answer one question; see `ask_batch`."""
        return self.ask_batch([(table, question)], decoding=decoding)[0]

    def ask_batch(
        self,
        pairs: Sequence[tuple[Table, str]],
        *,
        decoding: Decoding | None = None,
        batch_size: int = 8,
    ) -> list[Answer]:
        """Answer many questions, in order.

        Args:
            pairs: Tables and questions; an empty question asks for a description.
            decoding: How sentences are searched; by default greedily, and no run of six tokens is
                written twice.
            batch_size: Questions that are decoded together.

        Raises:
            InputError: A table has no data rows.
        """
        for table, question in pairs:
            if not table.rows:
                raise InputError(f"the table has no data rows: nothing can answer {question!r}")
        linearizer = self.engine.linearizer
        inputs = [linearizer.encode(question, table) for table, question in pairs]
        answers: dict[int, Answer] = {}
        # Inputs of a length go together, so that little is padded.
        order = sorted(range(len(pairs)), key=lambda i: (len(inputs[i].ids), i))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            cells = [_candidates(pairs[i][0], inputs[i].rows) for i in chosen]
            outputs = self.engine.run(
                [inputs[i].ids for i in chosen],
                decoding=decoding or DECODING,
                choices=[linearizer.tokenizer.encode(names) for names in cells],
            )
            for i, names, output in zip(chosen, cells, outputs, strict=True):
                answers[i] = self._answer(*pairs[i], inputs[i], names, output)
        return [answers[i] for i in range(len(pairs))]

    def _answer(
        self, table: Table, question: str, read: ModelInput, names: list[str], output: Output
    ) -> Answer:
        tokenizer = self.engine.linearizer.tokenizer
        text = tokenizer.decode(output.sentence.ids) if output.sentence else ""
        known = [table.title, table.section, question, *table.header]
        known += [cell for row in read.rows for cell in table.rows[row]]
        text = restore(text, known, tokenizer.fold)
        evidence = matching_cells(text, table, read.rows)
        cell = _place(names[output.choice.index], table, read, evidence) if output.choice else None
        warnings = []
        if not read.complete:
            warnings.append(
                f"only {len(read.rows)} of {len(table.rows)} rows fit; "
                "those that share words with the question were read first"
            )
        if invented := unsupported_numbers(text, known):
            listed = ", ".join(invented)
            warnings.append(f"the answer states {listed}, which was not read in the table")
        return Answer(
            question=question,
            answer=text,
            cell=cell,
            evidence=evidence,
            agreement=_agreement(text, cell, output.choice),
            rows_read="all" if read.complete else read.rows,
            model=self.engine.name,
            warnings=tuple(warnings),
        )


def _candidates(table: Table, rows: Sequence[int]) -> list[str]:
    """Return the distinct values of the rows read, in reading order."""
    cells = (" ".join(cell.split()) for row in rows for cell in table.rows[row])
    return list(dict.fromkeys(cell for cell in cells if cell))


def _place(value: str, table: Table, read: ModelInput, evidence: Sequence[tuple[int, int]]) -> Cell:
    """Find where a value stands: in a row that the sentence speaks of, if it can be."""
    places = [
        (row, column)
        for row in read.rows
        for column, cell in enumerate(table.rows[row])
        if " ".join(cell.split()) == value
    ]
    spoken = {row for row, _ in evidence}
    row, column = min(places, key=lambda place: (place not in evidence, place[0] not in spoken))
    return Cell(table.rows[row][column], row, column)


def _agreement(text: str, cell: Cell | None, choice: Choice | None) -> float:
    """Return the probability of the chosen cell if the sentence states it, else 0."""
    if cell is None or choice is None:
        return 0.0
    stated, wanted = values(text), values(cell.value)
    size = len(wanted)
    found = size and any(
        stated[start : start + size] == wanted for start in range(len(stated) - size + 1)
    )
    return math.exp(choice.log_probability) if found else 0.0
