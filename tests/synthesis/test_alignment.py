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
    assert found.strength == 3  # a name and a year; the director is the page's subject
    assert found.foreign == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Somebody went home again later.", "no-cell"),
        ("In 1999 the director went home.", "one-cell"),
        ("Michael Mann was the director of Michael Mann films.", "one-cell"),
        ("Michael Mann made a film in 1999.", "one-cell"),  # the page's subject tells no row
        ("He made Ali in 2001.", "pronoun"),
        ("Since then he has made Ali in 2001.", "pronoun"),
        ("Ali in 2001.", "too-short"),
        ("Ali came in 2001 " + "and so on " * 30 + ".", "too-long"),
        ("Ali was made in 2001 by him", "not-prose"),
        ("Heat, Ali, Collateral, The Insider, Michael Mann and Rome.", "not-prose"),
    ],
)
def test_every_dropped_sentence_has_a_reason(sentence, expected):
    assert reason(sentence) == expected


def test_no_cell_identifies_the_row():
    table = Table(("Who", "Club"), (("Ann Lee", "Rome"), ("Ann Lee", "Rome")))
    assert reason("Ann Lee has played for Rome.", tables=(table,)) == "no-identifying-cell"


def test_cells_that_only_together_stand_in_one_row_identify_it():
    rows = (("Rome", "1998"), ("Rome", "1999"), ("Milan", "1999"))
    found = outcome("The club of Rome won it in 1999.", tables=(Table(("Club", "Year"), rows),))
    assert found.evidence == ((1, 0), (1, 1))


def test_rows_of_two_tables_are_a_tie_unless_they_are_the_same():
    other = Table(("Film", "Year"), (("Ali", "2001"),))
    sentence = "Ali was made in 2001 in Rome."
    assert reason(sentence, tables=(FILMS, other)) == "tie"
    assert isinstance(outcome(sentence, tables=(other, other)), Alignment)


def test_a_sentence_may_speak_of_several_rows():
    found = outcome("Ali of 2001 was after Heat of 1995.")
    assert found.rows == (0, 2)
    assert found.evidence == ((0, 1), (0, 0), (2, 1), (2, 0))
    assert said(found) == ["Heat", "1995", "Ali", "2001"]
    shared = Table(
        ("Film", "Role", "Year"),
        (("Heat", "Ann Lee", "1995"), ("Ali", "Ann Lee", "2001"), ("Rome", "Bea Fox", "2003")),
    )
    found = outcome("She was Ann Lee in Heat and in Ali, it says.", tables=(shared,))
    assert isinstance(found, Dropped)
    found = outcome("The role of Ann Lee in Heat and in Ali was hers.", tables=(shared,))
    assert found.rows == (0, 1)
    assert said(found) == ["Ann Lee", "Heat", "Ann Lee", "Ali"]


def test_a_row_that_adds_nothing_is_no_evidence():
    rows = (("Ann Lee", "Heat", "1995"), ("Ann Lee", "Ali", "2001"), ("Bea Fox", "Rome", "1995"))
    found = outcome(
        "In 1995 the role in Heat went to Ann Lee.",
        tables=(Table(("Who", "Film", "Year"), rows),),
    )
    assert found.rows == (0,)


def test_a_row_that_is_not_named_and_adds_nothing_is_left_out():
    voices = Table(
        ("Character", "Films", "Series"),
        (
            ("Egon", "Harold Ramis", "Maurice LaMarche"),
            ("Slimer", "Ivan Reitman", "Frank Welker"),
            ("Mayor", "Maurice LaMarche", "Frank Welker"),
        ),
    )
    found = outcome(
        "The cast of it were Frank Welker as the voice of Slimer and Maurice LaMarche as Egon.",
        tables=(voices,),
    )
    assert {row for row, _ in found.evidence} == {0, 1}


def test_a_part_of_a_compound_number_is_no_number():
    rows = (("Bank Tower", "20"), ("Rome Tower", "22"), ("Elm Tower", "31"))
    towers = Table(("Tower", "Floors"), rows)
    assert isinstance(outcome("Rome Tower has twenty floors in all.", tables=(towers,)), Dropped)
    found = outcome("Bank Tower has twenty floors in all.", tables=(towers,))
    assert [cell for _, cell in found.evidence] == [0, 1]
    assert isinstance(
        outcome("Bank Tower has twenty-two floors in all.", tables=(towers,)), Dropped
    )


