"""What the scripts share that draw pictures which stand still, ``docs/*/images/draw.py``.

The drawings name no colour; a style sheet in each of them does, for light and for dark. They are as
wide as figures in steps (:mod:`scorm.sphinxext.figures.pen`), so that a phone shows their letters
at about three quarters of their size. No build runs the scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from lxml import etree

from scorm.sphinxext.figures.pen import SVG, WIDTH, Pen

STYLE = """
svg { --ground: #fff; --ink: #1b1f24; --muted: #56606c; --rule: #c8d1dc; --grey: #f2f4f7;
  --blue: #1f4e8c; --blue-tint: #e8f0fb; --amber: #8a5a00; --amber-tint: #fbe9c8;
  --green: #1f7a4d; --green-tint: #e2f3e9; --red: #a3261c; --red-tint: #fbe6e3;
  --violet: #6b3fa0; --violet-tint: #f1eafb; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #181b1f; --ink: #e6e9ed; --muted: #a9b2bd; --rule: #454e59; --grey: #262b31;
    --blue: #9cc4f5; --blue-tint: #1b304d; --amber: #eec06a; --amber-tint: #43320f;
    --green: #86d5a9; --green-tint: #17402a; --red: #f5a49b; --red-tint: #4d211d;
    --violet: #cbaef0; --violet-tint: #37254f; }
}
text { fill: var(--ink); font: 14px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
rect, path, circle { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.ground { fill: var(--ground); stroke: var(--rule); stroke-width: 1; }
.blue { fill: var(--blue-tint); stroke: var(--blue); }
.amber { fill: var(--amber-tint); stroke: var(--amber); }
.green { fill: var(--green-tint); stroke: var(--green); }
.red { fill: var(--red-tint); stroke: var(--red); }
.violet { fill: var(--violet-tint); stroke: var(--violet); }
.grey { fill: var(--grey); stroke: var(--muted); }
.quiet { stroke: var(--rule); fill: none; }
.none { fill: none; }
.thin { stroke: var(--muted); stroke-width: 1; }
.dashed { stroke-dasharray: 5 4; }
.head { fill: var(--ink); stroke: none; }
text.muted { fill: var(--muted); }
text.red { fill: var(--red); stroke: none; }
.bold { font-weight: 600; }
.small { font-size: 13px; }
.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12.5px; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
"""


def drawing(height: int, title: str) -> Pen:
    """An empty drawing with the style sheet and a ground."""
    root = etree.fromstring(f'<svg xmlns="{SVG}" viewBox="0 0 {WIDTH} {height}"/>')
    pen = Pen(root)
    pen.add("title", title)
    pen.add("style", STYLE)
    pen.box(0.5, 0.5, WIDTH - 1, height - 1, class_="ground")
    return pen


def labelled(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    height: float,
    kind: str,
    *words: str,
    first: str = "",
) -> None:
    """A box with lines of text in its middle; ``first`` is a class of the first of several."""
    pen.box(x, y, width, height, class_=kind)
    top = y + height / 2 + 5 - 8.5 * (len(words) - 1)
    for number, words_of_line in enumerate(words):
        more = f" {first}" if first and len(words) > 1 and not number else ""
        pen.text(x + width / 2, top + 17 * number, words_of_line, f"small middle{more}")


def arrow(pen: Pen, *points: tuple[float, float]) -> None:
    """A line through the points, with a head at its end; its last part is level or upright."""
    pen.add("path", d="M" + "L".join(f"{x:g} {y:g}" for x, y in points))
    (x0, y0), (x, y) = points[-2:]
    if x == x0:
        back = -8 if y > y0 else 8
        shape = f"M{x:g} {y:g}l-4.5 {back}h9z"
    else:
        back = -8 if x > x0 else 8
        shape = f"M{x:g} {y:g}l{back} -4.5v9z"
    pen.add("path", class_="head", d=shape)


def line(pen: Pen, x0: float, y0: float, x: float, y: float, kind: str = "thin") -> None:
    """A straight line without a head."""
    pen.add("path", class_=kind, d=f"M{x0:g} {y0:g}L{x:g} {y:g}")


def text_of(pen: Pen) -> str:
    """The drawing as it is written to its file."""
    etree.indent(pen.parent)
    return etree.tostring(pen.parent, encoding="unicode") + "\n"


def write(pictures: Iterable[Callable[[], Pen]], script: str) -> None:
    """Write each picture beside the script, under the name of the function that draws it."""
    for picture in pictures:
        name = picture.__name__.replace("_", "-")
        Path(script).with_name(f"{name}.svg").write_text(text_of(picture()), "utf-8")
