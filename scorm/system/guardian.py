"""Run a command, and kill all that it started when it ends, or when whoever started this is gone.

Standard input is a pipe whose other end the starter alone holds; the system closes it when the
starter ends, however it ends. This is run as a file (:func:`scorm.system.processes.run` does), so
it uses the standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress


def main(command: list[str]) -> int:
    """The exit status of the command; 128 and the signal's number where a signal ended it."""
    started = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)
    threading.Thread(target=_watch, args=(started.pid,), daemon=True).start()
    status = started.wait()
    _kill(started.pid)
    return status if status >= 0 else 128 - status


def _watch(group: int) -> None:
    os.read(0, 1)  # nothing is ever written: this waits for the end
    _kill(group)


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
