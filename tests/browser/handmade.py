"""Handmade packages that follow the HTML contract between the build and the runtime."""

from __future__ import annotations

import importlib.util
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jinja2

from scorm.course import model
from scorm.course.choices import description_of, key_of, name_of, revision_of
from scorm.course.seal import seal

from . import manifests


@dataclass(frozen=True)
class Question:
    """A question as the HTML contract of the runtime wants it; ``choices`` are sealed payload."""

    label: str
    kind: str
    choices: list[dict[str, Any]]
    points: float = 1
    tolerance: float = 0.0
    explanation: str = ""
    hint: str = ""
    shuffled: bool = False

    @property
    def sealed(self) -> str:
        payload = {
            "choices": [{**one, **self._known(one["value"])} for one in self.choices],
            "explanation": self.explanation,
            "tolerance": self.tolerance,
            "description": description_of(self.model),
            "revision": revision_of(self.model),
        }
        return seal(self.label, payload)

    @property
    def model(self) -> model.Question:
        """The question as the course has it."""
        choices = (
            model.Choice(it["id"], it["value"], it["value"], it["correct"]) for it in self.choices
        )
        return model.Question(
            identifier=self.label,
            kind=model.QuestionKind(self.kind),
            points=self.points,
            stem_text=f"What about {self.label}?",
            stem_html="",
            choices=tuple(choices),
        )

    def _known(self, text: str) -> dict[str, Any]:
        return {"key": key_of(self.label, text), "name": name_of(self.label, text)}


@dataclass(frozen=True)
class HandmadePage:
    """A page of a handmade package; ``html`` is what the zip holds at ``href``."""

    identifier: str
    title: str
    html: str
    href: str = ""
    scorm_type: str = "sco"
    mastery_score: str = ""
    launch_data: str = ""
    parameters: str = ""

    @property
    def path(self) -> str:
        return self.href or f"{self.identifier}.html"


@dataclass(frozen=True)
class Handmade:
    """A handmade package: pages under one heading, and other files by their names.

    ``standard`` is ``scorm12``, ``scorm2004`` or ``cmi5``.
    """

    pages: list[HandmadePage]
    files: dict[str, bytes] = field(default_factory=dict)
    standard: str = "scorm12"

    def write(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as package:
            package.writestr(*manifests.write(self.standard, self.pages))
            for page in self.pages:
                package.writestr(page.path, page.html)
            for name, content in self.files.items():
                package.writestr(name, content)
        return path


_HTML = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)

BARE_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bare</title>
<link rel="icon" href="data:,"></head><body><main><h1>Bare page</h1></main></body></html>"""

_TEXT_PAGE = _HTML.from_string("""<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{{ about.title }}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="_static/scorm/question.css">
  <script type="application/json" id="scorm-page">{{ about|tojson }}</script>
  <script type="module" src="_static/scorm/page.js"></script>
</head>
<body>
<main>
  <h1>{{ about.title }}</h1>
  <div class="scorm-page-header"><p>10 minutes</p></div>
  <section id="reading">
    <h2>Reading</h2>
    {% for number in range(paragraphs) %}
    <p>Paragraph {{ number }}: a cluster keeps every block of a file on three machines.</p>
    {% endfor %}
  </section>
  <section id="questions">
    <h2>Questions</h2>
    {% for question in questions %}
    <form class="scorm-question" id="question-{{ question.label }}"
          data-question="{{ question.label }}" data-kind="{{ question.kind }}"
          data-points="{{ question.points }}" {% if question.shuffled %}data-shuffled{% endif %}
          data-sealed="{{ question.sealed }}" novalidate>
      <p class="scorm-question-label">Question ({{ question.points }} points)</p>
      <div class="scorm-question-stem" id="question-{{ question.label }}-stem">
        <p>What about {{ question.label }}?</p>
      </div>
      {% if question.kind in ("numeric", "text") %}
      <div class="scorm-question-entry">
        <input type="text" name="{{ question.label }}" id="question-{{ question.label }}-entry"
               aria-labelledby="question-{{ question.label }}-stem" autocomplete="off">
        {% if question.kind == "numeric" %}<span class="scorm-unit">MiB</span>{% endif %}
      </div>
      {% elif question.kind != "task" %}
      <div class="scorm-question-choices"
           role="{{ 'group' if question.kind == 'multiple' else 'radiogroup' }}"
           aria-labelledby="question-{{ question.label }}-stem">
        {% for choice in question.choices %}
        <div class="scorm-choice" data-choice="{{ choice.id }}">
          <input type="{{ 'checkbox' if question.kind == 'multiple' else 'radio' }}"
                 name="{{ question.label }}" value="{{ choice.id }}"
                 id="question-{{ question.label }}-{{ choice.id }}">
          <label for="question-{{ question.label }}-{{ choice.id }}">
          {%- if question.kind != "true-false" -%}
          <span class="scorm-choice-letter">{{ choice.id|upper }}.</span> {% endif -%}
          {{ choice.value }}</label>
        </div>
        {% endfor %}
      </div>
      {% endif %}
      {% if question.hint %}
      <details class="scorm-question-hint"><summary>Hint</summary>{{ question.hint }}</details>
      {% endif %}
      <div class="scorm-question-actions">
        <button type="submit" disabled>
          Check my {{ "work" if question.kind == "task" else "answer" }}</button>
      </div>
      <div class="scorm-question-result" role="status"></div>
    </form>
    {% endfor %}
  </section>
  <div id="scorm-end" style="height: 1px"></div>
