"""The question generator that ships: small, beside the model, and able to ask."""

import pytest

from gentap.answering.models import find_model, open_engine
from gentap.records import Alignment, Source
from gentap.synthesis.filters import fault
from gentap.synthesis.questions import EngineWriter, Request
from gentap.table import Table

MOST_BYTES = 25 * 2**20
TABLE = Table(
    ("Film", "Year", "Director"),
    (("Heat", "1995", "Michael Mann"), ("Andes", "1953", "Ann Lee")),
    "List of films",
)


@pytest.fixture(autouse=True)
def no_other(monkeypatch):
    monkeypatch.delenv("GENTAP_QUESTION_MODEL", raising=False)


def test_it_takes_little_beside_the_model():
    folder = find_model("default", "questions")
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_BYTES
    assert not (folder / "encoder.onnx").exists()


def test_it_asks_for_what_it_is_told_to():
    sentence = "Heat was directed by Michael Mann in 1995."
    alignment = Alignment(
        sentence, TABLE, ((0, 0), (0, 1), (0, 2)), ((0, 4), (37, 41), (21, 33)), 1.0, 3.0, (),
        Source(),
    )  # fmt: skip
    requests = [Request(alignment, asked) for asked in ("Michael Mann", "1995")]
    who, when = EngineWriter(open_engine(find_model("default", "questions"))).write(requests)
    assert who.text.startswith("Who ")
    assert when.text.startswith(("When ", "What year ", "In what year "))
    assert min(who.confidence, when.confidence) > 0.7
    assert [
        fault(one.text, request) for one, request in zip((who, when), requests, strict=True)
    ] == [None, None]
