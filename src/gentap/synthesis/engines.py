"""Runs the shards of a harvest in processes that a bad document cannot take along."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from gentap.errors import GentapError
from gentap.synthesis.limits import NOWHERE, Limits, Watch, reason_of
from gentap.synthesis.shard import Done, Options, Task, make_shard

_TRIES = 3
_PULSE = 1.0  # seconds


def run_local(
    tasks: Iterable[Task],
    options: Options,
    limits: Limits,
    workers: int,
    *,
    start_method: str | None = None,
) -> Iterator[Done]:
    """Make shards in worker processes, and yield them as they get done.

    No more tasks are taken than there are workers, and one. A document that takes too much, or
    at which a worker dies, is refused, and its shard is made without it.

    Args:
        tasks: The shards.
        options: What they have in common.
        limits: What a document may take.
        workers: Number of processes.
        start_method: How they are started (see `multiprocessing`); None: as the platform does.

    Raises:
        GentapError: Workers die while no document is at work.
    """
    waiting = iter(tasks)
    pool: list[_Worker] = []
    try:
        pool.extend(_Worker(options, limits, start_method) for _ in range(workers))
        task = next(waiting, None)
        while task or any(worker.task for worker in pool):
            for worker in pool:
                if task and not worker.task:
                    worker.give(task)
                    task = next(waiting, None)
            ready = wait([worker.connection for worker in pool if worker.task])
            for worker in pool:
                if worker.connection in ready and (done := worker.take()):
                    yield done
    finally:
        for worker in pool:
            worker.stop()


class _Worker:
    """A process that makes one shard after the other, and is replaced when it dies."""

    def __init__(self, options: Options, limits: Limits, start_method: str | None) -> None:
        self.task: Task | None = None
        self._context: Any = multiprocessing.get_context(start_method)
        self._place = self._context.RawValue("q", NOWHERE)
        self._options, self._limits = options, limits
        self._deaths = 0
        self._start()

    def give(self, task: Task) -> None:
        """Begin a shard."""
        self.task = task
        with suppress(OSError):  # it died in between: its answer, or rather none, will tell
            self.connection.send(task)

    def take(self) -> Done | None:
        """Return the shard, or None where the process died and another has begun it anew."""
        try:
            answer: Done | Exception = self.connection.recv()
        except (EOFError, OSError):
            self._replace()
            return None
        if isinstance(answer, Exception):
            raise answer
        self.task, self._deaths = None, 0
        return answer

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _start(self) -> None:
        self._place.value = NOWHERE
        self.connection, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(theirs, self._place, self._options, self._limits), daemon=True
        )
        self._process.start()
        theirs.close()

    def _replace(self) -> None:
        self._process.join()
        place, code = self._place.value, self._process.exitcode
        self.stop()
        task = cast(Task, self.task)
        if place == NOWHERE:
            self._deaths += 1
            if self._deaths == _TRIES:
                raise GentapError(
                    f"{_TRIES} workers ended with {code} while no document was at work: is there "
                    'memory left, and does a script that calls this ask for __name__ == "__main__"?'
                )
        elif place in task.refused:
            task = replace(task, unread=task.unread | {place})
        else:
            task = replace(task, refused={**task.refused, place: reason_of(code)})
        self._start()
        self.give(task)


def _serve(connection: Connection, place: Any, options: Options, limits: Limits) -> None:  # noqa: ANN401
    """Make shards until nobody asks for another."""
    gc.freeze()  # what was inherited is not searched for garbage again and again
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks is interrupted too, and ends us
    guard = Watch(place, limits)
    while True:
        # The pipe alone does not tell that whoever asks is gone: its other end was inherited.
        while not connection.poll(_PULSE):
            guard.end_orphan()
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer: Done | Exception = make_shard(task, options, guard)
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = error
        connection.send(answer)
