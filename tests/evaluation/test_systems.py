import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.evaluation.floors import FLOORS, Floor
from gentap.evaluation.systems import benchmark
from gentap.records import Example
from gentap.table import Table

EXAMPLES = [
    Example(str(n), "sentence", "Who?", "Ann did.", Table(("Name",), (("Ann",),))) for n in range(3)
]
QUESTION, ROW = FLOORS["floor:copy-question"], FLOORS["floor:best-row"]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_one_system_fills_the_folder(tmp_path: Path) -> None:
    record = benchmark([ROW], EXAMPLES, tmp_path, limit=2)
    assert names(tmp_path) == {"predictions.jsonl", "scores.json", "settings.json", "report.html"}
    assert json.loads((tmp_path / "scores.json").read_text()) == record
    assert record["examples"] == 2


def test_several_systems_have_folders_of_their_own(tmp_path: Path) -> None:
    settings = {"floor:best-row": {"beams": 4}}
    record = benchmark([QUESTION, ROW], EXAMPLES, tmp_path, settings=settings)
    assert names(tmp_path) == {
        *("floor-copy-question", "floor-best-row", "scores.json", "report.html")
    }
    assert list(record["systems"]) == ["floor:copy-question", "floor:best-row"]
    assert json.loads((tmp_path / "scores.json").read_text()) == record
    made = json.loads((tmp_path / "floor-best-row" / "settings.json").read_text())
    assert made["settings"] == {"beams": 4}


def test_the_others_are_compared_with_the_first(tmp_path: Path) -> None:
    record = benchmark([QUESTION, ROW], EXAMPLES, tmp_path)
    differences = record["differences"]
    assert differences["baseline"] == "floor:copy-question"
    found = differences["systems"]["floor:best-row"]["rouge1"]
    scores = [system["rouge1"]["score"] for system in record["systems"].values()]
    assert found["score"] == pytest.approx(scores[1] - scores[0], abs=1e-3)
    assert found["low"] <= found["score"] <= found["high"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Difference from floor:copy-question" in page
    assert f"{found['score']:+.1f}" in page


def silent(floor: Floor) -> Floor:
    """Return a system of the same name that must not be asked."""

    def fail(example: Example) -> str:
        raise AssertionError(example)

    return replace(floor, baseline=fail)


def test_a_system_that_was_alone_is_not_asked_again(tmp_path: Path) -> None:
    alone = benchmark([ROW], EXAMPLES, tmp_path)
    both = benchmark([QUESTION, silent(ROW)], EXAMPLES, tmp_path)
    assert both["systems"]["floor:best-row"]["bleu"] == alone["bleu"]
    assert names(tmp_path) == {
        *("floor-copy-question", "floor-best-row", "scores.json", "report.html")
    }
    again = benchmark([silent(ROW)], EXAMPLES, tmp_path)
    assert again["bleu"] == alone["bleu"]
    assert json.loads((tmp_path / "scores.json").read_text()) == again


def test_a_kill_while_a_system_moves_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    benchmark([ROW], EXAMPLES, tmp_path)

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    for method in ("replace", "unlink"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, lambda path, *target: killed(path))
            with pytest.raises(KeyboardInterrupt):
                benchmark([QUESTION, silent(ROW)], EXAMPLES, tmp_path)
    assert benchmark([QUESTION, silent(ROW)], EXAMPLES, tmp_path)["systems"]


def test_lineages_reach_scores_and_report(tmp_path: Path) -> None:
    stage = {"stage": "finetune", "from": "stock", "steps": 3, "examples_seen": 6, "examples": 2,
             "minutes": 0.5, "settings": {"seed": 7, "device": "cpu"}}  # fmt: skip
    record = benchmark([QUESTION], EXAMPLES, tmp_path, lineages={QUESTION.name: [stage]})
    assert record["lineage"] == [stage]
    assert "How they were made" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("others", [["a:b", "a/b"], ["M", "m"], ["..", "m"]])
def test_names_must_differ_as_folders(tmp_path: Path, others: Sequence[str]) -> None:
    with pytest.raises(InputError, match="names of their own"):
        benchmark([replace(ROW, name=name) for name in others], EXAMPLES, tmp_path)


def test_no_system(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no system"):
        benchmark([], EXAMPLES, tmp_path)


def test_a_report_of_cells_needs_no_sentence(tmp_path: Path) -> None:
    cells = [replace(one, kind="cell", answer="Ann", evidence=((0, 0),)) for one in EXAMPLES]
    record = benchmark([QUESTION, ROW], cells, tmp_path)
    assert record["systems"]["floor:best-row"]["cells"]["right_row"]["score"] == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Denotation accuracy" in page
    assert "words on average" not in page
