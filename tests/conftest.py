"""What every test finds: the same small WordNet, and no model hub, whatever the machine has."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.wordnets import write_wordnet

# Both are read when the libraries they are for are imported. Tests run side by side, and threads
# that wait for each other on the same cores take three times as long.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True, scope="session")
def _wordnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WNSEARCHDIR", str(write_wordnet(tmp_path_factory.mktemp("wordnet") / "dict")))
        yield
