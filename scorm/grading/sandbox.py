"""Where the code of a submission runs: what it may reach, and how much it may use.

``bwrap`` is bubblewrap: namespaces of its own for processes, network and files, of which only
Python, its libraries and the submission's own folder are there. ``rlimit`` is for machines that
forbid namespaces, as many containers do: limits of the system, and Landlock where the kernel offers
it. Source: bwrap(1), setrlimit(2), landlock(7).
"""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scorm.errors import GradeError
from scorm.grading.keeper import landlock_version

_KEEPER = Path(__file__).with_name("keeper.py")
#: What programs need of the system. /etc is not there as a whole: it tells of users and secrets.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SETTINGS = (
    "alternatives", "fonts", "java", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime",
    "mime.types", "ssl/certs", "timezone",
)  # fmt: skip
_SHARED_MEMORY = 256 << 20
#: Versions of Landlock that close TCP, and that keep signals and abstract sockets inside.
_CLOSES_TCP, _KEEPS_SIGNALS = 4, 6


@dataclass(frozen=True)
class Limits:
    """How much one submission may use; sizes in bytes.

    ``memory`` is what all its processes use; each may reserve twice as much. ``output`` is for what
    one cell prints, ``disk`` for all that it writes, ``message`` for one output, ``answer`` for
    one value that a check asks for.
    """

    cell_seconds: float = 60.0
    seconds: float = 1800.0
    memory: int = 4 << 30
    disk: int = 1 << 30
    output: int = 1 << 20
    message: int = 16 << 20
    answer: int = 64 << 20
    processes: int = 200

    def of_system(self) -> dict[str, int]:
        """The limits that the system itself keeps, by their names in :mod:`resource`."""
        return {
            "RLIMIT_AS": 2 * self.memory,
            "RLIMIT_FSIZE": self.disk,
            "RLIMIT_CPU": int(self.seconds) * 4,
            "RLIMIT_NOFILE": 2048,
            "RLIMIT_CORE": 0,
        }


@dataclass(frozen=True)
class Sandbox:
    """A way to run a program that nobody trusts; ``told`` says in sentences what it keeps away."""

    kind: str
    told: str
    program: str = ""
    is_locked: bool = False
    is_tcp_open: bool = False

    def command(
        self,
        command: Sequence[str],
        *,
        limits: Limits,
        writable: Iterable[Path],
        readable: Iterable[Path],
        folder: Path,
    ) -> list[str]:
        """The command line that runs ``command`` in ``folder``, within limits.

        Of the machine it sees Python and its libraries, what is ``readable``, and what is
        ``writable``; ``rlimit`` without Landlock hides nothing.
        """
        settings: dict[str, object] = {"limits": limits.of_system()}
        if self.kind == "bwrap":
            command = [*self._walls(writable, readable, folder), *command]
        elif self.is_locked:
            settings["lock"] = {
                "read": [*_strings(_system()), "/proc", "/dev", *_strings(readable)],
                "write": [*_strings(writable), "/dev/null", "/dev/zero", "/dev/full", "/dev/shm"],
                "tcp": self.is_tcp_open,
            }
        return [sys.executable, "-I", str(_KEEPER), json.dumps(settings), *command]

    def _walls(self, writable: Iterable[Path], readable: Iterable[Path], folder: Path) -> list[str]:
        walls = [self.program, "--unshare-all", "--unshare-user", "--die-with-parent"]
        walls += ["--new-session", "--uid", "1000", "--gid", "1000", "--hostname", "student"]
        walls += ["--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev"]
        walls += ["--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm", "--dir", "/tmp"]
        for path in (*_strings(_system()), *_strings(readable)):
            walls += ["--ro-bind", path, path]
        for path in _strings(writable):
            walls += ["--bind", path, path]
        return [*walls, "--remount-ro", "/", "--chdir", str(folder), "--"]


def choose(kind: str, *, needs_tcp: bool = False) -> Sandbox:
    """The sandbox of a kind; ``auto`` takes bubblewrap where it works.

    A cluster on this machine ``needs_tcp``, which Landlock cannot open for this machine alone.

    :raises GradeError: where bubblewrap is asked for and does not work, with the reason.
    """
    if kind == "rlimit":
        return _limited("", needs_tcp)
    program = shutil.which("bwrap") or ""
    walled = Sandbox("bwrap", _WALLED, program)
    why_not = _trouble(walled) if program else "bubblewrap is not installed (package bubblewrap)"
    if not why_not:
        return walled
    if kind == "bwrap":
        raise GradeError(f"no sandbox of the kind bwrap: {why_not}; or give --sandbox rlimit")
    return _limited(f" Bubblewrap was not used: {why_not}.", needs_tcp)


_WALLED = (
    "Each submission ran in bubblewrap: no network, no files but Python and its own folder, no "
    "processes but its own, within limits of time, memory, output and disk."
)


def _limited(why: str, needs_tcp: bool) -> Sandbox:
    version = landlock_version()
    is_open = needs_tcp or version < _CLOSES_TCP
    told = "Each submission ran within limits of time, memory, output and disk (rlimit)."
    if not version:
        told += (
            " Nothing kept it from reading what you can read, from writing where you can write, "
            "or from the network: do not grade the submissions of strangers in this way."
        )
    else:
        told += " Landlock kept it from all files but Python and its own folder"
        told += "; the network was open" if is_open else ", and from TCP"
        told += ". It could not end other processes." if version >= _KEEPS_SIGNALS else "."
        told += " UDP and Unix sockets were open, and it saw which processes run."
    return Sandbox("rlimit", told + why, is_locked=bool(version), is_tcp_open=is_open)


def _trouble(sandbox: Sandbox) -> str:
    """Why the sandbox does not work here; empty if it does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        command = sandbox.command(
            [sys.executable, "-I", "-c", "print('works')"],
            limits=Limits(), writable=[folder], readable=[], folder=folder,
        )  # fmt: skip
        try:
            tried = subprocess.run(command, capture_output=True, text=True, timeout=30)
        except subprocess.TimeoutExpired:
            return "it does not come to an end"
    said = tried.stderr.strip().splitlines() or [f"exit status {tried.returncode}"]
    return "" if tried.stdout == "works\n" else said[-1]


def _system() -> list[Path]:
    """The folders and files that Python and its libraries need, by the names they are known by."""
    named = [*map(Path, _SYSTEM), *(Path("/etc", name) for name in _SETTINGS)]
    own = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).parent.parent]
    if site.ENABLE_USER_SITE:
        own.append(Path(site.getusersitepackages()))
    named += [*own, *(path.resolve() for path in own)]
    return [path for path in dict.fromkeys(named) if path.exists() and path != Path("/")]


def _strings(paths: Iterable[Path]) -> list[str]:
    return [os.fspath(path) for path in paths]
