"""Prose -> sentences, by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gentap.markup.page import fold
from gentap.synthesis.stops import is_last

MAX_PARAGRAPH = 20_000
_MARKS = re.compile(
    r"(?:\s*\[\s*(?:\d{1,3}|[a-z]|(?:n|nb|nt|note)\.? ?\w{1,3}|update|edit|"
    r"[a-z ]{2,30}(?:\?| [-–] discuss)|"
    r"(?:citation|clarification|page|quotation|verification|year) needed|needs [a-z ]{1,40})"
    r"\s*\])+(\w)?",
    re.IGNORECASE,
)
_PHONES = "ˈˌːəɪʊɛɔɑʃʒɒʌɜɐɾʁɣɕʲɡɲʎɨʉɯɤ"
_SOUND = re.compile(
    r"(?:(?:[A-Z]\w+ )?(?:pronunciation|pronounced|IPA):? |[A-Z]\w+: )?"
    rf"(?:\[[^][]{{0,200}}[{_PHONES}][^][]{{0,200}}\]|"
    rf"/[^/()]{{0,200}}[{_PHONES}][^/()]{{0,200}}/)"
    r"(?: [\w-]*[A-Z]{2,}[\w -]*?(?=[;,)]))?"
)
_TIDY = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\()\s+|\s+(?=\))", ""),
        (r"\s*\((?:[;,\s]|or\b|\(\))*\)", ""),
        (r"\((?:\s*(?:or\s*)?[;,])+\s*", "("),
        (r"\s*(?:[;,]\s*){1,9}\)", ")"),
        (r"\s+(?=[,.;](?:\s|$))", ""),
        (r"[,;]{1,9}(?=[,;]\s)", ""),
    )
)
_STOP = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]+)(?P<close>["'”’)\]»]*)\s+(?P<open>["'“‘(\[«¿¡]*)(?=(?P<next>\S))"""
    r"""|(?P<wide>[。！？｡]+[”’」』）]*)\s*(?=\S)"""
)
_DASHED = re.compile(".*[—–/]")
_BRACKETS = {"(": ")", "[": "]", "“": "”", "«": "»"}
_REACH, _LONGEST_STARTER = 300, 20
_END = re.compile(r"""[.!?…。！？｡]["'”’)\]»」』）]*$""")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u9fff]")  # Thai, Lao, Japanese, Chinese
_FIRST_LETTER = re.compile(r"(?<![\w'’])[^\W\d_]")
_SHORTEST, _FEWEST_WORDS, _LEGEND = 15, 4, 2
_QUALIFIER = re.compile(r"\s*\([^()]*\)$")


def split(text: str) -> list[str]:
    """Split a paragraph into sentences.

    Citation marks, pronunciations and brackets left empty go, and white space is folded. A
    stop after an abbreviation, an initial or inside brackets and quotes ends no sentence.
    Only the first 20,000 characters are read.
    """
    text = _clean(text[:MAX_PARAGRAPH])
    starts = [0, *_boundaries(text), len(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(starts))
    return [piece for piece in pieces if piece]


def _clean(text: str) -> str:
    text = fold(_SOUND.sub("", _MARKS.sub(_after_mark, text)))
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return text


def _after_mark(match: re.Match[str]) -> str:
    return f" {match[1]}" if match[1] else ""


def _boundaries(text: str) -> Iterator[int]:
    start = 0
    for match in _STOP.finditer(text):
        if match["wide"]:
            start = match.end()
            yield start
        elif _ends_sentence(text, start, match):
            start = match.start("next") - len(match["open"])
            yield start


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following, end, at = match["next"], match.end("close"), match.start("next")
    # Informal prose opens sentences with small letters, but only a plain stop tells them.
    if following.islower() and (match["mark"] != "." or match["close"]):
        return False
    if not (following.isalnum() or match["open"]):
        return False
    before, _, word = text[start : match.start()].rpartition(" ")
    word = _DASHED.sub("", word).lstrip("\"'“‘([«")
    next_word = text[at : at + _LONGEST_STARTER].split(maxsplit=1)[0]
    return is_last(before, word, next_word, match) and not _is_open(
        text[start:end], text[end : end + _REACH]
    )


def _is_open(before: str, after: str) -> bool:
    """Tell whether a bracket or quote opened in ``before`` is closed in ``after``."""
    for opening, closing in _BRACKETS.items():
        if opening in before and closing in after and before.count(opening) > before.count(closing):
            return True
    return before.count('"') % 2 == 1 and '"' in after


_REPAIRS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r" ?\( ?listen ?\)", ""),
        (r"(?:``|“) ?(.{0,500}?) ?(?:''|”)", r'"\1"'),
        (r"(\w) n['’]t\b", r"\1n't"),
        (r"(?<=[\w.]) (['’])(s|S|re|ve|ll|d|m)\b", r"\1\2"),
        (r"\bcan not\b", "cannot"),
        (r"([(\[{]) +", r"\1"),
        (r" +([)\]}])", r"\1"),
        (r"(\w) \((e?s)\)", r"\1(\2)"),
        (r"\. \. \.(?: \.)*", "..."),
        (r" +([,;:!?.])(?=[\s)\]\"'”’,.]|$)", r"\1"),
        (r"\.(?: ?\.)(?!\.)(?<!\.\.\.)", "."),
        (r"(?<![\w'])'(\w[^']{0,80}?) '(?=[\s.,;:)\]]|$)", r"'\1'"),
        (r"(\d) (') (?=\d)", r"\1\2"),
        (r"(?<=\win) (['’])(?=[\s,.;)]|$)", r"\1"),
        (r" / -?[\d.]+°[NS] [\d.]+°[EW] / -?[\d.]+; -?[\d.]+(?: \([^()]*\))?", ""),
        (r"(?<=s) (['’])(?=[\s,.;)])", r"\1"),
        (r"\b(US|U\.S\.|A|C|NZ|HK|R) \$ ?(?=\d)", r"\1$"),
        (r"([$£€¥₹#]) (?=[\d.])", r"\1"),
        (r"(\d) (%|°)", r"\1\2"),
        (r"\b([A-Z]{1,2}) & ([A-Z]{1,2})\b", r"\1&\2"),
    )
)


def detokenize(text: str) -> str:
    """Undo the spacing of Penn-Treebank-like tokenised text: "Eek ! ( 5 % )" -> "Eek! (5%)"."""
    text = fold(text)
    if " " not in text:
        return text
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return text


def is_prose(text: str) -> bool:
    """Tell a written-out sentence from a label or a fragment.

    It starts and ends like a sentence, is no legend ("W = Win; L = Loss") and has a word
    without a capital, unless it is all in capitals.
    """
    return (
        len(text) >= _SHORTEST
        and (len(text.split()) >= _FEWEST_WORDS or _UNSPACED.search(text) is not None)
        and (end := _END.search(text)) is not None
        and (end[0][-1] not in ")]" or text[0] == "(")
        and not text[0].islower()
        and (text[0].isalnum() or text[0] in "\"'“‘(«¿¡「『")
        and (text.isupper() or not all(map(str.isupper, _FIRST_LETTER.findall(text))))
        and text.count(" = ") < _LEGEND
    )


def subject_of(title: str) -> str:
    """Return what a title names: "Renaissance (band)" -> "Renaissance"."""
    return _QUALIFIER.sub("", title) or title
