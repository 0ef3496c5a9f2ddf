"""The grader's side of the judge: starts it, gives it checks, passes its questions on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scorm.grading.kernel import Kernel, KernelLostError, TooLateError, late
from scorm.grading.sandbox import Limits, Sandbox

_HERE = Path(__file__).parent
_MODULES = ("scorm.grading.values", "scorm.grading.judging")
_BOOT = """\
import json, sys, types
for name, text in json.loads(sys.stdin.readline()).items():
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
module.main()
"""
_END_SECONDS = 5.0


class JudgeLostError(Exception):
    """The judge is gone; what it said last is for the teacher."""


@dataclass(frozen=True)
class Verdict:
    """What came of a check; ``score`` is what its last expression gave, if that was a number."""

    passed: bool
    kind: str = ""
    message: str = ""
    line: str = ""
    score: float | None = None
    told: dict[str, str] = field(default_factory=dict)


class Judge:
    """The process that runs the checks of one submission."""

    def __init__(self, sandbox: Sandbox, limits: Limits, kernel: Kernel, folder: Path) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._kernel = kernel
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, theirs: Iterable[str]) -> None:
        """Start the process; ``theirs`` are the names that the student is to define.

        Its folder holds the assignment's files as the teacher gave them: what checks expect must
        not depend on what a student has made of them.
        """
        command = self._sandbox.command(
            [sys.executable, "-I", "-c", _BOOT],
            limits=self._limits,
            writable=[self._folder],
            readable=[self._kernel.folder],
            folder=self._folder,
        )
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ
        }
        environ = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"} | kept
        environ |= {"HOME": str(self._folder), "TMPDIR": str(self._folder)}
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=self._folder, env=environ, limit=4 * self._limits.answer,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        texts = {
            name: (_HERE / f"{name.rpartition('.')[2]}.py").read_text("utf-8") for name in _MODULES
        }
        await self._write(texts)
        await self._write({"theirs": sorted(theirs), "submitted": str(self._kernel.folder)})

    async def end(self) -> None:
        """Kill the process."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), _END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._process = None

    async def run(self, source: str, **more: Any) -> Verdict:
        """Run a check, and answer its questions from the student's kernel.

        ``keep`` and ``needs`` keep the student's names as they are for code that runs later, and
        ``resume`` runs such code.

        :raises KernelLostError: after the check, if the kernel was lost on the way.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.cell_seconds
        await self._write({"run": source, **more})
        lost: KernelLostError | None = None
        while True:
            reply = await self._read(max(1.0, deadline - loop.time()))
            if "ask" not in reply:
                break
            try:
                if lost:
                    raise lost
                answer = await self._kernel.ask(reply["ask"], max(0.1, deadline - loop.time()))
            except KernelLostError as error:
                lost = error
                answer = {"late": str(error)}
            except TooLateError:
                answer = {"late": late(self._limits.cell_seconds)}
            await self._write(answer)
        verdict = Verdict(**reply)
        if lost:
            raise KernelLostError(str(lost))
        return verdict

    async def _write(self, said: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        with suppress(ConnectionError):  # reading tells of it
            await self._process.stdin.drain()

    async def _read(self, seconds: float) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), seconds)
            reply: dict[str, Any] = json.loads(line)
        except TimeoutError:
            raise JudgeLostError("the check itself did not come to an end") from None
        except ValueError:
            raise JudgeLostError("the judge ended, or an answer was too large for it") from None
        return reply
