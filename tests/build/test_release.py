"""The script that makes a release: does it refuse what is not ready, and do the rest in order?"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT

TODAY = date.today().isoformat()
DASH = "\N{EN DASH}"
FILES = {
    "scorm/__init__.py": '"""A package."""\n\n__version__ = "1.2.3"\n',
    "CITATION.cff": f'cff-version: 1.2.0\nversion: 1.2.3\ndate-released: "{TODAY}"\n',
    "CHANGELOG.md": (
        f"# Changelog\n\n## 1.2.3 {DASH} {TODAY}\n\n- All.\n\n## 1.2.2 {DASH} 2020-01-01\n"
    ),
    "Makefile": "lint test setup:\n\t@echo made $@ >> $(LOG)\n",
    ".gitignore": "/dist/\n/.venv/\n/log\n",
    # stands for the virtual environment's Python: notes what it is asked for, and does little
    ".venv/bin/python": """#!/bin/sh
echo "python $*" >> "$LOG"
case "$*" in
  *"import build"*) exit 1 ;;
  build_scorm.py*) mkdir -p dist/1.2.3; echo course > dist/1.2.3/course.zip ;;
  *"pip wheel"*) echo wheel > dist/1.2.3/scorm.whl ;;
esac
""",
}


class Repository:
    """A small repository, ready to be released, and a hand on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        for name, text in FILES.items():
            self.write(name, text)
        (folder / ".venv/bin/python").chmod(0o755)
        (folder / ".ci").mkdir()
        shutil.copy(ROOT / ".ci" / "release", folder / ".ci" / "release")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a word of a file, and commit."""
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))
        self.commit()

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Change")

    def git(self, *words: str) -> str:
        person = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
        command = ["git", *person, *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def release(self, *flags: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LOG": str(self.log),
            "GIT_COMMITTER_NAME": "Somebody",
            "GIT_COMMITTER_EMAIL": "somebody@example.org",
        }
        return subprocess.run(
            [sys.executable, ".ci/release", *flags],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What was run, but for questions."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [line for line in lines if "import build" not in line]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


DAMAGE: dict[str, tuple[Callable[[Repository], object], str]] = {
    "version": (
        lambda r: r.change("scorm/__init__.py", "1.2.3", "1.2.4"),
        "CITATION.cff: version is “1.2.3”; write 1.2.4",
    ),
    "no version": (
        lambda r: r.change("scorm/__init__.py", "1.2.3", "soon"),
        "scorm/__init__.py: the version is “soon”",
    ),
    "citation's date": (
        lambda r: r.change("CITATION.cff", TODAY, "2020-02-02"),
        f"CITATION.cff: date-released is “2020-02-02”; write {TODAY}",
    ),
    "changelog's date": (
        lambda r: r.change("CHANGELOG.md", TODAY, "2020-02-02"),
        f"release it as “## 1.2.3 {DASH} {TODAY}”",
    ),
    "unreleased": (
        lambda r: r.change("CHANGELOG.md", "## 1.2.3", "## Unreleased\n\n- New.\n\n## 1.2.3"),
        "CHANGELOG.md: the first section is “Unreleased”",
    ),
    "no section": (
        lambda r: r.change("CHANGELOG.md", f"## 1.2.3 {DASH} {TODAY}\n", ""),
        f"CHANGELOG.md: the first section is “1.2.2 {DASH} 2020-01-01”",
    ),
    "no changelog": (
        lambda r: r.git("rm", "--quiet", "CHANGELOG.md"),
        "CHANGELOG.md: the first section is “”",
    ),
    "changed file": (
        lambda r: r.write("Makefile", "other:\n"),
        "the tree is not clean; commit or remove: M Makefile",
    ),
    "new file": (
        lambda r: r.write("new.txt", "new"),
        "the tree is not clean; commit or remove: ?? new.txt",
    ),
    "branch": (
        lambda r: r.git("switch", "--quiet", "--create", "trial"),
        "this is the branch “trial”; releases are made on main",
    ),
    "tag": (lambda r: r.git("tag", "v1.2.3"), "the tag v1.2.3 is there already"),
    "leftovers": (
        lambda r: r.write("dist/1.2.3/old.zip", "old"),
        "dist/1.2.3 is not empty; remove what an earlier try left there",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_refuses(repository: Repository, name: str) -> None:
    """Is each thing that stands against a release told in one line, before anything is done?"""
    damage, words = DAMAGE[name]
    damage(repository)
    tags = repository.git("tag", "--list")
    for flags in ((), ("--dry-run",)):
        ended = repository.release(*flags)
        assert ended.returncode == 1
        assert words in ended.stderr
        assert "Traceback" not in ended.stderr
    assert repository.done() == []
    assert repository.git("tag", "--list") == tags


def test_tells_all_at_once(repository: Repository) -> None:
    """Does nobody have to start again for each fault?"""
    repository.change("CITATION.cff", "1.2.3", "1.0.0")
    repository.change("CHANGELOG.md", "1.2.3", "1.0.0")
    repository.write("new.txt", "new")
    assert len(repository.release().stderr.splitlines()) == 3


def test_dry_run(repository: Repository) -> None:
    """Does a dry run tell every step and do none?"""
    ended = repository.release("--dry-run")
    assert ended.returncode == 0, ended.stderr
    for words in ("make lint", "make test", "build_scorm.py", "wheel", "SHA256SUMS", "git tag"):
        assert words in ended.stdout
    assert repository.done() == []
    assert repository.git("tag", "--list") == ""
    assert not (repository.folder / "dist").exists()


@pytest.mark.parametrize(
    ("flags", "first"),
    [((), ["made lint", "made test"]), (("--no-tests",), ["made setup"])],
)
def test_release(repository: Repository, flags: tuple[str, ...], first: list[str]) -> None:
    """Are tests, packages, wheel, sums and tag made in this order, and nothing pushed?"""
    ended = repository.release(*flags)
    assert ended.returncode == 0, ended.stderr
    assert repository.done() == [
        *first,
        "python build_scorm.py --output dist/1.2.3",
        "python -m pip wheel --no-deps --wheel-dir dist/1.2.3 .",
    ]
    sums = (repository.folder / "dist/1.2.3/SHA256SUMS").read_text("utf-8").splitlines()
    assert sums == [
        f"{hashlib.sha256(content).hexdigest()}  {name}"
        for name, content in (("course.zip", b"course\n"), ("scorm.whl", b"wheel\n"))
    ]
    assert repository.git("rev-parse", "v1.2.3^{commit}") == repository.git("rev-parse", "main")
    assert "Nothing was pushed" in ended.stdout


def test_a_failing_step_ends_it(repository: Repository) -> None:
    """Is nothing built or tagged when the tests fail?"""
    repository.change("Makefile", "lint test setup:", "test:\n\t@false\nlint setup:")
    ended = repository.release()
    assert ended.returncode == 1
    assert ended.stderr.endswith("release: “Tests” failed; nothing was tagged\n")
    assert repository.done() == ["made lint"]
    assert repository.git("tag", "--list") == ""
