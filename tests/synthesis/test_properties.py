"""What holds for any text: sentences lose nothing, mentions stand where they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gentap.synthesis.matching import CellIndex
from gentap.synthesis.sentences import _clean, split
from gentap.synthesis.spellings import COUNTS, spellings
from gentap.table import Table
from gentap.text import MONTHS, tokens

WORDS = ("It", "is", "so", "Mr.", "U.S.", "J.", "No.", "5", "4,500", "500", "1998", "May", "3rd",
         "e.g.", "Ann", "Ann's", "won", "Dr.", "etc.", "St.", "1,234.50", "-5", "−5", "$7", "1990s",
         "1998-05-03", "彼は勝った。", "été", "don't", "a", "U.S.A.")  # fmt: skip
MARKS = (" ", " ", " ", "  ", "\n", "\xa0", ". ", "! ", "? ", ".", ",", "... ", "…", " (", ") ",
         '"', " “", "” ", "[1]", "[citation needed]", "; ", "-", "–", "/", "'", "’", "(;", "()",
         "%")  # fmt: skip
TEXT = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS), st.text(max_size=4)), max_size=40
).map("".join)
FEW = settings(max_examples=300, deadline=None, derandomize=True)


@FEW
@given(TEXT)
def test_sentences_are_the_text_in_pieces(text: str) -> None:
    whole, pieces = _clean(text), split(text)
    end = 0
    for piece in pieces:
        start = whole.index(piece, end)
        assert not whole[end:start].strip()
        end = start + len(piece)
    assert not whole[end:].strip()


@FEW
@given(TEXT)
def test_tokens_stand_in_order_where_they_say(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        part = text[token.start : token.end]
        is_month = part.isdigit() and token.value in MONTHS  # of a date such as 1998-05-03
        assert is_month or token.value in {found.value for found in tokens(part)}
        end = token.end


@FEW
@given(st.lists(st.sampled_from(WORDS) | TEXT, min_size=2, max_size=12), TEXT)
def test_mentions_say_the_cells_that_they_point_at(cells: list[str], text: str) -> None:
    if len(cells) % 2:
        cells.pop()
    rows = tuple(zip(cells[::2], cells[1::2], strict=True))
    table = Table(("a", "b"), rows)
    found = tokens(text)
    end = 0
    for mention in CellIndex([table]).mentions(text, found):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        inside = [token for token in found if mention.start <= token.start < mention.end]
        said = tuple(COUNTS.get(token.value, token.value) for token in inside)
        assert said == mention.key
        assert (inside[0].start, inside[-1].end) == (mention.start, mention.end)
        for place in mention.places:
            cell = table.rows[place.row][place.column]
            assert mention.key in {spelling.key for spelling in spellings(cell)}


CELLS = st.lists(
    st.sampled_from((*WORDS, "NHL", "Goals", "boxers", "3", "03", "Mar 1998", "Sept", "O'Hara",
                     "Two", "Ann-Lee Won", "The U.S.", "4,500 (500)", "National League")) | TEXT,
    min_size=1, max_size=8,
)  # fmt: skip
SAID = st.lists(
    st.sampled_from((*WORDS, "three", "goal", "boxer", "National Hockey League", "March", "won",
                     "September", "O’Hara", "third", "ANN", "league")),
    max_size=8,
).map(" ".join)  # fmt: skip


@FEW
@given(CELLS, SAID | TEXT, SAID)
def test_leaving_out_what_nobody_says_changes_nothing(
    cells: list[str], text: str, other: str
) -> None:
    table = Table(("a",), tuple((cell,) for cell in cells))
    said = {token.value for sentence in (text, other) for token in tokens(sentence)}
    every = CellIndex([table], "Ann").mentions(text, tokens(text))
    assert CellIndex([table], "Ann", said).mentions(text, tokens(text)) == every


LONGER = st.sampled_from(
    ("1{}", "{}1", "{}.51", "1.{}", "0{}.7", "1,{},000", "{},000", "A{}", "-1{}", "{}1st")
)


@FEW
@given(st.integers(10, 999).map(str), LONGER, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_number_is_never_found_inside_a_longer_number_or_name(
    number: str, longer: str, before: str, after: str
) -> None:
    text = f"{before} {longer.replace('{}', number)} ({after})"
    index = CellIndex([Table(("a", "b"), ((number, "x"),))])
    start, end = len(before), len(text) - len(after) - 2
    inside = [
        mention for mention in index.mentions(text, tokens(text)) if start < mention.start < end
    ]
    assert inside == []
