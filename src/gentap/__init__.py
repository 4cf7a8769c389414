"""Answers questions about tables in sentences; learns it from documents with tables in.

The public names are imported on first use, so that ``import gentap`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gentap.answering import TableQA
    from gentap.errors import GentapError
    from gentap.readers import read_table
    from gentap.records import Answer, Example
    from gentap.table import Table

__all__ = [
    "Answer",
    "Example",
    "GentapError",
    "Table",
    "TableQA",
    "__version__",
    "read_table",
]

__version__ = "0.1.0"

_HOMES = {
    "Answer": "gentap.records",
    "Example": "gentap.records",
    "GentapError": "gentap.errors",
    "Table": "gentap.table",
    "TableQA": "gentap.answering",
    "read_table": "gentap.readers",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
