"""What grading found of one submission, and where it is kept so that it need not be found again."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scorm import __version__


@dataclass
class Check:
    """What a check gave; ``detail`` is for the teacher: it may tell of hidden tests."""

    name: str
    title: str
    most: float
    points: float = 0.0
    message: str = ""
    detail: str = ""


@dataclass
class Written:
    """An answer that a teacher reads; without a text it is worth nothing."""

    name: str
    title: str
    most: float
    text: str


@dataclass
class Cell:
    """A cell as the student's page shows it; ``images`` are PNG files in base64."""

    source: str
    is_code: bool
    name: str = ""
    printed: str = ""
    error: str = ""
    told: str = ""
    images: list[str] = field(default_factory=list)


@dataclass
class Result:
    """All of one submission; ``problem`` says why a notebook could not be run at all.

    ``alarms`` are for the teacher: where the check itself, not the student's code, was at fault.
    """

    file: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sandbox: str = ""

    @property
    def checked(self) -> float:
        """The points of all checks together."""
        return sum(check.points for check in self.checks)


class Store:
    """Keeps results in a folder, each under what it depends on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def clear(self) -> None:
        """Forget all results."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def find(self, key: str) -> Result | None:
        """The result under this key; None where there is none, or none that can be read."""
        try:
            kept = json.loads((self._folder / f"{key}.json").read_text("utf-8"))
            return _result(kept)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, key: str, result: Result) -> None:
        """Keep the result: there as a whole, or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{key}.json"
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(result)), "utf-8")
        draft.replace(path)


def key_of(*parts: object) -> str:
    """The key of what was graded with what: the same for the same, and for this version only."""
    digest = hashlib.sha256()
    for part in (__version__, *parts):
        data = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]


def _result(kept: dict[str, Any]) -> Result:
    return Result(
        **kept
        | {
            "checks": [Check(**it) for it in kept["checks"]],
            "written": [Written(**it) for it in kept["written"]],
            "cells": [Cell(**it) for it in kept["cells"]],
        }
    )
