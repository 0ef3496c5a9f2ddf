"""Questions as HTML pages, slides and plain text, all from one neutral node."""

from __future__ import annotations

import io
from typing import Any

import segno
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.text import TextTranslator

from scorm.course.choices import description_of, key_of, known_by, name_of, revision_of
from scorm.course.course_json import question_from
from scorm.course.model import Choice, Question, QuestionKind
from scorm.course.seal import seal
from scorm.sphinxext.domain import course_domain, line_of, source_of
from scorm.sphinxext.handover.parts import read_part, remember_question
from scorm.sphinxext.html import enter, html_of, skip, templates
from scorm.sphinxext.questions.nodes import (
    question,
    question_choice,
    question_hint,
    question_reference,
    question_secret,
    question_stem,
)

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Add the nodes of a question with how each builder writes them."""
    app.add_post_transform(ShowQuestions)
    entered, skipped = (enter, enter), (skip, None)
    app.add_node(question, html=(visit_question_html, None), text=entered, latex=entered)
    app.add_node(question_stem, html=entered, text=entered, latex=entered)
    app.add_node(
        question_choice,
        html=entered,
        text=(visit_choice_text, depart_choice_text),
        latex=entered,
    )
    app.add_node(question_secret, html=entered, text=skipped, latex=skipped)
    app.add_node(
        question_hint, html=entered, text=(visit_hint_text, depart_hint_text), latex=entered
    )
    app.add_node(
        question_reference,
        html=skipped,
        text=skipped,
        latex=skipped,
        revealjs=(visit_question_reference_slide, None),
    )


def sealed_answers(question: Question) -> str:
    """What the runtime needs to mark an answer, and the feedback, sealed to stand in a page."""
    return seal(
        question.identifier,
        {
            "choices": [
                {
                    "id": choice.identifier,
                    "correct": choice.correct,
                    "value": choice.text,
                    "feedback": choice.feedback_html,
                    **_known(question, choice),
                }
                for choice in question.choices
            ],
            "description": description_of(question),
            "revision": revision_of(question),
            "explanation": question.explanation_html,
            "tolerance": question.tolerance,
            "unit": question.unit,
        },
    )


def _known(question: Question, choice: Choice) -> dict[str, Any]:
    """By what a pick is kept, and how it is called in reports; nothing where answers are typed."""
    if not question.kind.has_choices:
        return {}
    label, identity = question.identifier, known_by(choice)
    return {"key": key_of(label, identity), "name": name_of(label, identity)}


def visit_question_html(self: HTML5Translator, node: question) -> None:
    """Write the accessible form of a question, and keep its parts for ``course.json``."""
    rendered = _rendered(self, node)
    remember_question(self.builder, rendered, shown_again=node.get("shown_again", False))
    self.body.append(
        templates.get_template("question.html.j2").render(
            question=rendered, sealed=sealed_answers(rendered)
        )
    )
    raise nodes.SkipNode


def _rendered(translator: HTML5Translator, node: question) -> Question:
    """The question with every part as HTML, just as this page's translator writes it."""
    secrets = {part["role"]: _fragment(translator, part) for part in node.findall(question_secret)}
    stem = next(node.findall(question_stem))
    hint = next(node.findall(question_hint), None)
    data = {name: value for name, value in node["data"].items() if name != "correct"}
    place = course_domain(translator.builder.env).questions[data["identifier"]]
    return Question(
        **{**data, "kind": QuestionKind(data["kind"])},
        stem_text=stem.astext(),
        stem_html=_fragment(translator, stem),
        choices=tuple(
            Choice(
                identifier=part["letter"],
                text=part.astext(),
                html=_fragment(translator, part),
                correct=part["letter"] in node["data"]["correct"],
                feedback_html=secrets.get(part["letter"], ""),
                was=part["was"],
                line=line_of(part),
            )
            for part in node.findall(question_choice)
        ),
        explanation_html=secrets.get("explanation", ""),
        hint_html="" if hint is None else _fragment(translator, hint),
        source=source_of(translator.builder.env, place.docname),
        line=place.line,
    )


def _fragment(translator: HTML5Translator, part: nodes.Element) -> str:
    """The children of a part as HTML; where a choice is one paragraph, without its ``<p>``."""
    children = part.children
    if isinstance(part, question_choice) and len(children) == 1:
        children = children[0].children if isinstance(children[0], nodes.paragraph) else children
    return html_of(translator, children)


def visit_question_reference_slide(self: HTML5Translator, node: question_reference) -> None:
    """Write a question for the room: its text, the answer as a fragment, the QR code."""
    known: dict[str, Any] = read_part(self.builder.app, "html").get("questions", {})
    if node["label"] not in known:
        _warn_unknown(node)
        raise nodes.SkipNode
    rendered = question_from(known[node["label"]])
    self.body.append(
        templates.get_template("question_slide.html.j2").render(
            question=rendered, sealed=sealed_answers(rendered), qr=_qr_code(rendered)
        )
    )
    raise nodes.SkipNode


def _qr_code(question: Question) -> str:
    """The answer link as an inline SVG, dark on light in every theme so that phones read it."""
    if not question.answer_link:
        return ""
    buffer = io.BytesIO()
    segno.make(question.answer_link, error="m").save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        scale=1,
        border=4,
        light="#fff",
        dark="#000",
        unit=None,
        omitsize=True,
        title="QR code of the answer link",
    )
    return buffer.getvalue().decode()


class ShowQuestions(SphinxPostTransform):
    """Put the question itself where a page shows it again by its label."""

    default_priority = 5  # before references are resolved

    def run(self, **kwargs: Any) -> None:
        """Replace each reference by a copy of its question.

        The run of the decks does not read the text pages, which have the questions. It renders
        references itself, from what the run of the text pages handed on.
        """
        if self.app.builder.name == "revealjs":
            return
        for reference in list(self.document.findall(question_reference)):
            reference.replace_self(self._copies(reference))

    def _copies(self, reference: question_reference) -> list[nodes.Node]:
        place = course_domain(self.env).questions.get(reference["label"])
        if place is None:
            _warn_unknown(reference)
            return []
        doctree = self.env.get_doctree(place.docname)
        for node in doctree.findall(question):
            if node["data"]["identifier"] == reference["label"]:
                copy = node.deepcopy()
                copy["shown_again"] = True
                return [copy]
        return []


def _warn_unknown(node: question_reference) -> None:
    logger.warning(
        "no question has the label '%s'; write the label of a question of a text page",
        node["label"],
        location=node,
        type="scorm",
        subtype="question",
    )


def visit_choice_text(self: TextTranslator, node: question_choice) -> None:
    """Begin a choice as a lettered line; where the student types, answers are not shown."""
    if not QuestionKind(node.parent["data"]["kind"]).has_choices:
        raise nodes.SkipNode
    self.new_state(4)


def depart_choice_text(self: TextTranslator, node: question_choice) -> None:
    """End a choice."""
    self.end_state(first=f"{node['letter'].upper()}.  ")


def visit_hint_text(self: TextTranslator, node: question_hint) -> None:
    """Begin the hint."""
    self.new_state(6)


def depart_hint_text(self: TextTranslator, node: question_hint) -> None:
    """End the hint."""
    self.end_state(first="Hint: ")
