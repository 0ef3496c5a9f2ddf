"""Processes that a build starts, and their certain end.

Each process that a build starts leads a session of its own. So Ctrl-C reaches the build alone,
which then ends these processes with everything that they have started in turn.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil

_GUARDIAN = Path(__file__).with_name("guardian.py")
_END_SECONDS = 10.0
#: An exit status from here on tells of the signal that ended a command (as in a shell).
SIGNALLED = 128


class Stopped(SystemExit):
    """A signal asked this process to end; without being caught it gives the usual exit status."""

    def __init__(self, number: int) -> None:
        self.status = SIGNALLED + number
        super().__init__(self.status)
        self.name = signal.Signals(number).name


@contextmanager
def signals_raise() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the main thread as SIGINT does: by raising :exc:`Stopped`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    signals = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, leave) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def run(
    command: Sequence[str], *, folder: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, and give what it said; nothing that it started runs on.

    When this process leaves before that, by an exception or because it is killed, the command is
    killed, too: see :mod:`scorm.system.guardian`. An exit status from :data:`SIGNALLED` on says
    that a signal ended the command.
    """
    watched, held = os.pipe()
    with open(watched, "rb") as their_end, open(held, "wb") as our_end:
        guarded = subprocess.Popen(
            [sys.executable, "-I", str(_GUARDIAN), *command],
            cwd=folder,
            env=environ,
            stdin=their_end,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        their_end.close()
        with guarded:
            try:
                said, complaints = guarded.communicate()
            finally:
                our_end.close()
    return subprocess.CompletedProcess(command, guarded.returncode, said, complaints)


def end_session(leader: int) -> None:
    """Kill every process of the session that ``leader`` opened, until none is left.

    A notebook's kernel opens a session (setsid), and what it starts stays in that session, even
    after the kernel has died. So do Spark's Python workers, which leave its process group.
    """
    deadline = time.monotonic() + _END_SECONDS
    while (members := _session(leader)) and time.monotonic() < deadline:
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _session(leader: int) -> list[int]:
    members = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError, psutil.Error):
            if os.getsid(pid) == leader and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                members.append(pid)
    return members
