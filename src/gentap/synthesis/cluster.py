"""Runs the shards of a harvest on a Ray cluster."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from typing import Any

from gentap.errors import GentapError, require
from gentap.synthesis.engines import run_local
from gentap.synthesis.limits import Limits
from gentap.synthesis.shard import Done, Options, Task


def run_on_ray(
    tasks: Iterable[Task], options: Options, limits: Limits, workers: int
) -> Iterator[Done]:
    """Make shards as Ray tasks, and yield them as they get done.

    Plain tasks, not Ray Data: `ray.data.from_items` wants the list of all documents before
    anything begins, and its writers name files after the run, so that rows come twice when a
    killed run is repeated. Ray places the tasks, and repeats those of a node that is lost;
    the limits hold as on one machine, by a process that each task starts.

    Args:
        tasks: The shards; no more are taken than are at work.
        options: What they have in common; every node must see the same directory, or
            reach the same address.
        limits: What a document may take.
        workers: Number of tasks at work, a CPU each.

    Raises:
        MissingExtraError: ray is not installed.
        GentapError: Workers die while no document is at work, or Ray fails.
    """
    ray = require("ray", extra="ray")
    if not ray.is_initialized():
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told of a run
        ray.init(include_dashboard=False, log_to_driver=False, logging_level="warning")
    common = ray.put((options, limits))
    make = ray.remote(num_cpus=1, max_retries=-1)(_make)
    waiting: list[Any] = []
    for task in tasks:
        waiting.append(make.remote(task, common))
        if len(waiting) == workers:
            yield _first(ray, waiting)
    while waiting:
        yield _first(ray, waiting)


def _make(task: Task, common: tuple[Options, Limits]) -> Done:
    # Forking this process would duplicate its threads' locks and its sockets to Ray.
    methods = multiprocessing.get_all_start_methods()
    method = "forkserver" if "forkserver" in methods else "spawn"
    (done,) = run_local([task], *common, 1, start_method=method)
    return done


def _first(ray: Any, waiting: list[Any]) -> Done:  # noqa: ANN401 - ray is optional
    """Wait for the first task to end, and take it out."""
    (ready,), waiting[:] = ray.wait(waiting)
    try:
        done: Done = ray.get(ready)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        raise GentapError(f"Ray lost a shard, run again to go on: {error}") from error
    return done
