"""Public data sets in their own formats, as examples: ``NAME:PATH`` on the command line.

Cells: questions whose answer is the value of exactly one cell. Descriptions: table-to-text, which
is a table with an empty question. What does not fit is left out and counted.
"""

from __future__ import annotations

import csv
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.evaluation.cells import denotation
from gentap.evaluation.lines import parse_object, read_lines
from gentap.records import Example, Source
from gentap.synthesis.sentences import detokenize, split
from gentap.table import Table
from gentap.text import content_words

_logger = logging.getLogger(__name__)

Left = Counter[str]
Reader = Callable[[Path, Left], Iterator[Example]]


def read_dataset(name: str, path: str | Path) -> list[Example]:
    """Read a data set in its own format.

    Args:
        name: One of `DATASETS`.
        path: The file or folder that its reader wants.

    Raises:
        InputError: The name is unknown, or the files are not those of the data set.
    """
    if name not in DATASETS:
        raise InputError(f"{name}: no data set of that name; known: {', '.join(DATASETS)}")
    left: Left = Counter()
    try:
        found = list(DATASETS[name](Path(path), left))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} is not {name} as it is published: {error!r}") from error
    if not found:
        raise InputError(f"{path} holds no example of {name}")
    reasons = "".join(f", {count} left out: {reason}" for reason, count in left.most_common())
    _logger.info("%s: %d examples%s", name, len(found), reasons)
    return found


def _wikitablequestions(path: Path, left: Left) -> Iterator[Example]:
    """Read a folder with ``training.tsv`` (or a .tsv file) and the ``csv/`` it names."""
    file = path / "training.tsv" if path.is_dir() else path
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            with (file.parent / row["context"]).open(encoding="utf-8", newline="") as lines:
                header, *rows = csv.reader(lines, doublequote=False, escapechar="\\")
            yield from _one_cell(
                row["id"], row["utterance"], row["targetValue"], Table.padded(header, rows),
                Source(row["context"], "CC BY-SA 4.0"), left,
            )  # fmt: skip


def _tatqa(path: Path, left: Left) -> Iterator[Example]:
    """Read TAT-QA's JSON: span questions that its tables answer."""
    for document in json.loads(path.read_text(encoding="utf-8")):
        header, *rows = document["table"]["table"]
        table = Table.padded(header, rows)
        for asked in document["questions"]:
            answers = asked["answer"]
            if asked["answer_from"] != "table" or asked["answer_type"] != "span":
                left["not a span of the table"] += 1
            elif len(answers) != 1:
                left["several answers"] += 1
            else:
                yield from _one_cell(
                    asked["uid"], asked["question"], str(answers[0]), table,
                    Source(document["table"]["uid"], "CC BY 4.0"), left,
                )  # fmt: skip


def _one_cell(
    identity: str, question: str, answer: str, table: Table, source: Source, left: Left
) -> Iterator[Example]:
    wanted = denotation(answer)
    places = [
        (row, column)
        for row, cells in enumerate(table.rows)
        for column, cell in enumerate(cells)
        if denotation(cell) == wanted
    ]
    if len(places) == 1:
        yield Example(identity, "cell", question, answer, table, tuple(places), source)
    else:
        left["several cells say it" if places else "no cell says it"] += 1


def _wikitabletext(path: Path, left: Left) -> Iterator[Example]:
    """Read WikiTableText's lines: one row of a table, and a sentence about it."""
    for number, (_, line) in enumerate(read_lines(path), 1):
        _, names, cells, text = line.replace("_$$_", " ").split("\t")
        fields = dict(zip(names.split("_||_"), cells.split("_||_"), strict=True))
        title, section = (fields.pop(f"subj_{part}", "") for part in ("title", "subtitle"))
        yield _description(
            str(number), {name.strip(): cell for name, cell in fields.items()}, text,
            Source("", ""), title=title, section=section,
        )  # fmt: skip


def _infobox(path: Path, left: Left) -> Iterator[Example]:
    """Read infoboxes joined by title with the lead of a page, which may be another's."""
    for place, line in read_lines(path):
        record = parse_object(line, place)
        fields = {name: ", ".join(values) for name, values in record["table"].items()}
        if len(content_words(" ".join(fields.values())) & content_words(record["lead"])) < 2:
            left["the lead is of another page"] += 1
        elif not (sentences := split(record["lead"])):
            left["the lead holds no sentence"] += 1
        else:
            yield _description(
                record["id"], fields, sentences[0], Source(record["title"], "CC BY-SA 4.0"),
                title=record["title"],
            )  # fmt: skip


def _e2e(path: Path, left: Left) -> Iterator[Example]:
    """Read E2E's CSV; of the texts for the same meaning, only the first."""
    seen = set()
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), 1):
            if row["mr"] in seen:
                left["another text of the same meaning"] += 1
                continue
            seen.add(row["mr"])
            fields = dict(re.findall(r"(\w+)\[([^\]]*)\]", row["mr"]))
            yield _description(str(number), fields, row["ref"], Source("", "CC BY-SA 4.0"))


def _logicnlg(path: Path, left: Left) -> Iterator[Example]:
    """Read LogicNLG's JSON; its tables lie in ``logicnlg_csv`` or ``all_csv`` beside it.

    As published, the input is only the columns that the sentence speaks of.
    """
    folder = next(
        (path.parent / name for name in ("logicnlg_csv", "all_csv")
         if (path.parent / name).is_dir()), path.parent,
    )  # fmt: skip
    for name, sentences in json.loads(path.read_text(encoding="utf-8")).items():
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        header, *rows = [line.split("#") for line in lines]
        for number, (text, columns, title, _) in enumerate(sentences):
            table = Table.padded(
                [header[column] for column in columns],
                [[row[column] for column in columns] for row in rows],
                title=detokenize(title),
            )
            yield Example(f"{name}-{number}", "sentence", "", detokenize(text), table, (),
                          Source(name, "MIT"))  # fmt: skip


def _description(
    identity: str,
    fields: Mapping[str, str],
    text: str,
    source: Source,
    *,
    title: str = "",
    section: str = "",
) -> Example:
    """Return a table of one row and what is said about it."""
    cells: list[Any] = [detokenize(cell) for cell in fields.values()]
    table = Table.padded(fields, [cells], title=detokenize(title), section=detokenize(section))
    return Example(identity, "sentence", "", detokenize(text), table, (), source)


DATASETS: Mapping[str, Reader] = {
    "wtq": _wikitablequestions,
    "tatqa": _tatqa,
    "wikitabletext": _wikitabletext,
    "infobox": _infobox,
    "e2e": _e2e,
    "logicnlg": _logicnlg,
}
