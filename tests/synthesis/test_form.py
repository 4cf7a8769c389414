import pytest

from gentap.synthesis.form import fault, gist, pattern
from gentap.text import tokens


@pytest.mark.parametrize(
    "other",
    ["Ali was made in 2001!", "In 2001, Ali was made.", "Ali was made  in 2001.", "ALI made 2001"],
)
def test_near_duplicates_have_one_gist(other: str) -> None:
    assert gist("Ali was made in 2001.") == gist(other)


@pytest.mark.parametrize("other", ["Ali was made in 2002.", "Ali was not made in Rome.", ""])
def test_other_sentences_have_another(other: str) -> None:
    assert gist("Ali was made in 2001.") != gist(other)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The tower in Rome is the tallest one (since 1998).", None),
        ("The town of Rome (it has four parts: one, two.", "not-prose"),
        ("File:Tower in Rome.jpg|The tower in Rome is the tallest one.", "not-prose"),
        ("Duke of Rome, 1886, family of Lee, formerly Baron of Milan in Ireland.", "not-prose"),
        ("The Duke of Rome, of the family of Lee, fell in Ireland in 1886.", None),
        ("Die Stadt Rom hat seit langem einen hohen Turm.", None),
        ("He took the pole with a time of 30.4 and a speed of.", "not-prose"),
        ("By 1950 the population was in, compared to 4,000 before.", "not-prose"),
        ("NOTE: The tower in Rome is the tallest one since 1998.", "not-prose"),
        ("This is what the tower was made of, they say.", "not-prose"),
        ("200 – Fragment of a piece that Bach wrote in Rome.", "not-prose"),
        ("In Rome she was seen in the comedy Just Shoot Me!", "not-prose"),
        ("Lee of Rome, a player taken in the first round by Milan.", "not-prose"),
        ("Lee of Rome was taken in the first round by Milan.", None),
        ("Image: a tower that stands in the old town of Rome.", None),
    ],
)
def test_what_is_no_prose(text: str, wrong: str | None) -> None:
    assert fault(text, tokens(text)) == wrong


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Heat was made in 1995.", "_ was made in _"),
        ("The Ann Lee Barn was made in June 1904.", "the _ was made in _"),
        ("In 1995, 12 of them left.", "in _ of them left"),
    ],
)
def test_the_pattern_leaves_out_names_and_numbers(text, form):
    assert pattern(text) == form
