import pytest

from gentap.records import Alignment, Document, Sentence, Source
from gentap.synthesis.alignment import Dropped, align
from gentap.table import Table

FILMS = Table(
    ("Year", "Title", "Director", "Gross"),
    (
        ("1995", "Heat", "Michael Mann", "187"),
        ("1999", "The Insider", "Michael Mann", "60"),
        ("2001", "Ali", "Michael Mann", "87"),
        ("2004", "Collateral (film)", "Michael Mann", "4,500"),
    ),
    title="Michael Mann",
    section="Films",
)
SOURCE = Source("here", "CC0")


def outcomes(*sentences, tables=(FILMS,), **options):
    spoken = tuple(item if isinstance(item, Sentence) else Sentence(item) for item in sentences)
    return list(align(Document(SOURCE, "Michael Mann", tables, spoken), **options))


def outcome(sentence, **options):
    (only,) = outcomes(sentence, **options)
    return only


def reason(sentence, **options):
    found = outcome(sentence, **options)
    assert isinstance(found, Dropped)
    return found.reason


def said(alignment):
    return [alignment.sentence[start:end] for start, end in alignment.spans]


def test_a_sentence_is_joined_with_its_row():
    found = outcome("Michael Mann directed the film The Insider in 1999.")
    assert isinstance(found, Alignment)
    assert found.table is FILMS
    assert found.source == SOURCE
    assert found.evidence == ((1, 2), (1, 1), (1, 0))
    assert said(found) == ["Michael Mann", "The Insider", "1999"]
    assert found.support == pytest.approx(4 / 6)  # "directed" and "film" are not in the row


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Somebody went home again later.", "no-cell"),
        ("In 1999 the director went home.", "one-cell"),
        ("Michael Mann was the director of Michael Mann films.", "one-cell"),
        ("He made Ali in 2001.", "pronoun"),
        ("Since then he has made Ali in 2001.", "pronoun"),
        ("Ali in 2001.", "too-short"),
        ("Ali came in 2001 " + "and so on " * 30 + ".", "too-long"),
        ("Ali was made in 2001 by him", "not-prose"),
        ("Heat, Ali, Collateral, The Insider, Michael Mann and Rome.", "not-prose"),
        ("Ali was made in 2001 with 31 people.", "foreign-number"),
        ("Ali was made in the 1990s and in 2001.", "foreign-number"),
        (
            "Ali was made in 2001 after long quarrels between several rich producers.",
            "low-support",
        ),
    ],
)
def test_every_dropped_sentence_has_a_reason(sentence, expected):
    assert reason(sentence) == expected


def test_no_cell_identifies_the_row():
    table = Table(("Who", "Club"), (("Ann Lee", "Rome"), ("Ann Lee", "Rome")))
    assert reason("Ann Lee has played for Rome.", tables=(table,)) == "no-identifying-cell"


def test_two_rows_that_match_alike_are_a_tie_unless_they_are_the_same():
    other = Table(("Film", "Year"), (("Ali", "2001"),))
    sentence = "Ali was made in 2001 in Rome."
    assert reason(sentence, tables=(FILMS, other)) == "tie"
    assert reason("Ali of 2001 was after Heat of 1995.") == "tie"
    assert isinstance(outcome(sentence, tables=(other, other)), Alignment)


def test_the_row_with_most_cells_wins():
    found = outcome("Michael Mann directed Ali in 2001, after Heat.")
    assert {row for row, _ in found.evidence} == {2}


def test_the_same_sentence_of_the_same_table_is_a_duplicate():
    kept, again = outcomes(*["Ali was made in 2001."] * 2)
    assert isinstance(kept, Alignment)
    assert again == Dropped("Ali was made in 2001.", "duplicate")


def test_one_outcome_for_every_sentence():
    spoken = ["Ali was made in 2001.", "", "?", "He left.", "Ali was made in 2001.", "東京は。"]
    assert len(outcomes(*spoken)) == len(spoken)
    assert outcomes(*spoken, tables=()) == outcomes(*spoken, tables=(Table(("a",), ()),))


def test_the_support_asked_for_is_the_callers():
    sentence = "Ali was made in 2001 after quarrels."
    assert isinstance(outcome(sentence), Alignment)
    assert reason(sentence, min_support=0.9) == "low-support"


def test_numbers_match_as_numbers():
    assert said(outcome("Collateral grossed 4500 in 2004.")) == ["Collateral", "4500", "2004"]
    assert reason("Collateral grossed 500 and Ali also grossed.") == "one-cell"


