import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.evaluation.floors import FLOORS
from gentap.evaluation.run import evaluate
from gentap.records import Answer, Cell, Example
from gentap.table import Table

TABLE = Table(("Name", "Score"), (("Ann", "12"), ("Bob", "7")), "Game")
EXAMPLES = [
    Example(str(n), "sentence", f"Who scored {n}?", f"Ann scored 12, not {n}.", TABLE, ((0, 0),))
    for n in range(7)
]
FLOOR = FLOORS["floor:best-row"]


class Recorder:
    """A system that remembers what it was asked and breaks on one question."""

    def __init__(self, breaks_on: str = "") -> None:
        self.asked: list[str] = []
        self.breaks_on = breaks_on

    def __call__(self, examples: Sequence[Example]) -> list[Answer]:
        self.asked += [example.id for example in examples]
        if self.breaks_on in self.asked:
            raise KeyboardInterrupt
        return FLOOR.answer_batch(examples)


def lines(folder: Path) -> list[dict[str, object]]:
    text = (folder / "predictions.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_files_of_a_run(tmp_path: Path) -> None:
    scores = evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="floor", batch_size=3).record
    assert json.loads((tmp_path / "scores.json").read_text()) == scores
    assert scores["model"] == "floor"
    assert scores["examples"] == 7
    assert scores["seconds"] >= 0
    assert set(scores["truth"]) == {
        *("cell_precision", "row_precision", "cell_recall"),
        *("unsupported_numbers", "unsupported_names"),
    }
    first = lines(tmp_path)[0]
    assert first == {
        "id": "0",
        "reference": "Ann scored 12, not 0.",
        **FLOOR.answer_batch(EXAMPLES[:1])[0].to_record(),
    }
    assert [line["id"] for line in lines(tmp_path)] == [example.id for example in EXAMPLES]
    assert set(json.loads((tmp_path / "settings.json").read_text())) == {
        *("model", "data", "settings")
    }


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    expected = evaluate(FLOOR.answer_batch, EXAMPLES, whole, name="floor", batch_size=2).record
    with pytest.raises(KeyboardInterrupt):
        evaluate(Recorder("5"), EXAMPLES, killed, name="floor", batch_size=2)
    path = killed / "predictions.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    system = Recorder()
    found = evaluate(system, EXAMPLES, killed, name="floor", batch_size=2).record
    assert system.asked == ["3", "4", "5", "6"]
    assert path.read_bytes() == (whole / "predictions.jsonl").read_bytes()
    assert found["seconds"] is None
    assert found | {"seconds": 0} == expected | {"seconds": 0}


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    expected = evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="floor").record
    system = Recorder()
    assert evaluate(system, EXAMPLES, tmp_path, name="floor").record == expected
    assert system.asked == []
    (tmp_path / "scores.json").unlink()
    assert evaluate(system, EXAMPLES, tmp_path, name="floor").record["seconds"] is None


def test_limit(tmp_path: Path) -> None:
    found = evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="f", limit=3)
    assert found.record["examples"] == 3


def test_another_run_is_refused(tmp_path: Path) -> None:
    evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="one", settings={"beams": 1})
    changed = [replace(EXAMPLES[0], answer="Bob."), *EXAMPLES[1:]]
    for examples, name, settings, message in [
        (EXAMPLES, "two", {"beams": 1}, "another model .*'one', now 'two'"),
        (EXAMPLES, "one", {"beams": 4}, "another settings"),
        (EXAMPLES, "one", None, "another settings"),
        (changed, "one", {"beams": 1}, "another data"),
        (changed, "two", {"beams": 1}, "another model and data"),
    ]:
        with pytest.raises(InputError, match=message):
            evaluate(FLOOR.answer_batch, examples, tmp_path, name=name, settings=settings)


def test_damaged_folders_are_refused(tmp_path: Path) -> None:
    evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="floor")
    path = tmp_path / "predictions.jsonl"
    whole = path.read_bytes()
    for line, message in [(b"{broken\n", "jsonl:1: not JSON"), (b"{}\n", "jsonl:1: a prediction")]:
        path.write_bytes(line + whole)
        with pytest.raises(InputError, match=message):
            evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="floor")
    path.write_bytes(whole)
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(InputError, match=r"settings\.json: not JSON"):
        evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="floor")
    (tmp_path / "settings.json").unlink()
    with pytest.raises(InputError, match="unknown run"):
        evaluate(FLOOR.answer_batch, EXAMPLES, tmp_path, name="floor")


def test_examples_that_cannot_be_evaluated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no example"):
        evaluate(FLOOR.answer_batch, [], tmp_path, name="floor")
    with pytest.raises(InputError, match="two examples have the id '0'"):
        evaluate(FLOOR.answer_batch, [EXAMPLES[0], EXAMPLES[0]], tmp_path, name="floor")


def test_a_system_must_answer_every_example(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        evaluate(lambda batch: [], EXAMPLES, tmp_path, name="mute")
    assert not (tmp_path / "predictions.jsonl").exists()


def test_what_is_measured_depends_on_what_was_asked(tmp_path: Path) -> None:
    table = Table(("Name", "Score"), (("Ann", "12"), ("Bob", "7")))
    told = Example("1", "sentence", "", "Ann scored 12.", table)
    cell = Example("2", "cell", "Who scored 7?", "Bob", table, ((1, 0),))
    asked = replace(told, id="3", question="Who won?")

    def answer(examples: Sequence[Example]) -> list[Answer]:
        answers = FLOOR.answer_batch(examples)
        return [replace(one, cell=Cell("Bob", 1, 0)) for one in answers]

    found = {}
    for name, examples in {"told": [told], "cell": [cell], "all": [told, cell, asked]}.items():
        found[name] = evaluate(answer, examples, tmp_path / name, name=name).record
    assert {"bleu", "meteor", "parent", "length", "truth"} <= set(found["told"])
    assert set(found["cell"]) == {"model", "cells", "bootstrap", "examples", "seconds"}
    assert found["cell"]["cells"]["right_row"]["score"] == 100
    assert {"bleu", "truth", "cells"} <= set(found["all"])
    assert "parent" not in found["all"]
    assert found["all"]["examples"] == 3
