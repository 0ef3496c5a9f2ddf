r"""Formulas as MathML, made at build time: every current browser draws it, nothing is loaded.

docutils makes the MathML. It knows the environments that stand inside a formula, such as
``pmatrix`` and ``cases``, but not those of amsmath that are a formula, such as ``align``, and gives
several rows the columns of ``align`` by itself. So the names of environments are brought to those
that it knows. Numbers of equations are not drawn: no link could lead to them.
"""

from __future__ import annotations

import html
import re

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

#: The environments of LaTeX and amsmath that are a formula, and are not written between dollars.
DISPLAYED = r"(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math)\*?"
_WHOLE = re.compile(
    rf"\\begin\{{(?P<name>{DISPLAYED})\}}(?P<inside>.*)\\end\{{(?P=name)\}}\Z", re.DOTALL
)
#: How many columns ``alignat`` has.
_COLUMNS = re.compile(r"\s*\{\d+\}")
#: Environments inside a formula, and under which name docutils has them.
_RENAMED = {
    "aligned": "aligned",
    "alignedat": "aligned",
    "array": "matrix",
    "dcases": "cases",
    "gathered": "aligned",
    "split": "aligned",
}
_WITH_COLUMNS = ("alignedat", "array")
_EDGE = re.compile(
    rf"\\(?P<edge>begin|end)\{{(?P<name>{'|'.join(_RENAMED)})\}}(?:\[[tbc]\])?"
    r"(?P<columns>\{[^{}]*\})?"
)
_NUMBERS = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])|\\label\s*\{[^{}]*\}")
#: Lines below a sum, and a bar that grows with what is around it; the bar is drawn in one size.
_STACK = re.compile(r"\\substack\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_MIDDLE = re.compile(r"\\middle(?![A-Za-z])")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
#: A formula between its delimiters, in text such as the one that a notebook's cell gives as LaTeX.
_FORMULA = re.compile(
    r"\$\$(?P<double>.+?)\$\$|(?<!\\)\\\[(?P<bracket>.+?)\\\]"
    r"|(?<!\\)\$(?P<single>.+?)(?<!\\)\$|(?<!\\)\\\((?P<round>.+?)\\\)"
    rf"|(?P<environment>\\begin\{{(?P<name>{DISPLAYED})\}}.+?\\end\{{(?P=name)\}})",
    re.DOTALL,
)
_INLINE = ("single", "round")
#: How much of a formula a message shows.
_SHOWN = 60


def setup(app: Sphinx) -> None:
    """Offer ``html_math_renderer = "mathml"``."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_visit_math, None), block_renderers=(_visit_block, None)
    )


def mathml(latex: str, *, as_block: bool) -> str:
    """A formula as MathML.

    :raises MathError: if it is not LaTeX that MathML can be made of.
    """
    try:
        return str(tex2mathml(_known(latex), as_block=as_block))
    except MathError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        # docutils stumbles over some of what is no LaTeX, such as an index of nothing
        raise MathError("it is not complete") from error


def drawn(text: str) -> str:
    """Text with formulas between their delimiters, as HTML; without delimiters it is a formula.

    A formula alone is displayed, whatever its delimiters: SymPy gives ``$…$`` for each result.

    :raises MathError: if a formula in it is not LaTeX that MathML can be made of.
    """
    text = text.strip()
    found = list(_FORMULA.finditer(text))
    if not found:
        return _block(text)
    if len(found) == 1 and found[0].span() == (0, len(text)):
        return _block(_latex(found[0]))
    parts, end = [], 0
    for formula in found:
        inline = any(formula[name] for name in _INLINE)
        latex = _latex(formula)
        parts += [html.escape(text[end : formula.start()])]
        parts += [mathml(latex, as_block=False) if inline else _block(latex)]
        end = formula.end()
    return f"<div>{''.join(parts)}{html.escape(text[end:])}</div>"


def _latex(formula: re.Match[str]) -> str:
    groups = ("double", "bracket", *_INLINE, "environment")
    return next(formula[name] for name in groups if formula[name])


def _block(latex: str) -> str:
    return f'<div class="math">{mathml(latex, as_block=True)}</div>\n'


def _known(latex: str) -> str:
    """The formula in the words that docutils knows."""
    if whole := _WHOLE.match(latex.strip()):
        latex = whole["inside"]
        if whole["name"].startswith("alignat"):
            latex = _COLUMNS.sub("", latex, count=1)
    latex = _EDGE.sub(_edge, latex.strip())
    latex = _MIDDLE.sub("", _STACK.sub(r"\\begin{smallmatrix}\1\\end{smallmatrix}", latex))
    return _NUMBERS.sub("", _TAG.sub(r"\\qquad \\text{(\1)}", latex))


def _edge(found: re.Match[str]) -> str:
    """The beginning or the end of an environment, in docutils' words."""
    edge, name = found["edge"], found["name"]
    is_told = edge == "begin" and name in _WITH_COLUMNS
    columns = "" if is_told else found["columns"] or ""
    return rf"\{edge}{{{_RENAMED[name]}}}{columns}"


def _visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(_mathml(node, as_block=False))
    raise nodes.SkipNode


def _visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(f'<div class="math">{_mathml(node, as_block=True)}</div>\n')
    raise nodes.SkipNode


def _mathml(node: nodes.Element, *, as_block: bool) -> str:
    latex = node.astext()
    try:
        return mathml(latex, as_block=as_block)
    except MathError as error:
        logger.warning(
            "this formula is not LaTeX that MathML can be made of: %s (%s)",
            error,
            in_short(latex),
            location=node,
            type="scorm",
            subtype="math",
        )
        return ""


def in_short(latex: str) -> str:
    """The beginning of a formula, as a message shows it so that its author finds it."""
    text = " ".join(latex.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