def test_of_several_rows_those_of_another_year_than_the_sentence_are_none():
    rows = (
        ("2008", "Best Film", "Ali"), ("2010", "Best Song", "Ann"), ("2011", "Best Play", "Fox"),
    )  # fmt: skip
    found = outcome(
        "After Best Song of 2010 and Best Play of 2011 Ali had another Best Film.",
        tables=(Table(("Year", "Prize", "By"), rows),),
    )
    assert found.rows == (1, 2)
    alone = outcome(
        "In 2010 it was Ali that made the Best Film.",
        tables=(Table(("Year", "Prize", "By"), rows),),
    )
    assert alone.rows == (0,)  # nothing else to choose: people do tell of later prizes


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Ann Lee joined the National Hockey League then.", True),
        ("Ann Lee joined a national hockey league then.", False),
        ("Ann Lee joined the National Hockey League Stars then.", False),
        ("Ann Lee joined National Hockey, League of Rome, then.", False),
        ("Ann Lee joined the Rome Hockey League then.", False),
        ("Ann Lee joined the NHL then.", True),
    ],
)
def test_initials_are_named_by_what_they_stand_for(sentence, named):
    table = Table(("Who", "League"), (("Ann Lee", "NHL"), ("Bea Fox", "AHL")))
    found = outcome(sentence, tables=(table,))
    assert isinstance(found, Alignment) is named
    if named:
        assert said(found)[1] in ("National Hockey League", "NHL")
        assert found.foreign == ()


def test_an_end_of_a_name_is_no_common_word():
    table = Table(("Season", "Play"), (("2014-2015", "Creature Feature"), ("2015-2016", "Rome")))
    assert reason("The 2014-2015 season will feature all schools.", tables=(table,)) == "one-cell"
    assert isinstance(
        outcome("The 2014-2015 season had Creature Feature again.", tables=(table,)), Alignment
    )


def test_strays_are_no_evidence():
    table = Table(
        ("School", "City", "Coach"),
        (("Wake Forest", "Salem, North Carolina", "Pat Kane"), ("Duke", "Durham", "Ann Lee")),
    )
    found = outcome("North Carolina lost to Wake Forest and Pat Kane.", tables=(table,))
    assert said(found) == ["Wake Forest", "Pat Kane"]


def test_a_year_and_a_common_word_prove_nothing():
    sentence = "Rome's club retired in 2001, after a long year."
    rows = (("2001", "retired", "14"), ("2002", "won", "16"), ("2003", "lost", "20"))
    assert reason(sentence, tables=(Table(("Season", "Result", "N"), rows),)) == "weak-cells"


def test_the_same_sentence_of_the_same_table_is_a_duplicate():
    kept, again = outcomes(*["Ali was made in 2001."] * 2)
    assert isinstance(kept, Alignment)
    assert again == Dropped("Ali was made in 2001.", "duplicate")


def test_one_outcome_for_every_sentence():
    spoken = ["Ali was made in 2001.", "", "?", "He left.", "Ali was made in 2001.", "東京は。"]
    assert len(outcomes(*spoken)) == len(spoken)
    assert outcomes(*spoken, tables=()) == outcomes(*spoken, tables=(Table(("a",), ()),))


def test_what_the_table_lacks_is_recorded():
    found = outcome("Ali was made in 2001 by 31 people from Paris and Michael Mann.")
    assert found.foreign == ("31", "Paris")
    assert outcome("Ali was made in the 1990s and in 2001.").foreign == ("1990s",)
    assert outcome("Ali was made in 2001 after Michael Mann's Heat.").foreign == ()


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
    sentence = f"Ali was the total mark, yes, n/a, with -7 and a 7 and {trivial} now."
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
        Sentence("It had a gross of 187 in all.", "Heat", (0, 1)),
        Sentence("Ali was released in 2001.", "Heat", (0, 1)),
    ]
    defined, replaced, other = outcomes(*spoken)
    assert defined.evidence == ((0, 1), (0, 0), (0, 2))
    assert replaced.sentence == "Heat had a gross of 187 in all."
    assert replaced.evidence == ((0, 1), (0, 3))
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
