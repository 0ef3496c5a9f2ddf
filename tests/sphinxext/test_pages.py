"""What a page tells its reader and the packager."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scorm.course.choices import key_of
from scorm.course.model import PageKind, QuestionKind
from scorm.course.seal import unseal
from scorm.errors import CourseError
from scorm.layout import Places

from .conftest import Project

CANARY = re.compile("canary-(?!note)", re.IGNORECASE)


def test_header_shows_kind_time_objectives_and_prerequisites(tiny: Project) -> None:
    """Does the student see at the top what the page is for, and what comes before it?"""
    lesson = tiny.soup("html/docs/lesson.html").select_one(".scorm-page-header")
    assert lesson is not None
    assert "Lesson · 5 minutes" in lesson.text
    assert "Count to three" in lesson.text
    quiz = tiny.soup("html/docs/summary.html").select_one(".scorm-page-header")
    assert quiz is not None
    link = quiz.select_one("a")
    assert link is not None
    assert (link["href"], link.text) == ("lesson.html", "Counting")


def test_page_names_its_sco_and_loads_the_runtime(tiny: Project) -> None:
    """Can the runtime know which SCO it is on?"""
    soup = tiny.soup("html/docs/lesson.html")
    facts = json.loads(soup.select_one("#scorm-page").text)
    assert facts == {
        "course": "tiny",
        "sco": "docs.lesson",
        "kind": "lesson",
        "title": "Counting",
        "scoring": {
            "mastery": 50,
            "weights": "points",
            "attempts": 0,
            "keep": "best",
            "penalty": 0.0,
            "explain": "request",
            "verdict": "pass-fail",
        },
    }
    assert soup.select_one('script[type=module][src$="_static/scorm/page.js"]')
    assert soup.select_one("#scorm-end")
    deck = tiny.soup("html/slides/counting.html")
    assert json.loads(deck.select_one("#scorm-page").text)["sco"] == "docs.slides.counting"
    assert deck.select_one('script[type=module][src$="_static/scorm/deck.js"]')


def test_footnotes_are_a_landmark_with_a_name(tiny: Project) -> None:
    """Can a screen reader tell the footnotes from the theme's sidebar?"""
    soup = tiny.soup("html/docs/lesson.html")
    (notes,) = soup.select("aside.footnote-list")
    assert notes["aria-label"] == "Notes"
    assert len(notes.select("aside[role=doc-footnote]")) == 2


def test_question_is_an_accessible_form(tiny: Project) -> None:
    """Is every control of a question labelled, and is the button off without JavaScript?"""
    form = tiny.soup("html/docs/lesson.html").select_one("form#question-how-many")
    assert form is not None
    group = form.select_one('[role="radiogroup"]')
    assert group is not None
    assert form.select_one(f"#{group['aria-labelledby']}").text.strip() == "How many are 1 + 1 + 1?"
    for control in form.select("input"):
        assert form.select_one(f'label[for="{control["id"]}"]')
    assert form.select_one("button[type=submit][disabled]")
    assert form.select_one("details em")
    entry = tiny.soup("html/docs/summary.html").select_one("#question-distance-entry")
    assert entry is not None
    assert entry["inputmode"] == "decimal"


def test_sealed_answers_hold_what_the_runtime_needs(tiny: Project) -> None:
    """Does the page carry each choice's correctness and feedback, and the explanation?"""
    form = tiny.soup("html/docs/lesson.html").select_one("form#question-how-many")
    assert form is not None
    answers = unseal("how-many", str(form["data-sealed"]))
    assert [(c["id"], c["correct"], c["value"]) for c in answers["choices"]] == [
        ("a", False, "Two"),
        ("b", True, "Three"),
    ]
    assert [(c["name"], c["key"]) for c in answers["choices"]] == [
        ("A_pair", key_of("how-many", "A pair")),
        ("Three", key_of("how-many", "Three")),
    ]
    assert answers["description"] == "How many are 1 + 1 + 1?"
    assert len(answers["revision"]) == 4
    assert "Canary-wrong" in answers["choices"][0]["feedback"]
    assert "Canary-explanation" in answers["explanation"]


def test_choices_have_letters_and_the_author_may_fix_their_order(tiny: Project) -> None:
    """Does a student read the letters of the report, and is an order kept that means something?"""
    form = tiny.soup("html/docs/lesson.html").select_one("form#question-how-many")
    assert form is not None
    letters = [(it.text, it.parent.parent["data-choice"]) for it in form.select("label > span")]
    assert letters == [("A.", "a"), ("B.", "b")]
    assert "data-shuffled" not in form.attrs
    (question,) = (it for it in tiny.course().questions if it.identifier == "how-many")
    assert not question.is_shuffled
    assert replace(question, fixed_order=False).is_shuffled


