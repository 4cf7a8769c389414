"""Bytes -> text, whatever the encoding."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from gentap.errors import InputError

# UTF-32 first: its little-endian mark starts with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNWANTED = re.compile("[\0\ud800-\udfff\ufeff]")
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([a-z0-9_.:-]+)", re.IGNORECASE)
_SAMPLE = 1 << 16
_NEAR = 0.1


def decode(data: bytes) -> str:
    """Decode text of unknown encoding; byte order marks, NULs and lone surrogates go.

    A byte order mark decides, then strict UTF-8, then what an HTML page
    declares, then a guess from the bytes.

    Raises:
        InputError: The bytes are not text.
    """
    return _UNWANTED.sub("", _decode(data))


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    head = data[:_SAMPLE]
    # A stray NUL is dirt, many control characters are no text.
    if len(_CONTROL.findall(head)) * 20 > len(head):
        raise InputError("this is binary data, not text; give HTML, Markdown or JSONL")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_declared(head) or _guess(head), errors="replace")


def _declared(head: bytes) -> str:
    """Return the encoding that an HTML page declares, where its beginning fits it."""
    match = _META.search(head)
    if not match:
        return ""
    name = match[1].decode("ascii").lower()
    name = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name
    try:
        _whole_lines(head).decode(name)
    except (LookupError, UnicodeDecodeError):
        return ""
    return name


def _guess(head: bytes) -> str:
    matches = from_bytes(_whole_lines(head))
    best = matches.best()
    if best is None:
        raise InputError("no known character encoding fits this text; convert it to UTF-8")
    # Western European text fits its neighbours about as well; the web's own default is cp1252.
    for match in matches:
        near = match.chaos <= best.chaos + _NEAR and match.coherence >= best.coherence - _NEAR
        if near and "cp1252" in match.could_be_from_charset:
            return "cp1252"
    return best.encoding


def _whole_lines(head: bytes) -> bytes:
    return head[: head.rfind(b"\n") + 1] or head
