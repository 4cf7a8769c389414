from collections.abc import Mapping, Sequence
from typing import Any

from gentap.evaluation.bootstrap import Estimate
from gentap.evaluation.lineage import Training, ablations, curves, training_of
from gentap.evaluation.making import making


def stage(name: str, start: str, **more: Any) -> dict[str, Any]:
    return {
        "stage": name, "from": start, "steps": 10, "examples_seen": 320, "examples": 500,
        "minutes": 1.5, "settings": {"seed": 3, "device": "cpu"}, **more,
    }  # fmt: skip


BOTH = stage("pretrain", "stock", data={"kinds": {"sentence": 250, "cell": 250}})
ALONE = stage("pretrain", "stock", data={"kinds": {"sentence": 250}})


def tuned(given: int, start: str = "mine", dropped: int = 0) -> dict[str, Any]:
    rows = given - dropped
    return stage("finetune", start, examples=rows, data={"kinds": {"sentence": given}},
                 dropped={"answer-too-long": dropped})  # fmt: skip


LINEAGES = {
    "zero": [BOTH],
    "few": [BOTH, tuned(50)],
    "few again": [BOTH, tuned(50, dropped=1)],
    "more": [BOTH, tuned(200)],
    "sentences": [ALONE, tuned(200, "other")],
    "stock": [tuned(200, "stock")],
}
TRAININGS = {name: training_of(lineage) for name, lineage in LINEAGES.items()}


def page(
    trainings: Mapping[str, Training] = TRAININGS, metrics: Sequence[str] = ("bleu", "rougeL")
) -> str:
    estimates = {
        name: {metric: Estimate(10.0 * number, 0, 0, "") for metric in metrics}
        for number, name in enumerate(LINEAGES)
    }
    return making(trainings, estimates)


def test_a_lineage_is_summed_up() -> None:
    found = TRAININGS["more"]
    assert (found.start, found.pretraining, found.pretraining_seen) == (
        "mine", "sentences and cells", 320,
    )  # fmt: skip
    assert (found.rows, found.steps, found.minutes, found.seed) == (200, 20, 3.0, 3)
    assert TRAININGS["stock"].pretraining == "none"
    assert TRAININGS["zero"].rows == 0
    assert (TRAININGS["few again"].rows, TRAININGS["few again"].given) == (49, 50)


def test_a_curve_is_one_model_with_several_numbers_of_examples() -> None:
    (curve,) = curves(TRAININGS)
    assert curve.start == "mine"
    assert curve.points == {0: ["zero"], 50: ["few", "few again"], 200: ["more"]}
    assert curves({name: TRAININGS[name] for name in ("zero", "more", "stock")}) == []


def test_an_ablation_differs_in_pretraining_alone() -> None:
    (ablation,) = ablations(TRAININGS)
    assert ablation.given == 200
    assert list(ablation.systems.items()) == [
        ("sentences and cells", ["more"]),
        ("sentences", ["sentences"]),
        ("none", ["stock"]),
    ]


def test_the_page_shows_origins_curve_and_ablation() -> None:
    html = page()
    assert html.count("<svg") == 1
    assert "10.0 to 20.0" in html  # the two seeds with 50 examples
    assert "<b>30.0</b></td>" in html
    assert "<b>40.0</b><br><small>+10.0" in html
    assert "fine-tuned on 200 examples" in html


def test_models_of_one_name_are_two_lines() -> None:
    other = stage("pretrain", "stock", steps=99, data=BOTH["data"])
    more = {"a": training_of([other, tuned(50)]), "b": training_of([other, tuned(200)])}
    estimates = {
        name: {"bleu": Estimate(1.0, 0, 0, "")} for name in (*TRAININGS, *more)
    }  # fmt: skip
    html = making(TRAININGS | more, estimates)
    assert "mine (1)" in html
    assert "mine (2)" in html


def test_nothing_known_nothing_said() -> None:
    assert page({}) == ""
    assert "With few examples" not in page({"zero": TRAININGS["zero"]})
