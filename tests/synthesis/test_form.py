import pytest

from gentap.synthesis.form import gist


@pytest.mark.parametrize(
    "other",
    ["Ali was made in 2001!", "In 2001, Ali was made.", "Ali was made  in 2001.", "ALI made 2001"],
)
def test_near_duplicates_have_one_gist(other: str) -> None:
    assert gist("Ali was made in 2001.") == gist(other)


@pytest.mark.parametrize("other", ["Ali was made in 2002.", "Ali was not made in Rome.", ""])
def test_other_sentences_have_another(other: str) -> None:
    assert gist("Ali was made in 2001.") != gist(other)