def test_answers_are_not_in_clear_in_any_file(tiny: Project) -> None:
    """Can nobody read feedback or explanation in the files, in clear or in base64?"""
    secret = b"anary-explanation, since one and one"
    encoded = [base64.b64encode(b"x" * n + secret)[4:-4] for n in range(3)]
    for path in (tiny.build / "html").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not CANARY.search(content.decode("utf-8", "ignore")), path
            assert not any(part in content for part in encoded), path


def test_question_is_shown_again_by_its_label(tiny: Project) -> None:
    """Is a question that is written once answered on a second page, too?"""
    assert tiny.soup("html/docs/summary.html").select_one("form#question-how-many")
    quiz = next(sco for sco in tiny.course().scos() if sco.kind is PageKind.QUIZ)
    assert quiz.questions == ("how-many", "distance")


def test_slide_shows_question_answer_fragment_and_qr_code(tiny: Project) -> None:
    """Does the room see the question, the QR code and the key, and the answer only later?"""
    soup = tiny.soup("html/slides/counting.html")
    choices = [item.text for item in soup.select(".scorm-question ol li")]
    assert choices == ["Two", "Three"]
    answer = soup.select_one(".fragment.scorm-question-answer")
    assert answer is not None
    assert answer.text == ""
    assert unseal("how-many", str(answer["data-sealed"]))["choices"][1]["correct"]
    figure = soup.select_one(".scorm-answer-link")
    assert figure is not None
    assert figure.select_one("svg title")
    assert figure.select_one('a[href="https://vote.example/7"]')
    assert figure.select_one("kbd").text == "k7"


def test_speaker_notes_are_notes(tiny: Project) -> None:
    """Does a comment in a deck become a speaker's note?"""
    note = tiny.soup("html/slides/counting.html").select_one("aside.notes")
    assert note is not None
    assert "Canary-note" in note.text


def test_deck_stands_behind_its_lesson(tiny: Project) -> None:
    """Is the organization module, lesson, its deck, quiz?"""
    module = tiny.course().modules[0]
    assert module.title == "One"
    assert (module.source, module.line) == ("docs/index.md", 3)
    written = [(item.sco.source, item.sco.line) for item in module.items if item.sco]
    assert written == [
        ("docs/lesson.md", 8),
        ("docs/slides/counting.md", 7),
        ("docs/summary.md", 7),
    ]
    assert [item.identifier for item in module.items] == [
        "docs.lesson",
        "docs.slides.counting",
        "docs.summary",
    ]
    assert [item.sco.href for item in module.items if item.sco] == [
        "docs/lesson.html",
        "slides/counting.html",
        "docs/summary.html",
    ]


def test_exported_question_is_whole(tiny: Project) -> None:
    """Does the packager get everything the author wrote?"""
    question = next(q for q in tiny.course().questions if q.identifier == "how-many")
    assert question.kind is QuestionKind.SINGLE
    assert (question.points, question.objective) == (2, "count")
    assert (question.answer_link, question.answer_key) == ("https://vote.example/7", "k7")
    assert question.stem_html == (
        '<p>How many are <code class="docutils literal notranslate"><span class="pre">1</span> '
        '<span class="pre">+</span> <span class="pre">1</span> <span class="pre">+</span> '
        '<span class="pre">1</span></code>?</p>'
    )
    assert question.hint_html == "<p>Use your <em>fingers</em>.</p>"
    assert (question.source, question.line) == ("docs/lesson.md", 12)
    assert [choice.line for choice in question.choices] == [24, 27]
    distance = next(q for q in tiny.course().questions if q.identifier == "distance")
    assert (distance.tolerance, distance.unit) == (0.5, "km")
    assert [(c.text, c.correct) for c in distance.choices] == [("12.5", True), ("1250", False)]


def test_formulas_are_mathml(tiny: Project) -> None:
    """Are formulas drawn by the browser itself, without a script from elsewhere?"""
    soup = tiny.soup("html/docs/lesson.html")
    assert soup.select_one("math")
    assert not [tag for tag in soup.select("script[src]") if str(tag["src"]).startswith("http")]


def test_contents_list_is_written_once(tiny: Project) -> None:
    """Do pages share one contents list, with a plain link for readers without JavaScript?"""
    soup = tiny.soup("html/docs/lesson.html")
    nav = soup.select_one("nav.sidebar-tree")
    assert nav is not None
    assert [a["href"] for a in nav.select("a")] == ["index.html"]
    contents = (tiny.build / "html/_static/scorm/contents.js").read_text("utf-8")
    entries = json.loads(contents.removeprefix("export default ").rstrip(";\n"))
    assert [entry["href"] for entry in entries[0]["items"]] == [
        "docs/lesson.html",
        "slides/counting.html",
        "docs/summary.html",
    ]


