"""What must not be read from a package: the answers, and the machine that built it.

Canaries stand for feedback, explanations and answers; each file of each kind of package is
searched for them in every simple disguise. What sealing protects, and what not, is told in
``scorm/course/seal.py``: whoever runs the page's own script can open what it opens.
"""

from __future__ import annotations

import base64
import getpass
import json
import re
import shutil
import socket
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from scorm.build import sphinx_runs
from scorm.course import course_json
from scorm.course.model import Course
from scorm.layout import Places
from scorm.notebooks import execute
from scorm.packages import Format, Layout, PackageOptions, formats, package_name
from tests.conftest import ROOT, made_once
from tests.support import labs

#: Words that only secret parts of the course hold; the course of ``tests/roots`` brings three.
FEEDBACK = ("Canary-wrong", "Canary-right", "canaryeins", "canaryzwei")
EXPLANATIONS = ("Canary-explanation", "canarydrei")
ANSWERS = ("canaryvier", "8675309.125")
COMMENTS = ("canaryfuenf",)
CANARIES = FEEDBACK + EXPLANATIONS + ANSWERS + COMMENTS + labs.CANARIES

_SECRETS = """---
kind: quiz
duration: 1
---

# Secrets

```{question} typed
:kind: text
:explanation: "**canarydrei** it is."

Which word?

- [x] canaryvier
  > canaryeins, indeed.
- [ ] vienna
  > `canaryzwei`, no.
```

```{question} number
:kind: numeric

How many? <!-- canaryfuenf -->

- [x] 8675309.125
```
"""

OPTIONS = [
    PackageOptions(Format.SCORM12),
    PackageOptions(Format.SCORM12, Layout.SINGLE),
    PackageOptions(Format.SCORM12, modules="module.one"),
    PackageOptions(Format.SCORM2004),
    PackageOptions(Format.SCORM2004, Layout.SINGLE),
    PackageOptions(Format.SCORM2004_3RD),
    PackageOptions(Format.SCORM2004_3RD, Layout.SINGLE),
    PackageOptions(Format.CMI5),
]


@pytest.fixture(scope="module")
def built(shared_folder: Path) -> tuple[Course, Path]:
    """A course with a canary in every secret place, and the folder of its ``course.json``."""
    build = made_once(shared_folder / "secret-place", build_secrets) / "_build"
    return course_json.load(build / "course.json"), build


def build_secrets(folder: Path) -> None:
    """Write that course into a folder and build it there."""
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", folder)
    (folder / "docs" / "secrets.md").write_text(_SECRETS, "utf-8")
    index = folder / "docs" / "index.md"
    pages = "summary\nsecrets\n/notebooks/lab\n"
    index.write_text(index.read_text("utf-8").replace("summary\n", pages), "utf-8")
    deck = folder / "docs" / "slides" / "counting.md"
    # Speaker notes are in the package by design (CONTRIBUTING.md).
    slide = "\n## A word\n\n```{question-ref} typed\n```\n"
    deck.write_text(deck.read_text("utf-8").replace("Canary-note", "A note") + slide, "utf-8")
    places = Places.of(folder)
    notebook = labs.write_lab(places.notebooks_folder / "lab.ipynb")
    execute([notebook], places.notebook_cache, folder)
    for run in sphinx_runs.RUNS:
        assert sphinx_runs.run(run, places) == []
    parts = [places.part(run.builder) for run in sphinx_runs.RUNS]
    whole = course_json.assemble(*(json.loads(part.read_text("utf-8")) for part in parts))
    places.course_json.write_text(course_json.dump(whole), "utf-8")


