import sys

import pytest
import sacrebleu
from rouge_score import rouge_scorer

from gentap.errors import InputError, MissingExtraError
from gentap.evaluation.metrics import Variant, score

PREDICTIONS = [
    "Andy Karl was nominated for a Tony Award in 2014.",
    "The film grossed 1,234 dollars.",
    "",
    "He played for the Chicago Bulls, then retired in 1998 as a champion.",
]
REFERENCES = [
    "In 2014, Andy Karl was nominated for the Tony Award for Rocky.",
    "The film grossed $1,234 in its first week.",
    "She won the title twice.",
    "He played for the Bulls and retired as a champion in 1998.",
]


def test_bleu_and_chrf_are_sacrebleus() -> None:
    found = score(PREDICTIONS, REFERENCES, samples=50).estimates
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    assert found["bleu"].score == pytest.approx(bleu.corpus_score(PREDICTIONS, [REFERENCES]).score)
    assert found["chrf"].score == pytest.approx(chrf.corpus_score(PREDICTIONS, [REFERENCES]).score)
    assert found["bleu"].signature == f"bleu|{bleu.get_signature()}"
    assert "tok:13a" in found["bleu"].signature
    assert found["chrf"].signature == f"chrf|{chrf.get_signature()}"


def test_rouge_is_rouge_scores_mean_f1() -> None:
    found = score(PREDICTIONS, REFERENCES, samples=50).estimates
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    rows = [scorer.score(r, p) for p, r in zip(PREDICTIONS, REFERENCES, strict=True)]
    for name in ("rouge1", "rouge2", "rougeL"):
        mean = 100 * sum(row[name].fmeasure for row in rows) / len(rows)
        assert found[name].score == pytest.approx(mean)
        assert found[name].signature.startswith(f"{name}|stem:yes|v:")


def test_intervals_bracket_the_score_and_repeat() -> None:
    predictions, references = PREDICTIONS * 10, REFERENCES * 10
    first = score(predictions, references, samples=200, seed=1).estimates
    assert first == score(predictions, references, samples=200, seed=1).estimates
    assert first != score(predictions, references, samples=200, seed=2).estimates
    for estimate in first.values():
        assert 0 <= estimate.low < estimate.score < estimate.high <= 100


def test_bleu_interval_agrees_with_sacrebleus_own() -> None:
    predictions, references = PREDICTIONS * 25, REFERENCES * 25
    ours = score(predictions, references).estimates["bleu"]
    theirs = sacrebleu.BLEU().corpus_score(predictions, [references], n_bootstrap=1000)
    assert (ours.high - ours.low) / 2 == pytest.approx(theirs._ci, rel=0.15)


def test_identical_texts_score_100() -> None:
    for name, estimate in score(REFERENCES, REFERENCES, samples=20).estimates.items():
        # METEOR takes something off for the one chunk that all matches form.
        tolerance = 2 if name.startswith("meteor") else 1e-4
        assert (estimate.score, estimate.low) == pytest.approx((100, 100), abs=tolerance), name


def test_variants_that_papers_used_are_signed() -> None:
    pair = ["He WAS winning the Cups"], ["he was winning the cup"]
    usual = score(*pair).estimates
    lowered, words = score(*pair, Variant(lowercase=True)), score(*pair, Variant(stem=False))
    expected = sacrebleu.BLEU(lowercase=True).corpus_score(pair[0], [pair[1]]).score
    assert lowered.estimates["bleu"].score == pytest.approx(expected)
    assert expected > usual["bleu"].score
    assert "case:lc" in lowered.estimates["bleu"].signature
    assert "case:lc" in lowered.estimates["chrf"].signature
    assert words.estimates["rouge1"].score == pytest.approx(80)
    assert usual["rouge1"].score == pytest.approx(100)
    assert "stem:no" in words.estimates["rouge1"].signature


def test_record_has_the_shape_of_scores_json() -> None:
    record = score(["a b c d", "e"], ["a b c d", "f g"], samples=10).to_record()
    assert list(record) == [
        *("bleu", "chrf", "rouge1", "rouge2", "rougeL", "meteor", "meteor_surface"),
        *("length", "examples", "bootstrap"),
    ]
    assert set(record["bleu"]) == {"score", "low", "high", "signature"}
    assert record["rouge1"]["score"] == 50
    assert record["length"] == {"predictions": 2.5, "references": 3.0}
    assert record["examples"] == 2
    assert record["bootstrap"] == {"samples": 10, "seed": 12345}


@pytest.mark.parametrize(("predictions", "references"), [([], []), (["a"], ["a", "b"])])
def test_counts_that_cannot_be_scored(predictions: list[str], references: list[str]) -> None:
    expected = f"{len(predictions)} predictions and {len(references)} references"
    with pytest.raises(InputError, match=expected):
        score(predictions, references)


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rouge_score.rouge_scorer", None)
    with pytest.raises(MissingExtraError, match=r"gentap\[metrics\]"):
        score(["a"], ["a"])
