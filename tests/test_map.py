"""The module map in generator/__init__.py is the architecture: these tests keep it true."""

import ast
import re
from pathlib import Path

import pytest

import generator

PACKAGE = Path(generator.__file__).parent
ROW = re.compile(r"(\d)  (\w+)  +(\S.*)")


def rows() -> dict[str, tuple[int, str]]:
    """Module (or folder of modules): its floor and its line."""
    found = (ROW.fullmatch(line) for line in (generator.__doc__ or "").split("\n"))
    return {row[2]: (int(row[1]), row[3]) for row in found if row}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def name_of(path: Path) -> str:
    """The row of the map that a file belongs to: its own, or its folder's."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_by(path: Path) -> set[str]:
    """The rows of the map that a file imports from, at its top or inside a function."""
    package = ["generator", *path.relative_to(PACKAGE).parts[:-1]]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base += node.module.split(".") if node.module else []
            targets = [[*base, alias.name] for alias in node.names]
        else:
            continue
        found |= {target[1] for target in targets if target[0] == "generator" and len(target) > 1}
    return found & rows().keys()


def test_the_map_lists_exactly_the_modules_that_exist() -> None:
    assert rows().keys() == {name_of(path) for path in modules()}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_module_opens_with_its_line_of_the_map(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    if path.parent == PACKAGE or path.name == "__init__.py":
        assert docstring.split("\n")[0] == f"{name_of(path)}: {rows()[name_of(path)][1]}"
    else:  # a member of a registry: the map names its folder only
        assert docstring.startswith(f"{path.stem}: ")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    floors = {name: floor for name, (floor, _) in rows().items()}
    own = name_of(path)
    upwards = {name for name in imported_by(path) - {own} if floors[name] >= floors[own]}
    assert not upwards, f"{own} (floor {floors[own]}) may not import {sorted(upwards)}"


def test_the_import_test_sees_an_import() -> None:
    assert {"build", "write"} <= imported_by(PACKAGE / "cli.py")
