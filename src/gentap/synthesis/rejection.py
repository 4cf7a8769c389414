"""Documents that cannot be used, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from gentap.errors import GentapError
from gentap.records import Counts


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that cannot be used.

    Attributes:
        uri: The file, with the line or record number where it holds several documents, or the
            document's own address.
        reason: ``unreadable`` (cannot be opened, is damaged, or is no text), ``too-large``,
            ``too-deep``, ``unknown-format``, ``bad-record``, ``no-table`` or ``no-sentence``;
            of a record in a web archive also ``no-response``, ``http-error`` or ``no-html``.
        detail: What exactly was wrong, where there is more to say.
        tables: How many tables it has, by the reason why none is used.
    """

    uri: str
    reason: str
    detail: str = field(default="", compare=False)
    tables: Counts = field(default=(), compare=False)


class UnusableError(GentapError):
    """Ends the reading of one document.

    Attributes:
        reason: What the report counts it under; see `Rejected`.
    """

    def __init__(self, reason: str, detail: object = "") -> None:
        """Say why, and in detail where there is more to say."""
        super().__init__(str(detail))
        self.reason = reason
