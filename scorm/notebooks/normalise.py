"""Take out of a notebook's outputs whatever depends on the machine, the folder or the moment.

After that, two executions of one notebook in different folders or by different users have the
same bytes. Names are replaced by words that a student can read (``/course``, ``localhost``);
identifiers that only have to differ from each other are numbered in the order in which they appear.
"""

from __future__ import annotations

import getpass
import re
import socket
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from nbformat import NotebookNode

VERSION = 2
"""Raise it when the rules below change: outputs cached under other rules are then not used."""

_ELLIPSIS = "…"

_LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}

# What a JVM and Spark write to standard error and no student needs: what they say while they start,
# that a native library is missing which they can do without, and their progress bars.
_NOISE = re.compile(
    r"""^(?:
        WARNING:\ Using\ incubator\ modules:.*
      | Picked\ up\ \w*JAVA\w*OPTIONS:.*
      | NOTE:\ Picked\ up\ JDK_JAVA_OPTIONS:.*
      | Using\ Spark's\ default\ log4j\ profile:.*
      | Setting\ default\ log\ level\ to\ .*
      | To\ adjust\ logging\ level\ use\ .*
      | \d\d/\d\d/\d\d\ \d\d:\d\d:\d\d\ (?:WARN|INFO)\ .*
      | netlib-\w+:\ JNI_OnLoad:\ .*
      | .*\[Stage\ \d+:.*
    )\r?\n?""",
    re.MULTILINE | re.VERBOSE,
)

_CELL_FILE = re.compile(r"[^\s'\"<>]*ipykernel_\d+/\d+\.py")
_TEMPORARY = re.compile(r"(?<![\w.])/tmp/[\w.+-]+(?:/[\w.+-]+)*|\btmp[a-z0-9_]{8}\b")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_DASK_TOKEN = re.compile(r"(?<=[-_])[0-9a-f]{32}(?![0-9a-f])")
_PLAN_ID = re.compile(r"(?<=\bplan_id=)\d+")
_SPARK_APPLICATION = re.compile(r"\b(app|local|application)[-_]\d{13,14}(?:[-_]\d+)?\b")
_MEMORY = re.compile(r"(?<=\bat )0x[0-9a-fA-F]+|\b0x[0-9a-fA-F]{9,16}\b")
_PROCESS = re.compile(r"\b(pid|PID|process id)([ =:#]{1,2})\d+\b")
_LOCAL_PORT = re.compile(r"(?<![\w.])(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]):\d{2,5}\b")


@dataclass(frozen=True)
class Machine:
    """What an output must not show of the machine on which a notebook was executed.

    ``folders`` maps absolute paths to what is written instead; ``hosts`` and ``addresses`` are
    the machine's own; ``user`` is the name of the user who builds the course.
    """

    folders: Mapping[str, str]
    hosts: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    user: str = ""

    @classmethod
    def here(cls, folders: Mapping[Path, str]) -> Machine:
        """This machine, this user, with ``folders`` besides the ones everybody has."""
        known = {
            Path(tempfile.gettempdir()): "/tmp",
            Path(sys.prefix): "/python",
            Path(sys.base_prefix): "/python",
            **({home: "/home/student"} if (home := home_folder()) else {}),
            **folders,
        }
        names = {str(form): name for path, name in known.items() for form in (path, path.resolve())}
        # these names tell nothing of a machine, and stand in many outputs for other reasons
        for plain in ("/", "/usr", "/usr/local", "/tmp"):
            names.pop(plain, None)
        host = socket.gethostname()
        return cls(
            folders=names,
            hosts=frozenset({host, host.split(".")[0], socket.getfqdn()}) - {"localhost", ""},
            addresses=frozenset(_own_addresses()),
            user=_user(),
        )


def _user() -> str:
    """The name of this user; ``""`` where the user is a number without a name (in a container)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # KeyError before Python 3.13, OSError since
        return ""


def home_folder() -> Path | None:
    """This user's home; ``None`` where nothing names one."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def _own_addresses() -> Iterable[str]:
    for interface in psutil.net_if_addrs().values():
        for entry in interface:
            if entry.family == socket.AF_INET and not entry.address.startswith("127."):
                yield entry.address


