import io
import json
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.evaluation.files import score_files


def text(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def jsonl(path: Path, *records: dict[str, object]) -> Path:
    return text(path, *(json.dumps(record) for record in records))


def test_one_text_per_line(tmp_path: Path) -> None:
    references = text(tmp_path / "r", "Rome won.", "{odd", "a\u2028b")
    scores = score_files(text(tmp_path / "p", "Rome won.", "", "a\u2028b"), references)
    assert scores.examples == 3
    assert scores.estimates["rouge1"].score == pytest.approx(200 / 3)


def test_jsonl_is_matched_by_id(tmp_path: Path) -> None:
    predictions = jsonl(
        tmp_path / "p", {"id": "2", "answer": "two cats"}, {"id": "1", "answer": "one dog"}
    )
    references = jsonl(
        tmp_path / "r", {"feta_id": 1, "answer": "one dog"}, {"feta_id": 2, "answer": "two cats"}
    )
    assert score_files(predictions, references).estimates["rouge1"].score == 100


def test_jsonl_without_ids_is_matched_by_order(tmp_path: Path) -> None:
    predictions = jsonl(tmp_path / "p", {"id": "x", "prediction": "one"}, {"prediction": "two"})
    references = text(tmp_path / "r", "one", "two")
    assert score_files(predictions, references).estimates["rouge1"].score == 100


def test_a_predictions_file_is_its_own_reference(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "p", {"id": "1", "answer": "one dog", "reference": "one cat"})
    assert score_files(path, path).estimates["rouge1"].score == 50


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    references = text(tmp_path / "r", "one", "two")
    monkeypatch.setattr("sys.stdin", io.StringIO("one\ntwo"))
    assert score_files("-", references).estimates["rouge1"].score == 100
    with pytest.raises(InputError, match="both be standard input"):
        score_files("-", "-")


def test_what_does_not_match(tmp_path: Path) -> None:
    one = jsonl(tmp_path / "1", {"id": "1", "answer": "a"})
    both = jsonl(tmp_path / "12", {"id": "1", "answer": "a"}, {"id": "2", "answer": "b"})
    twice = jsonl(tmp_path / "11", {"id": "1", "answer": "a"}, {"id": "1", "answer": "b"})
    wrong = jsonl(tmp_path / "w", {"id": "1", "answer": "a"}, {"id": "2", "text": "b"})
    broken = text(tmp_path / "b", '{"answer": "a"}', "", "plain")
    for predictions, references, message in [
        (one, both, r"1 predictions and 2 references: 1 are without a prediction \(2\)"),
        (both, one, r"2 predictions and 1 references: 1 are without a reference \(2\)"),
        (twice, both, "the id 1 stands there twice"),
        (wrong, both, r'w:2: no text in "answer" or "prediction"'),
        (both, wrong, r'w:2: no text in "reference" or "answer"'),
        (broken, both, "b:3: not JSON"),
        (text(tmp_path / "e"), text(tmp_path / "t", "a"), "0 predictions and 1 references"),
    ]:
        with pytest.raises(InputError, match=message):
            score_files(predictions, references)
