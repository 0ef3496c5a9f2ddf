"""The doctree of a question: one neutral node that every builder can render."""

from __future__ import annotations

from docutils import nodes


class question(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A question; its attribute ``data`` holds all that is not markup (see ``directive.py``)."""


class question_stem(nodes.Part, nodes.Element):  # noqa: N801
    """What the question asks."""


class question_choice(nodes.Part, nodes.Element):  # noqa: N801
    """One choice, with its ``letter``; where the student types an answer, one that is foreseen."""


class question_secret(nodes.Part, nodes.Element):  # noqa: N801
    """What the student sees only after answering; ``role`` is a choice's letter or
    ``explanation``. It is not in the search index, and in a package never in clear text."""


class question_hint(nodes.Part, nodes.Element):  # noqa: N801
    """What the student may look at before answering."""


class question_reference(nodes.General, nodes.Element):  # noqa: N801
    """The place where the question with this ``label`` is to be shown again."""
