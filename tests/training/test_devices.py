"""Two processes take the steps that one takes; a single one checks its device."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gentap.errors import InputError
from gentap.training.devices import accelerator_for
from tests.tiny import tiny_t5
from tests.training.helpers import SETTINGS, losses, run

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from tests.training.helpers import run

run(Path(sys.argv[1]), Path(sys.argv[2]), dropout=0.0, pass_tokens=24, batch_size=int(sys.argv[3]))
"""


def launch(tmp_path, stock, batch_size):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"]
    launcher += ["--rdzv-backend=c10d", "--rdzv-endpoint=localhost:0"]
    arguments = [str(script), str(stock), str(tmp_path / "two"), str(batch_size)]
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "ACCELERATE_USE_CPU": "true",
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.run(
        [*launcher, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_two_processes_equal_one_with_the_same_global_batch(tmp_path):
    stock = tiny_t5(tmp_path / "stock")
    launched = launch(tmp_path, stock, SETTINGS.batch_size)
    assert launched.returncode == 0, launched.stderr[-3000:]
    run(stock, tmp_path / "one", dropout=0.0, pass_tokens=24)
    one, two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert [step for step, _ in one] == [step for step, _ in two]
    for (_, first), (_, second) in zip(one, two, strict=True):
        assert first == pytest.approx(second, abs=1e-5)


def test_a_step_that_cannot_be_shared_evenly_is_a_clear_error(tmp_path):
    launched = launch(tmp_path, tiny_t5(tmp_path / "stock"), 6)
    assert launched.returncode != 0
    assert "cannot be shared evenly by 2 processes" in launched.stderr


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_no_gpu_is_a_clear_error():
    with pytest.raises(InputError, match="torch finds no GPU here"):
        accelerator_for("cuda")
