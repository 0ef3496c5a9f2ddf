"""The floor plan of docs: who may import whom, in Python and in the student's runtime."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "scorm"
RUNTIME = PACKAGE / "runtime"

#: For each room the rooms that it may import; ``errors`` and ``layout`` may be read by all.
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "system": set(),
    "layout": set(),
    "course": set(),
    "standards": set(),
    "validate": {"standards"},
    "packages": {"course", "standards", "system", "validate"},
    "notebooks": {"system"},
    "player": {"standards"},
    "report": {"course"},
    "grading": {"notebooks", "system"},
    "sphinxext": {"course", "standards", "notebooks"},
    "build": {
        "course",
        "grading",
        "notebooks",
        "packages",
        "player",
        "report",
        "standards",
        "system",
        "validate",
    },
}
FOR_ALL = {"errors", "layout"}

#: In the runtime: entries (the files at its top) use every room, and each room only these.
RUNTIME_ROOMS: dict[str, set[str]] = {
    "view": {"state", "lib"},
    "lms": {"state", "lib"},
    "work": {"state", "lib"},
    "state": {"lib"},
    "lib": set(),
}


def room_of(path: Path, top: Path) -> str:
    """The first folder below ``top``, or the file's own name where it lies there."""
    return path.relative_to(top).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules that a Python file imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_python(room: str) -> None:
    """Does each part of the package import only what lies below it?"""
    allowed = ROOMS[room] | FOR_ALL | {room, "__version__"}
    for path in sorted(PACKAGE.rglob("*.py")):
        if room_of(path, PACKAGE) != room:
            continue
        rooms = {name.split(".")[1] for name in imported(path) if name.startswith("scorm.")}
        assert rooms <= allowed, f"{path.relative_to(ROOT)} imports {sorted(rooms - allowed)}"


def test_every_room_is_known() -> None:
    """Is there no file of the package beside the floor plan?"""
    found = {room_of(path, PACKAGE) for path in PACKAGE.rglob("*.py")}
    assert found <= {*ROOMS, "__init__"}
    assert {room_of(path, RUNTIME) for path in RUNTIME.glob("*/*.js")} == set(RUNTIME_ROOMS)


def test_sphinx_in_one_place() -> None:
    """Is Sphinx imported in the extension alone, so that all else runs without it?"""
    for path in PACKAGE.rglob("*.py"):
        names = {name.split(".")[0] for name in imported(path)}
        strange = names & {"sphinx", "docutils", "myst_parser", "nbsphinx", "sphinx_revealjs"}
        assert not strange or room_of(path, PACKAGE) == "sphinxext", path


def scripts(path: Path) -> Iterator[Path]:
    """The files that a script imports; types in comments do not count."""
    code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for name in re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""", code):
        yield (path.parent / name).resolve()


@pytest.mark.parametrize("room", RUNTIME_ROOMS)
def test_rooms_of_the_runtime(room: str) -> None:
    """Does the runtime's code go one way: entries, then view, lms and work, then state, lib?"""
    for path in sorted((RUNTIME / room).rglob("*.js")):
        rooms = {room_of(script, RUNTIME) for script in scripts(path)}
        strange = rooms - RUNTIME_ROOMS[room] - {room}
        assert not strange, f"{path.relative_to(ROOT)} imports {sorted(strange)}"
