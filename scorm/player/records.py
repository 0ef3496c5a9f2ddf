"""What the preview's LMS keeps of its one student, in memory."""

from __future__ import annotations

import threading
from typing import Any

from scorm.errors import Fault


class Records:
    """The data of each SCO by its item's identifier, and the faults seen; safe across threads.

    A record maps data-model elements (``cmi.core.score.raw``) to their text.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, dict[str, str]] = {}
        self._stamps: dict[str, float] = {}
        self._faults: list[Fault] = []

    def store(self, item: str, stamp: float, cmi: dict[str, Any]) -> None:
        """Keep a commit unless a later one is here already: requests may overtake each other.

        ``stamp`` is the browser's time of the commit, in milliseconds.
        """
        with self._lock:
            if stamp >= self._stamps.get(item, 0):
                self._stamps[item] = stamp
                # scorm-again writes an empty collection as {}, and every unset element as "".
                self._records[item] = {
                    element: value
                    for element, value in cmi.items()
                    if isinstance(value, str) and value
                }

    def all(self) -> dict[str, dict[str, str]]:
        """A copy of every record."""
        with self._lock:
            return {item: dict(record) for item, record in self._records.items()}

    def blame(self, path: str, message: str) -> None:
        """Note a fault of the package: a SCO's refused call, or a file that is not there."""
        with self._lock:
            self._faults.append(Fault(path, None, message))

    def faults(self) -> tuple[Fault, ...]:
        """The faults so far, oldest first."""
        with self._lock:
            return tuple(self._faults)

    def forget(self) -> None:
        """Start again with a student whom the LMS has never seen."""
        with self._lock:
            self._records.clear()
            self._stamps.clear()
            self._faults.clear()
