"""Packed bytes -> bytes, and never more of them than a document may have."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from gentap.errors import require
from gentap.synthesis.rejection import UnusableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BYTES = 20_000_000
PACKINGS = (".gz", ".zst")
BROKEN = (OSError, EOFError, zlib.error)
# Zstandard unpacks four bytes to 128 KiB at most: a piece to 8 MiB.
_PIECE = 256


def packing_of(path: str) -> str:
    """Return the ending, ``.gz`` or ``.zst``, that says how a file is packed; or ""."""
    return next((ending for ending in PACKINGS if path.lower().endswith(ending)), "")


def without_packing(path: str) -> str:
    """Return a path without the ending that says how the file is packed."""
    return path[: len(path) - len(packing_of(path))]


def unpack(data: bytes, packing: str) -> bytes:
    """Unpack the bytes of one document, but no more than it may have.

    Args:
        data: The bytes.
        packing: ``.gz``, ``.zst``, or "" where they are not packed.

    Raises:
        UnusableError: They are damaged, or unpack to more than 20 MB.
        MissingExtraError: zstandard is needed and not installed.
    """
    if packing:
        try:
            with unpacking(io.BytesIO(data), packing) as handle:
                data = handle.read(MAX_BYTES + 1)
        except BROKEN as error:
            raise UnusableError("unreadable", error) from error
    if len(data) > MAX_BYTES:
        raise UnusableError("too-large")
    return data


def unpacking(handle: BinaryIO, packing: str) -> BinaryIO:
    """Return a stream of what a packed stream holds; reading it raises one of `BROKEN`.

    Raises:
        MissingExtraError: zstandard is needed and not installed.
    """
    if packing == ".gz":
        return cast("BinaryIO", gzip.GzipFile(fileobj=handle))
    return io.BufferedReader(_Zstandard(handle)) if packing == ".zst" else handle


def check_zip(data: bytes) -> None:
    """Check what a ZIP file says of the size of its members; more of them is never unpacked.

    Raises:
        UnusableError: It is no ZIP file, or its members have more than 20 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, *BROKEN, ValueError, NotImplementedError) as error:
        raise UnusableError("unreadable", error) from error
    if size > MAX_BYTES:
        raise UnusableError("too-large")


class _Zstandard(io.RawIOBase):
    """Unpacks frame after frame, and notices where the last one is cut short.

    The library's own streams take the end of a cut file for that of its content.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._library = require("zstandard", extra="documents")
        self._source = source
        self._frame = None
        self._packed = b""
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._plain:
            self._packed = self._packed or self._source.read(_PIECE)
            if not self._packed:
                if self._frame:
                    raise EOFError("the last frame is cut short")
                return 0
            self._unpack_piece()
        wanted = memoryview(buffer)
        number = min(len(wanted), len(self._plain))
        wanted[:number] = self._plain[:number]
        self._plain = self._plain[number:]
        return number

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def _unpack_piece(self) -> None:
        self._plain = memoryview(b"")  # lets go of the last piece before the next is made
        frame = self._frame or self._library.ZstdDecompressor().decompressobj()
        try:
            self._plain = memoryview(frame.decompress(self._packed))
        except self._library.ZstdError as error:
            raise OSError(str(error)) from error
        self._frame, self._packed = (None, frame.unused_data) if frame.eof else (frame, b"")
