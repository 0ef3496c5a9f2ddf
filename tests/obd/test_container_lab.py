"""The lab "A container by hand": its checks judge rightly, and it runs where nothing is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from scorm.notebooks.source import read
from tests.conftest import ROOT

CODE = {
    cell.id: cell.source
    for cell in read(ROOT / "notebooks" / "container-by-hand.ipynb").cells
    if cell.cell_type == "code"
}

RIGHT = {
    "outside": (
        """\
def outside(uid_map, inside):
    numbers = {}
    for line in uid_map.strip().split("\\n"):
        first, there, count = (int(word) for word in line.split())
        if inside in range(first, first + count):
            numbers[inside] = there + (inside - first)
    return numbers.get(inside)
""",
        """\
def outside(uid_map, inside):
    words = iter(uid_map.split())
    for first in words:
        there, count = int(next(words)), int(next(words))
        if 0 <= inside - int(first) < count:
            return there + inside - int(first)
""",
    ),
    "merged": (
        """\
def merged(layers):
    seen = {}
    for layer in layers:
        marks = [path for path in layer if path.split("/")[-1].startswith(".wh.")]
        for mark in marks:
            gone = mark.replace(".wh.", "", 1)
            for path in list(seen):
                if path == gone or path.startswith(gone + "/"):
                    del seen[path]
        seen.update({path: layer[path] for path in layer if path not in marks})
    return seen
""",
        """\
def merged(layers):
    result, hidden = {}, []
    for layer in reversed(layers):
        for path, content in layer.items():
            if ".wh." not in path and path not in result:
                if not any(path == one or path.startswith(one + "/") for one in hidden):
                    result[path] = content
        hidden += [path.replace(".wh.", "") for path in layer if ".wh." in path]
    return result
""",
    ),
    "pulls": (
        """\
def pulls(images, held):
    held, result = held.copy(), []
    for image in images:
        megabytes = 0
        for name, size in image:
            if name not in held:
                megabytes += size
                held.add(name)
        result.append(megabytes)
    return result
""",
        """\
def pulls(images, held):
    there = frozenset(held)
    for image in images:
        new = {(name, size) for name, size in image if name not in there}
        there |= {name for name, _ in new}
        yield sum(size for _, size in new)
""",
    ),
}

WRONG = {
    "outside": (
        ("def outside(uid_map, inside):\n    return int(uid_map.split()[1])", "onto themselves"),
        (
            """\
def outside(uid_map, inside):
    first, there, count = map(int, uid_map.splitlines()[0].split())
    return there + inside - first
""",
            "second line",
        ),
        (
            """\
def outside(uid_map, inside):
    for line in uid_map.splitlines():
        first, there, count = map(int, line.split())
        if first <= inside < first + count:
            return there + inside
""",
            "first number of the second line",
        ),
        (
            """\
def outside(uid_map, inside):
    for line in uid_map.splitlines():
        first, there, count = map(int, line.split())
        if first <= inside < count:
            return there + inside - first
""",
            "65536",
        ),
        (
            """\
def outside(uid_map, inside):
    for line in uid_map.splitlines():
        first, there, count = map(int, line.split())
        if first <= inside <= first + count:
            return there + inside - first
""",
            "first number of the second line",
        ),
        (
            """\
def outside(uid_map, inside):
    for line in uid_map.splitlines():
        first, there, count = map(int, line.split())
        if first <= inside < first + count:
            return there + inside - first
    return inside
""",
            "no line",
        ),
    ),
    "merged": (
        ("def merged(layers):\n    dict(layers[0] if layers else {})", "see nothing"),
        (
            """\
def merged(layers):
    seen = {}
    for layer in layers:
        seen.update(layer)
    return seen
""",
            "a whiteout is a mark",
        ),
        (
            """\
def merged(layers):
    seen = {}
    for layer in reversed(layers):
        seen.update({path: it for path, it in layer.items() if ".wh." not in path})
    return seen
""",
            "upper layer wins",
        ),
        (
            """\
def merged(layers):
    seen = {}
    for layer in layers:
        for path, content in layer.items():
            if ".wh." in path:
                seen.pop(path.replace(".wh.", ""), None)
            else:
                seen[path] = content
    return seen
""",
            "the folder lib",
        ),
        (
            """\
