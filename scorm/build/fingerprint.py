"""Know when there is nothing to do: what went into the last build, and what came out of it.

Each Sphinx run writes down what it read, and what shaped its pages
(:mod:`scorm.sphinxext.handover.record`). This module reads these records and does not import
Sphinx.
"""

from __future__ import annotations

import hashlib
import json
import os
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import scorm
from scorm.layout import Places

#: The files that decide, beside ``conf.py``, which tools a build uses.
_SETTINGS = ("constraints.txt", "package-lock.json")
#: The variables that change a build: where notebooks run, and the date of reproducible builds.
_VARIABLES = (
    "DASK_SCHEDULER_ADDRESS",
    "SOURCE_DATE_EPOCH",
    "SPARK_MASTER",
    "SPARK_REMOTE",
)
PACKAGE = Path(scorm.__file__).parent
#: Folders in which nobody writes documents. Virtual environments are left out as well (``walk``).
_NO_SOURCES = frozenset(("node_modules", "__pycache__"))


@dataclass(frozen=True)
class Fingerprint:
    """A digest of files and settings, and when the last of the files changed (``st_ctime_ns``)."""

    digest: str
    changed: int


def of_shape(places: Places) -> Fingerprint:
    """The fingerprint of what shapes every page.

    That is this package, ``conf.py`` and all that it loads, and the versions of what is installed.
    """
    named = [places.project / name for name in _recorded(places, "shape")]
    settings = [places.settings, *(places.project / name for name in _SETTINGS)]
    return _fingerprint(places, [PACKAGE, *settings, *named], _installed())


def of_inputs(places: Places, extra: Iterable[str] = ()) -> Fingerprint:
    """The fingerprint of every file and setting that the build depends on."""
    shape = of_shape(places)
    read = [places.project / name for name in _recorded(places, "read")]
    words = [shape.digest, *_documents(places), *extra]
    words += [f"{name}={os.environ.get(name, '')}" for name in _VARIABLES]
    rest = _fingerprint(places, [places.notebooks_folder, *read], words)
    return Fingerprint(rest.digest, max(rest.changed, shape.changed))


def _recorded(places: Places, key: str) -> list[str]:
    """What the Sphinx runs of the last build noted under ``key``; nothing before the first."""
    found: set[str] = set()
    for path in sorted(places.records.glob("*.json")):
        try:
            found.update(json.loads(path.read_text("utf-8"))[key])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # another version wrote it; without it the build looks changed
    return sorted(found)


def _installed() -> list[str]:
    """The packages of this Python with their versions, which are the names of their folders."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return sorted(path.name for folder in folders for path in Path(folder).glob("*.dist-info"))


def _documents(places: Places) -> list[str]:
    """The names of all files that Sphinx might take for documents, as it would read a new one."""
    suffixes = tuple(_recorded(places, "suffixes"))
    names = (path.relative_to(places.project).as_posix() for path in walk(places.project, places))
    return sorted(name for name in names if name.endswith(suffixes))


def _fingerprint(places: Places, roots: Iterable[Path], words: Iterable[str]) -> Fingerprint:
    """The fingerprint of ``words`` and of the files in ``roots``.

    A root is a file or a folder, and may be missing. Where the project and this package lie does
    not change the digest.
    """
    digest, changed = hashlib.sha256(), 0
    for word in words:
        digest.update(_bytes(word))
    for root in roots:
        files = sorted(walk(root, places)) if root.is_dir() else [root]
        for path in filter(Path.is_file, files):
            name = os.path.relpath(path, PACKAGE if root == PACKAGE else places.project)
            digest.update(_bytes(name) + _bytes(_of_file(path)))
            changed = max(changed, path.stat().st_ctime_ns)
    return Fingerprint(digest.hexdigest(), changed)


def _bytes(word: str) -> bytes:
    """A word as bytes with an end of its own; it may be the name of a file that is not UTF-8."""
    return f"{word}\0".encode("utf-8", "surrogateescape")


def walk(folder: Path, places: Places) -> Iterator[Path]:
    """The files below a folder that an author may have written."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return  # nobody may look into it, so neither may Sphinx
    if any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name in _NO_SOURCES:
            continue
        if entry.is_file():
            yield path
        elif entry.is_dir() and path not in (places.build, places.dist):
            leads_back = entry.is_symlink() and folder.resolve().is_relative_to(path.resolve())
            if not leads_back:
                yield from walk(path, places)


def _of_file(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""  # gone since, or unreadable: the step that needs it will say so


def started(places: Places) -> int:
    """The present time by the file system's clock, to compare with the times of files."""
    os.utime(places.build)
    return places.build.stat().st_ctime_ns


def unchanged(record: Path, inputs: Fingerprint) -> list[Path]:
    """The packages of the last build, if nothing has changed since; else an empty list."""
    try:
        known = json.loads(record.read_text("utf-8"))
        outputs = {Path(name): digest for name, digest in known["outputs"].items()}
        if known["inputs"] == inputs.digest and all(_of_file(p) == d for p, d in outputs.items()):
            return list(outputs)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return []  # never built, removed, or written by another version: build
    return []


def write(record: Path, inputs: Fingerprint, outputs: Iterable[Path]) -> None:
    """Note what a successful build read and wrote."""
    known = {"inputs": inputs.digest, "outputs": {str(path): _of_file(path) for path in outputs}}
    record.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
