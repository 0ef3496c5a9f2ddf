"""Know when there is nothing to do: what went into the last build, and what came out of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

#: What a build reads, relative to the project's folder.
_SOURCES = ("docs", "notebooks")
_SETTINGS = ("conf.py", "constraints.txt", "package-lock.json")
#: What else changes a build: where the notebooks run, and the date of reproducible builds.
_VARIABLES = (
    "DASK_SCHEDULER_ADDRESS",
    "SOURCE_DATE_EPOCH",
    "SPARK_MASTER",
    "SPARK_REMOTE",
)
_PACKAGE = Path(__file__).parents[1]


def of_tool(project: Path) -> str:
    """A digest of what shapes every page: this package, ``conf.py`` and the exact versions."""
    roots = [(project, project / name) for name in _SETTINGS] + [(_PACKAGE.parent, _PACKAGE)]
    return _digest(f"{name}\0{_of_file(path)}" for name, path in _files(roots))


def of_inputs(project: Path, extra: Iterable[str] = ()) -> str:
    """A digest of every file and setting that the build depends on."""
    files = _files([(project, project / name) for name in _SOURCES])
    sources = [f"{name}\0{_of_file(path)}" for name, path in files]
    settings = [f"{name}={os.environ.get(name, '')}" for name in _VARIABLES]
    return _digest([of_tool(project), *sources, *settings, *extra])


def _digest(words: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(f"{word}\0".encode())
    return digest.hexdigest()


def _files(roots: Iterable[tuple[Path, Path]]) -> Iterator[tuple[str, Path]]:
    for base, root in roots:
        for path in sorted([root] if root.is_file() else root.rglob("*")):
            name = path.relative_to(base)
            hidden = any(part.startswith((".", "__pycache__")) for part in name.parts)
            if path.is_file() and not hidden:
                yield name.as_posix(), path


def _of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unchanged(record: Path, inputs: str) -> list[Path]:
    """The packages of the last build, if nothing has changed since; else an empty list."""
    try:
        known = json.loads(record.read_text("utf-8"))
        outputs = {Path(name): digest for name, digest in known["outputs"].items()}
        if known["inputs"] == inputs and all(_of_file(p) == d for p, d in outputs.items()):
            return list(outputs)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return []  # never built, removed, or written by another version: build
    return []


def write(record: Path, inputs: str, outputs: Iterable[Path]) -> None:
    """Note what a successful build read and wrote."""
    known = {"inputs": inputs, "outputs": {str(path): _of_file(path) for path in outputs}}
    record.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