def merged(layers):
    seen = {}
    for layer in layers:
        for path, content in layer.items():
            if ".wh." in path:
                gone = path.replace(".wh.", "")
                seen = {it: seen[it] for it in seen if not it.startswith(gone)}
            else:
                seen[path] = content
    return seen
""",
            "app/old.pyc",
        ),
        (
            """\
def merged(layers):
    seen = {}
    for layer in layers:
        for path, content in layer.items():
            if ".wh." in path:
                gone = path.replace(".wh.", "")
                seen = {
                    it: seen[it] for it in seen if it != gone and not it.startswith(gone + "/")
                }
            else:
                seen[path] = content
    return seen
""",
            "nothing of its own layer",
        ),
        (
            """\
def merged(layers):
    everything = {path: it for layer in layers for path, it in layer.items()}
    gone = [path.replace(".wh.", "") for path in everything if ".wh." in path]
    return {
        path: it
        for path, it in everything.items()
        if ".wh." not in path and not any(path == g or path.startswith(g + "/") for g in gone)
    }
""",
            "bring back",
        ),
        (
            """\
def merged(layers):
    seen = layers[0] if layers else {}
    for layer in layers[1:]:
        for path in layer:
            if ".wh." in path:
                gone = path.replace(".wh.", "")
                for it in [it for it in seen if it == gone or it.startswith(gone + "/")]:
                    del seen[it]
        seen.update({path: it for path, it in layer.items() if ".wh." not in path})
    return seen
""",
            "layers were changed",
        ),
    ),
    "pulls": (
        (
            "def pulls(images, held):\n    [size for image in images for _, size in image]",
            "nothing back",
        ),
        (
            "def pulls(images, held):\n"
            "    return [sum(size for _, size in image) for image in images]",
            "holds is not pulled",
        ),
        (
            "def pulls(images, held):\n"
            "    return [sum(s for n, s in image if n not in held) for image in images]",
            "for the first image",
        ),
        (
            """\
def pulls(images, held):
    there, sizes = set(held), []
    for image in images:
        sizes.append(sum(size for name, size in image if name not in there))
        there |= {name for name, _ in image}
    return sizes
""",
            "twice is pulled once",
        ),
        (
            """\
def pulls(images, held):
    there, sizes = set(held), []
    for image in images:
        sizes.append(sum({size for name, size in image if name not in there}))
        there |= {name for name, _ in image}
    return sizes
""",
            "count names",
        ),
        (
            """\
def pulls(images, held):
    sizes = []
    for image in images:
        missing = {name: size for name, size in image if name not in held}
        sizes.append(sum(missing.values()))
        held |= set(missing)
    return sizes
""",
            "belongs to the caller",
        ),
    ),
}


def judge(exercise: str, solution: str) -> None:
    """Run the check of an exercise on a solution."""
    names: dict[str, Any] = {"uid_map": "0 1000 1"}
    for code in (CODE["tools"], solution, CODE[f"check-{exercise}"]):
        exec(code, names)


@pytest.mark.parametrize(
    ("exercise", "solution"), [(name, it) for name, them in RIGHT.items() for it in them]
)
def test_right_solutions_pass(exercise: str, solution: str) -> None:
    """Does a check accept solutions that are written in another way than ours?"""
    judge(exercise, solution)


@pytest.mark.parametrize(
    ("exercise", "solution", "words"),
    [(name, *pair) for name, pairs in WRONG.items() for pair in pairs],
)
def test_wrong_solutions_fail(exercise: str, solution: str, words: str) -> None:
    """Is each mistake found, and told by the words that belong to it?"""
    with pytest.raises(AssertionError) as told:
        judge(exercise, solution)
    assert words in str(told.value)


@pytest.mark.parametrize("refused", [False, True], ids=["as it is", "nothing allowed"])
def test_runs_on_any_machine(refused: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Does the lab run to its end where namespaces are forbidden, and say so in words?"""
    names: dict[str, Any] = {}
    for name, code in CODE.items():
        if refused and name == "tools":
            # stands for a machine on which unshare ends with an error
            code = code.replace('UNSHARE = "unshare', 'UNSHARE = "false')
        exec(code, names)
    written = capsys.readouterr().out
    for function in ("outside", "merged", "pulls"):
        assert f"{function} is right." in written
    if refused:
        assert written.count("Not run: this machine does not let you make user namespaces.") == 4
