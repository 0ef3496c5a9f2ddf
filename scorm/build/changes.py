"""Tell an author which answers of students will not be recognised any more.

The questions of the course are compared with those of an earlier package: that of the last release,
where there is one, or else the one that is about to be replaced. A package is read as a browser
reads it, by the sealed data of its pages.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from scorm.course.choices import key_of, known_by
from scorm.course.model import Course, Question
from scorm.course.seal import unseal
from scorm.layout import DIST
from scorm.standards.pages import parsed

#: The texts of a question's choices, by the keys that the runtime keeps of picks.
Texts = Mapping[int, str]


def earlier_package(dist: Path, names: Iterable[str]) -> Path | None:
    """The package to compare with: of the newest release, a folder of ``dist``, or in ``dist``.

    While a release is built, ``dist`` is the folder of that release, beside those before it.
    """
    releases = dist.parent if dist.parent.name == DIST else dist
    for name in names:
        released = sorted(releases.glob(f"*/{name}"), key=lambda path: path.stat().st_mtime_ns)
        for path in (*reversed(released), dist / name):
            if path.is_file():
                return path
    return None


def questions_in(package: Path) -> dict[str, Texts]:
    """The questions with choices in a package, by label; none where it cannot be read."""
    found: dict[str, Texts] = {}
    try:
        with zipfile.ZipFile(package) as opened:
            for name in opened.namelist():
                if name.endswith(".html"):
                    found |= _questions_of(opened.read(name))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}  # of another version, or damaged: there is nothing to compare with
    return found


def _questions_of(page: bytes) -> dict[str, Texts]:
    root = parsed(page) if b"data-sealed" in page else None
    found: dict[str, Texts] = {}
    for form in root.iter("form") if root is not None else ():
        label, sealed = form.get("data-question"), form.get("data-sealed")
        if label and sealed:
            choices = unseal(label, sealed)["choices"]
            found[label] = {it["key"]: it["value"] for it in choices if "key" in it}
    return found


def told(course: Course, earlier: Mapping[str, Texts]) -> list[str]:
    """A line for each choice that is not recognised any more."""
    return [
        f"question '{question.identifier}': the choice '{text}' is gone or reworded; students who "
        "picked it keep their points and are told that the question was changed"
        for question in course.questions
        if question.identifier in earlier
        for text in _lost(question, earlier[question.identifier])
    ]


def _lost(question: Question, earlier: Texts) -> list[str]:
    now = {key_of(question.identifier, known_by(choice)) for choice in question.choices}
    is_typed = not question.kind.has_choices
    return [text for key, text in earlier.items() if is_typed or key not in now]
