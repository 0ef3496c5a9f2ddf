"""The student's runtime reads what Python wrote; its own tests are in the files ``*.test.js``."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scorm.build.node import command
from scorm.course.seal import seal, unseal
from tests.conftest import ROOT

RUNTIME = ROOT / "scorm" / "runtime"

ANSWERS = {
    "choices": [
        {"id": "a", "correct": True, "value": "128 MiB · 数 😀", "feedback": "<p>Très bien</p>"},
        {"id": "b", "correct": False, "value": "", "feedback": ""},
    ],
    "explanation": '<p>"Blocks" &amp; co.</p>\n',
    "tolerance": 0.5,
}


@pytest.fixture(scope="module")
def node() -> str:
    """Node.js as the set-up finds it."""
    return command("node")[0]


def run_node(node: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [node, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def evaluate(node: str, expression: str, module: str, *names: str) -> Any:
    """The value of a JavaScript expression over names of a module of the runtime."""
    address = json.dumps((RUNTIME / module).as_uri())
    script = f"import {{ {', '.join(names)} }} from {address};"
    script += f"process.stdout.write(JSON.stringify({expression}));"
    done = run_node(node, "--input-type=module", "--eval", script)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("label", ["partition-size", "carré 数", ""])
def test_the_browser_reads_what_python_sealed(node: str, label: str) -> None:
    """Does an answer survive the way from the build to the browser, whatever it is written in?"""
    sealed = seal(label, ANSWERS)
    read = evaluate(
        node, f"unseal({json.dumps(label)}, {json.dumps(sealed)})", "view/seal.js", "unseal"
    )
    assert read == ANSWERS == unseal(label, sealed)


def test_sealed_text_never_changes() -> None:
    """Do packages of today open in the runtime of tomorrow (the golden value of seal.test.js)?"""
    golden = (ROOT / "tests" / "runtime" / "view" / "seal.test.js").read_text("utf-8")
    assert seal("carré", {"choices": [], "explanation": "<p>naïve · 数</p>"}) in golden


def test_every_file_is_served_as_a_script() -> None:
    """Does Moodle serve each module as JavaScript, and does each import name a file that exists?"""
    for path in filter(Path.is_file, RUNTIME.rglob("*")):
        assert path.suffix in {".js", ".css"}, path
    for path in RUNTIME.rglob("*.js"):
        for name in re.findall(r'^(?:import|}) .*?"(.+?)";$', path.read_text("utf-8"), re.M):
            assert name.startswith(("./", "../")), (path, name)
            assert (path.parent / name).is_file(), (path, name)
