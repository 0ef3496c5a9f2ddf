"""The directive ``speedup-figure``: the laws of Amdahl and Gustafson as a chart with sliders.

The directive is this course's own, and not a part of the packager.

Without JavaScript the figure is a chart and a table of values; ``static/speedup-figure.js`` adds a
slider for the serial share and one for the workers, and says in words what the chart shows. This
module and ``static/speedup.js`` both compute the laws; a test checks that they agree.

Amdahl, AFIPS 1967: with a serial share s of the work, N workers are 1 / (s + (1 - s) / N) times
as fast. Gustafson, CACM 31(5), 1988: with a serial share s of the *parallel* time, they do
s + (1 - s) N times the work in the same time.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from scorm.sphinxext.figures import common
from scorm.sphinxext.html import enter, html_of, templates

_HERE = Path(__file__).parent
_template = templates.from_string((_HERE / "figure.html.j2").read_text("utf-8"))

#: The values of the sliders: these shares in percent, and powers of two up to ``MOST`` workers.
SHARES = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 50.0)
MOST = 4096

# What the sliders stand at first, and the rows and columns of the table.
_SHARE, _WORKERS = 5.0, 64
_ROWS = (8, 64, 512, 4096)
_COLUMNS = (1.0, 5.0, 20.0)

# The chart, in units of the drawing: both axes are logarithmic, from 1 to MOST.
_LEFT, _TOP, _SIDE = 52, 30, 350


class speedup_figure(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The node of a figure: its children are the caption and the table of values.

    The chart is not in it, as it is the same in every figure of this kind.
    """


def setup(app: Sphinx) -> None:
    """Add the directive; builders that do not write HTML write the caption and the table."""
    app.add_directive("speedup-figure", SpeedupFigureDirective)
    app.add_node(
        speedup_figure,
        html=(_visit_html, None),
        text=(enter, enter),
        latex=(enter, enter),
    )
    app.connect("config-inited", _add_folder)
    common.add_files(app, speedup_figure, "speedup-figure.js", "speedup-figure.css")


def _add_folder(app: Sphinx, config: Config) -> None:
    """Let Sphinx copy the script and the style sheet, for pages and for decks."""
    for paths in (config.html_static_path, config.revealjs_static_path):
        paths.append(str(_HERE / "static"))


def amdahl(share: float, workers: int) -> float:
    """How many times as fast ``workers`` do the same work; ``share`` is of 1."""
    return 1 / (share + (1 - share) / workers)


def gustafson(share: float, workers: int) -> float:
    """How many times the work ``workers`` do in the same time; ``share`` is of 1."""
    return share + (1 - share) * workers


class SpeedupFigureDirective(SphinxDirective):
    """Show what more workers bring, by both laws."""

    option_spec: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged,
        "caption": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """The figure's node, or nothing when it has faults (all of them are shown)."""
        faults = common.faults_of_options(self)
        if faults:
            common.warn(faults)
            return []
        node = speedup_figure("", common.caption_of(self), _table())
        self.set_source_info(node)
        self.add_name(node)
        return [node]


def _table() -> nodes.table:
    """Speed-ups by both laws for a few shares and numbers of workers."""
    head = ["Workers"]
    head += [f"{law}, {share:g}%" for share in _COLUMNS for law in ("Amdahl", "Gustafson")]
    rows = [
        [f"{workers:,}"]
        + [_told(law(share / 100, workers)) for share in _COLUMNS for law in (amdahl, gustafson)]
        for workers in _ROWS
    ]
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=16) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(cells: list[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in cells))


def _told(speedup: float) -> str:
    """The number with three digits, or with all of a large number: 1.74, 15.4, 5.00, 3,892."""
    digits = max(0, 2 - math.floor(math.log10(speedup)))
    return f"{speedup:,.{digits}f}"


def _visit_html(self: HTML5Translator, node: speedup_figure) -> None:
    """Write the chart, the place of the controls, the table and the caption."""
    caption, table = node.children
    assert isinstance(caption, nodes.caption)
    self.body.append(
        _template.render(
            label=node["ids"][0],
            caption=html_of(self, caption.children),
            table=html_of(self, [table]),
            chart=_chart(_SHARE, _WORKERS),
            shares=SHARES,
            share=SHARES.index(_SHARE),
            workers=int(math.log2(_WORKERS)),
            most=int(math.log2(MOST)),
        )
    )
    raise nodes.SkipNode


def _chart(share: float, workers: int) -> dict[str, Any]:
    """What the template draws: ticks, the curves and the points, in units of the drawing."""
    ticks = [4**power for power in range(7)]
    return {
        "left": _LEFT,
        "top": _TOP,
        "side": _SIDE,
        "ticks": [(f"{tick:,}", _x(tick), _y(tick)) for tick in ticks],
        "curves": {
            "amdahl": _curve(amdahl, share / 100),
            "gustafson": _curve(gustafson, share / 100),
        },
        "points": {
            "amdahl": (_x(workers), _y(amdahl(share / 100, workers))),
            "gustafson": (_x(workers), _y(gustafson(share / 100, workers))),
        },
    }


def _curve(law: Any, share: float) -> str:
    points = ((2 ** (step / 4)) for step in range(4 * int(math.log2(MOST)) + 1))
    return " ".join(f"{_x(n):.1f},{_y(law(share, n)):.1f}" for n in points)


def _x(workers: float) -> float:
    return round(_LEFT + _SIDE * math.log(workers, MOST), 1)


def _y(speedup: float) -> float:
    return round(_TOP + _SIDE * (1 - math.log(speedup, MOST)), 1)
