"""Keeps a process of a submission within limits, and ends all that it has started.

:mod:`scorm.grading.sandbox` starts this file by its path, so it uses the standard library only. It
adopts whatever the process leaves behind (PR_SET_CHILD_SUBREAPER), and kills it when the process or
the grader is gone. Where the kernel offers Landlock, the process can be locked into folders,
without TCP and without a way to signal others (Linux, "Landlock: unprivileged access control").
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from types import FrameType
from typing import Any

_PDEATHSIG, _SUBREAPER, _NO_NEW_PRIVILEGES = 1, 36, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_O_PATH = os.O_PATH
#: Rights on files by the version of Landlock in which they came; each is one bit more.
_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_TCP_FROM, _SCOPES_FROM = 4, 6

_libc = ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """The version of Landlock that this kernel offers; 0 for none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, 1)))


def main(settings: dict[str, Any], command: list[str]) -> int:
    """The exit status of the command; where a signal ended it, 128 plus the signal's number."""
    _libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    _libc.prctl(_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = os.fork()
    if not started:
        _become(settings, command)

    def leave(number: int, frame: FrameType | None) -> None:
        _kill_children()
        os._exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    while True:
        ended, status = os.wait()
        if ended == started:
            _kill_children()
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _become(settings: dict[str, Any], command: list[str]) -> None:
    """In the child: take on the limits and turn into the command."""
    try:
        _libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.setsid()
        os.environ.pop("JPY_PARENT_PID", None)
        for name, most in settings["limits"].items():
            number = getattr(resource, name)
            hard = resource.getrlimit(number)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(number, (most, most))
        if settings.get("lock"):
            _lock(**settings["lock"])
        os.execvp(command[0], command)
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(127)


def _lock(read: list[str], write: list[str], *, tcp: bool) -> None:
    version = landlock_version()
    rights = (1 << max(bits for since, bits in _RIGHTS.items() if since <= version)) - 1
    network = 3 if version >= _TCP_FROM and not tcp else 0
    scopes = 3 if version >= _SCOPES_FROM else 0
    attributes = struct.pack("=QQQ", rights, network, scopes)
    size = 24 if version >= _SCOPES_FROM else 16 if version >= _TCP_FROM else 8
    rules = _called(_CREATE_RULESET, attributes, size, 0)
    reading = _EXECUTE | _READ_FILE | _READ_DIR
    for paths, allowed in ((read, reading), (write, rights)):
        for path in paths:
            with suppress(FileNotFoundError):
                opened = os.open(path, _O_PATH | os.O_CLOEXEC)
                asked = allowed if os.path.isdir(path) else allowed & _FILE_RIGHTS
                rule = struct.pack("=Qi", asked & rights, opened)
                _called(_ADD_RULE, rules, 1, rule, 0)
                os.close(opened)
    _called(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _called(number: int, *arguments: Any) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return result


def _kill_children() -> None:
    """Kill what is below this process, until nothing is left: orphans come to it one by one."""
    while True:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as children:
                for pid in children.read().split():
                    with suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGKILL)
            os.wait()
        except ChildProcessError:
            return


if __name__ == "__main__":
    raise SystemExit(main(json.loads(sys.argv[1]), sys.argv[2:]))
