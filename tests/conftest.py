"""What every test finds: the same small WordNet, whatever the machine has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordnets import write_wordnet


@pytest.fixture(autouse=True, scope="session")
def _wordnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WNSEARCHDIR", str(write_wordnet(tmp_path_factory.mktemp("wordnet") / "dict")))
        yield
