"""Drawings whose elements say in which steps they show: one SVG source, one frame for each step.

The root says which steps there are (``data-steps="1-7"``). On any other element

- ``data-steps="1-3 5"`` names the steps that show the element; without it all do. ``4-`` reaches
  to the last step.
- ``data-at="2-3 10,40; 4- 200,40"`` names the steps *and* where the element stands in them, in the
  units of its parent: how far it is moved from the place at which it is drawn.
- ``data-key="block-1"`` says that elements of several steps are the same thing, which glides from
  place to place.
- ``data-from="block-1"`` lets a thing that is new in a step come from where the thing with that
  key was in the step before.

This module knows nothing of Sphinx: :func:`read_drawing` takes bytes and tells faults by line.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_XML = "http://www.w3.org/XML/1998/namespace"

_SHAPES = frozenset(
    ("circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "text", "tspan")
)
_DEFINITIONS = frozenset(
    ("clipPath", "defs", "desc", "linearGradient", "marker", "mask", "pattern", "radialGradient")
)
_ELEMENTS = _SHAPES | _DEFINITIONS | {"stop", "svg", "symbol", "title", "use"}

_RANGE = re.compile(r"(\d+)(?:(-)(\d+)?)?")
_NUMBER = r"-?\d+(?:\.\d+)?"
_PLACE = re.compile(rf"\s*(?P<steps>[\d\s-]+?)\s+(?P<x>{_NUMBER})\s*,\s*(?P<y>{_NUMBER})\s*")
_URL = re.compile(r"url\(\s*['\"]?(?P<target>[^)'\"]*)['\"]?\s*\)", re.IGNORECASE)
_OURS = ("data-steps", "data-at")


class DrawingFault(NamedTuple):
    """What is wrong at a line of the SVG source, and what to write instead."""

    line: int
    message: str


class _Place(NamedTuple):
    steps: frozenset[int]
    at: tuple[str, str] | None


@dataclass(frozen=True)
class Drawing:
    """A drawing without faults; ``steps`` is how many it has."""

    root: etree._Element
    steps: int

    def frame(self, step: int, prefix: str) -> str:
        """The drawing at a step, from 1, as markup to stand in a page.

        ``prefix`` begins every id of the frame, as a page holds all frames and each id once.
        """
        root = copy.deepcopy(self.root)
        for number, element in enumerate(list(root.iter())):
            _place(element, step, self.steps, number)
        for title in root.findall(f"{{{SVG}}}title"):
            root.remove(title)  # the caption names the figure; a title would be a tooltip
        _own_ids(root, prefix)
        _drop(root, "width", "height", *_OURS)
        root.set("aria-hidden", "true")
        root.set("focusable", "false")
        etree.cleanup_namespaces(root)
        return etree.tostring(root, encoding="unicode", with_tail=False)


def read_drawing(source: bytes) -> tuple[Drawing | None, list[DrawingFault]]:
    """The drawing; or ``None`` with all that is wrong with its source."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        return None, [DrawingFault(error.lineno or 1, f"this is not well-formed XML: {error.msg}")]
    if root.tag != f"{{{SVG}}}svg":
        message = f'the first element is no SVG; write <svg xmlns="{SVG}" viewBox="…">'
        return None, [DrawingFault(1, message)]
    faults = [*_faults_of_root(root), *_foreign(root)]
    steps = _count(root)
    if steps:
        faults += _faults_of_steps(root, steps)
    if faults:
        return None, sorted(faults)
    return Drawing(root, steps), []


def _count(root: etree._Element) -> int:
    match = re.fullmatch(r"\s*1-(\d+)\s*", root.get("data-steps", ""))
    return int(match[1]) if match else 0


def _faults_of_root(root: etree._Element) -> Iterator[DrawingFault]:
    line = _line(root)
    if not root.get("viewBox"):
        yield DrawingFault(line, "the drawing has no size; write a 'viewBox' on <svg>")
    if not _count(root):
        message = '<svg> does not say which steps there are; write data-steps="1-7" for seven'
        yield DrawingFault(line, message)


def _foreign(root: etree._Element) -> Iterator[DrawingFault]:
    """A fault for all that may run, load or leak, since the drawing becomes part of a page."""
    for element in root.iter():
        line = _line(element)
        tag: object = element.tag
        if not isinstance(tag, str):
            yield DrawingFault(line, "an entity; write the character itself")
            continue
        name = etree.QName(element)
        if name.namespace != SVG or name.localname not in _ELEMENTS:
            message = f"<{name.localname}> may not stand here; draw with shapes, text and <use>"
            yield DrawingFault(line, message)
            continue
        for attribute, value in _attributes(element):
            yield from (DrawingFault(line, message) for message in _harm(attribute, value))


