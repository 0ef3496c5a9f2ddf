"""The limits: which paths and titles travel everywhere."""

from __future__ import annotations

import pytest
from lxml import etree

from scorm.standards import limits


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("docs/a.html", None),
        ("docs\\a.html", "name-backslash"),
        ("/docs/a.html", "name-absolute"),
        ("C:/docs/a.html", "name-absolute"),
        ("docs/../../a.html", "name-parent"),
        ("docs//a.html", "name-parts"),
        ("./a.html", "name-parts"),
        ("", "name-parts"),
        ("docs/a b.html", "name-characters"),
        ("docs/é.html", "name-characters"),
        ("docs/a.html\n", "name-characters"),
        ("docs/LICENSE", "name-extension"),
        ("v1.2/LICENSE", "name-extension"),
    ],
)
def test_names(name: str, rule: str | None) -> None:
    """Is each path that some player cannot unpack or serve told by its own rule?"""
    problem = limits.name_problem(name)
    assert (problem and problem[0]) == rule


@pytest.mark.parametrize(
    ("title", "is_cut"),
    [
        ("0 · Welcome", True),
        ("R & 0", True),
        ("0 & 1", True),
        ("Texte & échanges", True),
        ("0 Welcome", False),
        ("1 · Welcome", False),
        ("10 · Welcome", False),
        ("é 0 · x", False),
        ("Text & more", False),
        ("Texte &échanges", False),
        ("00 · Welcome", False),
    ],
)
def test_cut_by_moodle(title: str, is_cut: bool) -> None:
    """Is it foretold which titles lose a piece to a parser that drops all pieces like "0"?"""
    assert limits.cut_by_moodle(title) == is_cut
    assert (moodle_reads(title) != title) == is_cut


class Moodle:
    """Moodle's reader of manifests (mod/scorm/datamodels/scormlib.php, ``tagdata``).

    lxml gives the same pieces as PHP, as both stand on libxml2.
    """

    def __init__(self) -> None:
        self.text = ""

    def start(self, tag: str | bytes, attrs: object) -> None:
        """Of elements nothing is kept."""

    def end(self, tag: str | bytes) -> None:
        """Nothing, as at their start."""

    def comment(self, text: str | bytes) -> None:
        """A title holds none."""

    def data(self, data: str | bytes) -> None:
        """Add a piece, unless PHP takes it for false."""
        piece = str(data)
        if piece.strip() not in ("", "0"):
            self.text += piece

    def close(self) -> str:
        """What was kept."""
        return self.text


def moodle_reads(title: str, *, as_cdata: bool = False) -> str:
    """What Moodle makes of a title that lxml has written."""
    element = etree.Element("title")
    element.text = etree.CDATA(title) if as_cdata else title
    parser = etree.XMLParser(target=Moodle())
    return str(etree.fromstring(etree.tostring(element, encoding="UTF-8"), parser))


def test_cdata_saves_titles() -> None:
    """Does a title in a CDATA section arrive whole?"""
    for title in ("0 · Welcome", "Texte & échanges", "0 · é & 0"):
        assert moodle_reads(title, as_cdata=True) == title


def test_shown_title() -> None:
    """Does a title keep its meaning when it must not look like HTML?"""
    assert limits.shown_title("RDD<T>\n and  more") == "RDD\u2039T\u203a and more"
