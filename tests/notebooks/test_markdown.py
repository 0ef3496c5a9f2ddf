"""Text cells: what pandoc is given, so that a page shows what JupyterLab shows."""

from __future__ import annotations

import nbformat.v4 as v4
import pytest

from scorm.notebooks.markdown import readable

PICTURE = {"image/png": "iVBO\nRw0K"}
DATA = "data:image/png;base64,iVBORw0K"


def text_of(source: str) -> str:
    """The text of a cell with two pictures attached."""
    attached = {"logo.png": PICTURE, "my logo (1).png": PICTURE}
    cell = v4.new_markdown_cell(source, attachments=attached)
    (changed,) = readable(v4.new_notebook(cells=[cell])).cells
    return str(changed.source)


ALIGN = "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (ALIGN, f"$${ALIGN}$$"),
        (f"So: {ALIGN} and on", f"So: $${ALIGN}$$ and on"),
        (
            "\\begin{equation*}\na\n\n= b\n\\end{equation*}",
            "$$\\begin{equation*}\na\n= b\n\\end{equation*}$$",
        ),
        ("see ![logo](attachment:logo.png)", f'see <img src="{DATA}" alt="logo">'),
        ("![logo](attachment:logo.png)", f"![logo]({DATA})"),
        ("a ![x](<attachment:my logo (1).png>)", f'a <img src="{DATA}" alt="x">'),
        ("a ![x](attachment:my%20logo%20(1).png)", f'a <img src="{DATA}" alt="x">'),
        ('a ![*A* "b"\n<c>](c.png "T")', 'a <img src="c.png" alt="A &quot;b&quot; &lt;c&gt;">'),
        ("- ![x](<my pic.png>)", '- <img src="my%20pic.png" alt="x">'),
        (
            "a ![x](https://host.example/a_(b).png?c=d&e)",
            'a <img src="https://host.example/a_(b).png?c=d&amp;e" alt="x">',
        ),
    ],
)
def test_what_pandoc_would_not_show(source: str, told: str) -> None:
    """Are environments formulas, and pictures in a line elements with a text of their own?"""
    assert text_of(source) == told


@pytest.mark.parametrize(
    "source",
    [
        "```latex\n" + ALIGN + "\n```\n",
        "~~~\n![x](a.png) b\n~~~",
        "    " + ALIGN.replace("\n", "\n    "),
        f"Write `{ALIGN}` for it",
        "Write ``![`x`](a.png)`` for it",
        f"$${ALIGN}$$",
        "$\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}$",
        "![x](a.png)\n\nText",
        "a ![x](a.png){width=50%}",
        "a [link](a.png) and \\![x](a.png)",
        "It costs 5 $ or 6 $.",
        "\\\\begin{align} is how it begins",
    ],
)
def test_what_pandoc_shows_stays(source: str) -> None:
    """Are code, formulas between dollars and pictures of their own left alone?"""
    assert text_of(source) == source


def test_a_picture_that_is_not_attached_keeps_its_name() -> None:
    """Does the fault that follows name what the author wrote?"""
    assert 'src="attachment:gone.png"' in text_of("a ![x](attachment:gone.png)")