def test_plain_text_shows_question_without_answers(tiny: Project, tmp_path: Path) -> None:
    """Is a question readable as plain text, as on a handout?"""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "text", str(tiny.folder), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    text = (tmp_path / "docs" / "lesson.txt").read_text("utf-8")
    assert "How many are" in text
    assert "A.  Two" in text
    assert "B.  Three" in text
    assert "Hint: Use your *fingers*." in text
    assert not CANARY.search(text)


def test_only_what_changed_is_read_again(make_project: Callable[[str], Project]) -> None:
    """Does a page that shows a question elsewhere follow a change of that question?"""
    project = make_project("course")
    assert project.run() == []
    lesson = (project.folder / "docs/lesson.md").read_text("utf-8")
    project.write("docs/lesson.md", lesson.replace("Three\n", "Drei\n"))
    assert project.run() == []
    summary = project.soup("html/docs/summary.html").select_one("form#question-how-many")
    assert summary is not None
    assert "Drei" in summary.text
    assert "Drei" in project.soup("html/slides/counting.html").text


def test_removed_page_leaves_nothing_behind(make_project: Callable[[str], Project]) -> None:
    """Is a page gone from the output once its source is gone?"""
    project = make_project("course")
    assert project.run() == []
    index = (project.folder / "docs/index.md").read_text("utf-8")
    project.write("docs/index.md", index.replace("summary\n", ""))
    (project.folder / "docs/summary.md").unlink()
    assert project.run() == []
    assert not (project.build / "html/docs/summary.html").exists()
    assert [q.identifier for q in project.course().questions] == ["how-many"]


def test_sphinx_is_imported_by_the_extension_alone(project: Path) -> None:
    """Does the rest of the packager know nothing of Sphinx?"""
    offenders = [
        path.relative_to(project).as_posix()
        for path in (project / "scorm").rglob("*.py")
        if "sphinxext" not in path.parts
        and re.search(
            r"^\s*(import|from) (sphinx|docutils|scorm\.sphinxext)\b", path.read_text(), re.M
        )
    ]
    assert offenders == []


@pytest.mark.parametrize("builder", ["html", "revealjs"])
def test_a_run_that_changes_nothing_writes_nothing(tiny: Project, builder: str) -> None:
    """Is what a run hands on left alone when it is the same?"""
    path = Places.of(tiny.folder).part(builder)
    before = path.stat().st_mtime_ns
    assert tiny.run() == []
    assert path.stat().st_mtime_ns == before


def test_decks_in_folders_of_their_own_are_known(make_project: Callable[[str], Project]) -> None:
    """Do lesson, contents and course know a deck below the folder of slides, in one order?"""
    project = make_project("course")
    deep = project.folder / "docs" / "slides" / "deep"
    deep.mkdir()
    deck = (project.folder / "docs/slides/counting.md").read_text("utf-8")
    project.write("docs/slides/deep/more.md", deck.replace("# Counting", "# More", 1))
    project.write("docs/slides/deep-down.md", deck.replace("# Counting", "# Down", 1))
    project.write("docs/slides/index.md", "# Decks\n\n```{toctree}\n:glob:\n\n**\n```\n")
    assert project.run() == []
    links = project.soup("html/docs/lesson.html").select(".scorm-slides a")
    places = ["slides/counting.html", "slides/deep-down.html", "slides/deep/more.html"]
    assert [link["href"] for link in links] == [f"../{place}" for place in places]
    assert (project.build / "html/slides/deep/more.html").exists()
    contents = (project.build / "html/_static/scorm/contents.js").read_text("utf-8")
    entries = json.loads(contents.removeprefix("export default ").rstrip(";\n"))
    assert [entry["href"] for entry in entries[0]["items"]][1:4] == places
    decks = [sco for sco in project.course().scos() if sco.kind is PageKind.SLIDES]
    assert [sco.href for sco in decks] == places
    assert [sco.identifier for sco in decks] == [
        "docs.slides.counting",
        "docs.slides.deep-down",
        "docs.slides.deep.more",
    ]
    project.write("docs/slides/deep/more.md", deck.replace("docs/lesson", "docs/nowhere", 1))
    assert project.run() == []
    with pytest.raises(CourseError) as caught:
        project.course()
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == ("docs/slides/deep/more.md", 4)


def test_lesson_leads_to_its_slides(make_project: Callable[[str], Project]) -> None:
    """Does a lesson link to its deck, also after the deck got another title?"""
    project = make_project("course")
    assert project.run() == []
    link = project.soup("html/docs/lesson.html").select_one(".scorm-slides a")
    assert link is not None
    assert (link["href"], link.text) == ("../slides/counting.html", "Slides: Counting")
    deck = (project.folder / "docs/slides/counting.md").read_text("utf-8")
    project.write("docs/slides/counting.md", deck.replace("# Counting", "# Fingers", 1))
    assert project.run() == []
    link = project.soup("html/docs/lesson.html").select_one(".scorm-slides a")
    assert link is not None
    assert link.text == "Slides: Fingers"
    assert (project.build / "html/slides/counting.html").exists()
