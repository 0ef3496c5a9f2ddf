"""Packages of each format, and ways to damage them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from scorm import validate
from scorm.course.model import Course, Objective
from scorm.packages import Format, PackageOptions
from scorm.standards.names import (
    ADLCP,
    ADLCP_2004,
    ADLSEQ,
    CMI5,
    IMSCP,
    IMSCP_2004,
    IMSSS,
    XML,
    XSI,
)
from tests.support.packages import COURSE, build_package

#: The prefixes of names in a damage (``cp:item``), by the namespace of the manifest's root.
PREFIXES = {
    IMSCP: {"cp": IMSCP, "adl": ADLCP},
    IMSCP_2004: {
        "cp": IMSCP_2004,
        "adl": ADLCP_2004,
        "ss": IMSSS,
        "seq": ADLSEQ,
    },
    CMI5: {"c5": CMI5},
}
XML_BASE = f"{{{XML}}}base"
SCHEMA_LOCATION = f"{{{XSI}}}schemaLocation"


def with_objectives(course: Course) -> Course:
    """The course, with two objectives on its first page."""
    module = course.modules[0]
    first, *others = module.items
    assert first.sco
    learned = (Objective("tell-subject", "Say what it is"), Objective("plan", "Plan your time"))
    page = replace(first, sco=replace(first.sco, objectives=learned))
    return replace(course, modules=(replace(module, items=(page, *others)),))


def package_of(folder: Path, format_: Format) -> Path:
    """A real package of a course with objectives, in ``folder``; every page is a SCO or an AU."""
    return build_package(folder, with_objectives(COURSE), PackageOptions(format_))


@dataclass
class Opened:
    """A package taken apart: change ``files`` and the manifest's ``root``, then pack it again."""

    files: dict[str, bytes]
    root: etree._Element
    manifest: str

    def name(self, tag: str) -> str:
        """``cp:item`` as lxml spells it; a name that is spelled so already stays."""
        if tag.startswith("{"):
            return tag
        prefix, colon, local = tag.rpartition(":")
        namespace = etree.QName(self.root).namespace or ""
        return f"{{{PREFIXES[namespace][prefix]}}}{local}" if colon else local

    def one(self, tag: str, **attributes: str) -> etree._Element:
        """The first element below the root with these attributes."""
        return next(self.all(tag, **attributes))

    def all(self, tag: str, **attributes: str) -> Iterator[etree._Element]:
        """Every element below the root with these attributes."""
        return (
            element
            for element in self.root.iter(self.name(tag))
            if all(element.get(key) == value for key, value in attributes.items())
        )

    def add(
        self, parent: etree._Element, tag: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        """Add an element to ``parent``, behind the others."""
        element = etree.SubElement(parent, self.name(tag), attributes)
        element.text = text
        return element


Damage = Callable[[Opened], object]


def opened(package: Path) -> Opened:
    """The package taken apart."""
    with zipfile.ZipFile(package) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = next(name for name in ("imsmanifest.xml", "cmi5.xml") if name in files)
    return Opened(files, etree.fromstring(files[manifest]), manifest)


def damaged(package: Path, damage: Damage) -> Path:
    """A copy of the package beside it, after ``damage`` to its files or its root."""
    parts = opened(package)
    before = parts.files[parts.manifest]
    damage(parts)
    if parts.files.get(parts.manifest) == before:
        parts.files[parts.manifest] = etree.tostring(parts.root)
    path = package.with_name("damaged.zip")
    pack(path, parts.files)
    return path


def pack(path: Path, files: dict[str, bytes]) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def rules_of(path: Path) -> set[str]:
    """The rules that the package breaks."""
    return {fault.rule for fault in validate.check(path)}


def advice_of(path: Path) -> set[str]:
    """The rules of what is advised against."""
    return {advice.rule for advice in validate.examine(path).advice}


def put(tag: str, attribute: str, value: str, **which: str) -> Damage:
    """The damage of setting an attribute."""
    return lambda parts: parts.one(tag, **which).set(parts.name(attribute), value)


def drop(tag: str, attribute: str, **which: str) -> Damage:
    """The damage of losing an attribute."""
    return lambda parts: parts.one(tag, **which).attrib.pop(parts.name(attribute))


def write(tag: str, text: str) -> Damage:
    """The damage of another text in an element."""
    return lambda parts: setattr(parts.one(tag), "text", text)


def remove(tag: str, **which: str) -> Damage:
    """The damage of a lost element."""

    def damage(parts: Opened) -> None:
        element = parts.one(tag, **which)
        element.getparent().remove(element)

    return damage


def add(parent: str, tag: str, text: str | None = None, **attributes: str) -> Damage:
    """The damage of one element too many, behind the others in the first ``parent``."""
    return lambda parts: parts.add(parts.one(parent), tag, text, **attributes)


def rename(old: str, new: str) -> Damage:
    """The damage of a file under another name."""
    return lambda parts: parts.files.__setitem__(new, parts.files.pop(old))


def lose(name: str) -> Damage:
    """The damage of a lost file."""
    return lambda parts: parts.files.pop(name)


def rewrite(old: str, new: str) -> Damage:
    """The damage of other words in the manifest."""

    def damage(parts: Opened) -> None:
        text = parts.files[parts.manifest].decode()
        assert old in text
        parts.files[parts.manifest] = text.replace(old, new).encode()

    return damage


def same(tag: str, attribute: str) -> Damage:
    """The damage of two elements with the same attribute: the second gets the first one's."""

    def damage(parts: Opened) -> None:
        first, second, *_ = parts.all(tag)
        second.set(attribute, first.get(attribute, ""))

    return damage