</main>
</body>
</html>""")

_DECK = _HTML.from_string("""<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{{ about.title }}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="_static/reveal.css">
  <link rel="stylesheet" href="_static/scorm/question.css">
  <script type="application/json" id="scorm-page">{{ about|tojson }}</script>
</head>
<body>
<div class="reveal">
  <div class="slides">
    <section><h1>{{ about.title }}</h1></section>
    <section>
      <section><h2>Down</h2><p class="fragment">First.</p><p class="fragment">Then.</p></section>
      <section><h2>Further down</h2></section>
    </section>
    {% for question in questions %}
    <section>
      <h2>Question</h2>
      <div class="scorm-question" data-question="{{ question.label }}">
        <p>What about {{ question.label }}?</p>
        <ol class="scorm-question-choices" type="A">
          {% for choice in question.choices %}
          <li>{{ choice.value }}</li>
          {% endfor %}
        </ol>
      </div>
      <div class="fragment scorm-question-answer" data-question="{{ question.label }}"
           data-sealed="{{ question.sealed }}"></div>
    </section>
    {% endfor %}
    <section><h2>Thank you</h2></section>
  </div>
</div>
<script src="_static/reveal.js"></script>
<script>Reveal.initialize({ transition: "none" });</script>
<script type="module" src="_static/scorm/deck.js"></script>
</body>
</html>""")


def text_page(
    identifier: str,
    title: str,
    questions: Sequence[Question] = (),
    *,
    kind: str = "lesson",
    paragraphs: int = 90,
) -> HandmadePage:
    """A text page of the contract: ``paragraphs`` of text, then the questions."""
    about = _about(identifier, title, kind)
    html = _TEXT_PAGE.render(about=about, paragraphs=paragraphs, questions=questions)
    return HandmadePage(identifier, title, html, launch_data=identifier)


def deck(identifier: str, title: str, questions: Sequence[Question] = ()) -> HandmadePage:
    """A deck of the contract, with fragments and a vertical stack."""
    html = _DECK.render(about=_about(identifier, title, "slides"), questions=questions)
    return HandmadePage(identifier, title, html, launch_data=identifier)


def _about(identifier: str, title: str, kind: str) -> dict[str, Any]:
    page = {"course": "handmade", "sco": identifier, "kind": kind, "title": title}
    return {**page, "scoring": {"mastery": 70}}


def runtime_files() -> dict[str, bytes]:
    """The student's runtime and reveal.js, under the names that the pages load them by."""
    runtime = Path(__file__).parents[2] / "scorm" / "runtime"
    files = {
        f"_static/scorm/{path.relative_to(runtime).as_posix()}": path.read_bytes()
        for path in runtime.rglob("*.*")
    }
    # Found without an import, as that would load Sphinx.
    reveal = Path(importlib.util.find_spec("sphinx_revealjs").origin).parent
    for name in ("reveal.js", "reveal.css"):
        files[f"_static/{name}"] = (reveal / "_static/revealjs/dist" / name).read_bytes()
    return files


def choice(
    identifier: str, value: str, correct: bool = False, feedback: str = ""
) -> dict[str, Any]:
    """A choice, or a foreseen answer, of a question's sealed payload."""
    return {"id": identifier, "value": value, "correct": correct, "feedback": feedback}


REPLICAS = Question(
    "replicas",
    "single",
    [
        choice("a", "one", feedback="<p>Then a lost disk is lost data.</p>"),
        choice("b", "three", True, "<p>Yes, by default.</p>"),
        choice("c", "ten"),
    ],
    points=2,
    explanation="<p>Three copies survive two losses.</p>",
)
ENGINES = Question(
    "engines",
    "multiple",
    [
        choice("a", "Spark", True),
        choice("b", "Dask", True),
        choice("c", "a spreadsheet", feedback="<p>Not beyond a million rows.</p>"),
    ],
)
LAZY = Question("lazy", "true-false", [choice("a", "True", True), choice("b", "False")])
BLOCK = Question(
    "block",
    "numeric",
    [choice("a", "128", True), choice("b", "64", feedback="<p>That was Hadoop 1.</p>")],
    tolerance=0.5,
    points=3,
)
CLUSTER = Question("cluster", "task", [], points=2, explanation="<p>kubectl scale does it.</p>")
REDUCE = Question("reduce", "text", [choice("a", "reduceByKey", True)])


def course(path: Path, standard: str = "scorm12") -> Path:
    """A small course with every kind of page and of question, as a package.

    As in real packages, SCORM 1.2 alone names no mastery score.
    """
    quiz = text_page("quiz", "Quiz", [ENGINES, LAZY, BLOCK, REDUCE], kind="quiz", paragraphs=3)
    pages = [
        text_page("welcome", "Welcome", [REPLICAS]),
        deck("slides", "Slides", [REPLICAS, ENGINES]),
        text_page("lab", "Lab", [CLUSTER], kind="lab"),
        replace(quiz, mastery_score="" if standard == "scorm12" else "70"),
    ]
    return Handmade(pages, runtime_files(), standard).write(path)
