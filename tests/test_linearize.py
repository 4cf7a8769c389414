"""Question and table to model input."""

import pytest

from gentap.linearize import Linearizer, Separators, rank_rows
from gentap.table import Table
from gentap.tokenization import Tokenizer
from tests.tiny import tiny_tokenizer

TABLE = Table(
    ("film", "year"),
    (("Andes", "1953"), ("Everest", "1954"), ("nepal", "1953")),
    "red river",
    "first",
)


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer(tiny_tokenizer())


def words(linearizer, ids):
    return linearizer.tokenizer.backend.decode(ids, skip_special_tokens=False)


def test_the_layout(tokenizer):
    linearizer = Linearizer(tokenizer)
    read = linearizer.encode("who won ?", TABLE)
    assert words(linearizer, read.ids) == (
        "who won ?<extra_id_0> red river<extra_id_0> first<extra_id_0> film| year"
        "<extra_id_1> Andes| 1953<extra_id_1> Everest| 1954<extra_id_1> nepal| 1953</s>"
    )
    assert (read.rows, read.complete) == ((0, 1, 2), True)


def test_without_sentinels_plain_signs_separate():
    plain = Tokenizer(tiny_tokenizer(sentinels=False))
    assert Separators.for_tokenizer(plain) == Separators(part=";;", row=";", cell="|")
    assert "film| year" in words(Linearizer(plain), Linearizer(plain).encode("", TABLE).ids)


@pytest.mark.parametrize("budget", [24, 28, 32, 40, 64])
def test_a_budget_is_kept_and_what_is_left_out_is_told(tokenizer, budget):
    large = Table(("film", "year"), tuple((f"film {n}", str(n)) for n in range(200)))
    read = Linearizer(tokenizer, budget=budget).encode("what film was 150 ?", large)
    assert len(read.ids) <= budget
    assert not read.complete
    assert 150 in read.rows
    assert list(read.rows) == sorted(read.rows)


def test_pinned_rows_come_first(tokenizer):
    large = Table(("film",), tuple((f"film {n}",) for n in range(200)))
    linearizer = Linearizer(tokenizer, budget=32)
    assert 77 not in linearizer.encode("what film ?", large).rows
    assert 77 in linearizer.encode("what film ?", large, pinned=[77]).rows


def test_one_budget_can_differ(tokenizer):
    linearizer = Linearizer(tokenizer, budget=512)
    assert linearizer.encode("who ?", TABLE, budget=20).rows != (0, 1, 2)


def test_a_long_question_leaves_room_for_rows(tokenizer):
    read = Linearizer(tokenizer, budget=64).encode("long " * 300, TABLE)
    assert len(read.ids) <= 64
    assert read.rows


def test_rows_with_rare_words_rank_first():
    assert rank_rows("film of 1953 with nepal ?", TABLE) == [2, 0, 1]
    assert rank_rows("", TABLE) == [0, 1, 2]
    assert rank_rows("everest", TABLE, pinned=[2]) == [2, 1, 0]


def test_a_plain_text_with_cells_behind_it(tokenizer):
    linearizer = Linearizer(tokenizer)
    assert words(linearizer, linearizer.text("Andes won", ["1953", "red"])) == (
        "Andes won<extra_id_0> 1953| red</s>"
    )
    assert words(linearizer, linearizer.target("who won ?")) == "who won ?</s>"
