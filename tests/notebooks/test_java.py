"""Finding Java: the system's, else one that cjdk fetches, else one clear line."""

from __future__ import annotations

from pathlib import Path

import cjdk
import pytest

from scorm.errors import SetupError
from scorm.notebooks.java import find_java


def _jdk(home: Path, version: str) -> Path:
    """A JDK that says what a real one says when it is asked for its settings."""
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(
        "#!/bin/sh\n"
        f"echo '    java.home = {home}' >&2\n"
        f"echo '    java.specification.version = {version}' >&2\n"
    )
    java.chmod(0o755)
    return home


@pytest.fixture
def no_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> Path:
        raise cjdk.InstallError("download failed:\nno network")

    monkeypatch.setattr(cjdk, "java_home", refuse)


@pytest.mark.usefixtures("no_fetch")
def test_java_home_wins_over_path(tmp_path: Path) -> None:
    """Is the JDK that JAVA_HOME names used, though another one is on PATH?"""
    named, other = _jdk(tmp_path / "named", "21"), _jdk(tmp_path / "other", "17")
    assert find_java({"JAVA_HOME": str(named), "PATH": str(other / "bin")}) == named


@pytest.mark.usefixtures("no_fetch")
@pytest.mark.parametrize("version", ["1.8", "11", "16"])
def test_too_old_java_home_gives_way_to_path(tmp_path: Path, version: str) -> None:
    """Does a JAVA_HOME that is too old for Spark give way to a newer Java on PATH?"""
    old, new = _jdk(tmp_path / "old", version), _jdk(tmp_path / "new", "17")
    assert find_java({"JAVA_HOME": str(old), "PATH": str(new / "bin")}) == new


@pytest.mark.usefixtures("no_fetch")
def test_java_home_that_points_nowhere(tmp_path: Path) -> None:
    """Is a JAVA_HOME that was uninstalled passed over?"""
    java = _jdk(tmp_path / "jdk", "17")
    assert find_java({"JAVA_HOME": str(tmp_path / "gone"), "PATH": str(java / "bin")}) == java


def test_fetched_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is Java 17 asked of cjdk where the machine has none?"""
    asked = {}

    def fetch(**wanted: str) -> Path:
        asked.update(wanted)
        return tmp_path

    monkeypatch.setattr(cjdk, "java_home", fetch)
    assert find_java({"PATH": ""}) == tmp_path
    assert asked == {"version": "17"}


@pytest.mark.usefixtures("no_fetch")
def test_no_java_at_all_is_one_clear_line(tmp_path: Path) -> None:
    """Does a user without network read, in one line, what is missing and what to do?"""
    old = _jdk(tmp_path / "old", "11")
    with pytest.raises(SetupError) as caught:
        find_java({"PATH": str(old / "bin")})
    message = str(caught.value)
    assert "\n" not in message
    for said in ("Java 17 or newer", "found only Java 11", "no network", "JAVA_HOME"):
        assert said in message
