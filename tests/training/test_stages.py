"""The three trainings, end to end on a tiny model."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from gentap.errors import CheckpointError, InputError
from gentap.records import Example
from gentap.synthesis.inversion import Inverted
from gentap.table import Table
from gentap.training.export import export
from gentap.training.model import TwoDecoderModel
from gentap.training.settings import Settings
from gentap.training.stages import finetuning, pretraining, questions
from tests.tiny import tiny_t5

TABLE = Table(("film", "year"), (("Andes", "1953"), ("Everest", "1954")), "red river")
SETTINGS = Settings(epochs=1, batch_size=4, dtype="float32")


def example(number: int, kind: str, **changes: object) -> Example:
    values = {
        "id": str(number),
        "kind": kind,
        "question": "what was the year ?",
        "answer": "1953",
        "table": TABLE,
        "evidence": ((0, 1),),
    }
    return Example(**(values | changes))


BOTH = [example(i, "sentence" if i % 2 else "cell") for i in range(8)]


def pretrain(examples, folder, settings, **options):
    return pretraining(examples, **options).train(folder, settings)


def finetune(examples, folder, settings, **options):
    return finetuning(examples, **options).train(folder, settings)


def card(folder):
    return json.loads((folder / "gentap.json").read_text())


def test_pretrain_then_finetune_keeps_the_lineage(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    base = pretrain(
        BOTH, tmp_path / "base", SETTINGS, backbone=stock, cell_layers=1, budgets=(32, 64)
    )
    tuned = finetune(BOTH, tmp_path / "tuned", SETTINGS, model=base, budgets=(64, 80))
    assert [entry["stage"] for entry in card(tuned)["lineage"]] == ["pretrain", "finetune"]
    assert card(tuned)["budget"] == 512
    assert card(tuned)["cell_layers"] == 1
    leftovers = {"tokens.arrow", "tokens.json", *(p.name for p in tuned.glob("checkpoint*"))}
    assert not leftovers.intersection(path.name for path in tuned.iterdir())


def test_pretraining_goes_on_from_a_pretrained_model(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    first = pretrain(BOTH, tmp_path / "1", SETTINGS, backbone=stock, cell_layers=1)
    resting = replace(SETTINGS, learning_rate=1e-12)
    second = pretrain(BOTH, tmp_path / "2", resting, backbone=first, cell_layers=2)
    assert [entry["from"] for entry in card(second)["lineage"]] == ["stock", "1"]
    assert card(second)["cell_layers"] == 1
    before, after = (load_file(m / "cell_decoder.safetensors") for m in (first, second))
    for name, value in before.items():
        torch.testing.assert_close(value, after[name])


@pytest.fixture
def light(tmp_path):
    base = pretraining(BOTH, backbone=tiny_t5(tmp_path / "stock"), cell_layers=1)
    export(base.train(tmp_path / "base", SETTINGS), tmp_path / "light")
    return tmp_path / "light"


def test_training_goes_on_from_an_exported_model(tmp_path, light, monkeypatch):
    monkeypatch.setenv("GENTAP_MODEL", str(light))
    resting = replace(SETTINGS, learning_rate=1e-12)
    again = pretrain(BOTH, tmp_path / "2", resting, backbone="default", cell_layers=2)
    tuned = finetune(BOTH, tmp_path / "3", resting, model=light)
    exported = dict(TwoDecoderModel.load(light).named_parameters())
    for made, stage in ((again, "pretrain"), (tuned, "finetune")):
        lineage = [(entry["stage"], entry["from"]) for entry in card(made)["lineage"]]
        assert lineage == [("pretrain", "stock"), (stage, "light")]
        assert card(made).keys() == card(tmp_path / "base").keys()
        assert card(made)["cell_layers"] == 1
        for name, value in TwoDecoderModel.load(made).named_parameters():
            torch.testing.assert_close(value, exported[name], msg=name)


def test_a_generator_is_stored_beside_the_exported_model_it_came_from(tmp_path, light):
    pairs = [Inverted("the peak is in nepal .", "nepal", "what country is the peak in ?")] * 4
    stage = questions(pairs, backbone=light, layers=1)
    made = stage.train(tmp_path / "q", replace(SETTINGS, freeze_encoder=True))
    (entry,) = card(made)["lineage"]
    assert (entry["stage"], entry["from"]) == ("questions", "light")
    export(made, tmp_path / "q-light", beside=light)
    assert not (tmp_path / "q-light" / "encoder.onnx").exists()


def test_the_model_that_ships_is_called_default(monkeypatch):
    monkeypatch.delenv("GENTAP_MODEL", raising=False)
    stages = (
        finetuning([], model="default"),
        pretraining([], backbone="default"),
        questions([], backbone="default"),
    )
    assert [stage.origin for stage in stages] == ["default"] * 3


def test_a_finished_model_is_left_alone(tmp_path, caplog):
    stock = tiny_t5(tmp_path / "stock")
    tuned = finetune(BOTH[1::2], tmp_path / "m", SETTINGS, model=stock)
    before = (tuned / "model.safetensors").stat().st_mtime_ns
    finetune(BOTH[1::2], tmp_path / "m", SETTINGS, model=stock)
    assert (tuned / "model.safetensors").stat().st_mtime_ns == before
    assert "finished model" in caplog.text


@pytest.mark.parametrize(("objective", "layers"), [("sentence", 0), ("cell", 1)])
def test_the_ablation_learns_one_kind(tmp_path, objective, layers):
    stock = tiny_t5(tmp_path / "stock")
    made = pretrain(
        BOTH, tmp_path / "m", SETTINGS, backbone=stock, objective=objective, cell_layers=1
    )
    assert card(made)["cell_layers"] == layers
    assert card(made)["lineage"][0]["examples"] == 4


def test_both_objectives_need_both_kinds(tmp_path):
    with pytest.raises(InputError, match="both kinds; here: \\['cell'\\]"):
        pretrain(
            BOTH[::2],
            tmp_path / "m",
            SETTINGS,
            backbone=tiny_t5(tmp_path / "stock"),
            cell_layers=1,
        )


def test_evidence_that_does_not_fit_is_dropped_and_counted(tmp_path):
    wide = Table(("film",), tuple(("peak " * 20,) for _ in range(9)))
    large = example(9, "sentence", table=wide, evidence=tuple((row, 0) for row in range(9)))
    wordy = example(10, "sentence", answer="won " * 120)
    stock = tiny_t5(tmp_path / "stock")
    made = finetune(
        [*BOTH[1::2], large, wordy], tmp_path / "m", SETTINGS, model=stock, budgets=(64, 64)
    )
    dropped = card(made)["lineage"][0]["dropped"]
    assert dropped == {"evidence-does-not-fit": 1, "answer-too-long": 1}


def test_question_generators_have_one_decoder(tmp_path):
    pairs = [Inverted("the peak is in nepal .", "nepal", "what country is the peak in ?")] * 4
    stage = questions(pairs, backbone=tiny_t5(tmp_path / "stock"))
    made = stage.train(tmp_path / "q", SETTINGS)
    assert card(made)["cell_layers"] == 0
    assert not (made / "cell_decoder.safetensors").exists()


def test_a_generator_of_few_layers_leaves_the_rest_of_its_backbone_alone(tmp_path):
    pairs = [Inverted("the peak is in nepal .", "nepal", "what country is the peak in ?")] * 4
    stock = tiny_t5(tmp_path / "stock")
    stage = questions(pairs, backbone=stock, layers=1)
    made = stage.train(tmp_path / "q", replace(SETTINGS, freeze_encoder=True))
    before, after = (
        dict(TwoDecoderModel.start(name, cell_layers=0, budget=64, layers=1).named_parameters())
        for name in (stock, made)
    )
    assert before.keys() == after.keys()
    changed = {name.split(".")[1] for name in before if not (before[name] == after[name]).all()}
    assert changed == {"decoder"}
    with pytest.raises(CheckpointError, match="9 layers asked for; the decoder has 2"):
        questions(pairs, backbone=stock, layers=9).train(tmp_path / "r", SETTINGS)


def test_examples_of_the_same_key_are_read_once(tmp_path, monkeypatch):
    stock = tiny_t5(tmp_path / "stock")

    def stop(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("gentap.training.stages.train", stop)
        with pytest.raises(KeyboardInterrupt):
            pretrain(BOTH, tmp_path / "m", SETTINGS, backbone=stock, cell_layers=1, key="a")
    made = pretrain([], tmp_path / "m", SETTINGS, backbone=stock, cell_layers=1, key="a")
    entry = card(made)["lineage"][0]
    assert entry["examples"] == 8
    assert entry["data"]["kinds"] == {"cell": 4, "sentence": 4}


def test_a_measurement_keeps_nothing(tmp_path):
    stage = pretraining(BOTH, backbone=tiny_t5(tmp_path / "stock"), cell_layers=2)
    measured = stage.measure(SETTINGS, seconds=0.0)
    assert measured.examples_per_second > 0
    assert measured.steps == 2
    assert measured.minutes == pytest.approx(2 * measured.seconds_per_step / 60)
    assert 0.05 < measured.memory_gib < 64
    assert [path.name for path in tmp_path.iterdir()] == ["stock"]


def test_dev_examples_are_looked_at(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    stage = finetuning(BOTH[1::2], model=stock)
    made = stage.train(tmp_path / "m", SETTINGS, dev=BOTH[1:2], score=lambda model: {"bleu": 1.0})
    lines = (made / "metrics.jsonl").read_text().splitlines()
    assert "dev_bleu" in lines[-1]
    assert "best" in card(made)["lineage"][0]
    with pytest.raises(InputError, match="none of the 1 dev examples fits"):
        stage.train(tmp_path / "n", SETTINGS, dev=[example(1, "sentence", answer="won " * 120)])
