"""The texts behind the placeholders of a template, in correct English."""

from __future__ import annotations

import random
import re

from gentap.synthesis.grammar.drafts import Draft
from gentap.synthesis.grammar.english import is_several, ordinal, plural, possessive, singular
from gentap.synthesis.grammar.gates import Column
from gentap.synthesis.grammar.profile import Profile
from gentap.values import parse_date, parse_number

_AN = re.compile(r"[aeio]|(?:[AEFHILMNORSX][A-Z]{1,2}\b)|h(?:our|onou?r)")
_SPOT = re.compile(
    r"^\d|\b(?:street|st|road|rd|avenue|ave|lane|drive|highway|stadium|arena|cent(?:er|re)"
    r"|circuit|raceway|speedway|racecourse|theat(?:er|re)|airport|university|hotel)\.?$",
    re.IGNORECASE,
)
"""Places that something is at, and not in."""
_NEAR = re.compile(r"\bnear\b|^(?:at|in|on|off)\b")
_SINGULAR_VERBS = {"is": "is", "was": "was", "has": "has", "does": "does"}
_PLURAL_VERBS = {"is": "are", "was": "were", "has": "have", "does": "do"}
_ONE = ("masters", "ss")
_VERBS = {
    "value_was": ("was", "were"),
    "value_is": ("is", "are"),
    "value_does": ("does", "do"),
}
_HAD = (("verb", "have"), ("past", "had"))
_TEAMS = frozenset(("team", "opponent"))
_MEETINGS = frozenset(("occasion", "gathering"))
_VAGUE = frozenset(("title", "person"))
_DAY = 3
"""Parts of a date that says the day."""
_SHARE_SEVERAL = 0.6


class Texts:
    """What a template may say; worked out when it is asked for, since most of it is not."""

    def __init__(self, draft: Draft, profile: Profile, rng: random.Random) -> None:
        """Speak of the columns and texts of a draft."""
        self._draft, self._profile, self._rng = draft, profile, rng
        roles = ("target", draft.target), ("column", draft.column), ("column2", draft.column2)
        self._fixed = [
            profile.once((role, column), _of_column, column, role)
            for role, column in roles
            if column is not None
        ]
        self._fixed.append(profile.once("page", _of_page, profile))

    def get(self, name: str) -> str | None:
        """Return the text of a placeholder, or None when the table does not give it."""
        for texts in self._fixed:
            if name in texts:
                return texts[name]
        if name == "who":
            return _who(self._draft.target, self._profile, self._rng)
        if name == "ordinal":
            return self._draft.texts.get(name)
        return self._of_value(name)

    def _of_value(self, name: str) -> str | None:
        end = "2" if name.endswith("2") else ""
        value = self._draft.texts.get(f"value{end}")
        if value is None:
            return None
        draft, form = self._draft, name.removesuffix("2")
        conditions = draft.query.conditions
        bounds = any(one.operator == "between" for one in conditions)
        owner = (draft.column2 if end and not bounds else draft.column) or draft.target
        measured = owner.unit and owner.index in {one.column for one in conditions}
        if form == "value" and measured and bounds == bool(end):
            return f"{value} {owner.unit}"
        if form in ("value", "value_s") or form in _VERBS:
            return _value(value, form, owner, self._profile)
        if form == "in_value":
            return _in(value, owner, self._profile)
        if form == "at_value":
            return _at(value, owner, self._profile)
        number = parse_number(value) if "text" not in owner.types else None
        if form == "amount" and number:
            return f"{value} {singular(owner.phrase) if number == 1 else owner.phrase}"
        if form == "nth" and number is not None and number == int(number) > 0:
            return ordinal(int(number))
        return None


def _of_column(column: Column, role: str) -> dict[str, str]:
    texts = {role: column.phrase}
    texts |= {f"{role}_{form}": text for form, text in column.verbs or _HAD}
    agreement = _PLURAL_VERBS if column.plural else _SINGULAR_VERBS
    if role == "target":
        texts |= agreement
        texts["its"] = "the" if "person" in column.types else "its"
        texts["in_which"] = _in_which(column)
        return texts
    texts |= {f"{role}_{verb}": agreement[verb] for verb in ("is", "was")}
    if role == "column":
        texts["a_column"] = f"{'an' if _AN.match(column.phrase) else 'a'} {column.phrase}"
    return texts


def _in_which(column: Column) -> str:
    if column.types & {"date", "day"}:
        return f"on which {column.phrase}"
    if column.phrase == "date":
        # Its cells are seasons or parts of years.
        return "when"
    return f"in which {'year' if 'year' in column.types else column.phrase}"


def _of_page(profile: Profile) -> dict[str, str]:
    texts = {}
    if profile.title.text:
        texts["title"] = profile.title.text
        texts["title_s"] = possessive(profile.title.text)
    subject = profile.subject
    if subject is not None and "name" not in subject.types and subject.phrase not in _VAGUE:
        texts["subject"] = singular(subject.phrase)
        texts["subjects"] = plural(texts["subject"])
    return texts


def _value(value: str, form: str, column: Column, profile: Profile) -> str:
    if form in _VERBS:
        # The Jets were, but the Netherlands and the Masters was.
        several = value != _with_article(value, column, profile) and value.endswith("s")
        one = "nation" in column.types or value.casefold().endswith(_ONE)
        return _VERBS[form][several and not one]
    if column.lower and not value.isupper():
        value = value.lower()
    if form == "value_s":
        return possessive(value)
    return _with_article(value, column, profile) if "text" in column.types else value


def _with_article(value: str, column: Column, profile: Profile) -> str:
    if "work" in column.types:
        return value
    named = profile.lexicon.article(value)
    if named == value and not _TEAMS.isdisjoint(column.types) and value.endswith("s"):
        cells = [profile.said(row, column) for row in profile.view.rows]
        if sum(map(is_several, cells)) >= _SHARE_SEVERAL * len(cells):
            return f"the {value}"
    return named


def _in(value: str, column: Column, profile: Profile) -> str | None:
    """Say when something was: "in 1998", "on 5 May 1998", "in week 3", "at the Open"."""
    types = column.types
    if "date" in types:
        date = parse_date(value)
        return f"{'on' if len(date) == _DAY else 'in'} {value}" if date else None
    if "day" in types:
        return f"on {value}"
    if "season" in types:
        return f"in the {value} season" if "season" in column.phrase else f"in {value}"
    if "year" in types:
        return f"in {value}"
    if "slot" in types:
        return f"in {singular(column.phrase)} {value}"
    return f"at {_with_article(value, column, profile)}" if types & _MEETINGS else None


def _at(value: str, column: Column, profile: Profile) -> str | None:
    """Say where something is: "in Rome", "at 401 Hanover Street", "at Wembley Stadium"."""
    inside = _SPOT.search(value) is None
    if _NEAR.search(value):
        return None
    return f"{'in' if inside else 'at'} {_with_article(value, column, profile)}"


def _who(target: Column, profile: Profile, rng: random.Random) -> str:
    which = f"{'which' if rng.random() < 0.75 else 'what'} {target.phrase}"
    if "person" not in target.types or target.plural:
        return which
    if target.phrase == "person":
        return "who"
    # "Who" means those that the rows are about, and not their coaches.
    return which if rng.random() < 0.5 or target is not profile.subject else "who"
