"""The content model of a cmi5 course structure: which elements and attributes, in which order.

No registry package carries cmi5's schema, so its content model stands here as a table (cmi5
Quartz, section 13.2), which also gives better messages: what is wrong, and what may stand there.
Elements and attributes of other namespaces are allowed, elements only behind cmi5's own (13.1.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from scorm.errors import Fault
from scorm.standards.names import CMI5, COURSE_STRUCTURE
from scorm.validate.package import at

C5 = f"{{{CMI5}}}"


@dataclass(frozen=True)
class Part:
    """One place in an element's content: one of ``names``, so many times."""

    names: tuple[str, ...]
    least: int = 1
    many: bool = False


@dataclass(frozen=True)
class Shape:
    """What one kind of element holds.

    Of its attributes the schema asks for the ``required`` ones; without the ``advised`` ones some
    players stop. ``text`` where it holds words and no elements; ``closed`` where it takes nothing
    of other namespaces and its parts stand in any order.
    """

    parts: tuple[Part, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()
    text: bool = False
    closed: bool = False

    @cached_property
    def place(self) -> dict[str, int]:
        """The index of the part that each name belongs to."""
        return {name: index for index, part in enumerate(self.parts) for name in part.names}

    @cached_property
    def wanted(self) -> str:
        """How a message says what may stand there."""
        return ", ".join(" or ".join(part.names) for part in self.parts) or "nothing"


_TITLES = (Part(("title",)), Part(("description",)))
_REFERENCES = Part(("objectives",), least=0)
_UNITS = Part(("au", "block"), many=True)
_TEXT = Shape(text=True)
_LANGSTRINGS = Shape((Part(("langstring",), many=True),))
# The schema lets lang and idref be left out; ADL's reference player stops without them.
_LANGSTRING = Shape(text=True, advised=("lang",))
_AU = Shape(
    (
        *_TITLES,
        _REFERENCES,
        Part(("url",)),
        Part(("launchParameters",), least=0),
        Part(("entitlementKey",), least=0),
    ),
    required=("id",),
    optional=("moveOn", "masteryScore", "launchMethod", "activityType"),
)
_REFERENCED = Shape((Part(("objective",), many=True),))

#: Shapes by the names of an element and its parent, where the parent makes a difference.
_SHAPES = {
    "courseStructure": Shape((Part(("course",)), Part(("objectives",), least=0), _UNITS)),
    "course": Shape(_TITLES, required=("id",)),
    "courseStructure/objectives": _REFERENCED,
    "objectives": _REFERENCED,
    "block": Shape((*_TITLES, _REFERENCES, _UNITS), required=("id",)),
    "au": _AU,
    "title": _LANGSTRINGS,
    "description": _LANGSTRINGS,
    "langstring": _LANGSTRING,
    "url": _TEXT,
    "launchParameters": _TEXT,
    "entitlementKey": _TEXT,
}
_DEFINED_OBJECTIVE = Shape(_TITLES, required=("id",), closed=True)
_OBJECTIVE_REFERENCE = Shape(advised=("idref",), closed=True)


def shape_faults(root: etree._Element) -> Iterator[Fault]:
    """Every element and attribute that cmi5 does not allow where it stands, or misses there."""
    for element in root.iter(f"{C5}*"):
        name = str(element.tag).removeprefix(C5)
        shape = _shape(element, name)
        if shape is not None:
            yield from _attributes(element, name, shape)
            yield from _content(element, name, shape)


def _shape(element: etree._Element, name: str) -> Shape | None:
    if name == "objective":
        holder = element.getparent()
        above = None if holder is None else holder.getparent()
        is_definition = above is not None and above.tag == f"{C5}courseStructure"
        return _DEFINED_OBJECTIVE if is_definition else _OBJECTIVE_REFERENCE
    return _SHAPES.get(name)


def _attributes(element: etree._Element, name: str, shape: Shape) -> Iterator[Fault]:
    for wanted in (*shape.required, *shape.advised):
        if not element.get(wanted, "").strip():
            rule = "attribute-missing" if wanted in shape.required else "attribute-advised"
            yield at(element, rule, f'<{name}> has no {wanted}; add {wanted}="…"', COURSE_STRUCTURE)
    known = (*shape.required, *shape.advised, *shape.optional)
    for attribute in map(str, element.keys()):
        if attribute.startswith("{") or attribute in known:
            continue
        allowed = ", ".join(known) or "none"
        message = (
            f"<{name}> has the attribute {attribute!r}, which cmi5 does not know; it may have: "
            f"{allowed} (the case of letters counts)"
        )
        yield at(element, "attribute-unknown", message, COURSE_STRUCTURE)


def _content(element: etree._Element, name: str, shape: Shape) -> Iterator[Fault]:
    children = list(element.iterchildren(etree.Element))
    if shape.text:
        for child in children:
            message = f"<{etree.QName(child).localname}> in <{name}>, which holds only text"
            yield at(child, "element-unknown", message, COURSE_STRUCTURE)
        return
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        message = f"text directly in <{name}>, which holds only elements; move or remove it"
        yield at(element, "text-stray", message, COURSE_STRUCTURE)
    yield from _order(element, name, shape, children)


def _order(
    element: etree._Element, name: str, shape: Shape, children: list[etree._Element]
) -> Iterator[Fault]:
    """Walk through the parts and the children side by side."""
    counts = [0] * len(shape.parts)
    reached = 0
    foreign = None
    for child in children:
        tag = etree.QName(child)
        is_foreign = tag.namespace != CMI5
        if not tag.namespace:
            message = f'<{tag.localname}> has no namespace; declare xmlns="{CMI5}"'
            yield at(child, "element-namespace", message, COURSE_STRUCTURE)
            continue
        if is_foreign and not shape.closed:
            foreign = child
            continue
        index = None if is_foreign else shape.place.get(tag.localname)
        if index is None:
            message = f"<{tag.localname}> cannot stand in <{name}>, which holds: {shape.wanted}"
            yield at(child, "element-unknown", message, COURSE_STRUCTURE)
            continue
        counts[index] += 1
        if counts[index] > 1 and not shape.parts[index].many:
            message = f"a second <{tag.localname}> in <{name}>; leave one"
            yield at(child, "element-twice", message, COURSE_STRUCTURE)
        elif not shape.closed and (index < reached or foreign is not None):
            message = f"<{tag.localname}> stands too late in <{name}>; the order is: {shape.wanted}"
            yield at(child, "element-order", message, COURSE_STRUCTURE)
        reached = max(reached, index)
    for part, count in zip(shape.parts, counts, strict=True):
        if count < part.least:
            message = f"<{name}> has no <{'> or <'.join(part.names)}>; add one"
            yield at(element, "element-missing", message, COURSE_STRUCTURE)
