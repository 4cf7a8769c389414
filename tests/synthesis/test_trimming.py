import pytest

from gentap.synthesis.trimming import trim


def cut(text, *cells, known=()):
    """Trim a sentence that names these cells."""
    spans = [(text.index(cell), text.index(cell) + len(cell)) for cell in cells]
    return trim(text, spans, {word.casefold() for word in known})


@pytest.mark.parametrize(
    ("kept", "gone"),
    [
        ("Ann Lee played Kate in Heat in 1995", ", which was her first film"),
        ("Ann Lee played Kate in Heat in 1995", ", becoming the first to do so"),
        ("Ann Lee played Kate in Heat in 1995", ", directed by somebody else"),
        ("Ann Lee played Kate in Heat in 1995", ", though many others had tried"),
        ("Ann Lee played Kate in Heat in 1995", ", located in the south of Rome"),
        ("Ann Lee played Kate in Heat in 1995", ", when she was six, as well as her brother"),
    ],
)
def test_a_last_clause_without_cells_goes(kept, gone):
    assert cut(f"{kept}{gone}.", "Ann Lee", "Heat", "1995") == f"{kept}."


def test_clauses_go_one_by_one_and_the_closing_mark_stays():
    text = '"Ann Lee played Kate in Heat, winning twice, which was rare."'
    assert cut(text, "Ann Lee", "Heat") == '"Ann Lee played Kate in Heat."'


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee played Kate, who was in Heat.",  # it names a cell
        "Ann Lee (Kate, who was poor, was in Heat, which is a film.",  # a bracket is left open
        "In Heat, which opened there, Ann Lee was Kate.",
        "Ann Lee and Heat, neither of whom had won there, started in Row 3.",
        "Ann Lee did Heat, including a song, a dance, and a duel.",  # members of a list
        "Ann Lee in Heat, which was so.",  # too little would be left
        "Ann Lee played Kate in the film Heat during spring, king of seasons",
    ],
)
def test_what_is_needed_stays(text):
    assert cut(text, "Ann Lee", "Heat") == text


def test_what_the_table_says_stays():
    text = "Ann Lee played Kate in Heat, which won the Golden Bear."
    assert cut(text, "Ann Lee", "Heat", known=("Golden", "Bear")) == text
    assert cut(text, "Ann Lee", "Heat", known=("Bear",)) != text
