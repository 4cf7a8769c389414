"""Broken documents are read or refused, in time: shown on real ones with random damage.

    python benchmarks/mutations.py DOCUMENTS... [--number 2000] [--seed 0] [--failures DIR]

Draws documents from files and folders; deletes, doubles, moves and overwrites stretches of their
bytes, and puts in what has broken readers before; reads and aligns each. Prints how many came to
which end. Fails where one raises an error, takes more than 10 seconds, or loses a sentence.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from gentap.records import Alignment
from gentap.synthesis.alignment import align
from gentap.synthesis.documents import Input, Rejected, list_inputs, load

SECONDS = 10
SNIPPETS = (
    b"<", b">", b'"', b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x80", b"&#0;",
    b"&#28;", b"<!--", b"-->", b"<script>", b"</table>", b"</td></tr>", b"<table><tr><td>",
    b"<meta charset=utf-7>", b" rowspan=1000000000 ", b" colspan=0 rowspan=0 ", b"\\ud800",
    b" style='display:none' ", b"<div>" * 3_000, b"<td>x" * 2_000, b"<p><font size=1>x" * 500,
    b"|a|b|\n|-|-|\n", b"\n```\n", b"[x](", b"{", b"[" * 2_000, b" " * 5_000, b"\n" * 5_000,
)  # fmt: skip


@dataclass
class Report:
    """What was counted; the slowest document is (seconds, name)."""

    outcomes: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    failures: list[str] = field(default_factory=list)


def main() -> None:
    """Damage, read, count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("documents", metavar="DOCUMENTS", nargs="+")
    parser.add_argument("--number", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--failures", type=Path, help="a folder for the documents that failed")
    options = parser.parse_args()
    report = Report()
    for name, source in damaged(options.documents, options.number, options.seed):
        failure = take(report, name, source)
        if failure:
            report.failures.append(f"{name}: {failure}")
        if failure and options.failures:
            options.failures.mkdir(parents=True, exist_ok=True)
            file = f"{len(report.failures)}{Path(source.path).suffix}"
            (options.failures / file).write_bytes(source.read())
    seconds, slowest = report.slowest
    summary = {
        "documents": report.outcomes.total(),
        "outcomes": dict(report.outcomes.most_common()),
        "tables": dict(report.tables.most_common()),
        "sentences": dict(report.sentences.most_common()),
        "slowest": {"seconds": round(seconds, 2), "document": slowest},
        "failures": report.failures,
    }
    sys.stdout.write(json.dumps(summary, indent=1) + "\n")
    sys.exit(bool(report.failures))


def damaged(paths: list[str], number: int, seed: int) -> Iterator[tuple[str, Input]]:
    """Yield so many damaged documents and their names; document n is that of seed and n alone."""
    sources = list(list_inputs(paths))
    for index in range(number):
        draw = random.Random(f"{seed} {index}")
        source = draw.choice(sources)
        data = bytearray(source.read())
        for _ in range(draw.randint(1, 8)):
            damage(data, draw)
        name = f"{source.uri} ({seed} {index})"
        yield name, replace(source, data=zlib.compress(data, 1), length=len(data))


def damage(data: bytearray, draw: random.Random) -> None:
    """Change some bytes in place."""
    start = draw.randint(0, len(data))
    end = min(len(data), start + int(10 ** draw.uniform(0, 4)))
    part = bytes(data[start:end])
    kind = draw.choice(("delete", "double", "move", "flip", "insert", "cut"))
    if kind in ("delete", "move"):
        del data[start:end]
    if kind in ("double", "move"):
        place = draw.randint(0, len(data))
        data[place:place] = part * draw.choice((1, 1, 1, 20))
    if kind == "flip":
        for place in range(start, min(end, start + 20)):
            data[place] = draw.randrange(256)
    if kind == "insert":
        data[start:start] = draw.choice(SNIPPETS)
    if kind == "cut" and draw.random() < 0.3:
        del data[start:]


def take(report: Report, name: str, source: Input) -> str:
    """Read and align a document, and count; return what went wrong, or ""."""
    started = time.monotonic()
    try:
        failure = count(report, source)
    except Exception as error:
        failure = repr(error)
        report.outcomes["error"] += 1
    seconds = time.monotonic() - started
    report.slowest = max(report.slowest, (seconds, name))
    return failure or ("" if seconds <= SECONDS else f"{seconds:.0f} seconds")


def count(report: Report, source: Input) -> str:
    """Read, align and count."""
    document = load(source)
    if isinstance(document, Rejected):
        report.outcomes[document.reason] += 1
        report.tables.update(dict(document.tables))
        return ""
    report.tables.update({"kept": len(document.tables), **dict(document.rejected_tables)})
    kept = dropped = 0
    for outcome in align(document):
        if isinstance(outcome, Alignment):
            kept += 1
            json.dumps(outcome.to_record(), ensure_ascii=False).encode()
        else:
            dropped += 1
            outcome.sentence.encode()
    seen = len(document.sentences)
    report.sentences.update({"seen": seen, "kept": kept, "dropped": dropped})
    report.outcomes["read"] += 1
    return "" if kept + dropped == seen else f"{kept} + {dropped} of {seen} sentences"


if __name__ == "__main__":
    main()
