import codecs

import pytest

from gentap.errors import InputError
from gentap.markup import decode

TEXT = "Café – naïve ☃"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
)
def test_unicode(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café est très élégant, où sont les garçons arrivés à Genève ? ", "cp1252"),
        ("El año pasado ganó la mañana española. ", "cp1252"),
        ("Он выиграл гонку в 1998 году в Москве. ", "cp1251"),
        ("彼は勝った。彼女は負けた。東京で生まれた。", "shift_jis"),
        ("他在北京出生，赢得了比赛。", "gb18030"),
    ],
)
def test_a_legacy_encoding_is_guessed(text: str, encoding: str) -> None:
    assert decode((text * 10).encode(encoding)) == text * 10


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1250", "cp1250"), ("ISO-8859-1", "cp1252"), ("koi8-r", "koi8-r")],
)
def test_a_declared_encoding_is_believed(declared: str, encoding: str) -> None:
    word = {"cp1250": "příště", "cp1252": "“naïve”", "koi8-r": "Москва"}[encoding]
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">{word}'
    assert decode(page.encode(encoding)) == page


@pytest.mark.parametrize(
    ("declared", "text", "encoding"),
    [
        ("gb2312", "東京", "gb18030"),
        ("Shift_JIS", "①東京", "cp932"),
        ("euc-kr", "한국 뷁", "cp949"),
        ("iso-8859-9", "“İyi” gün", "cp1254"),
        ("us-ascii", "“café”", "cp1252"),
    ],
)
def test_a_declared_encoding_is_read_as_browsers_do(
    declared: str, text: str, encoding: str
) -> None:
    page = f"<meta charset={declared}><p>{text}"
    assert decode(page.encode(encoding)) == page


def test_an_xml_declaration_is_believed() -> None:
    page = "<?xml version='1.0' encoding='koi8-r'?><html><p>Москва"
    assert decode(page.encode("koi8-r")) == page
    assert decode(page.encode()) == page


def test_escape_sequences_need_a_declaration() -> None:
    page = '<meta charset="iso-2022-jp"><p>東京'
    assert decode(page.encode("iso-2022-jp")) == page
    assert decode(b"<p>\x1b[1mbold") == "<p>\x1b[1mbold"


def test_a_character_cut_in_two_by_the_sample_is_no_fault() -> None:
    page = "<meta charset=gb18030>" + "東" * 40_000
    assert decode(page.encode("gb18030")) == page


@pytest.mark.parametrize("declared", ["utf-8", "no-such-thing"])
def test_a_wrong_declaration_is_not(declared: str) -> None:
    page = f'<meta charset="{declared}"> El año pasado ganó la mañana española.'
    assert decode(page.encode("cp1252")) == page


def test_a_long_text_is_guessed_by_its_beginning() -> None:
    text = "他在北京出生，赢得了比赛。\n" * 10_000
    assert decode(text.encode("gb18030")) == text


def test_nuls_and_lone_surrogates_go() -> None:
    assert decode(b"a table\0 of things, twenty bytes or more") == (
        "a table of things, twenty bytes or more"
    )
    lone = codecs.BOM_UTF16_LE + "a".encode("utf-16-le") + b"\x00\xd8" + "b".encode("utf-16-le")
    assert decode(lone).encode()


def test_no_bytes_are_no_text() -> None:
    assert decode(b"") == ""


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n" + bytes(100)])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="binary"):
        decode(data)


def test_a_text_that_no_encoding_fits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        def best(self) -> None:
            return None

    monkeypatch.setattr("gentap.markup.encoding.from_bytes", lambda data: Nothing())
    with pytest.raises(InputError, match="UTF-8"):
        decode(b"caf\xe9")
    assert decode(b"caf\xe9" + b" latte" * 20) == "caf\ufffd" + " latte" * 20
