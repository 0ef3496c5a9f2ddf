"""The directives ``question`` (write one) and ``question-ref`` (show it again)."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from scorm.course.choices import alike, identity_of
from scorm.course.model import QuestionKind
from scorm.sphinxext.domain import QuestionPlace, course_domain, warn_duplicate, warn_faults
from scorm.sphinxext.questions.nodes import (
    question,
    question_choice,
    question_hint,
    question_reference,
    question_secret,
    question_stem,
)
from scorm.sphinxext.questions.source import Block, QuestionSource, faults_of, read_body

_LABEL = re.compile(r"[a-z][a-z0-9-]{0,59}")


def setup(app: Sphinx) -> None:
    """Add both directives."""
    app.add_directive("question", QuestionDirective)
    app.add_directive("question-ref", QuestionReferenceDirective)


class QuestionDirective(SphinxDirective):
    """Write a question; :mod:`scorm.sphinxext.questions.source` says how its body is written."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "kind": directives.unchanged,
        "points": directives.unchanged,
        "objective": directives.unchanged,
        "tolerance": directives.unchanged,
        "unit": directives.unchanged,
        "hint": directives.unchanged,
        "explanation": directives.unchanged,
        "answer-link": directives.unchanged,
        "answer-key": directives.unchanged,
        "fixed-order": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """The question's node, or nothing when it has faults (all of them are shown)."""
        label = self.arguments[0].strip()
        if self.env.app.builder.name == "revealjs":
            message = "write this question on a text page and show it here with 'question-ref'"
            warn_faults(self.env.docname, [(self.lineno, message)], "question")
            return []
        faults = self._faults_of_options(label)
        source = read_body(list(self.content))
        kind = self._kind()
        if kind is not None:
            tolerance = None if "tolerance" not in self.options else 0.0
            faults += [
                (self._line_of(line), message)
                for line, message in faults_of(kind, source, tolerance)
            ]
        if faults or kind is None:
            warn_faults(self.env.docname, sorted(faults), "question")
            return []
        place = course_domain(self.env).add_question(label, self.env.docname, self.lineno)
        if place:
            here = QuestionPlace(self.env.docname, self.lineno)
            warn_duplicate(label, here, place, self.env)
            return []
        node = self._node(label, kind, source)
        warn_faults(self.env.docname, self._faults_of_twins(kind, node, source), "question")
        return [node]

    def _faults_of_twins(
        self, kind: QuestionKind, node: question, source: QuestionSource
    ) -> list[tuple[int, str]]:
        """Choices that read alike, so that nobody could tell which of them was picked."""
        if not kind.has_choices:
            return []
        written = list(node.findall(question_choice))
        texts = [identity_of(part.astext() or part["was"]) for part in written]
        known = [identity_of(part["was"] or part.astext()) for part in written]
        twins = {*alike(texts), *alike(known)}
        message = (
            "this choice is the same as one before it; change its words, or what '{was: …}' says"
        )
        return [
            (self._line_of(source.choices[place].content.line), message) for place in sorted(twins)
        ]

    def _kind(self) -> QuestionKind | None:
        try:
            return QuestionKind(self.options.get("kind", QuestionKind.SINGLE).strip())
        except ValueError:
            return None

    def _line_of(self, body_line: int) -> int:
        """The number in the file of a line of the body."""
        return self.lineno + self.content_offset + body_line + 1

    def _faults_of_options(self, label: str) -> list[tuple[int, str]]:
        messages = []
        if not _LABEL.fullmatch(label):
            messages.append(
                f"'{label}' is no label; write up to 60 of a-z, 0-9 and '-', a letter first"
            )
        if self._kind() is None:
            kinds = ", ".join(QuestionKind)
            messages.append(
                f"'{self.options['kind']}' is no kind of question; write one of {kinds}"
            )
        if not _positive(self.options.get("points", "1")):
            messages.append(
                f"'points' is '{self.options['points']}'; write a number greater than 0"
            )
        if not _not_negative(self.options.get("tolerance", "0")):
            messages.append(
                f"'tolerance' is '{self.options['tolerance']}'; write a number, 0 or greater"
            )
        messages += [
            f"the option '{name}' is empty; write its text behind it on one line, in quotes"
            for name in ("hint", "explanation")
            if not self.options.get(name, "text").strip()
        ]
        messages += self._faults_of_references()
        return [(self.lineno, message) for message in messages]

    def _faults_of_references(self) -> list[str]:
        messages = []
        objective = self.options.get("objective", "").strip()
        page = course_domain(self.env).pages.get(self.env.docname)
        known = [o.identifier for o in page.objectives] if page else []
        if objective and objective not in known:
            listed = ", ".join(known) or "none yet"
            messages.append(
                f"'{objective}' is not an objective of this page ({listed}); "
                "add it to the front matter or name another"
            )
        link = self.options.get("answer-link", "").strip()
        if link and not re.match(r"https?://[^\s/]+", link):
            messages.append(f"'answer-link' is '{link}'; write a full address, as in 'https://…'")
        if "answer-key" in self.options and not link:
            messages.append("'answer-key' needs an 'answer-link' to go with it")
        return messages

    def _node(self, label: str, kind: QuestionKind, source: QuestionSource) -> question:
        node = question(data=self._data(label, kind, source))
        node["ids"].append(f"question-{label}")
        self.set_source_info(node)
        node += self._parsed(question_stem(), source.stem)
        for choice in source.choices:
            # What a student must type stays as it was typed: no curly quotes, no dashes for "--".
            content = question_choice(letter=choice.letter, support_smartquotes=kind.has_choices)
            content.line = self._line_of(choice.content.line)
            node += self._parsed(content, choice.content)
            content["was"] = choice.was or ("" if content.astext().strip() else pictures(content))
            secret = question_secret(role=choice.letter, classes=["no-search"])
            node += self._parsed(secret, choice.feedback)
        if self.options.get("hint", "").strip():
            node += self._parsed(question_hint(), self._option_block("hint"))
        explanation = question_secret(role="explanation", classes=["no-search"])
        node += self._parsed(explanation, self._option_block("explanation"))
        return node

    def _option_block(self, name: str) -> Block:
        """An option's Markdown; its lines count from the directive's first."""
        return Block(-self.content_offset, self.options.get(name, "").strip().splitlines())

    def _parsed(self, parent: nodes.Element, block: Block) -> nodes.Element:
        """``parent``, with the block parsed as Markdown in it; its nodes know their true lines."""
        offset = self.content_offset + block.line
        self.state.nested_parse(StringList(block.lines), offset, parent)
        return parent

    def _data(self, label: str, kind: QuestionKind, source: QuestionSource) -> dict[str, Any]:
        return {
            "identifier": label,
            "kind": str(kind),
            "points": _as_number(self.options.get("points", "1")),
            "tolerance": _as_number(self.options.get("tolerance", "0")),
            "unit": self.options.get("unit", "").strip(),
            "objective": self.options.get("objective", "").strip(),
            "answer_link": self.options.get("answer-link", "").strip(),
            "answer_key": self.options.get("answer-key", "").strip(),
            "correct": [choice.letter for choice in source.choices if choice.correct],
            "fixed_order": "fixed-order" in self.options,
        }


class QuestionReferenceDirective(SphinxDirective):
    """Show a question that is written elsewhere, by its label."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A node that is replaced by the question once every page was read."""
        node = question_reference(label=self.arguments[0])
        self.set_source_info(node)
        course_domain(self.env).show_question(self.arguments[0], self.env.docname)
        return [node]


def pictures(part: nodes.Element) -> str:
    """The names of a part's pictures: what a choice is known by that says nothing else."""
    return " ".join(str(image["uri"]) for image in part.findall(nodes.image))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _positive(text: str) -> bool:
    value = _number(text)
    return value is not None and value > 0


def _not_negative(text: str) -> bool:
    value = _number(text)
    return value is not None and value >= 0


def _as_number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value
