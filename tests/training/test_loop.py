"""Training: deterministic, and after a SIGKILL it ends at the same losses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gentap.errors import InputError
from gentap.training.dev import Dev
from gentap.training.model import TwoDecoderModel
from gentap.training.packed import Arithmetic
from gentap.training.run import Run
from tests.tiny import tiny_t5
from tests.training.helpers import EXAMPLES, SETTINGS, losses, metrics, run

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from gentap.training.run import Run
from tests.training.helpers import run

advance, steps = Run.advance, int(sys.argv[3])
def killing(self):
    entry = advance(self)
    if self.step == steps:
        os.kill(os.getpid(), signal.SIGKILL)
    return entry
Run.advance = killing
run(Path(sys.argv[1]), Path(sys.argv[2]), optimizer=sys.argv[4], average=0.5)
"""
FULL = """
import resource, signal, sys
from pathlib import Path
from gentap.training import checkpoints
from tests.training.helpers import run

save = checkpoints.Checkpoints.save
def filling(self, step, tensors, position):
    if step == 4:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    save(self, step, tensors, position)
checkpoints.Checkpoints.save = filling
run(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def stock(tmp_path):
    return tiny_t5(tmp_path / "stock")


def script(text: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    path = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    command = [sys.executable, "-c", text, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, env=environment, capture_output=True, check=False, text=True)


def weights(model: TwoDecoderModel) -> torch.Tensor:
    return torch.cat([value.detach().flatten() for value in model.parameters()])


def test_it_learns_and_repeats_itself(stock, tmp_path):
    result, _ = run(stock, tmp_path / "a")
    run(stock, tmp_path / "b")
    first = losses(tmp_path / "a")
    assert [step for step, _ in first] == list(range(1, result["steps"] + 1))
    assert first[-1][1] < first[0][1] * 0.8
    assert first == losses(tmp_path / "b")
    run(stock, tmp_path / "c", seed=1)
    assert losses(tmp_path / "c") != first


@pytest.mark.parametrize("optimizer", ["adamw", "adafactor"])
def test_a_killed_run_ends_at_the_same_losses(stock, tmp_path, optimizer):
    _, whole = run(stock, tmp_path / "whole", optimizer=optimizer, average=0.5)
    for step in (3, 9):
        killed = script(KILLED, stock, tmp_path / "cut", step, optimizer)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    _, cut = run(stock, tmp_path / "cut", optimizer=optimizer, average=0.5)
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    torch.testing.assert_close(weights(cut), weights(whole), atol=1e-6, rtol=0)


def test_the_last_two_checkpoints_are_kept_and_another_run_is_refused(stock, tmp_path):
    run(stock, tmp_path / "run")
    kept = sorted(place.name for place in (tmp_path / "run").glob("checkpoint-*"))
    assert kept == ["checkpoint-00000011", "checkpoint-00000012"]
    with pytest.raises(InputError, match=r"learning_rate=0\.01, not 0\.5"):
        run(stock, tmp_path / "run", learning_rate=0.5)


def test_a_full_disk_leaves_the_last_checkpoint_whole(stock, tmp_path):
    failed = script(FULL, stock, tmp_path / "cut")
    assert "CheckpointError" in failed.stderr
    assert "could not be written" in failed.stderr
    kept = sorted(place.name for place in (tmp_path / "cut").glob("*checkpoint-*"))
    assert kept == ["checkpoint-00000002", "checkpoint-00000003"]
    run(stock, tmp_path / "cut")
    run(stock, tmp_path / "whole")
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")


def test_several_passes_make_the_same_step(stock, tmp_path):
    run(stock, tmp_path / "one", dropout=0.0)
    run(stock, tmp_path / "many", dropout=0.0, pass_tokens=16)
    for (_, one), (_, many) in zip(
        losses(tmp_path / "one"), losses(tmp_path / "many"), strict=True
    ):
        assert one == pytest.approx(many, abs=1e-5)


def test_a_step_too_large_for_memory_is_split_and_retried(stock, tmp_path, monkeypatch, caplog):
    forward = TwoDecoderModel.forward

    def small(self, batch, *arguments, **options):
        if len(batch.source) > 24:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return forward(self, batch, *arguments, **options)

    run(stock, tmp_path / "roomy", dropout=0.0)
    monkeypatch.setattr(TwoDecoderModel, "forward", small)
    run(stock, tmp_path / "tight", dropout=0.0)
    assert caplog.text.count("out of memory") == 1
    for (_, one), (_, other) in zip(
        losses(tmp_path / "roomy"), losses(tmp_path / "tight"), strict=True
    ):
        assert one == pytest.approx(other, abs=1e-5)


def test_memory_for_nothing_is_a_clear_error(stock, tmp_path, monkeypatch):
    def none(self, *arguments, **options):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(TwoDecoderModel, "forward", none)
    with pytest.raises(InputError, match="does not hold one example of each kind"):
        run(stock, tmp_path / "run")


def test_other_errors_are_not_taken_for_a_lack_of_memory(stock, tmp_path, monkeypatch):
    def broken(self, *arguments, **options):
        raise RuntimeError("shapes differ")

    monkeypatch.setattr(TwoDecoderModel, "forward", broken)
    with pytest.raises(RuntimeError, match="shapes differ"):
        run(stock, tmp_path / "run")


def test_minutes_end_in_time_with_the_rate_at_rest(stock, tmp_path, monkeypatch):
    clock = iter(range(10_000))
    monkeypatch.setattr("gentap.training.loop.time.monotonic", lambda: float(next(clock)))
    result, _ = run(stock, tmp_path / "run", minutes=0.5, save_seconds=1e9)
    entries = metrics(tmp_path / "run")
    assert result["minutes"] == 0.5
    assert len(entries) == result["steps"] > 4
    rates = [entry["rate"] for entry in entries]
    assert max(rates) > 0.8 * SETTINGS.learning_rate
    assert rates[-1] < 0.2 * SETTINGS.learning_rate


def test_nothing_to_learn_is_an_error(stock, tmp_path):
    with pytest.raises(InputError, match="no examples"):
        run(stock, tmp_path / "run", examples=[])


def test_what_is_frozen_stays(stock, tmp_path):
    before = TwoDecoderModel.start(stock, cell_layers=1, budget=64)
    _, after = run(stock, tmp_path / "run", freeze_embeddings=True)
    embedding, other = (m.seq2seq.get_input_embeddings().weight for m in (before, after))
    assert (embedding == other).all()
    only = [example for example in EXAMPLES if example.kind == "sentence"]
    _, after = run(stock, tmp_path / "sentences", examples=only)
    for (name, one), (_, two) in zip(
        before.cell_decoder.named_parameters(), after.cell_decoder.named_parameters(), strict=True
    ):
        assert "embed" in name or (one == two).all()


def test_averaging_gives_the_mean_of_the_last_weights(stock, tmp_path, monkeypatch):
    seen = []
    average = Run._average

    def watching(self):
        average(self)
        seen.append(weights(self.model).clone())

    monkeypatch.setattr(Run, "_average", watching)
    _, model = run(stock, tmp_path / "run", average=0.25)
    torch.testing.assert_close(weights(model), torch.stack(seen[-4:]).mean(0))


def test_dev_keeps_the_best_and_patience_stops(stock, tmp_path):
    held_out = Dev(EXAMPLES[:6], score=lambda model: {"answers": 7.0})
    result, model = run(stock, tmp_path / "run", learning_rate=0.3, epochs=20, dev=held_out,
                        dev_steps=1, patience=3)  # fmt: skip
    looks = [entry for entry in metrics(tmp_path / "run") if "dev_loss" in entry]
    best = min(looks, key=lambda entry: entry["dev_loss"])
    assert result["best"] == {"step": best["step"], "loss": best["dev_loss"], "since": 3}
    assert result["steps"] == best["step"] + 3 < 60
    assert looks[0]["dev_answers"] == 7.0
    again = held_out.evaluate(model, Arithmetic())
    assert again["dev_loss"] == pytest.approx(best["dev_loss"], abs=1e-5)


def test_smoothing_and_the_schedule(stock, tmp_path):
    run(stock, tmp_path / "plain", dropout=0.0)
    run(stock, tmp_path / "smooth", dropout=0.0, smoothing=0.1)
    assert losses(tmp_path / "plain")[0] != losses(tmp_path / "smooth")[0]
    assert [SETTINGS.rate(p) for p in (0.0, 0.025, 0.05, 0.525, 1.0)] == pytest.approx(
        [0.0, 0.005, 0.01, 0.005, 0.0]
    )


@pytest.mark.parametrize(
    ("name", "value"), [("epochs", 0), ("dropout", 1.0), ("minutes", -1), ("average", 2.0)]
)
def test_settings_that_cannot_be_meant(name, value):
    with pytest.raises(InputError, match=name):
        replace(SETTINGS, **{name: value})
