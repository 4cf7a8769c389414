"""What the project says of itself agrees with what it is."""

import ast
import re
import shlex
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import gentap
from gentap import cli

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def distributions(requirements: list[str]) -> set[str]:
    names = (re.split(r"[^\w-]", requirement)[0] for requirement in requirements)
    return {name.lower().replace("_", "-") for name in names}


def marked(name: str) -> str:
    found = re.search(rf"^<!-- {name} -->\n```sh\n(.+?)\n```$", README, re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


def required() -> list[tuple[str, str]]:
    """Return the (module, extra) of every `gentap.errors.require` with literal arguments."""
    calls = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            match node:
                case ast.Call(
                    func=ast.Name(id="require"),
                    args=[ast.Constant(value=str(module))],
                    keywords=[ast.keyword(arg="extra", value=ast.Constant(value=str(extra)))],
                ):
                    calls.append((module, extra))
    return calls


def test_the_package_is_typed() -> None:
    assert resources.files("gentap").joinpath("py.typed").is_file()


def test_the_extras_are_those_promised() -> None:
    extras = PROJECT["optional-dependencies"]
    promised = {"data", "documents", "train", "metrics", "report", "serve", "ray", "storage", "dev"}
    assert set(extras) == promised
    assert not distributions(PROJECT["dependencies"]) & {"torch", "transformers", "pyarrow"}


def test_every_extra_that_an_error_names_installs_the_module() -> None:
    calls = required()
    assert calls
    for module, extra in calls:
        package = module.partition(".")[0].replace("_", "-")
        package = {"docx": "python-docx", "upath": "universal-pathlib"}.get(package, package)
        assert package in distributions(PROJECT["optional-dependencies"][extra]), (module, extra)


def test_the_version_is_the_same_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {gentap.__version__}\n" in citation
    assert PROJECT["dynamic"] == ["version"]


def test_the_marked_commands_are_there_and_use_files_that_exist() -> None:
    _, _, *ask = shlex.split(marked("ask").partition("&&")[2])
    assert (ROOT / ask[0]).is_file()
    assert marked("test").endswith("pytest -n auto")


@pytest.mark.parametrize("line", re.findall(r"^(?:.*&& )?gentap (.+)$", README, re.MULTILINE))
def test_every_command_of_the_readme_is_well_formed(line: str) -> None:
    assert callable(cli._parser().parse_args(shlex.split(line)).run)
