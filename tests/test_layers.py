"""Data flows down, imports point up: no cycles, no shortcuts, torch in one room."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

# From the bottom up; a module may import its own layer and those above it in this list.
LAYERS = (
    ("gentap", "gentap.errors"),
    ("gentap.table",),
    ("gentap.records",),
    ("gentap.text", "gentap.values"),
    ("gentap.tokenization",),
    ("gentap.linearize",),
    ("gentap.markup", "gentap.readers", "gentap.storage"),
    ("gentap.runtime",),
    ("gentap.synthesis", "gentap.training", "gentap.runtime.torch", "gentap.answering"),
    ("gentap.evaluation",),
    ("gentap.serving",),
    ("gentap.commands", "gentap.cli", "gentap.__main__"),
)
RANKS = {prefix: rank for rank, layer in enumerate(LAYERS) for prefix in layer}
TORCH_ROOM = ("gentap.training", "gentap.runtime.torch")


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): ast.parse(path.read_bytes()) for path in SOURCE.rglob("*.py")}


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def rank_of(module: str) -> int:
    if module == "gentap":
        return 0
    prefix = module
    while prefix not in RANKS or prefix == "gentap":
        prefix, _, last = prefix.rpartition(".")
        assert last, f"{module} has no place in LAYERS"
    return RANKS[prefix]


def statements(node: ast.AST, *, deferred: bool) -> Iterator[ast.stmt]:
    """Yield what runs at import, or (deferred) at any time; never what only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not deferred:
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.stmt):
            yield child
        yield from statements(child, deferred=deferred)


def imports(tree: ast.Module, *, deferred: bool) -> set[str]:
    """Return the modules imported: of ``from package import module``, the inner one."""
    found = set()
    for node in statements(tree, deferred=deferred):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in inner}
    return found


def test_the_walk_sees_what_runs_when() -> None:
    tree = ast.parse(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import hidden\n"
        "try:\n    import tried\nexcept ImportError:\n    import spare\n"
        "class Room:\n    import inside\n"
        "def later():\n    from gentap import errors\n"
    )
    at_import = {"typing", "tried", "spare", "inside"}
    assert imports(tree, deferred=False) == at_import
    assert imports(tree, deferred=True) == at_import | {"gentap.errors"}


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_up(module: str) -> None:
    rank = rank_of(module)
    own = [name for name in imports(MODULES[module], deferred=True) if within(name, "gentap")]
    assert [name for name in own if rank_of(name) > rank] == []


def test_there_are_no_cycles() -> None:
    graph = {
        module: {name for name in imports(tree, deferred=False) if name in MODULES} - {"gentap"}
        for module, tree in MODULES.items()
    }
    assert sum(map(len, graph.values())) > 50
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("module", MODULES)
def test_torch_stays_in_its_room(module: str) -> None:
    if any(within(module, room) for room in TORCH_ROOM):
        return
    top = {name.partition(".")[0] for name in imports(MODULES[module], deferred=False)}
    assert not top & {"torch", "transformers"}
    rooms = [
        name
        for name in imports(MODULES[module], deferred=False)
        if any(within(name, room) for room in TORCH_ROOM)
    ]
    assert rooms == []
