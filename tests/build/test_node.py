"""Node.js and npm are there even where the system has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("tool", ["node", "npm"])
def test_wheel_serves_where_the_system_has_none(tool: str, project: Path) -> None:
    """Does the set-up work on a machine without Node.js?"""
    said = subprocess.run(
        [sys.executable, "-m", "scorm.build.node", tool, "--version"],
        cwd=project,
        env={**os.environ, "PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip().removeprefix("v")[0].isdigit()
