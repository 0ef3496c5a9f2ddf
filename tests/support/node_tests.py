"""The tests of ``node --test`` for pytest: which ones a file has, and what became of each."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scorm.build.node import command

REPORTER = Path(__file__).with_name("node-reporter.js")

_DECLARED = re.compile(r"""^\s*test(?:\.\w+)?\(\s*(["'`])((?:\\.|(?!\1).)*)\1""", re.M | re.S)

#: What stands in a written name for other characters: `${…}`, and a backslash with what follows.
_FILLED = re.compile(r"\$\{[^}]*\}|\\.")


@dataclass(frozen=True)
class Result:
    """What became of a test: ``passed``, ``failed`` or ``skipped``, and Node's words on it."""

    name: str
    outcome: str
    words: str


@dataclass
class Run:
    """A file of tests that was run."""

    results: list[Result] = field(default_factory=list)
    #: What the file's tests printed; also the error, where Node cannot read the file.
    said: str = ""
    #: For each script that it used, whether each line of it was run.
    lines: dict[Path, list[bool]] = field(default_factory=dict)

    def of(self, name: str) -> list[Result]:
        """The results of the test that is declared with this name: several if a loop makes them."""
        return [result for result in self.results if _pattern(name).fullmatch(result.name)]

    def beside(self, names: list[str]) -> list[Result]:
        """What Node reports besides these tests: other tests, or that the file itself failed."""
        return [it for it in self.results if not any(_pattern(n).fullmatch(it.name) for n in names)]


def declared(path: Path) -> list[str]:
    """The names of the tests in a file, as they are written there, each once."""
    return list(dict.fromkeys(name for _, name in _DECLARED.findall(path.read_text("utf-8"))))


def run(path: Path, record: Path) -> None:
    """Run the tests of a file, and write the outcome to the file ``record`` for :func:`read`."""
    options = ["--experimental-test-coverage", f"--test-reporter={REPORTER}"]
    node = [*command("node"), "--test", *options, f"--test-reporter-destination={record}"]
    # The outcome is in the record; Node itself ends with 1 where a test failed.
    done = subprocess.run([*node, str(path)], capture_output=True, text=True, check=False)
    assert record.is_file(), done.stdout + done.stderr


def read(record: Path) -> Run:
    """The run that a record tells of; the words of a test's sub-tests are added to its own."""
    found = Run()
    parts: list[str] = []
    for entry in map(json.loads, record.read_text("utf-8").splitlines()):
        if "said" in entry:
            found.said += entry["said"]
        elif "path" in entry:
            found.lines[Path(entry["path"])] = entry["lines"]
        else:
            parts.append(_words(entry))
            if entry["depth"] == 0:
                words = "\n".join(filter(None, parts))
                found.results.append(Result(entry["name"], entry["outcome"], words))
                parts = []
    return found


def _words(entry: dict[str, Any]) -> str:
    words: str = entry["words"]
    return f"{entry['name']}: {words}" if words and entry["depth"] else words


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, _FILLED.split(name))), re.S)
