"""Web archives: where their records lie, and the HTML in one of them (ISO 28500)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from gentap.errors import require
from gentap.synthesis.packing import unpack
from gentap.synthesis.rejection import UnusableError

_VERSION = b"WARC/"
_LENGTH = re.compile(rb"[0-9]{1,18}")
_PIECE = 1 << 16
_HTML = ("text/html", "application/xhtml+xml")
# How the content itself may be packed, whatever its header says: crawlers unpack and forget.
_MAGIC = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}


def record_spans(handle: BinaryIO, *, packed: bool) -> Iterator[tuple[int, int]]:
    """Find the records of an archive without parsing or keeping what they hold.

    Args:
        handle: The archive.
        packed: Each record is a gzip member, as the standard has it.

    Yields:
        First byte and number of bytes of each record.

    Raises:
        OSError: From here on it is damaged; so do the other errors of `packing.BROKEN`.
    """
    return _members(handle) if packed else _plain(handle)


def _members(handle: BinaryIO) -> Iterator[tuple[int, int]]:
    start = read = 0  # read: bytes that the member and those before it have used
    data = handle.read(_PIECE)
    while data:
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while not member.eof:
            if not data:
                raise EOFError("the last gzip member is cut short")
            member.decompress(data, _PIECE)
            rest = member.unused_data if member.eof else member.unconsumed_tail
            read += len(data) - len(rest)
            data = rest or handle.read(_PIECE)
        yield start, read - start
        start = read


def _plain(handle: BinaryIO) -> Iterator[tuple[int, int]]:
    start = 0
    while line := handle.readline(_PIECE):
        if not line.strip():
            start = handle.tell()
            continue
        if not line.startswith(_VERSION):
            raise OSError(f"no WARC record begins at byte {start:,}")
        end = _content_length(handle, start) + handle.tell()
        yield start, end - start
        start = handle.seek(end)


def _content_length(handle: BinaryIO, start: int) -> int:
    """Read the headers of a record to their end and return what they say of its length."""
    length = None
    while (line := handle.readline(_PIECE)).strip():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and _LENGTH.fullmatch(value.strip()):
            length = int(value)
    if length is None:
        raise OSError(f"the record at byte {start:,} has no length")
    return length


def read_record(data: bytes) -> tuple[str, bytes]:
    """Return the address and the HTML of one record.

    Args:
        data: The record, unpacked.

    Raises:
        UnusableError: It is damaged (``unreadable``), no response (``no-response``), one that
            tells of an error or leads elsewhere (``http-error``), or not of HTML (``no-html``).
        MissingExtraError: warcio is not installed.
    """
    reader = require("warcio.archiveiterator", extra="documents")
    if not data.startswith(_VERSION):
        raise UnusableError("unreadable", "this is no WARC record")
    try:
        record = next(reader.ArchiveIterator(io.BytesIO(data)))
        _check_length(data, record.length)
        headers = record.http_headers
        if record.rec_type != "response" or headers is None:
            raise UnusableError("no-response")
        if headers.get_statuscode() != "200":
            raise UnusableError("http-error", headers.statusline)
        content_type = (headers.get_header("content-type") or "").lower()
        if not content_type.startswith(_HTML):
            raise UnusableError("no-html", content_type)
        # It is unpacked here, where that has a bound; the library only joins the chunks.
        headers.remove_header("content-encoding")
        content = record.content_stream().read()
        uri = record.rec_headers.get_header("WARC-Target-URI") or ""
    except UnusableError:
        raise
    except Exception as error:  # what a parser raises on foreign bytes is anybody's guess
        raise UnusableError("unreadable", repr(error)) from error
    packing = next((ending for magic, ending in _MAGIC.items() if content.startswith(magic)), "")
    return uri.strip("<>"), _as_utf8(unpack(content, packing), content_type)


def _check_length(data: bytes, length: Any) -> None:  # noqa: ANN401 - whatever the header says
    body = data.partition(b"\r\n\r\n")[2]
    if not isinstance(length, int) or len(body) < length:
        raise UnusableError("unreadable", "the record has no length, or is cut short")
    if body[length:].strip():
        raise UnusableError(
            "unreadable", "several records share a gzip member; run warcio recompress on the file"
        )


def _as_utf8(content: bytes, content_type: str) -> bytes:
    """Recode what the response declares to be of another encoding and is."""
    charset = content_type.partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        content.decode("utf-8")
        return content
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(charset).encode("utf-8")
    except (LookupError, UnicodeError, ValueError):
        return content
