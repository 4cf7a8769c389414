"""Which words can be a sentence's last: short forms, initials, names and numbers of lists."""

from __future__ import annotations

import re

# All casefolded, and without the stop at their end. A stop after these ends no sentence.
_NEVER_LAST = frozenset(
    "adm approx brig ca capt cf cmdr col comdr cpl det dr e.g ed eds esp fr gen gov hon i.e "
    "incl insp lt lit maj messrs mr mrs ms mt mx op pres prof ref rep rev sen sgt st ste "
    "subsp supt viz vs v".split()
)
# Nor does a stop between these and a number.
_BEFORE_NUMBER = frozenset(
    "apr art aug c ch dec ep eq est feb fig figs jan jul jun mar no nos nov oct p pp pt rte sec "
    "sep sept ser vol vols b d r".split()
)
# A stop after these ends a sentence where a word of _STARTERS follows; so with initials.
_MAYBE_LAST = frozenset(
    "assn ave bros co corp dept dist esq ft inc jr ltd mfg orig prod sr trad univ bldg blvd rd "
    "a.d a.m b.c b.sc d.c ed.d m.sc p.m ph.d et.al al".split()
)
# Words that open sentences, and that seldom begin a name.
_STARTERS = frozenset(
    "a according additionally after all also although among an and another as at because before "
    "besides both but by currently despite due during each eventually finally following for "
    "formerly from furthermore had has he her here his how however i if in initially instead it "
    "its later many meanwhile more moreover most my nevertheless of on once one only originally "
    "other others our previously several she similarly since some subsequently such that the "
    "their then there therefore these they this those though through thus to under until upon was "
    "we were what when where which while who why with without would you your".split()
)
# What follows a German ordinal: "1. FC Köln", "2. Bundesliga".
_AFTER_ORDINAL = frozenset("bundesliga fc ffc fsv liga sc".split())
# "b", "j.r", "j.-p", "ex-u.s"
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]|[^\W\d_]+-(?:[^\W\d_]\.)+[^\W\d_]")
_PLAIN_WORD = re.compile(r"[^\W\d_A-Z]{4,}")  # Too long for an abbreviation not listed.
_TAIL = re.compile("['’].*|[,;:.!?]+$")


def is_last(before: str, word: str, next_word: str, match: re.Match[str]) -> bool:
    """Tell whether a word with a mark after it can be a sentence's last.

    Args:
        before: The sentence up to the word.
        word: The word, without quotes and brackets around it.
        next_word: What follows, up to a space.
        match: The mark, with the groups ``mark``, ``close``, ``open`` (quotes and brackets)
            and ``next`` (the first character that follows them).
    """
    following = match["next"]
    if match["mark"] == "!" and not match["close"]:
        in_name = before and _is_name(word) and following.isupper()
        return not in_name or _is_starter(next_word)
    if match["mark"] != ".":
        return True
    folded = word.casefold()
    if folded in _NEVER_LAST:
        return False
    if word.isdecimal() and (_is_item(before, word) or next_word.casefold() in _AFTER_ORDINAL):
        return False
    if folded in _BEFORE_NUMBER and following.isdigit():
        return False
    if folded in _MAYBE_LAST or _INITIAL.fullmatch(folded):
        return following.isupper() and _is_starter(next_word) and not match["open"]
    return not following.islower() or (bool(_PLAIN_WORD.fullmatch(word)) and _is_starter(next_word))


def _is_starter(word: str) -> bool:
    """Tell whether a word opens sentences; "A." is an initial, "It's" opens like "It"."""
    if word[1:] == ".":
        return False
    return _TAIL.sub("", word).casefold() in _STARTERS


def _is_name(word: str) -> bool:
    return word[:1].isupper() and (len(word) == 1 or not word.isupper())


def _is_item(before: str, number: str) -> bool:
    """Tell whether "3." stands before an item of a list: "2. Oslo 3. Rome", "Hosts: 1. Oslo"."""
    if len(number) > 2:
        return False
    return not before or before.endswith(":") or f" {int(number) - 1}. " in f" {before}"
