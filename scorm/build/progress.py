"""Show how far the notebooks are: at a terminal each cell, in a log each beginning and end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path


class NotebookProgress:
    """A :class:`scorm.notebooks.Progress` that puts into words what it hears.

    ``tell`` is called with the notebooks that run at present and the cell that each has reached,
    ``note`` with a line for each notebook that begins or ends.
    """

    def __init__(self, tell: Callable[[str], None], note: Callable[[str], None]) -> None:
        self._tell = tell
        self._note = note
        self._running: dict[Path, str] = {}
        self._one_thread = threading.Lock()

    def begins(self, path: Path) -> None:
        """The kernel of the notebook is about to start."""
        self._note(f"{path.name}: begins")
        self._change(path, "starting")

    def cell_done(self, path: Path, done: int, total: int) -> None:
        """``done`` of the notebook's ``total`` code cells have been executed."""
        self._change(path, f"cell {done} of {total}")

    def ends(self, path: Path, seconds: float, *, failed: bool) -> None:
        """The notebook's outputs are in the cache, or a cell has failed."""
        self._note(f"{path.name}: {'failed after ' if failed else ''}{seconds:.1f} s")
        self._change(path, None)

    def _change(self, path: Path, reached: str | None) -> None:
        with self._one_thread:
            self._running.pop(path, None)
            if reached:
                self._running[path] = f"{path.name}: {reached}"
            self._tell("; ".join(self._running.values()))
