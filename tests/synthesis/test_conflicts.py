import pytest

from gentap.records import Alignment, Document, Sentence, Source
from gentap.synthesis.alignment import align
from gentap.table import Table

RACES = Table(
    ("Race", "Venue", "Date"),
    (
        ("Memphis 250", "Motorsports Park", "10/27/2007"),
        ("Summer Cup", "Elm Oval", "4 July 2007"),
        ("Long Week", "Oak Ring", "Jul 26 – Aug 7, 2007"),
    ),
    title="2007 season",
)
FILMS = Table(
    ("Title", "Role", "Year"),
    (("Red River", "Tom Dunson", "1948"), ("Rio Bravo", "John Chance", "1959")),
    title="John Wayne",
)


def outcome(sentence, table=RACES):
    (found,) = align(Document(Source(), table.title, (table,), (Sentence(sentence),)))
    return {row for row, _ in found.evidence} if isinstance(found, Alignment) else found.reason


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The Memphis 250 was held September 27 at Motorsports Park.", "other-date"),
        ("The Memphis 250 was held October 27 at Motorsports Park.", {0}),
        ("The Memphis 250 was held on 27 October 2007 at Motorsports Park.", {0}),
        ("The Summer Cup was held on 5 July 2007 at Elm Oval.", "other-date"),
        # Another day may be that of something else.
        ("The Summer Cup at Elm Oval was planned on 5 July and held on 4 July.", {1}),
        ("Built on 5 May 1950, Elm Oval was where the Summer Cup was held.", {1}),
        ("Tickets for the Summer Cup at Elm Oval of 2007 were sold from 5 May.", {1}),
        ("The Long Week began July 27 at the Oak Ring.", {2}),
    ],
)
def test_a_row_of_another_date_is_not_meant(sentence, found):
    assert outcome(sentence) == found


def test_the_year_behind_a_title_is_that_of_its_row():
    said = "Wayne was Tom Dunson in Red River (1948) and John Chance in Rio Bravo ({})."
    assert outcome(said.format(1959), FILMS) == {0, 1}
    assert outcome(said.format(1960), FILMS) == {0}
    assert outcome("Wayne played John Chance in Rio Bravo (1960).", FILMS) == "other-date"
