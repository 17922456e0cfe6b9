"""Who may import whom: data flow in one direction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tocsin

ROOT = Path(tocsin.__file__).parent
SHARED = ("model", "errors", "config", "countries", "fold", "toml")
# The folders in the order in which data flow. `locate` stands before `code`, which asks it for the place of an event.
STAGES = ("codebook", "registry", "acquire", "read", "locate", "finder", "code", "llm", "link", "store", "exchange",
          "analyse", "check", "forecast")  # fmt: skip
SERVED = ("access", "events", "explore", "analyse", "desk", "paste", "check", "registry", "sources", "admin", "api",
          "acled", "ogc")  # fmt: skip
USERS = (
    "pool",
    "progress",
    "output",
    "run",
    "project",
    "dossier",
    "follow",
    "sources",
    "lines",
    "located",
    "serve",
    "cli_shared",
    "cli_filter",
    "cli_format",
    "cli_llm",
    "cli_finder",
    "cli_events",
    "cli_project",
    "cli_review",
    "cli_locate",
    "cli_places",
    "cli_check",
    "cli_analyse",
    "cli_brief",
    "cli_statements",
    "cli_export",
    "cli_watch",
    "cli_sources",
    "cli_serve",
    "scale",
    "cli",
    "__main__",
)  # these put the stages together, in this order


def imported(path: Path) -> Iterator[str]:
    """First part below `tocsin` of everything that the file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "tocsin":
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tocsin."):
            yield str(node.module).split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[1] for name in node.names if name.name.startswith("tocsin."))


def files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def allowed(name: str) -> set[str]:
    if name in SHARED:
        return {*SHARED, "__version__"}
    order = (*STAGES, *USERS)
    return {*SHARED, "__version__", *order[: order.index(name) + 1]}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_imports_only_what_comes_before(path: Path) -> None:
    """A stage imports the shared files and the stages before it, never one after it."""
    assert part(path) in (*SHARED, *STAGES, *USERS), f"{path}: say in tests/test_layers.py where it stands"
    assert set(imported(path)) <= allowed(part(path))


@pytest.mark.parametrize("folder", SERVED)
def test_folder_of_the_server_imports_only_what_comes_before(folder: str) -> None:
    """As the docstring of tocsin.serve has them."""
    found = {
        (node.module or "").split(".")[2]
        for path in (ROOT / "serve" / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tocsin.serve.")
    }
    assert found & set(SERVED) <= set(SERVED[: SERVED.index(folder) + 1])


def test_every_folder_of_the_server_is_in_the_order() -> None:
    assert {path.parent.name for path in (ROOT / "serve").glob("*/__init__.py")} == set(SERVED)


def test_the_check_sees_imports_inside_functions(tmp_path: Path) -> None:
    """Hiding an import in a function does not help."""
    path = tmp_path / "a.py"
    path.write_text(
        "def f():\n    from tocsin.serve.api import x\n    import tocsin.store\n    from tocsin import link\n"
    )
    assert set(imported(path)) == {"serve", "store", "link"}
