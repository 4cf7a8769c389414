"""Makes a sentence stand alone: the pronoun it opens with gives way to its subject."""

from __future__ import annotations

import re

from gentap.records import Sentence
from gentap.synthesis.referents import head_noun, may_be
from gentap.text import STOPWORDS

_LONGEST_SUBJECT = 8
_SHORTEST_NAME = 4
_NEUTER = ("it", "its", "they", "their")
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
    r"(?:he|she|it|they|his|her|its|their|this|these|those|that|such|both|another|others|theirs|them|we|our|i|my|you|"
    r"the (?:former|latter|same|other|two|three|others|following)|here|there(?:after|fore)?|"
    r"one|neither|either|each|who|which|and|but|or|so|because)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:in|on|at|during|from|for|by|between|until|throughout|despite|over|upon|as|with|after|"
    r"before|since|following)\b[^,;:.]{1,60},\s+(?=(?:he|she|it|they|his|her|its|their)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:as|with|after|before|since|following|despite|upon)\b", re.IGNORECASE)
_LOOSE = re.compile(r"\b(?:it|its|this|these|that|those|they|their|there|same)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?P<word>he|she|it|they|his|her|its|their)\s+(?=[\w(])", re.IGNORECASE)
# What hangs on an earlier sentence wherever it stands, unless a year stands before it.
_DANGLING = re.compile(
    r"\b(?:that|those|these|the same) (?:years?|seasons?|months?|days?|weeks?|times?|summer|autumn|"
    r"winter|spring|night|periods?|decades?)\b|\b(?:has|have|had) since\b|\bfollow-up\b|"
    r"\ba few more\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b[12]\d{3}\b")
_OBJECT = re.compile(r"\w+ (?:it|this|that|them|these|those)\b")
_UNRESOLVED = re.compile(r"\b(?:he|she|him|his|her|hers|they|them|their)\b")
# "Founded in May, it plays": what was founded stands in the sentence before.
_HANGING = re.compile(r"[A-Z][a-z]+(?:ed|ing)\b[^,;]*, it\b")
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
_NAME = re.compile(r"(?:[A-Z][\w.'’-]*|de|la|von|van|der|bin|al|el|da|dos|del|of)")
_ACTS = re.compile(rf"{_ADVERBS}[a-z]")
_WORK = re.compile(r"\b(?:disco|filmo|biblio|video)graphy$")
_ASIDE = re.compile(r"\s*\([^()]*\)$")
# "The film was ...", "The club, ...": a noun that nothing in the sentence explains
_BARE = re.compile(
    rf"The (?P<noun>[a-z][a-z-]*)(?P<mark>,)?\s+(?=(?P<next>{_ADVERBS}"
    r"(?:is|was|has|had|are|were|have|can|will|became|won|lost|made|took|began|ran|went|held|"
    r"sold|met|led|beat|left|came|got|hit|set|saw|stood|rose|fell|"
    r"(?!(?:series|awards|rights|sales)\b)[a-z]{2,}(?:ed|[a-rt-z]s))\b))?"
)


def stand_alone(sentence: Sentence, definition: str = "") -> str | None:
    """Return the sentence so that it can be read without the text around it.

    An opening he, she, it or they gives way to the sentence's subject, a possessive to the
    subject's genitive, also right after an introductory phrase ("In 1998, he ..."); so does
    "The film" where the definition calls the subject a film. Openings such as "However," go.

    Args:
        sentence: The sentence, and what the text around it is about.
        definition: The first sentence about the subject; it says what kind of thing that is.

    Returns:
        The sentence; None where it points at something that nobody names.
    """
    opening = _CONNECTIVE.match(sentence.text)
    text = sentence.text[opening.end() :] if opening else sentence.text
    text = text[:1].upper() + text[1:]
    subject = _ASIDE.sub("", sentence.subject)
    lead = _LEAD.match(text)
    pronoun = _PRONOUN.match(text, lead.end() if lead else 0)
    if _dangles(text):
        return None
    if pronoun:
        plain = lead is None or _is_plain(lead[0])
        return _replaced(text, pronoun, subject, definition) if plain else None
    bare = _BARE.match(text)
    if bare and (bare["next"] or bare["mark"]):
        fits = bare["next"] and not bare["mark"] and bare["noun"] == head_noun(definition)
        if not (fits and _is_usable(subject)):
            return None
        return f"{_with_article(subject, definition)} {text[bare.end() :]}"
    return None if _POINTING.match(text) or _is_unresolved(text) else text


def _is_plain(lead: str) -> bool:
    """Tell whether an introductory phrase names no rival for the pronoun behind it."""
    if _LOOSE.search(lead):
        return False
    names = [word for word in lead.split()[1:] if word[0].isupper()]
    return not (names and _CLAUSE.match(lead))


def _replaced(text: str, pronoun: re.Match[str], subject: str, definition: str) -> str | None:
    word = pronoun["word"].lower()
    rest = text[pronoun.end() :]
    name = subject if word in _NEUTER else _WORK.sub("", subject).strip()
    if not _fits(word, name) or not may_be(word, definition) or not _ACTS.match(rest):
        return None
    if (word == "it" and _EXPLETIVE.match(rest)) or _OBJECT.match(rest) or _is_named(name, rest):
        return None
    name = _with_article(name, definition)
    if pronoun.start():
        name = name[:1].lower() + name[1:] if name.startswith("The ") else name
    rest = rest.removeprefix("then ")
    if word in ("his", "her", "its", "their"):
        name += "'" if name.endswith("s") else "'s"
    return f"{text[: pronoun.start()]}{name} {rest}"


def _dangles(text: str) -> bool:
    dangling = _DANGLING.search(text)
    return dangling is not None and not _YEAR.search(text, 0, dangling.start())


def _with_article(subject: str, definition: str) -> str:
    """Return a subject with the article that its definition opens with: "The Lahn is ..."."""
    named = f"The {subject}"
    return named if definition.startswith(f"{named} ") else subject


def _is_named(subject: str, rest: str) -> bool:
    """Tell whether a sentence goes on to name its subject: then its pronoun means another."""
    names = {word for word in subject.split() if len(word) >= _SHORTEST_NAME and word[0].isupper()}
    return not names.isdisjoint(re.split(r"\W+", rest))


def _fits(pronoun: str, subject: str) -> bool:
    if not _is_usable(subject):
        return False
    if pronoun in _NEUTER:
        return not _WORK.search(subject)
    words = subject.split()
    return words[0] != "The" and all(_NAME.fullmatch(word) for word in words)


def _is_usable(subject: str) -> bool:
    return (
        0 < len(subject.split()) <= _LONGEST_SUBJECT
        and (subject[0].isupper() or (not subject[0].isalpha() and subject[0].isalnum()))
        and any(map(str.isalpha, subject))
        and not subject.startswith(("List ", "Lists ", "Timeline ", "Index "))
    )


def _is_unresolved(text: str) -> bool:
    """Tell whether a pronoun comes before any name that it could stand for."""
    if _HANGING.match(text):
        return True
    pronoun = _UNRESOLVED.search(text)
    if not pronoun:
        return False
    words = text[: pronoun.start()].split()
    return not any(word[:1].isupper() and word.casefold() not in STOPWORDS for word in words)
