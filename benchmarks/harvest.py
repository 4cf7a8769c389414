"""What harvesting costs: against bare parsers, and as documents, workers and cells grow.

    python benchmarks/harvest.py DOCS [--documents 500] [--rounds 3] [--copies 10]

DOCS is a folder of HTML pages; lxml has to be installed. Prints one JSON object. Parsers and cells
are timed by the processor's clock in one process, taking turns, so that a busy machine hardly
changes the ratios; workers and documents are timed on the wall, and want idle cores. "plan" is what
--pages such pages would take; its price of a core-hour is an assumption.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow
from lxml import html
from selectolax.lexbor import LexborHTMLParser

from gentap.storage import merged, read_counts
from gentap.synthesis.documents import Input, list_inputs
from gentap.synthesis.shard import MIN_SUPPORT, Options, Task, make_shard

STRETCH = 50  # pages after which it is the next one's turn
RUN = """
import json, pathlib, re, resource, sys, time
from gentap.synthesis.harvest import harvest
docs, out, copies, workers, size = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
begun = time.perf_counter()
report = harvest([docs] * copies, out, workers=workers, shard_size=size)
seconds = time.perf_counter() - begun
# Not getrusage: that of a process begins with the peak of the one that started it.
own = int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
peaks = {"parent_mib": own, "largest_worker_mib": worker}
print(json.dumps({"seconds": seconds} | peaks | {"report": report}))
"""


class Clock:
    """Lets shards be made in this process, without limits, and times the documents."""

    def __init__(self) -> None:
        """Begin without any."""
        self.seconds: list[float] = []

    @contextmanager
    def document(self, place: int) -> Iterator[None]:
        """Time a document."""
        begun = time.process_time()
        yield
        self.seconds.append(time.process_time() - begun)

    def commit(self) -> None:
        """Let everything be written."""


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DOCS")
    parser.add_argument("--documents", type=int, default=500, metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--cells", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    parser.add_argument("--pages", type=int, default=1_000_000_000)
    parser.add_argument("--price", type=float, default=0.03, help="of a core-hour, in dollars")
    options = parser.parse_args()
    inputs = list(itertools.islice(list_inputs([options.folder]), options.documents))
    pyarrow.array([0])  # looks for pandas, once
    report = {
        "parsers": against_parsers(inputs, options.rounds),
        "cells": by_cells(options.cells, options.rounds),
        "workers": by_workers(inputs, options.rounds),
        "documents": by_documents(inputs, options.copies),
    }
    report["plan"] = plan(report, options.pages, options.price)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def against_parsers(inputs: list[Input], rounds: int) -> dict[str, Any]:
    """Harvest pages, and parse the same ones bare."""
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    clock = Clock()
    for _ in range(rounds):
        spent: defaultdict[str, float] = defaultdict(float)
        with tempfile.TemporaryDirectory() as out:
            for start in range(0, len(inputs), STRETCH):
                stretch = tuple(inputs[start : start + STRETCH])
                pages = [one.read() for one in stretch]
                spent["lexbor"] += clocked(lambda pages=pages: list(map(LexborHTMLParser, pages)))
                spent["lxml"] += clocked(
                    lambda pages=pages: list(map(html.document_fromstring, pages))
                )
                task = Task(start, stretch)
                spent["harvest"] += clocked(lambda task=task, out=out: make(task, out, clock))
            counts = merged(map(read_counts, sorted(Path(out).iterdir())))
        for name, value in spent.items():
            seconds[name].append(value)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {
        "documents": len(inputs),
        "bytes_in": sum(one.length for one in inputs),
        "sentences_seen": counts["sentences_seen"],
        "kept": counts["kept"],
        "document_seconds": {
            "median": statistics.median(clock.seconds),
            "p99": statistics.quantiles(clock.seconds, n=100)[98],
            "largest": max(clock.seconds),
        },
        "processor_seconds": dict(seconds),
        "documents_per_second": {name: len(inputs) / value for name, value in medians.items()},
        "times_lexbor": medians["harvest"] / medians["lexbor"],
        "times_lxml": medians["harvest"] / medians["lxml"],
    }


def by_cells(sizes: list[int], rounds: int) -> list[dict[str, float]]:
    """Harvest one page with a table of growing size, and the same sentences."""
    seconds: defaultdict[int, list[float]] = defaultdict(list)
    kept: dict[int, int] = {}
    for number, cells in itertools.product(range(rounds), sizes):
        page = page_of(cells)
        data = zlib.compress(page, level=1)
        task = Task(0, (Input(f"{number}.html", length=len(page), data=data),))
        with tempfile.TemporaryDirectory() as out:
            seconds[cells].append(clocked(lambda task=task, out=out: make(task, out, Clock())))
            kept[cells] = merged(map(read_counts, Path(out).iterdir()))["kept"]
    return [
        {"cells": cells, "kept": kept[cells], "seconds": statistics.median(values)}
        for cells, values in seconds.items()
    ]


def by_workers(inputs: list[Input], rounds: int) -> dict[str, Any]:
    """Harvest with one worker and with two, in turns."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _, workers in itertools.product(range(rounds), rates):
        # Several shards a worker, so that the last one is not alone for long.
        seconds = run(inputs, workers=workers, size=max(1, len(inputs) // 20))["seconds"]
        rates[workers].append(len(inputs) / seconds)
    one, two = map(statistics.median, rates.values())
    return {"documents_per_second": rates, "two_to_one": two / one}


def by_documents(inputs: list[Input], copies: int) -> dict[str, Any]:
    """Harvest documents once, and so many copies of them."""
    once, often = (run(inputs, copies=number) for number in (1, copies))
    names = ("seconds", "parent_mib", "largest_worker_mib", "bytes_out")
    growth = {name: often[name] / once[name] for name in names}
    return {"once": once, "copies": copies, "often": often, "growth": growth}


def plan(report: dict[str, Any], pages: int, price: float) -> dict[str, float]:
    """Say what so many pages of this kind take."""
    parsers, once = report["parsers"], report["documents"]["once"]
    hours = pages / parsers["documents_per_second"]["harvest"] / 3600
    share = pages / parsers["documents"]
    return {
        "pages": pages,
        "core_hours": hours,
        "dollars_a_core_hour": price,
        "dollars": hours * price,
        "terabytes_in": parsers["bytes_in"] * share / 1e12,
        "terabytes_out": once["bytes_out"] * share / 1e12,
        "sentences_kept": parsers["kept"] * share,
        "hours_on_1000_cores": hours / 1000,
    }


def run(
    inputs: list[Input], *, copies: int = 1, workers: int = 1, size: int = 500
) -> dict[str, Any]:
    """Harvest in a process of its own."""
    with tempfile.TemporaryDirectory() as docs, tempfile.TemporaryDirectory() as out:
        for page in (Path(one.path).resolve() for one in inputs):
            for file in (page, page.with_suffix(".json")):
                Path(docs, file.name).symlink_to(file)
        arguments = [docs, out, copies, workers, min(size, len(inputs))]
        command = [sys.executable, "-c", RUN, *map(str, arguments)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        written = sum(path.stat().st_size for path in Path(out).glob("part-*"))
    return json.loads(done.stdout) | {"bytes_out": written}


def clocked(work: Callable[[], object]) -> float:
    """Return the processor's seconds that some work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def make(task: Task, out: str, clock: Clock) -> None:
    """Make a shard in this process."""
    make_shard(task, Options(Path(out), "", MIN_SUPPORT, False, frozenset()), clock)


def page_of(cells: int) -> bytes:
    """Return a page with twenty sentences about a table of five columns."""
    rows = [[f"Club {n}", f"Ground {n}", str(1900 + n % 100), f"Town {n % 97}", f"Coach {n % 89}"]
            for n in range(cells // 5)]  # fmt: skip
    table = "".join("<tr><td>" + "<td>".join(row) for row in rows)
    said = (
        f"<p>The side of Club {n} has always played its games at Ground {n}." for n in range(20)
    )
    names = "<tr><th>Club<th>Ground<th>Founded<th>Town<th>Coach"
    return f"<title>Clubs</title>{''.join(said)}<table>{names}{table}</table>".encode()


if __name__ == "__main__":
    main()
