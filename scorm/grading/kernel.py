"""A student's kernel: starts in the sandbox, runs cells, answers questions, ends for certain."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from ast import literal_eval
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import psutil
import zmq
import zmq.asyncio
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, v4
from zmq.utils.monitor import recv_monitor_message

from scorm.errors import SetupError
from scorm.grading.sandbox import Limits, Sandbox
from scorm.notebooks.kernel import CLUSTER_VARIABLES, Surroundings

_HERE = Path(__file__).parent
#: How often the memory, the processes and the files of a kernel are looked at.
_LOOK_SECONDS = 0.4
#: How many looks at memory go by before the files are looked at.
_LOOKS_A_WALK = 5
#: How long a kernel may take to come back after it was interrupted.
_PATIENCE = 3.0
_END_SECONDS = 5.0
_START_SECONDS = 60
#: What a kernel gets of the teacher's environment.
_INHERITED = ("PATH", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_HANDED_OVER = "scorm.grading.values", "scorm.grading.answering"


class KernelLostError(Exception):
    """The kernel is gone; the message says why, as a sentence for the student."""


class TooLateError(Exception):
    """The student's code was stopped after its time; the kernel still runs."""


class _Manager(AsyncKernelManager):
    """Starts the kernel by a command line that puts it into the sandbox."""

    wall: Sequence[str] = ()
    limits: Limits

    def client(self, **more: Any) -> Any:
        """A client for which no message is too large, and of which few wait.

        A broken connection is what a message above the limit leads to. The kernel decides how much
        it sends, so this side has to.
        """
        made = super().client(**more)
        self.context.setsockopt(zmq.MAXMSGSIZE, self.limits.message)
        self.context.setsockopt(zmq.RCVHWM, 20)
        assert made.iopub_channel  # a socket takes the settings of the time at which it is made
        self.context.setsockopt(zmq.MAXMSGSIZE, self.limits.answer)
        self.context.setsockopt(zmq.RCVHWM, 2)
        return made

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command line of the kernel."""
        return [*self.wall, sys.executable, "-m", "ipykernel_launcher", "-f", self.connection_file]


class _Client(NotebookClient):
    """Runs cells, and stops one that prints more than a page can show."""

    most: int = 0
    printed: int = 0
    is_flooded: bool = False
    stopping: asyncio.Future[None]

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take a message of the kernel in, unless the cell has already printed too much."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            self.printed += len(str(msg["content"]))
            if self.printed > self.most:
                self.flood()
                return None
        output: NotebookNode | None = super().process_message(msg, cell, cell_index)
        return output

    async def stop(self) -> None:
        """Interrupt the cell."""
        assert isinstance(self.km, _Manager)
        await self.km.interrupt_kernel()

    def flood(self) -> None:
        """The cell prints too much: interrupt it."""
        if not self.is_flooded:
            self.is_flooded = True
            self.stopping = asyncio.ensure_future(self.stop())


class Kernel:
    """One kernel after the other in the same folder: :meth:`start` again begins anew."""

    def __init__(
        self, around: Surroundings, sandbox: Sandbox, limits: Limits, files: Sequence[Path]
    ) -> None:
        self.folder = around.folder
        self._around = around
        self._sandbox = sandbox
        self._limits = limits
        self._files = files
        self._number = 0
        self._why = ""
        self._context: zmq.asyncio.Context | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """A fresh kernel in a folder that holds the assignment's files and nothing else."""
        await self.end()
        self._fill_folder()
        self._number += 1
        root = self._around.connection.parent
        self._why = ""
        self._context = zmq.asyncio.Context()
        manager = _Manager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            connection_file=str(root / f"kernel-{self._number}.json"),
            transport="ipc",
            ip=str(root / f"k{self._number}"),
            context=self._context,
        )
        assert manager.kernel_spec is not None
        manager.kernel_spec.interrupt_mode = "message"
        manager.limits = self._limits
        manager.wall = self._sandbox.command(
            (), limits=self._limits, writable=[root], readable=(), folder=self.folder
        )
        self._manager = manager
        with self._around.log.open("wb") as log:
            await manager.start_kernel(
                cwd=str(self.folder), env=self._environ(), stdout=log, stderr=log
            )
        assert isinstance(manager.provisioner, LocalProvisioner)
        self._process = psutil.Process(manager.provisioner.pid)
        await self._connect()

    async def _connect(self) -> None:
        self._client = _Client(
            v4.new_notebook(),  # type: ignore[no-untyped-call]
            km=self._manager,
            timeout=int(self._limits.cell_seconds) or 1,
            startup_timeout=_START_SECONDS,
            iopub_timeout=2,
            allow_errors=True,
            store_widget_state=False,
            record_timing=False,
            coalesce_streams=True,
        )
        try:
            self._channels = await self._client.async_start_new_kernel_client()
        except RuntimeError as error:
            said = self._around.log.read_text("utf-8", errors="replace").strip().splitlines()
            last = said[-1] if said else "it said nothing"
            raise SetupError(f"no kernel starts in the sandbox ({last})") from error
        watches = (self._watch_use(), self._watch_connection())
        self._tasks = [asyncio.create_task(watch) for watch in watches]
        await self._ask(_boot(self._number), "")

    async def end(self) -> None:
        """Kill the kernel and all that it has started."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        if self._context is None:
            return
        self._client.kc = None
        with suppress(AttributeError):
            self._channels.stop_channels()
        self._kill()
        await self._gone()
        await self._manager.cleanup_resources()
        self._context.destroy(linger=0)
        self._context = None

    def _kill(self) -> None:
        """Let the keeper end everything below it."""
        with suppress(psutil.NoSuchProcess):
            self._process.send_signal(signal.SIGTERM)

    async def _gone(self) -> None:
        for _ in range(int(_END_SECONDS / 0.02)):
            if not await self._manager.is_alive():
                return
            await asyncio.sleep(0.02)
        with suppress(psutil.NoSuchProcess):
            self._process.kill()

    async def run(self, source: str) -> tuple[list[NotebookNode], str]:
        """Run a cell; its outputs, and a sentence where it had to be stopped.

        :raises KernelLostError: if the kernel is gone afterwards.
        """
        cell = v4.new_code_cell(source)  # type: ignore[no-untyped-call]
        client = self._client
        client.nb.cells = [cell]
        client.printed, client.most, client.is_flooded = 0, self._limits.output, False
        told = ""
        try:
            await client.async_execute_cell(cell, 0)
        except DeadKernelError:
            _go_on_unless_cancelled()
            raise KernelLostError(self._why or _ENDED) from None
        except CellTimeoutError:
            told = late(self._limits.cell_seconds)
        if client.is_flooded:
            told = "This cell printed more than can be shown, and was stopped."
        if told:
            await self._interrupt(told)
        return list(cell.outputs), told

    async def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """What the student's code answers to a question of the judge.

        :raises TooLateError: if it was stopped; :raises KernelLostError: if the kernel is gone.
        """
        expression = (
            f"__import__('sys').modules[{_HANDED_OVER[1]!r}].answer({json.dumps(question)!r})"
        )
        said = await self._ask("", expression, seconds)
        answer: dict[str, Any] = json.loads(literal_eval(said))
        return answer

    async def _ask(self, code: str, expression: str, seconds: float = _START_SECONDS) -> str:
        """Run code, and give what the expression is then, as Python writes it."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        wanted = self._channels.execute(
            code or "pass", silent=True, store_history=False, allow_stdin=False,
            user_expressions={"said": expression or "None"},
        )  # fmt: skip
        while True:
            left = deadline - loop.time()
            if left <= 0:
                told = late(seconds)
                await self._interrupt(told)
                raise TooLateError(told)
            try:
                reply = await self._channels.shell_channel.get_msg(timeout=min(left, 0.5))
            except Empty:
                await self._require_life()
                continue
            if reply["parent_header"].get("msg_id") == wanted:
                said = reply["content"].get("user_expressions", {}).get("said", {})
                return str(said.get("data", {}).get("text/plain", "'{}'"))

    async def _require_life(self) -> None:
        if not await self._manager.is_alive():
            raise KernelLostError(self._why or _ENDED)

    async def _interrupt(self, told: str) -> None:
        """Interrupt what runs, for a reason; a kernel that does not come back is killed."""
        await self._manager.interrupt_kernel()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE
        wanted = self._channels.execute("pass", silent=True, store_history=False)
        while loop.time() < deadline:
            with suppress(Empty):
                reply = await self._channels.shell_channel.get_msg(timeout=0.2)
                if reply["parent_header"].get("msg_id") == wanted:
                    return
            await self._require_life()
        why = f"{told} It could not be interrupted, so the kernel was ended."
        self._lose(why)
        raise KernelLostError(why)

    def _lose(self, why: str) -> None:
        self._why = self._why or why
        self._kill()

    async def _watch_use(self) -> None:
        """Kill the kernel when its processes together use too much."""
        looks = 0
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            looks += 1
            family = []
            with suppress(psutil.Error):
                family = [self._process, *self._process.children(recursive=True)]
            if len(family) > self._limits.processes:
                self._lose("Your code started too many processes, so the kernel was ended.")
            elif _is_above(family, self._limits.memory):
                self._lose("Your code used more memory than there is, so the kernel was ended.")
            elif looks % _LOOKS_A_WALK == 0 and self._writes_too_much():
                self._lose("Your code wrote more than fits on the disk, so the kernel was ended.")

    def _writes_too_much(self) -> bool:
        size = 0
        for folder, _, names in os.walk(self._around.connection.parent):
            for name in names:
                with suppress(OSError):
                    size += os.lstat(Path(folder, name)).st_blocks * 512
            if size > self._limits.disk:
                return True
        return False

    async def _watch_connection(self) -> None:
        """A message above the limit breaks the connection; the cell that sent it is stopped."""
        monitor = self._channels.iopub_channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        while True:
            await recv_monitor_message(monitor)
            if await self._manager.is_alive():
                self._client.flood()

    def _fill_folder(self) -> None:
        for path in self.folder.iterdir():
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                path.unlink(missing_ok=True)
        put(self._files, self.folder)

    def _environ(self) -> dict[str, str]:
        """The environment of notebooks; of the teacher's, nothing that may be secret."""
        clusters = {name for names in CLUSTER_VARIABLES.values() for name in names}
        environ = {
            name: value
            for name, value in self._around.environ.items()
            if (name in _INHERITED or os.environ.get(name) != value) and name not in clusters
        }
        return environ | {"HOME": environ["TMPDIR"]}


