import pytest

from gentap.synthesis.columns import columns_of
from gentap.synthesis.matching import CellIndex, by_row
from gentap.synthesis.weights import Weigher
from gentap.table import Table
from gentap.text import tokens

HEADER = ("Name", "Birth", "Date", "Points", "Rank", "Result")
ROWS = [
    ("Christian Coleman", "Amman, Jordan", "3 May 1998", "4,321", "12th", "won"),
    *((f"Bob {name}", "Rome", "1990", "11", "13th", "lost") for name in ("Ash", "Elm", "Oak")),
    *((f"Bea {name}", "Milan", "1990", "14", "15th", "lost") for name in ("Fir", "Yew", "Box")),
]
TABLE = Table(HEADER, tuple(ROWS))


def matches_of(sentence, row, title, table):
    found = tokens(sentence)
    mentions = CellIndex((table,)).mentions(sentence, found)
    said = {token.value for token in found}
    weigher = Weigher((table,), title, lambda _: columns_of(table), sentence, said)
    (matches,) = (one for one in by_row(mentions, None) if one[0][0].row == row)
    return weigher, matches


def weights(sentence, row=0, title=(), table=TABLE):
    weigher, matches = matches_of(sentence, row, title, table)
    return {
        sentence[mention.start : mention.end]: weigher.weigh((place, mention), matches)
        for place, mention in matches
    }


@pytest.mark.parametrize(
    ("sentence", "said", "weight"),
    [
        ("So Christian Coleman came.", "Christian Coleman", 2),
        ("So Coleman came.", "Coleman", 1.5),
        ("This was in Jordan then.", "Jordan", 1.5),
        ("This was on 3 May 1998 then.", "3 May 1998", 2),
        ("This was in May 1998 then.", "May 1998", 1.5),
        ("This was in 1998 then.", "1998", 1),
        ("All of 4,321 came.", "4,321", 2),
        ("It was won then.", "won", 1),
        ("All 12 came.", "12", 0),
        ("He finished 12th then.", "12th", 1),
    ],
)
def test_weights(sentence, said, weight):
    assert weights(sentence)[said] == weight


def test_a_small_number_counts_with_its_columns_name_or_beside_a_name():
    assert weights("He made 11 then.", row=1)["11"] == 0
    assert weights("He made 11 points then.", row=1)["11"] == 0.5
    assert weights("Bob Ash (11) was there.", row=1)["11"] == 0.5
    assert weights("Bob Ash was there with 11.", row=1)["11"] == 0


def test_what_many_rows_say_weighs_half():
    assert weights("In Rome there was Bob Ash.", row=1) == {"Rome": 1, "Bob Ash": 2}


def test_what_the_page_is_about_weighs_nothing():
    title = {"christian", "coleman", "1998"}
    assert weights("Christian Coleman won in 1998.", title=title) == {
        "Christian Coleman": 0, "won": 1, "1998": 0,
    }  # fmt: skip


PLACES = Table(
    ("School", "City", "State", "Language"),
    (("Ann Lee High", "Rome, Ohio", "Ohio", "Dutch"), ("Bea Fox High", "Milan", "Utah", "French")),
)


@pytest.mark.parametrize(
    ("sentence", "said", "weight"),
    [
        ("So Ann Lee High came.", "Ann Lee High", 2),
        ("So Rome came.", "Rome", 0.75),
        ("So Utah came.", "Utah", 0.75),
    ],
)
def test_a_place_proves_less_than_what_the_row_is_about(sentence, said, weight):
    assert weights(sentence, row=int(said == "Utah"), table=PLACES)[said] == weight


@pytest.mark.parametrize(
    ("sentence", "said", "stray"),
    [
        ("Rome is a city.", "Rome", False),  # the town itself, not what it lies in
        ("The Dutch artist came.", "Dutch", True),
        ("He taught in Dutch there.", "Dutch", False),
        ("The Dutch language was taught.", "Dutch", False),
        ("This was in 1990 then.", "1990", True),  # stands in the title
    ],
)
def test_strays(sentence, said, stray):
    table = TABLE if said == "1990" else PLACES
    weigher, matches = matches_of(sentence, int(said == "1990"), {"1990"}, table)
    (match,) = (one for one in matches if sentence[one[1].start : one[1].end] == said)
    assert weigher.is_stray(match) is stray


def test_a_countrys_team_is_no_place():
    table = Table(("Player", "Birthplace"), (("Ann Lee", "Iran"), ("Bea Fox", "Rome")))
    for said, stray in (("plays for the Iran national team.", True), ("was born in Iran.", False)):
        weigher, matches = matches_of(f"Ann Lee {said}", 0, (), table)
        assert weigher.is_stray(matches[1]) is stray


def test_a_district_is_not_the_town_whose_name_it_has():
    table = Table(("School", "City"), (("Ann Lee High", "Bardhaman"),))
    for said, stray in (("in Bardhaman district.", True), ("in Bardhaman.", False)):
        weigher, matches = matches_of(f"Ann Lee High is {said}", 0, (), table)
        assert weigher.is_stray(matches[1]) is stray


def test_a_town_that_has_the_name_of_its_district_is_none_of_another():
    table = Table(("School", "City"), (("Ann Lee High", "Bardhaman (Bardhaman District)"),))
    for kind in ("district", "District"):
        weigher, matches = matches_of(f"Ann Lee High is in Bardhaman {kind}.", 0, (), table)
        assert not any(map(weigher.is_stray, matches))


def test_what_a_place_lies_in_is_astray():
    table = Table(("School", "City"), (("Ann Lee High", "Rome, Ohio"),))
    weigher, (match,) = matches_of("The coach is from Ohio.", 0, (), table)
    assert weigher.is_stray(match)
