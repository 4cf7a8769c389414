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
_UNWANTED = re.compile("[\0\ufeff]")
_CONTROL = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1b"})
_DECLARATION = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*[\"']?([a-z0-9_.:-]+)",
    re.IGNORECASE,
)
# Python's names of encodings that pages are in; others, such as "idna", are none of text.
_TEXTUAL = ("cp", "iso8859", "koi8", "mac", "gb", "big5", "euc", "shift", "johab", "tis",
            "iso2022", "ptcp", "kz1048", "utf-8")  # fmt: skip
# Browsers read these as the larger encodings that they are a part of.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_SAMPLE = 1 << 16
_NEAR = 0.1
_ESCAPE = b"\x1b"


def decode(data: bytes) -> str:
    """Decode text of unknown encoding; byte order marks, NULs and lone surrogates go.

    A byte order mark decides, then UTF-8 where most characters beyond ASCII are valid, then
    what an HTML or XML page declares, then a guess from the bytes.

    Raises:
        InputError: The bytes are not text.
    """
    text = _decode(data)
    return _UNWANTED.sub("", text) if "\0" in text or "\ufeff" in text else text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    head = data[:_SAMPLE]
    # A stray NUL is dirt, many control characters are no text.
    if (len(head) - len(head.translate(None, _CONTROL))) * 20 > len(head):
        raise InputError("this is binary data, not text; give HTML, Markdown or JSONL")
    if _ESCAPE in head and (name := _declared(head)).startswith("iso2022"):
        return data.decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        wrong = text.count("\ufffd")
        # A valid character is shorter than its bytes, an invalid byte is not.
        if wrong * 2 < len(data) - len(text):
            return text
        if name := _declared(head) or _guess(head):
            # Some codecs make halves of characters.
            return data.decode(name, errors="replace").encode(errors="replace").decode()
        if wrong * 20 < len(text):
            return text
        raise InputError(
            "no known character encoding fits this text; convert it to UTF-8"
        ) from None


def _declared(head: bytes) -> str:
    """Return the encoding that a page declares, where its beginning fits it."""
    match = _DECLARATION.search(head)
    if not match:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
        name = _LARGER.get(name, name)
        if not name.startswith(_TEXTUAL):
            return ""
        codecs.getincrementaldecoder(name)().decode(head)
    except (LookupError, ValueError):
        return ""
    return name


def _guess(head: bytes) -> str:
    """Return the encoding that a text is most likely in, or "" where none fits."""
    matches = from_bytes(head[: head.rfind(b"\n") + 1] or head)
    best = matches.best()
    if best is None:
        return ""
    # Western European text fits its neighbours about as well; the web's own default is cp1252.
    for match in matches:
        near = match.chaos <= best.chaos + _NEAR and match.coherence >= best.coherence - _NEAR
        if near and "cp1252" in match.could_be_from_charset:
            return "cp1252"
    return best.encoding
