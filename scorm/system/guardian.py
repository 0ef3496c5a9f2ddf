"""Run a command, and kill all that it started when it ends or when the build is gone.

This file is a process between the build and the command: :func:`scorm.system.processes.run` starts
it by its path, so it uses the standard library only. Its standard input is a pipe whose other end
the build alone holds. The system closes that end when the build ends, however it ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress


def main(command: list[str]) -> int:
    """The exit status of the command; where a signal ended it, 128 plus the signal's number."""
    started = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)
    threading.Thread(target=_watch, args=(started.pid,), daemon=True).start()
    status = started.wait()
    _kill(started.pid)
    return status if status >= 0 else 128 - status


def _watch(group: int) -> None:
    os.read(0, 1)  # nothing is ever written, so this waits until the pipe is closed
    _kill(group)


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
