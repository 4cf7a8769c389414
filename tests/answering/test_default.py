"""The model that ships: small, offline, and true to the table."""

import socket
from importlib import resources
from pathlib import Path

import pytest

from gentap import TableQA, read_table

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def default(monkeypatch):
    def refuse(*_):
        raise AssertionError("answering opened a connection")

    monkeypatch.delenv("GENTAP_MODEL", raising=False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return TableQA.load("default")


def test_it_states_cells_of_the_row_that_is_asked_about(default):
    table = read_table(EXAMPLES / "mountains.csv")
    answer = default.ask(table, "When was Annapurna first climbed?")
    assert "1950" in answer.answer
    assert (9, 4) in answer.evidence
    assert answer.cell is not None
    assert answer.cell.value in table.rows[answer.cell.row]
    assert answer.rows_read == "all"


def test_it_keeps_to_its_size():
    sizes = [path.stat().st_size for path in Path(str(resources.files("gentap"))).glob("model/*")]
    assert sum(sizes) <= 100_000_000
    assert max(sizes) < 50_000_000
