"""What an author is told of mistakes: file, line, what is wrong and what to write instead."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from docutils import nodes

from scorm.course.choices import alike, identity_of
from scorm.errors import BuildError, Fault
from scorm.sphinxext.pages.front_matter import read_markdown, read_notebook
from scorm.sphinxext.questions.directive import pictures
from scorm.sphinxext.questions.nodes import question_choice
from tests.conftest import ROOT

from .conftest import Project

HEAD = "---\nkind: quiz\nduration: 1\nobjectives: {count: Count}\n---\n\n# Quiz\n\n"
GOOD = "\nWhich?\n\n- [x] This\n- [ ] That\n```\n"


def question(options: str = "", body: str = GOOD, label: str = "LABEL") -> str:
    return f"```{{question}} {label}\n{options}{body}"


#: What an author wrote, the text of the line that the fault names, and words of its message.
MISTAKES = [
    (question(body="\nWhich?\n\n- [ ] This\n- [ ] That\n```\n"), "This", "no choice is correct"),
    (question(body="\nWhich?\n\n- [x] This\n- [x] That\n```\n"), "That", "2 choices are marked"),
    (question(":points: many\n"), "```{", "'points' is 'many'"),
    (question(":points: 0\n"), "```{", "greater than 0"),
    (question(":kind: essay\n"), "```{", "'essay' is no kind of question"),
    (
        question(":kind: numeric\n:tolerance: wide\n", body="\nHow many?\n\n- [x] 3\n```\n"),
        "```{",
        "'tolerance' is 'wide'",
    ),
    (question(":tolerance: 1\n"), "Which", "only a numeric question has a tolerance"),
    (question(":objective: fly\n"), "```{", "'fly' is not an objective of this page (count)"),
    (question(":answer-link: vote.example\n"), "```{", "write a full address"),
    (question(":hint: |\n  Look.\n"), "```{", "the option 'hint' is empty"),
    (question(":answer-key: abc\n"), "```{", "needs an 'answer-link'"),
    (question(label="Not A LABEL"), "```{", "'Not A LABEL' is no label"),
    (question(body="\nWhich?\n\n- [x] This\n- [?] That\n```\n"), "That", "'[?]' marks nothing"),
    (question(body="\nWhich?\n\n- [x] This\n- [ ]\n```\n"), "- [ ]", "this choice is empty"),
    (question(body="\nWhich?\n\n- [x] This\n```\n"), "This", "nothing to choose from"),
    (
        question(body='\nWhich?\n\n- [x] *This*, and "that"\n- [ ]  This, and “that”\n```\n'),
        "- [ ]  This",
        "this choice is the same as one before it",
    ),
    (
        question(body="\nWhich?\n\n- [x] This\n- [ ] That\n  {was: This}\n```\n"),
        "- [ ] That",
        "this choice is the same as one before it",
    ),
    (
        question(body="\nWhich?\n\n- [x] This\n- [ ] That\n  {was: }\n```\n"),
        "{was",
        "write the old text of this choice once",
    ),
    (question(body="\nWhich?\n```\n"), "Which", "has no answers"),
    (question(":kind: task\n"), "- [", "a task has no answers"),
    (
        question(":kind: task\n:tolerance: 1\n", body="\nScale it.\n```\n"),
        "Scale it",
        "only a numeric question has a tolerance",
    ),
    (question(body="\n- [x] This\n- [ ] That\n```\n"), "This", "asks nothing"),
    (question(body=GOOD.replace("```\n", "More.\n```\n")), "More", "stands after the choices"),
    (question(":kind: true-false\n"), "This", "has the choices 'True' and 'False'"),
    (
        question(":kind: numeric\n", body="\nHow many?\n\n- [x] a dozen\n```\n"),
        "a dozen",
        "'a dozen' is not a number",
    ),
    ("```{question-ref} nowhere\n```\n", "```{", "no question has the label 'nowhere'"),
    (question(":colour: red\n"), "colour", "colour"),
    (
        question() + "\n```{question-ref} LABEL\n```\n",
        "question-ref",
        "the question 'LABEL' is written on this page already, in line 9",
    ),
    (
        "```{question-ref} how-many\n```\n\n````{question-ref} how-many\n````\n",
        "````{",
        "the question 'how-many' is shown on this page already, in line 9",
    ),
    (
        "`````{only} latex\n" + question() + "`````\n",
        "{question}",
        "the question 'LABEL' is not shown on this page",
    ),
]


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Fault]]:
    """A course with one page for each mistake, and what one run says of it."""
    project = Project(tmp_path_factory.mktemp("mistakes") / "course")
    shutil.copytree(ROOT / "tests" / "roots" / "test-course", project.folder)
    index = (project.folder / "docs/index.md").read_text("utf-8")
    names = [f"mistake-{number}" for number in range(len(MISTAKES))]
    project.write(
        "docs/index.md", index.replace("summary\n", "summary\n" + "\n".join(names) + "\n")
    )
    for number, (text, _, _) in enumerate(MISTAKES):
        project.write(f"docs/mistake-{number}.md", HEAD + text.replace("LABEL", f"q{number}"))
    return project, project.run(decks=False)


@pytest.mark.parametrize("number", range(len(MISTAKES)), ids=[words for _, _, words in MISTAKES])
def test_each_mistake_in_a_question_is_named_with_its_line(
    mistakes: tuple[Project, list[Fault]], number: int
) -> None:
    """Does the author learn the file, the line and the mistake, from one failing build?"""
    project, faults = mistakes
    path = f"docs/mistake-{number}.md"
    found = [fault for fault in faults if fault.path == path]
    assert len(found) == 1, found
    _, marker, message = MISTAKES[number]
    assert message.replace("LABEL", f"q{number}") in found[0].message
    lines = (project.folder / path).read_text("utf-8").splitlines()
    assert found[0].line == 1 + next(n for n, text in enumerate(lines) if marker in text)


def test_choices_that_differ_are_no_twins() -> None:
    """Are two pictures without words, and two words that differ by case, two choices?"""
    one, other = (question_choice("", nodes.image(uri=name)) for name in ("a.png", "b.png"))
    assert alike([pictures(one), pictures(other)]) == []
    assert alike([pictures(one), pictures(other), pictures(one)]) == [2]
    assert alike([identity_of(text) for text in ("List", "list", "`list`", "list()")]) == []


def test_a_mistake_is_told_again(mistakes: tuple[Project, list[Fault]]) -> None:
    """Does a second build not forget what the first one found?"""
    project, faults = mistakes
    assert len(faults) == len(MISTAKES)
    assert project.run(decks=False) == faults


def test_a_label_belongs_to_one_question(make_project: Callable[[str], Project]) -> None:
    """Is a label that is taken named, with the place that has it?"""
    project = make_project("course")
    project.write("docs/summary.md", HEAD + question(label="how-many"))
    (fault,) = project.run(decks=False)
    assert "'how-many' is taken by the question at docs/lesson.md:12" in fault.message


def test_a_question_is_not_written_on_a_slide(make_project: Callable[[str], Project]) -> None:
    """Is an author of slides told where questions are written?"""
    project = make_project("course")
    deck = "---\nkind: slides\nduration: 1\nlesson: docs/lesson\n---\n\n# Deck\n\n" + question()
    project.write("docs/slides/counting.md", deck)
    (fault,) = project.run()
    assert fault.path == "docs/slides/counting.md"
    assert fault.line == 9
    assert "on a text page" in fault.message


def test_a_page_without_front_matter_is_named(make_project: Callable[[str], Project]) -> None:
    """Is a page that does not say what it is refused?"""
    project = make_project("course")
    project.write("docs/summary.md", "# Summary\n")
    (fault,) = project.run(decks=False)
    assert (fault.path, fault.line) == ("docs/summary.md", 1)
    assert "'kind' and 'duration'" in fault.message


def test_a_page_without_a_title_is_named(make_project: Callable[[str], Project]) -> None:
    """Is a page refused that has no end to reach, since it has no beginning?"""
    project = make_project("course")
    project.write("docs/alone.md", "---\nkind: lesson\nduration: 1\norphan: true\n---\n\nText.\n")
    (fault,) = project.run(decks=False)
    assert (fault.path, fault.line) == ("docs/alone.md", 1)
    assert "this page has no title" in fault.message


def test_a_deck_may_show_a_question_twice(make_project: Callable[[str], Project]) -> None:
    """May a room be asked again after a discussion, as nobody answers in the deck itself?"""
    project = make_project("course")
    deck = (project.folder / "docs/slides/counting.md").read_text("utf-8")
    again = "\n## And now?\n\n```{question-ref} how-many\n```\n"
    project.write("docs/slides/counting.md", deck + again)
    assert project.run() == []
    assert len(project.soup("html/slides/counting.html").select("div[data-question] ol")) == 2


def test_a_module_needs_name_and_caption(make_project: Callable[[str], Project]) -> None:
    """Is a toctree that cannot become a module named?"""
    project = make_project("course")
    index = (project.folder / "docs/index.md").read_text("utf-8")
    project.write("docs/index.md", index.replace(":name: one\n", ""))
    (fault,) = project.run(decks=False)
    assert fault.path == "docs/index.md"
    assert "'name' and 'caption'" in fault.message


def test_conf_faults_are_named_all_at_once(make_project: Callable[[str], Project]) -> None:
    """Does a mistake in conf.py give a sentence and no traceback?"""
    project = make_project("course")
    conf = (project.folder / "conf.py").read_text("utf-8")
    wrong = '"mastery_score": 500, "colour": "red", "scoring": {"penalty": 2}'
    conf = conf.replace('"mastery_score": 50', wrong)
    project.write("conf.py", conf)
    with pytest.raises(BuildError) as caught:
        project.run(decks=False)
    assert "500 is greater than the maximum of 100" in str(caught.value)
    assert "'colour' was unexpected" in str(caught.value)
    assert "2 is greater than the maximum of 1" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_conf_stops(make_project: Callable[[str], Project]) -> None:
    """Is an error of the Python in conf.py one line with its place, and no traceback?"""
    project = make_project("course")
    conf = (project.folder / "conf.py").read_text("utf-8")
    project.write("conf.py", f"{conf}\ndef named(key):\n    return {{}}[key]\n\nnamed('colour')\n")
    (fault,) = project.run(decks=False)
    assert (fault.path, fault.line) == ("conf.py", conf.count("\n") + 3)
    assert fault.message == "Python stops here: KeyError: 'colour'"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("---\nkind: essay\nduration: 1\n---\n", 2, "write one of lesson, slides, lab, quiz"),
        ("---\nkind: quiz\nduration: long\n---\n", 3, "whole minutes"),
        ("---\nkind: quiz\n---\n", 1, "'duration' is missing"),
        ("---\nkind: quiz\nduration: 1\ncolor: red\n---\n", 4, "'color' is not known here"),
        ("---\nkind: quiz\nduration: 1\nobjectives: [a]\n---\n", 4, "a label"),
        ("---\nkind: [\n---\n", 2, "not YAML"),
        ("---\nkind: quiz\n", 1, "not closed"),
    ],
)
def test_each_mistake_in_front_matter_is_named_with_its_line(
    source: str, line: int, message: str
) -> None:
    """Does the author learn the line of the key that is wrong?"""
    found = read_markdown(source)
    assert found.metadata is None
    ((at, text),) = found.faults
    assert message in text
    assert at == line


def test_notebook_metadata_is_checked_like_front_matter() -> None:
    """Does a notebook say what it is in the same words?"""
    good = read_notebook('{"metadata": {"course": {"kind": "lab", "duration": 9}}, "cells": []}')
    assert good.faults == ()
    assert good.metadata is not None
    assert good.metadata.duration == 9
    bad = read_notebook('{"metadata": {\n"course": {"kind": "lab"}}, "cells": []}')
    assert [line for line, _ in bad.faults] == [2]
    assert read_notebook("not json").faults