class Normaliser:
    """Rewrites the outputs of one notebook; an identifier has one number in all its cells."""

    def __init__(self, machine: Machine) -> None:
        self._numbers: dict[str, dict[str, int]] = {}
        self._folders = [
            (re.compile(rf"(?<![\w.]){re.escape(path)}(?![\w-])"), name)
            for path, name in sorted(machine.folders.items(), key=lambda entry: -len(entry[0]))
        ]
        self._hosts = [_host_pattern(host) for host in sorted(machine.hosts, key=len, reverse=True)]
        self._addresses = [
            re.compile(rf"(?<![\d.]){re.escape(address)}(?![\d.]*\d)")
            for address in sorted(machine.addresses)
        ]
        user = re.escape(machine.user) or r"(?!)"  # which matches nothing
        self._user = re.compile(rf"(?<=/home/){user}\b|(?<=/Users/){user}\b|\b{user}(?=@)")

    def notebook(self, notebook: NotebookNode) -> NotebookNode:
        """The same notebook, changed in place: outputs and the metadata of the execution."""
        notebook.metadata["language_info"] = dict(_LANGUAGE)
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            if cell.cell_type == "code":
                outputs = [self._output(output) for output in cell.outputs]
                cell.outputs = [output for output in outputs if output.get("text") != ""]
        return notebook

    def text(self, text: str) -> str:
        """The text with everything replaced that another machine or moment would change."""
        # folders first: their names may hold blanks, at which the patterns after them stop
        for pattern, name in self._folders:
            text = pattern.sub(name, text)
        text = _CELL_FILE.sub("<notebook>", text)
        text = _TEMPORARY.sub(
            lambda m: "/tmp/" + _ELLIPSIS if m[0].startswith("/") else "tmp" + _ELLIPSIS, text
        )
        text = _UUID.sub(lambda m: f"{0:08}-0000-0000-0000-{self._number('uuid', m[0]):012}", text)
        text = _DASK_TOKEN.sub(lambda m: f"#{self._number('token', m[0])}", text)
        text = _PLAN_ID.sub(lambda m: str(self._number("plan", m[0])), text)
        text = _SPARK_APPLICATION.sub(rf"\1-{_ELLIPSIS}", text)
        for pattern in self._hosts:
            text = pattern.sub("localhost", text)
        for pattern in self._addresses:
            text = pattern.sub("127.0.0.1", text)
        text = _LOCAL_PORT.sub(rf"\1:{_ELLIPSIS}", text)
        text = _MEMORY.sub("0x" + _ELLIPSIS, text)
        text = _PROCESS.sub(rf"\1\2{_ELLIPSIS}", text)
        return self._user.sub("student", text)

    def _output(self, output: NotebookNode) -> NotebookNode:
        if output.output_type == "stream" and output.name == "stderr":
            output.text = _NOISE.sub("", output.text)
        for key in ("text", "data"):
            if key in output:
                output[key] = self._value(output[key])
        return output

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case dict():
                # binary data such as pictures are base64: what matches in it does so by chance
                return {k: v if _is_binary(k) else self._value(v) for k, v in value.items()}
            case list():
                return [self._value(item) for item in value]
        return value

    def _number(self, kind: str, name: str) -> int:
        numbers = self._numbers.setdefault(kind, {})
        return numbers.setdefault(name, len(numbers) + 1)


def _is_binary(key: str) -> bool:
    return key in ("image/png", "image/jpeg", "image/gif", "application/pdf")


def _host_pattern(host: str) -> re.Pattern[str]:
    """Where a host's name counts as one: a plain word such as ``data`` only inside an address."""
    name = re.escape(host)
    if re.search(r"[\d.-]", host):
        return re.compile(rf"(?<![\w.-]){name}(?![\w-])")
    return re.compile(rf"(?<=//){name}\b|(?<=@){name}\b|(?<![\w.-]){name}(?=:\d|/\d)")
