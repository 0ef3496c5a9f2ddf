"""The page on the architecture: does it name every file of the package, and the true directions?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_architecture import FOR_ALL, PACKAGE, ROOMS, RUNTIME_ROOMS

PAGE = "ARCHITECTURE.md"
SUFFIXES = {".py", ".js", ".css", ".html", ".typed"}


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / PAGE).read_text("utf-8")


def rooms_of(page: str) -> dict[str, list[tuple[str, str]]]:
    """Under each heading that is a folder, the names of its list with what is said of them."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for part in re.split(r"^#{2,3} ", page, flags=re.MULTILINE):
        if heading := re.match(r"`(scorm/[a-z0-9/]*)`\n", part):
            rooms[heading[1]] = re.findall(r"^- `([^`]+)`: (.+)$", part, flags=re.MULTILINE)
    return rooms


def named(page: str) -> list[str]:
    """Every file and folder that the lists name, as a path."""
    return [room + name for room, lines in rooms_of(page).items() for name, _ in lines]


def files() -> Iterator[str]:
    """The files of the package, and each folder of templates as a whole."""
    for path in PACKAGE.rglob("*"):
        inside = path.relative_to(ROOT)
        if path.name == "templates" and path.is_dir():
            yield f"{inside.as_posix()}/"
        elif path.suffix in SUFFIXES and "templates" not in inside.parts and has_code(path):
            yield inside.as_posix()


def has_code(path: Path) -> bool:
    """Is there more in the file than the words on what its folder is for?"""
    return path.name != "__init__.py" or len(ast.parse(path.read_text("utf-8")).body) > 1


def table(page: str, title: str) -> dict[str, tuple[set[str], set[str]]]:
    """For each room of the table what it may import, and who may import it."""
    lines = page.partition(f"| {title} |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {room.strip("`"): (words(below), words(above)) for room, below, above in rows}


def words(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell)) or ({cell} if cell else set())


def test_every_file_is_named(page: str) -> None:
    """Can a stranger look up what any file of the package is for?"""
    missing = sorted({*files()} - {*named(page)})
    assert not missing, (
        f"{PAGE} does not say what these files are for; add a line '- `name`: purpose' under the "
        f"heading of their room: {', '.join(missing)}"
    )


def test_every_name_is_a_file(page: str) -> None:
    """Does the page name nothing that is gone, and nothing twice?"""
    names = named(page)
    gone = sorted(name for name in names if not (ROOT / name).exists())
    assert not gone, f"{PAGE} names what does not exist; correct or remove: {', '.join(gone)}"
    twice = sorted({name for name in names if names.count(name) > 1})
    assert not twice, f"{PAGE} names these twice; leave one line: {', '.join(twice)}"


def test_every_line_says_something(page: str) -> None:
    """Is each file told from the others by its line?"""
    lines = [said for lines in rooms_of(page).values() for _, said in lines]
    alike = sorted({said for said in lines if lines.count(said) > 1})
    assert not alike, f"{PAGE} says the same of several files: {alike}"


def test_rooms_have_headings(page: str) -> None:
    """Is there a heading for each room, and for no other?"""
    folders = {f"scorm/{room}/" for room in ROOMS if (PACKAGE / room).is_dir()}
    assert set(rooms_of(page)) == {*folders, "scorm/", "scorm/runtime/"}


def test_directions(page: str) -> None:
    """Does the page say of each room what the test of the directions says?"""
    told = table(page, "Room")
    assert {room: below for room, (below, _) in told.items()} == ROOMS
    for room, (_, above) in told.items():
        importers = {other for other, below in ROOMS.items() if room in below}
        assert above == ({"all"} if room in FOR_ALL else importers), room


def test_directions_of_the_runtime(page: str) -> None:
    """Does the page say of each room of the runtime what the test of the directions says?"""
    told = table(page, "Room of the runtime")
    assert {room: below for room, (below, _) in told.items()} == RUNTIME_ROOMS
    for room, (_, above) in told.items():
        importers = {other for other, below in RUNTIME_ROOMS.items() if room in below}
        assert above == importers, room


def test_what_stands_around_is_named(page: str) -> None:
    """Can a stranger look up each folder of the tests, and each measurement?"""
    folders = {f"tests/{path.name}/" for path in (ROOT / "tests").iterdir() if path.is_dir()}
    scripts = {path.name for path in (ROOT / "benchmarks").iterdir() if path.suffix in SUFFIXES}
    wanted = (folders - {"tests/__pycache__/"}) | scripts
    missing = sorted(name for name in wanted if f"`{name}`" not in page)
    assert not missing, f"{PAGE} does not name these; add them: {', '.join(missing)}"


@pytest.mark.parametrize(
    "line",
    [
        "- `seal.py`: keeps answers out of sight of whoever reads the files.\n",
        "- `lib/hash.js`: the hash behind those keys.\n",
        "- `static/deck.css`: the theme of the decks.\n",
    ],
)
def test_a_missing_line_is_told(page: str, line: str) -> None:
    """Does the page fail with the file's name when its line is taken away?"""
    assert line in page
    name = line.partition("`")[2].partition("`")[0]
    with pytest.raises(AssertionError, match=rf"add a line .*{re.escape(name)}"):
        test_every_file_is_named(page.replace(line, ""))


def test_a_file_that_is_gone_is_told(page: str) -> None:
    """Does the page fail with the name of a file that does not exist?"""
    with pytest.raises(AssertionError, match=r"does not exist.*scorm/course/gone\.py"):
        test_every_name_is_a_file(page.replace("- `model.py`:", "- `gone.py`: x\n- `model.py`:"))
