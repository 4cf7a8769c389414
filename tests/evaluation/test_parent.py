import math

import pytest

from gentap.evaluation.parent import parent, parent_measure
from gentap.table import Table

ENTRIES = [("michael", "dahlquist"), ("december", "22", "1965")]
REFERENCE = tuple("michael dahlquist born december 22 1965 in california".split())


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def test_the_reference_itself_scores_what_its_table_recall_allows() -> None:
    assert parent(REFERENCE, REFERENCE, ENTRIES) == pytest.approx(1)
    # One of the two entries is not mentioned: recall is 1 ** .5 * .5 ** .5.
    recall = math.sqrt(0.5)
    found = parent(REFERENCE, REFERENCE, [ENTRIES[0], ("drummer",)])
    assert found == pytest.approx(2 * recall / (1 + recall))


def test_words_of_the_table_are_no_inventions() -> None:
    known = [*ENTRIES, ("drummer",)]
    supported = parent(words("michael dahlquist drummer born 1965"), REFERENCE, known)
    invented = parent(words("michael dahlquist singer born 1965"), REFERENCE, known)
    assert supported > invented


def test_what_the_table_lacks_need_not_be_said() -> None:
    # "in california" is of the reference alone, so leaving it out costs little.
    told = parent(REFERENCE[:-2], REFERENCE, ENTRIES)
    untold = parent(REFERENCE[:2] + REFERENCE[-2:], REFERENCE, ENTRIES)
    assert told > 0.9 > untold


def test_precision_by_hand() -> None:
    # Unigrams: "a" stands in the reference, "b" in the table, "c" in neither.
    # Bigrams are half (a b) and half (b c) entailed; the trigram a third; no fourth order.
    precision = (2 / 3 * 1 / 2 * 1 / 3 * 1e-5) ** 0.25
    # The reference's one word is there; orders above it have nothing to recall; "b" is mentioned.
    recall = 1.0
    expected = 2 * precision * recall / (precision + recall)
    assert parent(("a", "b", "c"), ("a",), [("b",)]) == pytest.approx(expected)


def test_mentions_are_longest_common_subsequences() -> None:
    whole = parent(words("x one two three"), words("x"), [words("one two three")])
    mixed = parent(words("x three one two"), words("x"), [words("one two three")])
    assert whole > mixed


@pytest.mark.parametrize(
    ("answer", "entries"), [((), ENTRIES), (("nothing",), ENTRIES), (("nothing",), [()])]
)
def test_nothing_in_common_scores_nothing(answer: tuple[str, ...], entries: list) -> None:
    assert parent(answer, REFERENCE, entries) < 0.01


def test_the_measure_is_the_mean_over_typed_tokens() -> None:
    table = Table(("Name", "Born"), (("Michael Dahlquist", "December 22, 1965"),))
    text = "Michael Dahlquist was born on December 22, 1965."
    measure = parent_measure([text, "No."], [text, text], [table, table])
    assert measure.name == "parent"
    assert "lambda:0.5" in measure.signature
    score = measure.aggregate(measure.statistics.sum(axis=0))
    assert score == pytest.approx(50, abs=0.5)
