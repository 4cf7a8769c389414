import pytest

from gentap.records import Sentence
from gentap.synthesis.referents import head_noun, may_be
from gentap.synthesis.standalone import stand_alone

PLAYER = "Larry Robinson (born 1968) is an American former basketball player."
FILM = "Heat is a 1995 American film written and directed by Michael Mann."
BAND = "Oasis were an English rock band formed in Manchester."


def alone(text, subject="Larry Robinson", definition=""):
    return stand_alone(Sentence(text, subject), definition)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was drafted in 1990.", "Larry Robinson was drafted in 1990."),
        ("She later moved to Rome.", "Larry Robinson later moved to Rome."),
        ("His father was a coach.", "Larry Robinson's father was a coach."),
        ("In 1998, he won a medal.", "In 1998, Larry Robinson won a medal."),
        ("In his last season, he won.", "In his last season, Larry Robinson won."),
        ("On 3 May 2001, his team lost.", "On 3 May 2001, Larry Robinson's team lost."),
        ("However, he lost the final.", "Larry Robinson lost the final."),
        ("Two years later, he returned.", "Larry Robinson returned."),
        ("The following year he joined Rome.", "Larry Robinson joined Rome."),
        ("However, Rome won the cup.", "Rome won the cup."),
        ("Rome won the cup.", "Rome won the cup."),
        (
            "Rome beat Milan two years later, but he left.",
            "Rome beat Milan two years later, but he left.",
        ),
    ],
)
def test_the_subject_takes_the_pronouns_place(text, expected):
    assert alone(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was written by Ann Lee.",
        "It won the cup in 1990.",
        "It is one of the largest ships.",
        "It was the first ship to reach Rome.",
        "It has a length of 20 km.",
    ],
)
def test_it_gives_way_where_it_means_the_subject(text):
    assert alone(text, "Heat", FILM) == text.replace("It", "Heat", 1)


@pytest.mark.parametrize(
    "text",
    [
        "It is known that Rome won.",
        "It was announced in May that Rome won.",
        "It was in 1998 that Rome won.",
        "It was not until 1998 that Rome won.",
        "It was Ann Lee who won.",
        "It rained in Rome.",
        "It seems that Rome won.",
        "It took three years to build Rome.",
        "It is possible to see Rome.",
        "It was clear that Rome won.",
        "It would be ten years before Rome won.",
    ],
)
def test_an_empty_it_is_left_alone(text):
    assert alone(text, "Heat", FILM) is None


@pytest.mark.parametrize(
    "text",
    [
        "They moved to Rome.",
        "This was his last film.",
        "These games were lost.",
        "Such films were rare.",
        "Another was made in Rome.",
        "The same year saw Rome win.",
        "In that year, he won.",
        "After Rossi left Rome, he won.",
        "He, Rossi and Conte won.",
        "The critics praised her work.",
        "The club was sold.",
        "The artwork, created in 2005, is in Rome.",
        "But Rome won.",
    ],
)
def test_what_points_elsewhere_is_dropped(text):
    assert alone(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "His best film that year was Heat.",
        "Founded with little money, it made Heat in Rome.",
        "Rome lost twice during those years.",
        "His career has since taken off.",
        "His follow-up album was Heat.",
        "She acted in a few more films till 1956.",
        "He followed it with Heat in 1995.",
        "He produced two films with Robinson in 1995.",  # so it is somebody else
    ],
)
def test_what_hangs_on_an_earlier_sentence_is_dropped(text):
    assert alone(text) is None


def test_what_the_sentence_itself_explains_stays():
    text = "In 1995 Heat was his best film, and that year Ann Lee won."
    assert alone(text) == text
    assert alone("He then scored in 1995.") == "Larry Robinson scored in 1995."


def test_a_subject_keeps_the_article_of_its_definition():
    lahn = "The Lahn is a river in Germany."
    assert alone("It rises near Rome.", "Lahn", lahn) == "The Lahn rises near Rome."
    assert alone("In 1995, it rose.", "Lahn", lahn) == "In 1995, the Lahn rose."
    assert alone("The river rose in 1995.", "Lahn", lahn) == "The Lahn rose in 1995."
    assert alone("It rises near Rome.", "Rhine", lahn) == "Rhine rises near Rome."


@pytest.mark.parametrize(
    "subject",
    ["", "never", "List of films", "1994", "one two three four five six seven eight nine"],
)
def test_without_a_usable_subject_a_pronoun_is_dropped(subject):
    assert alone("It was sold in 1990.", subject) is None


def test_only_a_name_may_be_he():
    assert alone("He scored twice.", "2003 season") is None
    assert alone("He scored twice.", "The Cure") is None
    assert alone("He scored twice.", "Pelé (footballer)") == "Pelé scored twice."
    assert alone("Its budget was small.", "Heat") == "Heat's budget was small."
    assert alone("His wife was Ann.", "Tim Robbins") == "Tim Robbins' wife was Ann."


def test_a_list_of_works_speaks_of_its_maker():
    assert alone("He starred in Heat.", "Al Pacino filmography") == "Al Pacino starred in Heat."
    assert alone("It lists films.", "Al Pacino filmography") is None


def test_the_definition_tells_who_is_meant():
    assert alone("He was nominated twice.", "Heat", FILM) is None
    assert alone("It was nominated twice.", definition=PLAYER) is None
    assert alone("He was nominated twice.", definition=PLAYER).startswith("Larry Robinson was")
    assert alone("They split up in 2009.", "Oasis", BAND) == "Oasis split up in 2009."
    assert alone("Their last album sold well.", "Oasis", BAND) == "Oasis' last album sold well."
    assert alone("They split up in 2009.", "Heat", FILM) is None


def test_the_film_gives_way_to_its_title():
    assert alone("The film was shot in Rome.", "Heat", FILM) == "Heat was shot in Rome."
    assert alone("The film also stars Ann Lee.", "Heat", FILM) == "Heat also stars Ann Lee."
    assert alone("The song was recorded in Rome.", "Heat", FILM) is None
    assert alone("The film was shot in Rome.", "", FILM) is None
    assert alone("The seat of Rome is old.", "Heat", FILM) == "The seat of Rome is old."


@pytest.mark.parametrize(
    ("definition", "noun"),
    [
        (PLAYER, "player"),
        (FILM, "film"),
        (BAND, "band"),
        ("Lee was an American film and television director known for Heat.", "director"),
        ("Lee is a retired golfer.", "golfer"),
        ("The ship sank.", ""),
        ("It is a .", ""),
    ],
)
def test_head_noun(definition, noun):
    assert head_noun(definition) == noun


@pytest.mark.parametrize(
    ("definition", "pronouns"),
    [
        ("", {"he", "it"}),
        ("The Foo is a river in Peru.", {"it"}),
        ("Foo is a submarine.", {"he", "it"}),
        ("Foo (1 May 1900 – 3 June 1970) is an odd case.", {"he"}),
        ("Foo is a football club.", {"it", "they"}),
        ("Foo is an Italian sculptor.", {"he"}),
    ],
)
def test_may_be(definition, pronouns):
    assert {word for word in ("he", "it", "they") if may_be(word, definition)} == pronouns