@pytest.fixture(scope="module", params=OPTIONS, ids=str)
def package(
    request: pytest.FixtureRequest,
    built: tuple[Course, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Each kind of package of that course."""
    whole, build = built
    destination = tmp_path_factory.mktemp("dist") / package_name(whole, request.param)
    return formats.write(whole, build, destination, request.param).path


def disguises(word: str) -> Iterator[bytes]:
    """The word in clear, and as encodings would have it."""
    for text in {word, word.lower(), word.upper(), word[::-1]}:
        data = text.encode()
        yield data
        yield text.encode("utf-16-le")
        yield data.hex().encode()
        yield quote("".join(f"\0{letter}" for letter in text)).encode()
        yield "".join(f"%{byte:02x}" for byte in data).encode()
        yield "".join(f"%{byte:02X}" for byte in data).encode()
        yield "".join(f"\\u{ord(letter):04x}" for letter in text).encode()
        yield "".join(f"\\x{byte:02x}" for byte in data).encode()
        yield "".join(f"&#{byte};" for byte in data).encode()
        yield "".join(f"&#x{byte:x};" for byte in data).encode()
        for shift in range(3):
            # the letters of base64 that this word decides alone, wherever it begins
            padded = bytes(shift) + data
            whole = base64.b64encode(padded[: len(padded) - len(padded) % 3])
            yield whole[4 if shift else 0 :]


def contents(package: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each file."""
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def findings(package: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each file with the word that it betrays."""
    patterns = {word: re.compile(b"|".join(map(re.escape, disguises(word)))) for word in words}
    return [
        (name, word)
        for name, data in contents(package)
        for word, pattern in patterns.items()
        if pattern.search(data) or pattern.search(name.encode())
    ]


def test_the_canaries_are_in_the_course(built: tuple[Course, Path]) -> None:
    """Does the course really hold what the packages must not show?"""
    _, build = built
    text = (build / "course.json").read_text("utf-8")
    assert [word for word in (*FEEDBACK, *EXPLANATIONS, *ANSWERS) if word not in text] == []


def test_the_search_sees_through_disguises(tmp_path: Path) -> None:
    """Would a canary be found wherever it stood in base64, in an address, or in a string?"""
    texts = [f"{'x' * before}canaryvier{'y' * after}" for before in range(3) for after in range(3)]
    hidden = [base64.b64encode(text.encode()) for text in texts]
    hidden += [b"%63%61%6e%61%72%79%76%69%65%72", b"reivyranac", b'"CANARYVIER"']
    package = tmp_path / "bad.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for number, data in enumerate(hidden):
            archive.writestr(f"{number}.txt", data)
    assert len(findings(package, ("canaryvier",))) == len(hidden)


def test_no_answer_can_be_read(package: Path) -> None:
    """Is no feedback, explanation or right answer in any file, in clear or thinly disguised?"""
    assert findings(package, CANARIES) == []


def test_what_is_shown_can_be_found(package: Path) -> None:
    """Would the search notice them (a stem and a hint are there to be read)?"""
    assert findings(package, ("Which word",))
    assert findings(package, ("fingers",))


def test_labs_are_there_to_be_done(package: Path) -> None:
    """Is the lab in each package of its module, and does it tell what to do?"""
    assert findings(package, ("raise NotImplementedError()",))
    assert findings(package, ("YOUR ANSWER HERE",))


def test_nothing_of_the_workshop_is_shipped(package: Path) -> None:
    """Do sources, the hand-over and executed notebooks stay at home?"""
    names = [name for name, _ in contents(package)]
    left_at_home = re.compile(
        r"(^|/)(_sources|\.|__pycache__|doctrees|parts)|course\.json$|\.(md|doctree|pickle|map)$"
        r"|objects\.inv|\.err\.log$|\.md\.txt$|\.ipynb\.txt$"
    )
    assert [name for name in names if left_at_home.search(name)] == []


def test_no_mark_of_a_right_choice(package: Path) -> None:
    """Does no page say which choice is right, in an attribute or in a script's data?"""
    told = re.compile(rb"""\[x\]|data-correct|["']correct["']\s*:\s*(true|false|\[)""")
    pages = [(name, data) for name, data in contents(package) if name.endswith((".html", ".xml"))]
    assert [name for name, data in pages if told.search(data)] == []


def test_nothing_of_this_machine_is_in_a_package(
    package: Path, built: tuple[Course, Path], project: Path
) -> None:
    """Does no file name the folder, home, host or user of the build?"""
    folder = built[1].parent
    names = [str(project), str(folder), folder.name, str(Path.home()) + "/", sys.prefix]
    names.append(socket.gethostname())
    words = [re.escape(name) for name in names if len(name) > 3]
    words.append(rf"\b(?:home|Users)/{re.escape(getpass.getuser())}\b")
    leak = re.compile("|".join(words).encode())
    assert [name for name, data in contents(package) if leak.search(data)] == []
