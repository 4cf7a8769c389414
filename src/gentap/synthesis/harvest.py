"""Documents in, aligned sentences out: counted, sharded, resumable."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gentap.errors import InputError
from gentap.storage import Shards, alignment_schema, run_settings
from gentap.synthesis.card import write_card
from gentap.synthesis.cluster import run_on_ray
from gentap.synthesis.documents import Input, list_inputs
from gentap.synthesis.engines import run_local
from gentap.synthesis.limits import Limits
from gentap.synthesis.shard import MIN_SUPPORT, Options, Task, digest, page_name

logger = logging.getLogger(__name__)

ENGINES = {"local": run_local, "ray": run_on_ray}


def harvest(
    paths: Iterable[str | Path],
    directory: str | Path,
    *,
    engine: str = "local",
    workers: int = 1,
    timeout: float = 10.0,
    memory: int = 1024,
    limit: int | None = None,
    exclude: Collection[str] = (),
    keep_dropped: bool = False,
    license: str = "",
    min_support: float = MIN_SUPPORT,
    shard_size: int = 500,
) -> dict[str, Any]:
    """Align the sentences of documents with their tables, and write what aligns as shards.

    The folder gets ``part-*.parquet`` with `gentap.records.Alignment` records, ``report.json``
    and a dataset card, ``README.md``. A run that was stopped goes on where it was; the files are
    the same whatever the engine and the number of workers. A sentence, and what says the same in
    another order, is kept once a shard.

    Documents are listed as they are needed, and processes of their own read them: one that
    takes too much time or memory, or at which a process dies, is left out and counted as
    ``timeout``, ``out-of-memory`` or ``crashed``. Where Python spawns processes instead of
    forking them, a script has to call this below ``if __name__ == "__main__"``.

    Args:
        paths: Documents, or folders of them.
        directory: Where the shards go. This and the paths may be addresses in object stores.
        engine: ``local``: processes of this machine; ``ray``: a Ray cluster, the one that
            ``RAY_ADDRESS`` names, or one of this machine's own.
        workers: Number of processes.
        timeout: Seconds that one document may take; 0: no limit. Neither this nor the next
            makes a run another one: a shard that is there stays.
        memory: MiB by which one document may make a process grow; 0: no limit.
        limit: Read only so many documents.
        exclude: Titles and addresses of documents to leave out, such as those of a test set.
        keep_dropped: Also write ``dropped-*.jsonl``: each dropped sentence and why.
        license: Licence of the documents that name none.
        min_support: Least share of content words that rows, header and titles must carry; what
            has less is dropped as ``low-support``.
        shard_size: Documents that go into one shard.

    Returns:
        The report: ``documents``, ``rejected`` by reason, ``tables`` (``kept``, and
        ``rejected`` by reason), ``sentences_seen``, ``kept``, its ``rows`` and ``licenses``, and
        ``dropped`` by reason; kept and dropped add up to seen.

    Raises:
        InputError: A path does not exist, the folder was begun with other settings, there is
            no such engine, or a number makes no sense.
        MissingExtraError: pyarrow or ray is not installed.
        GentapError: Processes die while no document is at work.
    """
    limits = Limits(timeout, memory)
    _check(engine, workers, limits, shard_size)
    shards = Shards(directory, alignment_schema())
    names = frozenset(map(page_name, exclude))
    run_settings(
        directory,
        {
            "license": license,
            "min_support": min_support,
            "keep_dropped": keep_dropped,
            "shard_size": shard_size,
            "exclude": digest("\n".join(sorted(names)).encode()),
        },
    )
    shards.clean()
    options = Options(str(directory), license, min_support, keep_dropped, names)
    old = shards.existing()
    inputs = itertools.islice(list_inputs(paths), limit)
    tasks = (
        Task(index, chunk, old.get(index, ()))
        for index, chunk in enumerate(_chunks(inputs, shard_size))
    )
    done: dict[int, Path] = {}
    with tqdm(desc="harvest", unit="doc", disable=None) as bar:
        for shard in ENGINES[engine](tasks, options, limits, workers):
            done[shard.index] = shard.path
            for remark in shard.remarks:
                logger.info("%s", remark)
            bar.update(shard.documents)
    parts = [done[index] for index in sorted(done)]
    report = shards.finish(parts)
    write_card(shards.directory, report, parts)
    return report


def _check(engine: str, workers: int, limits: Limits, shard_size: int) -> None:
    if engine not in ENGINES:
        raise InputError(f"there is no engine {engine}; take one of {', '.join(ENGINES)}")
    if workers < 1:
        raise InputError(f"{workers} workers can do nothing; give 1 or more")
    if shard_size < 1:
        raise InputError(f"a shard of {shard_size} documents holds nothing; give 1 or more")
    if limits.seconds < 0 or limits.mebibytes < 0:
        raise InputError("a limit is below 0; give 0 for none")


def _chunks(inputs: Iterator[Input], size: int) -> Iterator[tuple[Input, ...]]:
    """Deal inputs out as they come; without any there is one empty chunk, for its report."""
    first = tuple(itertools.islice(inputs, size))
    yield first
    while chunk := first and tuple(itertools.islice(inputs, size)):
        yield chunk
