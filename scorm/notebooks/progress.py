"""What somebody who watches is told of notebooks while they are executed."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Progress(Protocol):
    """Is told of each notebook that is executed, by the thread that executes it."""

    def begins(self, path: Path) -> None:
        """The kernel of the notebook is about to start."""

    def cell_done(self, path: Path, done: int, total: int) -> None:
        """``done`` of the notebook's ``total`` code cells have been executed."""

    def ends(self, path: Path, seconds: float, *, failed: bool) -> None:
        """The notebook's outputs are in the cache, or a cell has failed."""


class Silence:
    """A :class:`Progress` that tells nobody."""

    def begins(self, path: Path) -> None:
        """Nothing."""

    def cell_done(self, path: Path, done: int, total: int) -> None:
        """Nothing."""

    def ends(self, path: Path, seconds: float, *, failed: bool) -> None:
        """Nothing."""
