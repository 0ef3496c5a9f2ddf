"""The directive ``stepped-figure``: a drawing that changes step by step, and the words of each.

Readers without JavaScript, and on paper, get all frames in a row, each with its words;
``static/stepped-figure.js`` shows one at a time and lets things glide to their new places.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from scorm.sphinxext.figures import common
from scorm.sphinxext.figures.step_drawing import Drawing, read_drawing
from scorm.sphinxext.html import enter, html_of, templates


class stepped_figure(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The node of a figure: its children are the caption and the numbered list of words.

    The attribute ``frames`` holds the drawing at each step, as SVG.
    """


def setup(app: Sphinx) -> None:
    """Add the directive; builders that do not write HTML write the caption and the list."""
    app.add_directive("stepped-figure", SteppedFigureDirective)
    app.add_node(
        stepped_figure,
        html=(_visit_html, None),
        revealjs=(_visit_slide, None),
        text=(enter, enter),
        latex=(enter, enter),
    )
    common.add_files(app, stepped_figure, "scorm/stepped-figure.js")


class SteppedFigureDirective(SphinxDirective):
    """Show the drawing in an SVG file step by step; ``step_drawing`` says how it is written."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged,
        "caption": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """The figure's node, or nothing when it has faults (all of them are shown)."""
        source, line = self.get_source_info()
        faults = common.faults_of_options(self)
        drawing, found = self._drawing(Path(source))
        faults += found
        words = self._words()
        if words is None:
            faults.append((source, line, "write the words of the steps as one numbered list"))
        elif drawing and len(words) != drawing.steps:
            message = (
                f"the drawing has {drawing.steps} steps and the list {len(words)}; "
                "write one item for each step"
            )
            faults.append((source, line, message))
        if faults or drawing is None or words is None:
            common.warn(faults)
            return []
        name = self.options["name"].strip()
        frames = [drawing.frame(n + 1, f"{name}-{n + 1}-") for n in range(drawing.steps)]
        node = stepped_figure("", common.caption_of(self), words, frames=frames)
        self.set_source_info(node)
        self.add_name(node)
        return [node]

    def _drawing(self, source: Path) -> tuple[Drawing | None, list[common.Complaint]]:
        """The drawing, beside the file in which the directive is written, or what is wrong."""
        path = source.parent / self.arguments[0].strip()
        self.env.note_dependency(path)
        try:
            drawing, faults = read_drawing(path.read_bytes())
        except OSError:
            message = (
                f"there is no file '{self.arguments[0].strip()}'; "
                "write its path as seen from the folder of this page"
            )
            return None, [(str(source), self.lineno, message)]
        place = str(path.resolve())
        return drawing, [(place, fault.line, fault.message) for fault in faults]

    def _words(self) -> nodes.enumerated_list | None:
        parent = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, parent)
        shown = [child for child in parent if not isinstance(child, nodes.comment)]
        if len(shown) == 1 and isinstance(shown[0], nodes.enumerated_list):
            return shown[0]
        return None


def _visit_html(self: HTML5Translator, node: stepped_figure) -> None:
    _write(self, node, is_slide=False)


def _visit_slide(self: HTML5Translator, node: stepped_figure) -> None:
    _write(self, node, is_slide=True)


def _write(translator: HTML5Translator, node: stepped_figure, *, is_slide: bool) -> None:
    """Write each frame with its words; on a slide each further step is a fragment."""
    caption, words = node.children
    assert isinstance(caption, nodes.caption)
    assert isinstance(words, nodes.enumerated_list)
    steps = [
        {"frame": frame, "words": html_of(translator, item.children)}
        for frame, item in zip(node["frames"], words.children, strict=True)
    ]
    translator.body.append(
        templates.get_template("stepped_figure.html.j2").render(
            label=node["ids"][0],
            caption=html_of(translator, caption.children),
            steps=steps,
            is_slide=is_slide,
        )
    )
    raise nodes.SkipNode
