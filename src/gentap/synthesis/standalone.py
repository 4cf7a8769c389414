"""Makes a sentence stand alone: the pronoun it opens with gives way to its subject."""

from __future__ import annotations

import re

from gentap.records import Sentence
from gentap.text import STOPWORDS

_LONGEST_SUBJECT = 8
_CONNECTIVE = re.compile(
    r"(?:however|therefore|thus|hence|moreover|furthermore|additionally|in addition|also|"
    r"nevertheless|nonetheless|meanwhile|instead|consequently|as a result|for example|"
    r"for instance|similarly|likewise|in fact|of course|finally|eventually|subsequently|"
    r"afterwards?|later|later on|soon after|thereafter|then|"
    r"(?:[\w-]+ )?(?:days?|weeks?|months?|years?) (?:later|earlier|before|after)|"
    r"(?:later |earlier )?(?:that|the same|the following|the next|the previous) "
    r"(?:day|week|month|year|season|summer|spring|autumn|fall|winter))(?:,| (?=he |she |it ))\s*",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"(?:this|these|those|that|such|both|another|others|they|their|theirs|them|we|our|i|my|you|"
    r"the (?:former|latter|same|other|two|three|others|following)|here|there(?:after|fore)?|"
    r"one|neither|either|each|who|which|and|but|or|so|because)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:in|on|at|during|from|for|by|between|until|throughout|despite|over|upon|as|with|after|"
    r"before|since|following)\b[^,;:.]{1,60},\s+(?=(?:he|she|it|his|her|its)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:as|with|after|before|since|following|despite|upon)\b", re.IGNORECASE)
_LOOSE = re.compile(r"\b(?:it|its|this|these|that|those|they|their|there|same)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?P<word>he|she|it|his|her|its)\s+(?=[\w(])", re.IGNORECASE)
_UNRESOLVED = re.compile(r"\b(?:he|she|him|his|her|hers|they|them|their)\b")
_ADVERBS = r"(?:(?:also|later|then|first|originally|initially|currently|now|\w+ly)\s+)*"
_SAID = (
    r"(?:known|said|believed|thought|estimated|reported|announced|rumou?red|assumed|claimed|"
    r"alleged|suggested|revealed|confirmed|stated|noted|hoped|argued|expected|decided|agreed|"
    r"assumed|speculated|supposed|understood|discovered|proposed|feared|recommended)"
)
_EXPLETIVE = re.compile(
    rf"{_ADVERBS}(?:"
    r"(?:seems?|appears?|appeared|seemed|turned|turns|rained|rains|snowed|happened|happens|"
    r"took|takes|remains?|follows|may|might|would|could|should|must|can|will)\b"
    rf"|(?:is|was|has been|had been|became|becomes)\s+{_ADVERBS}"
    rf"(?:{_SAID}\s+(?:that|to|whether|by|in)\b|not\b|only\b|here\b|there\b|because\b|"
    r"(?:in|on|at|during|under|after|before|until|from|with|through|by|for|then|when|where)\b|"
    r"(?:\w+\s+)?(?:that|whether|possible|impossible|necessary|likely|unlikely|clear|unclear|"
    r"important|difficult|easy|common|hard|time|him|her|he|she|they|who)\b|"
    r"(?!the first\b)[A-Z\w][^,]{0,60}?\b(?:who|that)\b))"
)
_PERSON = re.compile(r"(?:[A-Z][\w.'’-]*|de|la|von|van|der|bin|al|el|da|dos|del|of)")
_ACTS = re.compile(rf"{_ADVERBS}[a-z]")


def stand_alone(sentence: Sentence) -> str | None:
    """Return the sentence so that it can be read without the text around it.

    An opening he, she or it gives way to the sentence's subject, his, her or its to the
    subject's genitive, also right after an introductory phrase ("In 1998, he ..."); openings
    such as "However," go.

    Returns:
        The sentence; None where it points at something that nobody names.
    """
    text = _CONNECTIVE.sub("", sentence.text, count=1) if _opens_loosely(sentence.text) else (
        sentence.text
    )
    text = text[:1].upper() + text[1:]
    lead = _LEAD.match(text)
    at = lead.end() if lead else 0
    pronoun = _PRONOUN.match(text, at)
    if pronoun:
        if lead and not _is_plain(lead[0]):
            return None
        return _replaced(text, pronoun, sentence.subject)
    if _POINTING.match(text) or _is_unresolved(text):
        return None
    return text


def _opens_loosely(text: str) -> bool:
    return _CONNECTIVE.match(text) is not None


def _is_plain(lead: str) -> bool:
    """Tell whether an introductory phrase names no rival for the pronoun behind it."""
    if _LOOSE.search(lead):
        return False
    names = [word for word in lead.split()[1:] if word[0].isupper()]
    return not (names and _CLAUSE.match(lead))


def _replaced(text: str, pronoun: re.Match[str], subject: str) -> str | None:
    word = pronoun["word"].lower()
    rest = text[pronoun.end() :]
    if not _can_stand_for(word, subject) or not _ACTS.match(rest):
        return None
    if word == "it" and _EXPLETIVE.match(rest):
        return None
    if word in ("his", "her", "its"):
        subject += "'" if subject.endswith("s") else "'s"
    return f"{text[: pronoun.start()]}{subject} {rest}"


def _can_stand_for(pronoun: str, subject: str) -> bool:
    words = subject.split()
    if not words or len(words) > _LONGEST_SUBJECT or not subject[0].isalnum():
        return False
    if words[0] in ("List", "Lists", "Timeline", "Index"):
        return False
    if pronoun in ("it", "its"):
        return True
    return words[0] != "The" and all(_PERSON.fullmatch(name) for name in words)


def _is_unresolved(text: str) -> bool:
    """Tell whether a pronoun comes before any name that it could stand for."""
    pronoun = _UNRESOLVED.search(text)
    if not pronoun:
        return False
    words = text[: pronoun.start()].split()
    names = [word for word in words if word[:1].isupper() and word.casefold() not in STOPWORDS]
    return not names
