"""Sphinx, started once and warm: each run is a fork of a process that has imported it already.

Of the two seconds that Sphinx needs for a project of three pages, it spends more than one and a
half importing itself and its extensions, and the tests run it a hundred times. Options,
environment, folder and output are those of ``python -m sphinx``. That command itself is tested
where ``tests/build`` runs whole builds as processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

#: What every project of the tests loads.
_MODULES = (
    "sphinx.cmd.build",
    "nbsphinx",
    "myst_parser.sphinx_ext.main",
    "sphinx_revealjs",
    "furo",
    "scorm.sphinxext",
)


class WarmSphinx:
    """Holds the process that forks: the first run starts it, and :meth:`close` ends it."""

    def __init__(self) -> None:
        self._server: subprocess.Popen[str] | None = None

    def run(
        self, command: Sequence[str], *, folder: Path, environ: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """The outcome of ``python -m sphinx …``; ``command`` begins with these three words."""
        assert command[1:3] == ["-m", "sphinx"]
        if self._server is None:
            self._server = self._start(environ)
        with tempfile.TemporaryDirectory() as place:
            out, err = Path(place, "out"), Path(place, "err")
            request = {
                "arguments": command[3:],
                "folder": str(folder),
                "environ": dict(environ),
                "out": str(out),
                "err": str(err),
            }
            assert self._server.stdin is not None
            assert self._server.stdout is not None
            self._server.stdin.write(json.dumps(request) + "\n")
            self._server.stdin.flush()
            status = int(self._server.stdout.readline())
            return subprocess.CompletedProcess(
                command, status, out.read_text("utf-8"), err.read_text("utf-8")
            )

    def close(self) -> None:
        """End the process."""
        if self._server is not None:
            self._server.communicate()
            self._server = None

    def _start(self, environ: Mapping[str, str]) -> subprocess.Popen[str]:
        # A hash seed can only be set before Python starts.
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm_sphinx"],
            cwd=Path(__file__).parents[2],
            env={**environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def _serve() -> None:
    """For each line of standard input fork, and print the exit status of that fork."""
    for name in _MODULES:
        __import__(name)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become_sphinx(request)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become_sphinx(request: dict[str, object]) -> None:
    for descriptor, name in ((1, "out"), (2, "err")):
        target = os.open(str(request[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(target, descriptor)
    status = 1
    try:
        from sphinx.cmd.build import main

        os.chdir(str(request["folder"]))
        sys.path[0] = str(request["folder"])  # where "-m" begins to look
        os.environ.clear()
        os.environ.update(request["environ"])  # type: ignore[call-overload]
        time.tzset()
        status = main(request["arguments"])  # type: ignore[arg-type]
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve()