def test_a_small_number_needs_its_columns_name():
    assert said(outcome("The Insider had a gross of 60.")) == ["The Insider", "60"]
    assert reason("The Insider has 60 people in it.") == "one-cell"
    ranks = Table(("1st", "2nd"), (("25", "18"), ("30", "24")))
    assert reason("The 1st had the rank of 25 and 18 people.", tables=(ranks,)) == "one-cell"
    found = outcome("The Insider of 1999 has 60 people.")
    assert said(found) == ["The Insider", "1999", "60"]


def test_a_part_of_a_name_or_date_is_no_cell():
    table = Table(("City", "State", "No"), (("Jackson", "Ohio", "12"), ("Rome", "Iowa", "14")))
    assert reason("Michael Jackson once sang in Ohio.", tables=(table,)) == "one-cell"
    assert reason("Jackson Square once was in Ohio.", tables=(table,)) == "one-cell"
    assert reason("Jackson has no race on 12 May.", tables=(table,)) == "one-cell"
    assert said(outcome("In Jackson, Ohio, people sang.", tables=(table,))) == ["Jackson", "Ohio"]


@pytest.mark.parametrize(
    "date", ["19 August 1978", "August 19, 1978", "1978-08-19", "19th Aug. 1978"]
)
def test_dates_match_in_either_order(date):
    table = Table(("Date", "Rival"), (("19 August 1978", "Rome"), ("20 August 1978", "Milan")))
    found = outcome(f"The match against Rome was played on {date}.", tables=(table,))
    assert said(found) == ["Rome", date]
    flipped = Table(("Date", "Rival"), (("August 19, 1978", "Rome"),))
    assert said(outcome(f"The match against Rome was on {date}.", tables=(flipped,)))[1:] == [date]


@pytest.mark.parametrize("trivial", ["7", "-7", "n/a", "the", "A", "–", "", "Yes", "Total"])
def test_trivial_cells_do_not_count(trivial):
    table = Table(("Name", "Mark"), (("Ali", trivial), ("Heat", "60")))
    sentence = f"Ali was the total mark, yes, n/a, with -7 and a 7 and {trivial}."
    assert reason(sentence, tables=(table,)) == "one-cell"


def test_scores_of_single_digits_are_cells():
    table = Table(("Rival", "Score"), (("Rome", "3–2"), ("Milan", "1–1")))
    assert said(outcome("Rome was beaten with a score of 3-2.", tables=(table,))) == ["Rome", "3-2"]


def test_life_dates_and_pronunciations_are_left_out():
    found = outcome("Ali (/ˈɑːli/; born 1942) was made in 2001.")
    assert found.sentence == "Ali was made in 2001."


def test_only_the_anchored_row_may_match():
    spoken = [
        Sentence("Heat is a film of 1995 by Mann.", "Heat", (0, 1)),
        Sentence("It was directed by Michael Mann.", "Heat", (0, 1)),
        Sentence("Ali was released in 2001.", "Heat", (0, 1)),
    ]
    defined, replaced, other = outcomes(*spoken)
    assert defined.evidence == ((0, 1), (0, 0))
    assert replaced.sentence == "Heat was directed by Michael Mann."
    assert replaced.evidence == ((0, 1), (0, 2))
    assert other == Dropped("Ali was released in 2001.", "no-cell")


def test_the_anchor_counts_where_the_sentence_opens_with_a_longer_name():
    table = Table(("Name", "Club"), (("Ann Lee (2)", "Rome"), ("Bea Fox", "Milan")))
    spoken = Sentence("Ann Mary Lee is a player from Rome.", "Ann Lee (2)", (0, 0))
    found = outcome(spoken, tables=(table,))
    assert found.evidence == ((0, 0), (0, 1))
    assert said(found) == ["Ann Mary Lee", "Rome"]
    far = Sentence("The big town of Ann Mary Lee lies near Rome.", "Ann Lee (2)", (0, 0))
    assert reason(far, tables=(table,)) == "one-cell"


def test_other_scripts_are_joined_too():
    table = Table(("都市", "国"), (("東京", "日本"), ("北京", "中国")))
    found = outcome("東京は日本の首都である。", tables=(table,))
    assert said(found) == ["東京", "日本"]
    table = Table(("Город", "Страна"), (("Москва", "Россия"), ("Рим", "Италия")))
    assert reason("Москва и Россия.", tables=(table,)) == "too-short"
