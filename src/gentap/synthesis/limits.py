"""Limits of what one document may take, which end the process that holds it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

if sys.platform == "linux":
    import resource

NOWHERE = -1
_OUT_OF_MEMORY = 86
_REASONS = {_OUT_OF_MEMORY: "out-of-memory"}
if sys.platform != "win32":
    _REASONS[-signal.SIGALRM] = "timeout"
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    Attributes:
        seconds: On the clock; 0: no limit. Not on Windows, which has no interval timers.
        mebibytes: By which the address space of the process may grow; 0: no limit. On Linux.
    """

    seconds: float
    mebibytes: int


class Guard(Protocol):
    """Watches over a process that makes shards."""

    def document(self, place: int) -> AbstractContextManager[None]:
        """Hold the limits while the document at a place of the chunk is at work."""

    def commit(self) -> None:
        """Let a finished shard be written, or end the process."""


def reason_of(code: int | None) -> str:
    """Return what is wrong with the document at which a process ended with an exit code."""
    return _REASONS.get(code or 0, "crashed")


class Watch:
    """Says which document is at work, and ends its own process where one takes too much."""

    def __init__(self, place: Any, limits: Limits) -> None:  # noqa: ANN401 - a ctypes value
        """Watch over this process.

        Args:
            place: A shared integer, to be that of the document at work or `NOWHERE`.
            limits: What a document may take.
        """
        self._place, self._limits = place, limits
        self._parent = os.getppid()
        if sys.platform != "win32":
            # Not handled in Python, so that it ends C code too.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

    @contextmanager
    def document(self, place: int) -> Iterator[None]:
        """Hold the limits while the document at a place of the chunk is at work."""
        self._place.value = place
        with _memory(self._limits.mebibytes), _alarm(self._limits.seconds):
            try:
                yield
            except MemoryError:
                os._exit(_OUT_OF_MEMORY)
        self._place.value = NOWHERE

    def commit(self) -> None:
        """End an orphan: the next run may have other documents."""
        self.end_orphan()

    def end_orphan(self) -> None:
        """End this process if the one that it works for is gone."""
        parent = multiprocessing.parent_process()
        if os.getppid() != self._parent or not (parent and parent.is_alive()):
            os._exit(1)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def _memory(mebibytes: int) -> Iterator[None]:
    """Limit how much the address space may grow."""
    if sys.platform != "linux" or not mebibytes:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", "rb") as handle:
        pages = int(handle.read().split()[0])
    most = pages * resource.getpagesize() + mebibytes * _MIB
    most = min([most, *(limit for limit in before if limit != resource.RLIM_INFINITY)])
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
