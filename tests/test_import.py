import subprocess
import sys

import pytest

import gentap

EXTRAS = (
    "torch transformers accelerate safetensors onnx onnx_ir pyarrow sacrebleu rouge_score nltk "
    "matplotlib starlette uvicorn ray pandas polars"
).split()

# Modules that are of no use without their extra.
ROOMS = ("gentap.training.", "gentap.runtime.torch", "gentap.serving", "gentap.__main__")


def python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = set(python("import sys, gentap; print(*sys.modules)").split())
    assert "gentap" in loaded
    assert not loaded & {"numpy", "onnxruntime", "tokenizers", "argparse", *EXTRAS}


def test_every_module_outside_the_rooms_imports_with_the_base_installation() -> None:
    code = """
import sys
from importlib import import_module
from pkgutil import walk_packages
extras, rooms = (argument.split() for argument in sys.argv[1:])
sys.modules.update(dict.fromkeys(extras))  # None: importing it raises ImportError
import gentap
for module in walk_packages(gentap.__path__, "gentap."):
    if not module.name.startswith(tuple(rooms)):
        print(import_module(module.name).__name__)
"""
    imported = python(code, " ".join(EXTRAS), " ".join(ROOMS)).split()
    assert "gentap.cli" in imported
    assert "gentap.runtime.engine" in imported


def test_every_public_name_resolves() -> None:
    for name in gentap.__all__:
        assert getattr(gentap, name) is not None
        assert name in dir(gentap)


def test_a_public_name_is_the_one_its_module_defines() -> None:
    from gentap.table import Table

    assert gentap.Table is Table


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'gentap' has no attribute 'Tabel'"):
        _ = gentap.Tabel


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gentap", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"gentap {gentap.__version__}\n")
