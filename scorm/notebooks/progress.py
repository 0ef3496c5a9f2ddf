"""What is told of notebooks while they are executed."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Progress(Protocol):
    """Hears of each notebook that is executed, from the thread that executes it."""

    def begins(self, path: Path) -> None:
        """Its kernel is about to start."""

    def cell_done(self, path: Path, done: int, total: int) -> None:
        """As many of its code cells are done."""

    def ends(self, path: Path, seconds: float, *, failed: bool) -> None:
        """Its outputs are kept, or a cell has failed."""


class Silence:
    """A :class:`Progress` that tells nobody."""

    def begins(self, path: Path) -> None:
        """Nothing."""

    def cell_done(self, path: Path, done: int, total: int) -> None:
        """Nothing."""

    def ends(self, path: Path, seconds: float, *, failed: bool) -> None:
        """Nothing."""
