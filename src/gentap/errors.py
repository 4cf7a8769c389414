"""What can go wrong, said once: what is wrong, where, and what to do about it."""

from __future__ import annotations

import importlib
from typing import Any


class GentapError(Exception):
    """Base of every error that the command line turns into one line and exit status 1."""


class InputError(GentapError):
    """A file, table or record that somebody gave us cannot be used as it is."""


class CheckpointError(GentapError):
    """A model folder is missing, incomplete or of an unknown format."""


class MissingExtraError(GentapError):
    """An optional dependency is not installed."""


def require(module: str, *, extra: str) -> Any:  # noqa: ANN401 - a module has no narrower type
    """Import an optional dependency, or say in one line how to get it.

    Args:
        module: Dotted name of the module, such as ``pyarrow.parquet``.
        extra: The extra of this package that installs it.

    Raises:
        MissingExtraError: The module is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(
            f"this needs {package}, which is not installed: pip install 'gentap[{extra}]'"
        ) from error
