"""A pen with which an author's script draws a figure in steps that is too tedious by hand.

The scripts lie beside the drawings that they write, in ``docs/*/figures``; no build runs them.
:mod:`scorm.sphinxext.figures.step_drawing` says what the attributes mean. Coordinates are units
of a drawing that is :data:`WIDTH` wide: a phone shows it at about three quarters of its size.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
WIDTH = 420

Attribute = str | int | float


class Pen:
    """Writes elements into one parent. In names of attributes, ``_`` stands for ``-``."""

    def __init__(self, parent: etree._Element) -> None:
        self.parent = parent

    @classmethod
    def drawing(cls, height: int, steps: int, title: str) -> Pen:
        """A new drawing."""
        root = etree.fromstring(f'<svg xmlns="{SVG}"/>')
        root.set("viewBox", f"0 0 {WIDTH} {height}")
        root.set("data-steps", f"1-{steps}")
        pen = cls(root)
        pen.add("title", title)
        return pen

    def add(self, tag: str, words: str | None = None, /, **attributes: Attribute) -> Pen:
        """Add an element with attributes; the pen that comes back writes into it."""
        element = etree.SubElement(self.parent, f"{{{SVG}}}{tag}")
        for name, value in attributes.items():
            element.set(name.rstrip("_").replace("_", "-"), str(value))
        element.text = words
        return Pen(element)

    def box(self, x: float, y: float, width: float, height: float, **more: Attribute) -> Pen:
        """A rectangle."""
        return self.add("rect", x=x, y=y, width=width, height=height, rx=5, **more)

    def text(self, x: float, y: float, words: str, kind: str = "", **more: Attribute) -> Pen:
        """A line of text; ``kind`` holds classes of figures.css."""
        return self.add("text", words, x=x, y=y, **({"class_": kind} if kind else {}), **more)

    def arrow(self, x: float, y: float, length: float, **more: Attribute) -> None:
        """An arrow down."""
        group = self.add("g", **more)
        group.add("path", class_="line", d=f"M{x} {y}v{length - 7}")
        group.add("path", class_="head", d=f"M{x - 6} {y + length - 9}h12l-6 9z")

    def write(self, script: str) -> None:
        """Write the drawing beside the script that draws it, under the same name."""
        etree.indent(self.parent)
        text = etree.tostring(self.parent, encoding="unicode") + "\n"
        Path(script).with_suffix(".svg").write_text(text, "utf-8")


def places(steps: Iterable[tuple[str, float, float]]) -> str:
    """The attribute ``data-at`` for some places, each of them steps, x and y."""
    return "; ".join(f"{when} {x:g},{y:g}" for when, x, y in steps)
