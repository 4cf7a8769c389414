"""Documents in, aligned sentences out: counted, sharded, resumable."""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tqdm import tqdm

from gentap.errors import InputError
from gentap.records import Alignment, Document
from gentap.storage import Shards, alignment_schema, run_settings, write_jsonl
from gentap.synthesis.alignment import Dropped, align
from gentap.synthesis.documents import Input, Rejected, list_inputs, load

logger = logging.getLogger(__name__)

MIN_SUPPORT = 0.35
_KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class _Options:
    directory: Path
    license: str
    min_support: float
    keep_dropped: bool
    exclude: frozenset[str]


def harvest(
    paths: Iterable[str | Path],
    directory: str | Path,
    *,
    workers: int = 1,
    limit: int | None = None,
    exclude: Collection[str] = (),
    keep_dropped: bool = False,
    license: str = "",
    min_support: float = MIN_SUPPORT,
    shard_size: int = 500,
) -> dict[str, Any]:
    """Align the sentences of documents with their tables, and write what aligns as shards.

    The folder gets ``part-*.parquet`` with `gentap.records.Alignment` records and
    ``report.json``. A run that was stopped goes on where it was; the files are the same
    whatever the number of workers. A sentence is kept once a shard.

    Args:
        paths: Documents, or folders of them.
        directory: Where the shards go.
        workers: Number of processes.
        limit: Read only so many documents.
        exclude: Titles and addresses of documents to leave out, such as those of a test set.
        keep_dropped: Also write ``dropped-*.jsonl``: each dropped sentence and why.
        license: Licence of the documents that name none.
        min_support: Least share of content words that rows, header and titles must carry; what
            has less is dropped as ``low-support``.
        shard_size: Documents that go into one shard.

    Returns:
        The report: ``documents``, ``rejected`` by reason, ``tables`` (``kept``, and
        ``rejected`` by reason), ``sentences_seen``, ``kept``, and ``dropped`` by reason; kept
        and dropped add up to seen.

    Raises:
        InputError: A path does not exist, the folder was begun with other settings, or there
            is no worker.
        MissingExtraError: pyarrow is not installed.
    """
    if workers < 1:
        raise InputError(f"{workers} workers can do nothing; give 1 or more")
    shards = Shards(directory, alignment_schema())
    names = frozenset(map(page_name, exclude))
    run_settings(
        directory,
        {
            "license": license,
            "min_support": min_support,
            "keep_dropped": keep_dropped,
            "shard_size": shard_size,
            "exclude": _digest("\n".join(sorted(names)).encode()),
        },
    )
    shards.clean()
    options = _Options(shards.directory, license, min_support, keep_dropped, names)
    inputs = list(itertools.islice(list_inputs(paths), limit))
    tasks = (
        (shards.path(index, _digest(*map(_fingerprint, chunk))), chunk, options)
        for index, chunk in enumerate(_chunks(inputs, shard_size))
    )
    done = []
    with tqdm(total=len(inputs), desc="harvest", unit="doc", disable=None) as bar:
        for path, number in _run(_make_shard, tasks, workers):
            done.append(path)
            bar.update(number)
    return shards.finish(done)


def page_name(text: str) -> str:
    """Return what a title and the address of a wiki page have in common."""
    name = unquote(text.partition("/wiki/")[2] or text)
    return " ".join(name.replace("_", " ").split()).casefold()


def _make_shard(path: Path, chunk: list[Input], options: _Options) -> tuple[Path, int]:
    """Make one shard unless it is there; return where it is and how many inputs it covers."""
    if path.exists():
        return path, len(chunk)
    kept, dropped, counts = _collect(chunk, options)
    if options.keep_dropped:
        name = path.with_suffix(".jsonl").name.replace("part-", "dropped-", 1)
        write_jsonl(path.with_name(name), dropped)
    records = (alignment.to_record() for alignment in kept)
    Shards(options.directory, alignment_schema()).write(path, records, counts)
    return path, len(chunk)


def _collect(
    chunk: Iterable[Input], options: _Options
) -> tuple[list[Alignment], list[dict[str, str]], dict[str, Any]]:
    kept: dict[str, Alignment] = {}
    dropped: list[dict[str, str]] = []
    rejected: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    unused: Counter[str] = Counter()
    documents = tables = 0
    for source in chunk:
        documents += 1
        document = load(source, license=options.license)
        if isinstance(document, Rejected):
            # One example a shard says what is wrong; ten thousand would hide it.
            if document.detail and not rejected[document.reason]:
                logger.info("%s: %s: %s", document.uri, document.reason, document.detail)
            rejected[document.reason] += 1
            unused.update(dict(document.tables))
            continue
        unused.update(dict(document.rejected_tables))
        if _is_excluded(document, options.exclude):
            rejected["excluded"] += 1
            unused["excluded"] += len(document.tables)
            continue
        tables += len(document.tables)
        for outcome in align(document):
            if isinstance(outcome, Dropped):
                reason = outcome.reason
            elif outcome.support < options.min_support:
                reason = "low-support"
            elif outcome.sentence in kept:
                reason = "duplicate"
            else:
                kept[outcome.sentence] = outcome
                continue
            reasons[reason] += 1
            if options.keep_dropped:
                uri = document.source.uri
                dropped.append({"sentence": outcome.sentence, "reason": reason, "uri": uri})
    counts = {
        "documents": documents,
        "rejected": dict(rejected),
        "tables": {"kept": tables, "rejected": dict(unused)},
        "sentences_seen": len(kept) + reasons.total(),
        "kept": len(kept),
        "dropped": dict(reasons),
    }
    return list(kept.values()), dropped, counts


def _is_excluded(document: Document, exclude: Collection[str]) -> bool:
    return page_name(document.title) in exclude or page_name(document.source.uri) in exclude


def _run(
    function: Callable[..., tuple[Path, int]], tasks: Iterable[tuple[Any, ...]], workers: int
) -> Iterator[tuple[Path, int]]:
    """Call a function for every task, in order, with only a few tasks waiting at a time."""
    if workers == 1:
        yield from itertools.starmap(function, tasks)
        return
    waiting: deque[Future[tuple[Path, int]]] = deque()
    with ProcessPoolExecutor(workers) as pool:
        for task in tasks:
            waiting.append(pool.submit(function, *task))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _chunks(inputs: list[Input], size: int) -> Iterator[list[Input]]:
    return (inputs[start : start + size] for start in range(0, max(1, len(inputs)), size))


def _fingerprint(source: Input) -> bytes:
    try:
        content = source.read()
    except OSError:
        content = b""
    return f"{source.uri} {_digest(content)}".encode()


def _digest(*parts: bytes) -> str:
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()[:_KEY_LENGTH]
