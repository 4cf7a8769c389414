"""One chunk of documents -> one shard, in whatever process."""

from __future__ import annotations

import hashlib
import traceback
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import SelectolaxError

from gentap.errors import MissingExtraError
from gentap.records import Alignment, Document
from gentap.storage import Shards, alignment_schema, locate, write_jsonl
from gentap.synthesis.alignment import Dropped, align
from gentap.synthesis.documents import Input, Rejected, load
from gentap.synthesis.form import gist
from gentap.synthesis.limits import Guard

MIN_SUPPORT = 0.35
_KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Options:
    """What all shards of a run have in common.

    Attributes:
        directory: Where the shards go; of an object store the address.
        license: Licence of the documents that name none.
        min_support: Least share of content words that the table must carry.
        keep_dropped: Also write what was dropped.
        exclude: Page names (see `page_name`) of documents to leave out.
    """

    directory: str | Path
    license: str
    min_support: float
    keep_dropped: bool
    exclude: frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """A shard to be made.

    Attributes:
        index: Number of the chunk, from 0.
        chunk: Its documents.
        old: Shards of earlier runs with this number.
        refused: Places in the chunk of documents that ended a worker -> the reason.
        unread: Those of them that ended another one while they were merely read.
    """

    index: int
    chunk: tuple[Input, ...]
    old: tuple[Path, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict)
    unread: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Done:
    """A shard that is there.

    Attributes:
        index: Number of the chunk.
        path: The file.
        documents: How many documents it covers.
        remarks: What whoever runs it may want to know, a line each.
    """

    index: int
    path: Path
    documents: int
    remarks: tuple[str, ...] = ()


def make_shard(task: Task, options: Options, guard: Guard) -> Done:
    """Make one shard unless it is there.

    Its name holds a digest of the documents, and its bytes depend on nothing but those, the
    options and what was refused: it does not matter who makes it, or how often.
    """
    shards = Shards(options.directory, alignment_schema())
    for source in task.chunk[:1]:
        locate(source.path)  # loads what reaches an address: no document is to pay for that
    if task.old:
        path = shards.path(task.index, _go_through(task, guard, None))
        if path in task.old:
            return Done(task.index, path, len(task.chunk))
    harvest = _Harvest(options)
    path = shards.path(task.index, _go_through(task, guard, harvest))
    guard.commit()
    if options.keep_dropped:
        name = path.with_suffix(".jsonl").name.replace("part-", "dropped-", 1)
        write_jsonl(path.with_name(name), harvest.dropped)
    records = (alignment.to_record() for alignment in harvest.kept.values())
    shards.write(path, records, harvest.counts())
    return Done(task.index, path, len(task.chunk), tuple(harvest.remarks))


def page_name(text: str) -> str:
    """Return what a title and the address of a wiki page have in common."""
    name = unquote(text.partition("/wiki/")[2] or text)
    return " ".join(name.replace("_", " ").split()).casefold()


def _go_through(task: Task, guard: Guard, harvest: _Harvest | None) -> str:
    """Read the documents of a chunk, one by one, and return the key of what they hold."""
    prints = []
    for place, source in enumerate(task.chunk):
        reason = task.refused.get(place)
        content = b""
        if place not in task.unread:
            with guard.document(place):
                content = _content(source)
                if harvest and not reason:
                    harvest.add(source, content)
        if harvest and reason:
            harvest.reject(source.uri, reason, "it ended its worker")
        prints.append(f"{source.uri} {digest(content)}".encode())
    return digest(*prints)


def _content(source: Input) -> bytes:
    try:
        return source.read()
    except MemoryError:
        raise
    except Exception:
        return b""


class _Harvest:
    """What the documents of one chunk gave."""

    def __init__(self, options: Options) -> None:
        self.kept: dict[bytes, Alignment] = {}
        self.dropped: list[dict[str, str]] = []
        self.remarks: list[str] = []
        self._options = options
        self._documents = 0
        self._rejected: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._tables = 0
        self._unused: Counter[str] = Counter()

    def add(self, source: Input, content: bytes) -> None:
        """Align a document; one at which our own code fails is rejected like any other."""
        try:
            # What is empty may have failed to be read: reading it again says why.
            document = load(source, license=self._options.license, data=content or None)
            if isinstance(document, Rejected):
                self._unused.update(dict(document.tables))
                self.reject(document.uri, document.reason, document.detail)
            elif _is_excluded(document, self._options.exclude):
                self._unused.update(dict(document.rejected_tables))
                self._unused["excluded"] += len(document.tables)
                self.reject(document.source.uri, "excluded")
            else:
                self._take(document, list(align(document)))
        except SelectolaxError as error:
            # lexbor takes any page for what it is; it fails for want of memory alone.
            raise MemoryError from error
        except (MemoryError, MissingExtraError):
            raise
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.reject(source.uri, "crashed", f"{error!r} in {place.filename}:{place.lineno}")

    def reject(self, uri: str, reason: str, detail: str = "") -> None:
        """Count a document that gives nothing."""
        # One example a shard says what is wrong; ten thousand would hide it.
        if detail and not self._rejected[reason]:
            self.remarks.append(f"{uri}: {reason}: {detail}")
        self._rejected[reason] += 1
        self._documents += 1

    def counts(self) -> dict[str, Any]:
        """Return the counts of the report."""
        return {
            "documents": self._documents,
            "rejected": dict(self._rejected),
            "tables": {"kept": self._tables, "rejected": dict(self._unused)},
            "sentences_seen": len(self.kept) + self._reasons.total(),
            "kept": len(self.kept),
            "rows": dict(Counter(_rows(one) for one in self.kept.values())),
            "licenses": dict(Counter(one.source.license for one in self.kept.values())),
            "dropped": dict(self._reasons),
        }

    def _take(self, document: Document, outcomes: list[Alignment | Dropped]) -> None:
        self._documents += 1
        self._tables += len(document.tables)
        self._unused.update(dict(document.rejected_tables))
        for outcome in outcomes:
            reason = self._reason(outcome)
            if reason:
                self._reasons[reason] += 1
                if self._options.keep_dropped:
                    uri = document.source.uri
                    self.dropped.append(
                        {"sentence": outcome.sentence, "reason": reason, "uri": uri}
                    )

    def _reason(self, outcome: Alignment | Dropped) -> str:
        """Keep an outcome and return "", or return why it is dropped."""
        if isinstance(outcome, Dropped):
            return outcome.reason
        if outcome.support < self._options.min_support:
            return "low-support"
        before = self.kept.setdefault(gist(outcome.sentence), outcome)
        if before is outcome:
            return ""
        return "duplicate" if before.sentence == outcome.sentence else "near-duplicate"


def _rows(alignment: Alignment) -> str:
    return "one" if len(alignment.rows) == 1 else "several"


def _is_excluded(document: Document, exclude: Collection[str]) -> bool:
    return page_name(document.title) in exclude or page_name(document.source.uri) in exclude


def digest(*parts: bytes) -> str:
    """Return a short name of these bytes."""
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()[:_KEY_LENGTH]
