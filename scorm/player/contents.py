"""What a package says of its contents: a SCORM manifest, or a cmi5 course structure.

An LMS knows the format by these files alone: ``imsmanifest.xml`` with its ``schemaversion``
(SCORM 1.2 CAM 2.3.2; SCORM 2004 CAM 3.4.1.2), or ``cmi5.xml`` (cmi5 13 and 14.1).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from scorm.errors import PackageError
from scorm.standards.editions import Standard
from scorm.standards.hrefs import path_of
from scorm.standards.manifest import Manifest, collapse_spaces, edition_of, text_of
from scorm.standards.names import CMI5, COURSE_STRUCTURE, MANIFEST
from scorm.standards.xml import Element

_C5 = f"{{{CMI5}}}"


@dataclass(frozen=True)
class ManifestItem:
    """A node of the contents with what is launched there; ``href`` is ``""`` for a heading.

    ``is_sco`` is true for what reports to the LMS: a SCO or an assignable unit (AU). The rest is
    the text of the package, ``""`` where it says nothing: ``mastery_score`` (1.2
    ``masteryscore``, 2004 ``minNormalizedMeasure``, cmi5 ``masteryScore``), ``launch_data``
    (``datafromlms``, ``dataFromLMS``, ``launchParameters``), ``completion_threshold`` (2004) and
    ``move_on`` and ``entitlement_key`` (cmi5).
    """

    identifier: str
    title: str
    href: str = ""
    is_sco: bool = False
    mastery_score: str = ""
    launch_data: str = ""
    completion_threshold: str = ""
    move_on: str = ""
    entitlement_key: str = ""
    items: tuple[ManifestItem, ...] = ()

    def walk(self) -> Iterator[ManifestItem]:
        """This item and all below it, in reading order."""
        yield self
        for item in self.items:
            yield from item.walk()

    def as_launch(self) -> dict[str, Any]:
        """What the player needs to launch the item, ready for JSON."""
        launch = asdict(self)
        del launch["items"]
        return launch


@dataclass(frozen=True)
class Contents:
    """The contents of a package; ``identifier`` is the course's.

    ``faults`` say what the manifest lacks, although the package can be played.
    """

    standard: Standard
    identifier: str
    title: str
    items: tuple[ManifestItem, ...]
    faults: tuple[str, ...] = ()


def read_contents(files: set[str], read: Callable[[str], bytes]) -> Contents:
    """The contents of the package with these ``files``; ``read`` gives a file's bytes.

    Raises :class:`PackageError` where no LMS could play it.
    """
    for name, parse in ((MANIFEST, _read_manifest), (COURSE_STRUCTURE, _read_structure)):
        if name in files:
            try:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                root = etree.fromstring(read(name), parser)
            except etree.XMLSyntaxError as error:
                raise PackageError(f"{name} is not well-formed XML ({error})") from None
            return parse(root)
    raise PackageError(
        f"it has neither {MANIFEST} (SCORM) nor {COURSE_STRUCTURE} at its root; is it a package?"
    )


def _read_manifest(root: Element) -> Contents:
    edition = edition_of(root)
    if edition is None:
        found = (root.findtext("{*}metadata/{*}schemaversion") or "").strip()
        raise PackageError(
            f"{MANIFEST} says schemaversion “{found}” in the namespace "
            f"{etree.QName(root).namespace}; preview plays SCORM 1.2, SCORM 2004 (3rd and 4th "
            "edition) and cmi5"
        )
    collapse_spaces(root)
    manifest = Manifest(root, edition)
    organization, faults = _organization(manifest)
    return Contents(
        edition.standard,
        organization.get("identifier", ""),
        manifest.title_of(organization),
        tuple(_items(manifest, organization)),
        faults,
    )


def _organization(manifest: Manifest) -> tuple[Element, tuple[str, ...]]:
    """The organization that is played, and what is wrong with how the manifest names it.

    It has to be the default one (SCORM 1.2 CAM, 2.3.2; SCORM 2004 CAM, 3.4.1: the attribute
    ``default`` of ``<organizations>``). Without it LMSs play the first, Moodle among them.
    """
    default = manifest.default_organization()
    if default is not None:
        return default, ()
    first = next(iter(manifest.organizations()), None)
    if first is None:
        raise PackageError(f"{MANIFEST} has no organization, so there is nothing to play")
    fault = (
        f"{MANIFEST} names no default organization that it contains; the first, "
        f"“{first.get('identifier', '')}”, is played. Name it in <organizations default=…>"
    )
    return first, (fault,)


def _items(manifest: Manifest, parent: Element) -> Iterator[ManifestItem]:
    for item in parent.iterfind(f"{manifest.cp}item"):
        resource = manifest.resource_of(item)
        yield ManifestItem(
            identifier=item.get("identifier", ""),
            title=manifest.title_of(item),
            href=_inside(item, manifest.launch_address(item)),
            is_sco=resource is not None and resource.get(manifest.scorm_type) == "sco",
            mastery_score=manifest.mastery_of(item),
            launch_data=manifest.launch_data_of(item),
            completion_threshold=manifest.completion_threshold_of(item),
            items=tuple(_items(manifest, item)),
        )


def _inside(item: Element, address: str) -> str:
    """The address, unless ``..`` leads it out of the package, where no LMS has a page."""
    if posixpath.normpath(path_of(address)).partition("/")[0] == "..":
        raise PackageError(
            f"{MANIFEST}: the item “{item.get('identifier', '')}” launches “{address}”, which lies "
            "outside of the package; write the path from the package's root"
        )
    return address


def _read_structure(structure: Element) -> Contents:
    course = structure.find(f"{_C5}course")
    if course is None:
        raise PackageError(f"{COURSE_STRUCTURE} describes no course in cmi5's own namespace")
    return Contents(
        Standard.CMI5, course.get("id", ""), _langstring(course), tuple(_units(structure))
    )


def _units(parent: Element) -> Iterator[ManifestItem]:
    for element in parent.iterchildren(f"{_C5}au", f"{_C5}block"):
        identifier, title = element.get("id", ""), _langstring(element)
        if element.tag == f"{_C5}block":
            yield ManifestItem(identifier, title, items=tuple(_units(element)))
        else:
            yield ManifestItem(
                identifier,
                title,
                href=text_of(element.find(f"{_C5}url")),
                is_sco=True,
                mastery_score=element.get("masteryScore", ""),
                launch_data=text_of(element.find(f"{_C5}launchParameters")),
                move_on=element.get("moveOn", "NotApplicable"),
                entitlement_key=text_of(element.find(f"{_C5}entitlementKey")),
            )


def _langstring(element: Element) -> str:
    return text_of(element.find(f"{_C5}title/{_C5}langstring"))
