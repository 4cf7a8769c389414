"""Text to ids and back."""

import pytest

from gentap.errors import CheckpointError
from gentap.tokenization import Tokenizer
from tests.tiny import tiny_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer(tiny_tokenizer())


def test_ids_of_parts_can_be_joined(tokenizer):
    film, city, empty = tokenizer.encode(["film", "city", ""])
    assert tokenizer.encode(["film city"]) == [film + city]
    assert empty == []
    assert tokenizer.decode([*film, *city, *tokenizer.suffix]) == "film city"


def test_special_tokens_around_a_sequence_are_found(tokenizer):
    assert (tokenizer.prefix, tokenizer.suffix) == ([], [tokenizer.id("</s>")])


def test_its_own_truncation_is_switched_off():
    backend = tiny_tokenizer()
    backend.enable_truncation(3)
    assert len(Tokenizer(backend).encode(["film city river long year"])[0]) == 5


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  two \n spaces ", "two spaces"),
        ("Łódź", "Lodz"),
        ("1998–99", "1998-99"),
        ("−5 × 3", "-5 x 3"),
        ("{a} <b> ~c", "(a) (b) -c"),
        ("Ærø", "AEro"),
        ("日", "日"),
    ],
)
def test_unknown_characters_become_their_nearest(tokenizer, text, folded):
    assert tokenizer.fold(text) == folded


def test_a_folder_without_a_tokenizer(tmp_path):
    with pytest.raises(CheckpointError, match=r"no tokenizer\.json"):
        Tokenizer.from_folder(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(CheckpointError, match="not a readable tokenizer"):
        Tokenizer.from_folder(tmp_path)
