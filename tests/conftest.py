"""What tests of every part share: the folder of the project, and the real course, built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of ``conf.py``."""
    return ROOT


@pytest.fixture(scope="session")
def course_package(project: Path) -> Path:
    """The real course as a SCORM 1.2 package, built as ``make`` builds it."""
    built = subprocess.run(
        [sys.executable, "build_scorm.py"], cwd=project, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return project / "dist" / "obd-course-scorm12.zip"
