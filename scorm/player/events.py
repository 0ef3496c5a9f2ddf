"""What the server has to tell the player page while it is open (server-sent events)."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds after which a silent stream says that it is still there, and notices a page that is not.
_HEARTBEAT = 1.0


class Events:
    """Hands each event to every page that listens; safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[queue.SimpleQueue[bytes]] = set()
        self._closed = threading.Event()

    def publish(self, kind: str, **values: Any) -> None:
        """Tell all pages that listen now."""
        message = _encode(kind, values)
        with self._lock:
            for listener in self._listeners:
                listener.put(message)

    @contextmanager
    def listen(self, kind: str, **values: Any) -> Iterator[Iterator[bytes]]:
        """The stream for one page, ready to be written; it begins with this event of its own."""
        listener: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        listener.put(_encode(kind, values))
        with self._lock:
            self._listeners.add(listener)
        try:
            yield self._stream(listener)
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _stream(self, listener: queue.SimpleQueue[bytes]) -> Iterator[bytes]:
        while not self._closed.is_set():
            try:
                yield listener.get(timeout=_HEARTBEAT)
            except queue.Empty:
                yield b":\n\n"

    def close(self) -> None:
        """End all streams."""
        self._closed.set()


def _encode(kind: str, values: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(values)}\n\n".encode()
