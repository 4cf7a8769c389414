"""Training: deterministic, and after a SIGKILL it ends at the same losses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.training.batch import Encoded
from gentap.training.data import Sampler
from gentap.training.loop import Settings, best_dtype, train
from gentap.training.model import TwoDecoderModel
from tests.tiny import tiny_t5

EXAMPLES = [
    Encoded([7 + i % 9, 8, 9 + i % 5, 1], [10 + i % 7, 11, 1], "sentence" if i % 2 else "cell")
    for i in range(24)
]
SETTINGS = Settings(epochs=4, batch_size=8, learning_rate=1e-2, dropout=0.1, save_seconds=0.0)

SCRIPT = """
import os, signal, sys
from pathlib import Path
from gentap.training import loop
from gentap.training.model import TwoDecoderModel
from tests.training.test_loop import EXAMPLES, SETTINGS

advance, steps = loop._Run.advance, int(sys.argv[3])
def killing(self, examples):
    entry = advance(self, examples)
    if self.step == steps:
        os.kill(os.getpid(), signal.SIGKILL)
    return entry
loop._Run.advance = killing
model = TwoDecoderModel.start(sys.argv[1], cell_layers=1, budget=64)
loop.train(model, EXAMPLES, Path(sys.argv[2]), SETTINGS)
"""


def losses(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def run(stock, folder, settings=SETTINGS, examples=EXAMPLES):
    model = TwoDecoderModel.start(stock, cell_layers=1, budget=64)
    return train(model, examples, folder, settings)


def test_it_learns_and_repeats_itself(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    result = run(stock, tmp_path / "a")
    run(stock, tmp_path / "b")
    first = losses(tmp_path / "a")
    assert [entry["step"] for entry in first] == list(range(1, result["steps"] + 1))
    assert first[-1]["loss"] < first[0]["loss"] * 0.8
    assert first == losses(tmp_path / "b")


def test_a_killed_run_ends_at_the_same_losses(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    run(stock, tmp_path / "whole")
    root = Path(__file__).parents[2]
    for step in (3, 7):
        command = [sys.executable, "-c", SCRIPT, str(stock), str(tmp_path / "cut"), str(step)]
        environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
        killed = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    run(stock, tmp_path / "cut")
    whole, cut = losses(tmp_path / "whole"), losses(tmp_path / "cut")
    assert [entry["step"] for entry in cut] == [entry["step"] for entry in whole]
    for one, other in zip(whole, cut, strict=True):
        assert one["loss"] == pytest.approx(other["loss"], abs=1e-6)


def test_a_kill_between_the_renames_loses_nothing(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    run(stock, tmp_path / "run")
    place = tmp_path / "run" / "checkpoint"
    place.rename(place.with_suffix(".old"))
    before = losses(tmp_path / "run")
    run(stock, tmp_path / "run")
    assert losses(tmp_path / "run") == before


def test_another_runs_checkpoint_is_refused(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    run(stock, tmp_path / "run")
    with pytest.raises(InputError, match=r"learning_rate=0\.01, not 0\.5"):
        run(stock, tmp_path / "run", Settings(**(_values(SETTINGS) | {"learning_rate": 0.5})))


@pytest.mark.parametrize(
    ("flags", "dtype"),
    [("fma avx512_bf16", "bfloat16"), ("amx_bf16", "bfloat16"), ("fma avx512f", "float32")],
)
def test_bfloat16_only_where_the_processor_has_it(monkeypatch, flags, dtype):
    monkeypatch.setattr(Path, "is_file", lambda path: True)
    monkeypatch.setattr(Path, "read_text", lambda path: f"flags : {flags}\n")
    assert best_dtype("cpu") == dtype


def test_nothing_to_learn_is_an_error(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    with pytest.raises(InputError, match="no examples"):
        run(stock, tmp_path / "run", examples=[])


def test_frozen_embeddings_stay(tmp_path):
    model = TwoDecoderModel.start(tiny_t5(tmp_path / "stock"), cell_layers=1, budget=64)
    before = model.seq2seq.get_input_embeddings().weight.clone()
    settings = Settings(**(_values(SETTINGS) | {"freeze_embeddings": True}))
    train(model, EXAMPLES, tmp_path / "run", settings)
    assert (model.seq2seq.get_input_embeddings().weight == before).all()


def test_batches_are_half_of_each_kind_and_start_anywhere():
    sampler = Sampler(EXAMPLES, batch_size=8, seed=3)
    batches = sampler.batches(0)
    first = [next(batches) for _ in range(7)]
    later = sampler.batches(4)
    assert [next(later) for _ in range(3)] == first[4:]
    for batch in first:
        assert sum(example.kind == "cell" for example in batch) == 4
    seen = [id(example) for batch in first[:3] for example in batch]
    assert len(set(seen)) == 24


def test_one_kind_alone_fills_the_batch():
    only = [example for example in EXAMPLES if example.kind == "cell"]
    sampler = Sampler(only, batch_size=6, seed=0)
    assert len(next(sampler.batches(0))) == 6
    assert sampler.steps_per_epoch() == 2


def _values(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in Settings.__slots__}
