"""Find the Java that Spark runs on.

Spark 4 needs Java 17 or newer. A full JDK is asked for because Spark's launcher wants the
module ``jdk.incubator.vector``, which trimmed-down runtimes leave out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import cjdk

from scorm.errors import SetupError

MINIMUM = 17
"""The oldest Java that Spark 4 starts on; also the one that is fetched where there is none."""

_ANSWER_SECONDS = 30


def find_java(environ: Mapping[str, str] = os.environ) -> Path:
    """The ``JAVA_HOME`` of a Java that can run Spark.

    Looked for in ``JAVA_HOME``, then on ``PATH``; where neither is new enough, ``cjdk`` fetches
    one into its own cache. Raises :class:`~scorm.errors.SetupError`.
    """
    named = environ.get("JAVA_HOME")
    on_path = shutil.which("java", path=environ.get("PATH", ""))
    candidates = [Path(named, "bin", "java")] if named else []
    candidates += [Path(on_path)] if on_path else []
    seen = []
    for candidate in candidates:
        answer = _ask(candidate)
        if answer is None:
            continue
        home, version = answer
        if version >= MINIMUM:
            return home
        seen.append(f"Java {version}")
    return _fetch(seen)


def _ask(java: Path) -> tuple[Path, int] | None:
    """The home and the main version of this ``java``, by itself; ``None`` if it does not start."""
    try:
        done = subprocess.run(
            [java, "-XshowSettings:properties", "-version"],
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    home = re.search(r"^\s*java\.home = (.+)$", done.stderr, re.MULTILINE)
    # "1.8" up to Java 8, a whole number since (JEP 223)
    version = re.search(
        r"^\s*java\.specification\.version = (?:1\.)?(\d+)", done.stderr, re.MULTILINE
    )
    return (Path(home[1].strip()), int(version[1])) if home and version else None


def _fetch(seen: list[str]) -> Path:
    try:
        return Path(cjdk.java_home(version=str(MINIMUM)))
    except cjdk.CjdkError as error:
        found = f"found only {', '.join(seen)}" if seen else "found none"
        reason = " ".join(str(error).split())
        raise SetupError(
            f"Spark needs Java {MINIMUM} or newer; {found}, and fetching one failed ({reason}): "
            f"install a JDK, or set JAVA_HOME to one"
        ) from error