def _harm(attribute: str, value: str) -> Iterator[str]:
    name = etree.QName(attribute)
    if name.namespace not in (None, _XML):
        yield f"'{name.localname}' is of another vocabulary; save as plain SVG, with plain 'href'"
    elif name.localname.startswith("on"):
        yield f"'{name.localname}' is a script; a drawing has none"
    elif name.localname == "style":
        yield "'style' is blocked where pages are strict; write classes of figures.css instead"
    elif name.localname == "href" and not value.startswith("#"):
        yield f"'{value}' lies elsewhere; refer to an element of this drawing, as in href=\"#id\""
    for url in _URL.finditer(value):
        if not url["target"].startswith("#"):
            yield f"'{url['target']}' lies elsewhere; refer to an element of this drawing"


def _faults_of_steps(root: etree._Element, count: int) -> Iterator[DrawingFault]:
    """Faults of steps that do not exist, of keys used twice in a step, and of unknown keys."""
    taken: dict[tuple[str, int], etree._Element] = {}
    every = frozenset(range(1, count + 1))
    shown = {root: every}
    for element in root.iterdescendants(etree.Element):
        line = _line(element)
        try:
            places = _places(element, count)
        except ValueError as error:
            yield DrawingFault(line, str(error))
            continue
        own = frozenset().union(*(place.steps for place in places)) if places else every
        parent = element.getparent()
        shown[element] = own & (every if parent is None else shown.get(parent, every))
        key = element.get("data-key")
        for step in sorted(shown[element]) if key else ():
            other = taken.setdefault((str(key), step), element)
            if other is not element:
                message = (
                    f"'{key}' is in step {step} already (line {_line(other)}); "
                    "in one step a key belongs to one element"
                )
                yield DrawingFault(line, message)
                break
    keys = {key for key, _ in taken}
    for element in root.iterdescendants(etree.Element):
        origin = element.get("data-from")
        if origin is not None and origin not in keys:
            message = f"'{origin}' is nobody's data-key; name the key of what this comes from"
            yield DrawingFault(_line(element), message)


def _places(element: etree._Element, count: int) -> list[_Place]:
    """When an element shows, and where; empty where it always shows as drawn.

    :raises ValueError: saying what is wrong with the attributes.
    """
    steps, at = element.get("data-steps"), element.get("data-at")
    if steps is not None and at is not None:
        raise ValueError("'data-at' names the steps already; leave 'data-steps' out")
    if steps is not None:
        return [_Place(_steps(steps, count), None)]
    if at is None:
        return []
    places: list[_Place] = []
    for part in at.split(";"):
        match = _PLACE.fullmatch(part)
        if not match:
            raise ValueError(f"'{part.strip()}' is no place; write steps and x,y: '2-3 10,40'")
        place = _Place(_steps(match["steps"], count), (match["x"], match["y"]))
        if any(place.steps & other.steps for other in places):
            raise ValueError(f"'{part.strip()}' names a step that has a place already")
        places.append(place)
    return places


def _steps(text: str, count: int) -> frozenset[int]:
    steps: set[int] = set()
    for word in text.split():
        match = _RANGE.fullmatch(word)
        if not match:
            raise ValueError(f"'{word}' is no step; write steps as in '1-3 5 7-'")
        first = int(match[1])
        last = int(match[3]) if match[3] else count if match[2] else first
        if not 1 <= first <= last <= count:
            raise ValueError(f"'{word}' is no step of this drawing, which has 1-{count}")
        steps.update(range(first, last + 1))
    return frozenset(steps)


def _place(element: etree._Element, step: int, count: int, number: int) -> None:
    """Drop an element that does not show now; move one that has a place."""
    parent = element.getparent()
    if parent is None:
        return
    places = _places(element, count)
    now = next((place for place in places if step in place.steps), None)
    if places and now is None:
        _remove(element)
        return
    if now and now.at:
        drawn = element.get("transform", "")
        element.set("transform", f"translate({now.at[0]} {now.at[1]}) {drawn}".strip())
        if element.get("data-key") is None:
            element.set("data-key", f"-{number}")  # it is the same thing in each of its places
    _drop(element, *_OURS)


def _drop(element: etree._Element, *names: str) -> None:
    for name in names:
        if name in element.attrib:
            del element.attrib[name]


def _remove(element: etree._Element) -> None:
    """Take an element out, and keep the text behind it, which belongs to its parent."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _own_ids(root: etree._Element, prefix: str) -> None:
    """Give each id the prefix, and each reference to it."""
    for element in root.iter():
        for name, value in _attributes(element):
            if name == "id":
                element.set(name, prefix + value)
            elif name == "href":
                element.set(name, f"#{prefix}{value[1:]}")
            elif "url(" in value.lower():
                own = _URL.sub(lambda url: f"url(#{prefix}{url['target'][1:]})", value)
                element.set(name, own)


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def _line(element: etree._Element) -> int:
    line: int | None = cast("Any", element).sourceline
    return line or 1