def put(files: Iterable[Path], folder: Path) -> None:
    """Copy files and folders into a folder."""
    for path in files:
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            shutil.copy2(path, folder / path.name)


_ENDED = "Your code ended the kernel. The cells after it ran in a new one, without this cell."


def late(seconds: float) -> str:
    """The sentence for what took too long."""
    return (
        f"Your code took longer than {seconds:.0f} seconds and was stopped. Is there a loop that "
        "never ends?"
    )


def _is_above(family: Sequence[psutil.Process], most: int) -> bool:
    """Whether processes use more memory than this; what several share counts once."""
    return all(sum(_memory(it, kind) for it in family) > most for kind in ("rss", "pss"))


def _memory(process: psutil.Process, kind: str) -> int:
    try:
        found = process.memory_info() if kind == "rss" else process.memory_full_info()
        return int(getattr(found, kind))
    except psutil.Error:
        return 0


def _go_on_unless_cancelled() -> None:
    """nbclient takes a cancelled task for a dead kernel."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _boot(number: int) -> str:
    """Code that gives a kernel the modules with which it answers."""
    texts = {
        name: (_HERE / f"{name.rpartition('.')[2]}.py").read_text("utf-8") for name in _HANDED_OVER
    }
    return (
        "import sys as _sys, types as _types\n"
        f"for _name, _text in {texts!r}.items():\n"
        "    _module = _sys.modules[_name] = _types.ModuleType(_name)\n"
        "    exec(compile(_text, _name, 'exec'), _module.__dict__)\n"
        f"_module.begin(globals(), {number})\n"
        # IPython's own exit ends the kernel only after the next cell has begun
        "exit = quit = _sys.exit\n"
        "del _sys, _types, _name, _text, _module\n"
    )
