"""Which objective is taught, practised and asked where, and what is missing.

An objective is known by its label within a module. Each page that serves it repeats label and
sentence in its front matter; a question names the label.
"""

from __future__ import annotations

from dataclasses import dataclass

from scorm.course.model import Course, Item, Objective, PageKind, Sco

PRACTICE_QUESTIONS = 2
"""So many questions with feedback are practice, where an objective has no lab."""


@dataclass(frozen=True)
class Coverage:
    """Where one objective is served: titles of pages, and labels of questions."""

    objective: Objective
    lessons: tuple[str, ...]
    decks: tuple[str, ...]
    labs: tuple[str, ...]
    questions: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def holes(self) -> tuple[str, ...]:
        """What is missing, in words; empty where the objective is covered."""
        practised = self.labs or len(self.questions) >= PRACTICE_QUESTIONS
        missing = {
            "no lesson teaches it": not self.lessons,
            "no deck tells it": not self.decks,
            f"no lab, and fewer than {PRACTICE_QUESTIONS} questions, practise it": not practised,
            "no question checks it": not self.questions,
            "pages word it differently": len(self.sentences) > 1,
        }
        return tuple(words for words, is_missing in missing.items() if is_missing)


def of_module(course: Course, module: Item) -> tuple[Coverage, ...]:
    """The coverage of each objective of a module, in the order in which pages name them."""
    scos = [item.sco for item in module.walk() if item.sco is not None]
    asked = {question.identifier: question.objective for question in course.questions}
    labels = dict.fromkeys(objective.identifier for sco in scos for objective in sco.objectives)
    return tuple(_coverage(label, scos, asked) for label in labels)


def _coverage(label: str, scos: list[Sco], asked: dict[str, str]) -> Coverage:
    serving = [sco for sco in scos if any(o.identifier == label for o in sco.objectives)]
    objectives = [o for sco in serving for o in sco.objectives if o.identifier == label]
    questions = [name for sco in serving for name in sco.questions if asked[name] == label]
    return Coverage(
        objectives[0],
        lessons=_titles(serving, PageKind.LESSON),
        decks=_titles(serving, PageKind.SLIDES),
        labs=_titles(serving, PageKind.LAB),
        questions=tuple(dict.fromkeys(questions)),
        sentences=tuple(dict.fromkeys(objective.text for objective in objectives)),
    )


def _titles(scos: list[Sco], kind: PageKind) -> tuple[str, ...]:
    return tuple(sco.title for sco in scos if sco.kind is kind)
