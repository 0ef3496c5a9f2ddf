"""Read a manifest of SCORM, of any edition: what it lists, launches and says of an item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from scorm.standards.editions import EDITIONS, Edition
from scorm.standards.hrefs import in_package
from scorm.standards.names import IMSSS, XML

_BASE = f"{{{XML}}}base"
_SS = f"{{{IMSSS}}}"
#: Attributes that name an objective, which are URIs.
_OBJECTIVES = ("objectiveID", "referencedObjective", "targetObjectiveID")
#: Attributes with the types xs:ID, xs:IDREF and xs:anyURI, and those that refer to them.
_COLLAPSED = {
    "default",
    "href",
    "identifier",
    "identifierref",
    "ID",
    "IDRef",
    *_OBJECTIVES,
}


@dataclass(frozen=True)
class Manifest:
    """A well-formed ``imsmanifest.xml`` and the edition whose names it uses."""

    root: etree._Element
    edition: Edition

    @property
    def cp(self) -> str:
        """How lxml begins the names of content packaging."""
        return f"{{{self.edition.imscp}}}"

    @property
    def adl(self) -> str:
        """How lxml begins the names of ADL's content packaging extensions."""
        return f"{{{self.edition.adlcp}}}"

    @property
    def scorm_type(self) -> str:
        """The attribute that tells a SCO from an asset; its spelling differs by edition."""
        return self.adl + self.edition.scorm_type

    def organizations(self) -> list[etree._Element]:
        """Every organization, in document order."""
        return self.root.findall(f"{self.cp}organizations/{self.cp}organization")

    def default_organization(self) -> etree._Element | None:
        """The organization that ``default`` names, if there is one of that identifier."""
        organizations = self.root.find(f"{self.cp}organizations")
        default = None if organizations is None else organizations.get("default")
        for organization in self.organizations():
            if organization.get("identifier") == default:
                return organization
        return None

    def items(self) -> Iterator[etree._Element]:
        """Every item of every organization, in document order."""
        return self.root.iterfind(f"{self.cp}organizations//{self.cp}item")

    def resources(self) -> list[etree._Element]:
        """Every resource, in document order."""
        return self.root.findall(f"{self.cp}resources/{self.cp}resource")

    def files(self) -> list[etree._Element]:
        """Every file that a resource lists, in document order."""
        return self.root.findall(f"{self.cp}resources/{self.cp}resource/{self.cp}file")

    def address_of(self, element: etree._Element) -> str:
        """The element's href as seen from the package's root, with every ``xml:base`` above it.

        The bases are put before the href as they are written, the outermost first: ``sub/`` and
        ``page.html`` give ``sub/page.html``.
        """
        return self._based(element, element.get("href", ""))

    def _based(self, element: etree._Element, href: str) -> str:
        if not self._has_bases:
            return href
        bases = [e.get(_BASE, "") for e in (element, *element.iterancestors())]
        return "".join(reversed(bases)) + href

    def path_of(self, element: etree._Element) -> str:
        """The file that an element's href means, seen from the root of the zip."""
        return in_package(self.address_of(element))

    def metadata_locations(self) -> Iterator[etree._Element]:
        """Every element that names a file of metadata."""
        return self.root.iter(f"{self.adl}location")

    def metadata_path_of(self, location: etree._Element) -> str:
        """The file that such an element means, seen from the root of the zip."""
        return in_package(self._based(location, text_of(location)))

    @cached_property
    def _has_bases(self) -> bool:
        return bool(self.root.xpath("boolean(//@xml:base)"))

    @cached_property
    def _resources(self) -> dict[str, etree._Element]:
        return {resource.get("identifier", ""): resource for resource in self.resources()}

    def resource_of(self, item: etree._Element) -> etree._Element | None:
        """The resource that the item refers to, where it has one with an address."""
        resource = self._resources.get(item.get("identifierref", ""))
        return None if resource is None or not resource.get("href") else resource

    def launch_address(self, item: etree._Element) -> str:
        """What an LMS opens for the item, parameters included; ``""`` for a heading."""
        resource = self.resource_of(item)
        if resource is None:
            return ""
        return with_parameters(self.address_of(resource), item.get("parameters", ""))

    def title_of(self, element: etree._Element) -> str:
        """The title of an organization or item."""
        return text_of(element.find(f"{self.cp}title"))

    def launch_data_of(self, item: etree._Element) -> str:
        """What the LMS hands to the item's SCO as launch data."""
        return text_of(item.find(self.adl + self.edition.launch_data))

    def mastery_of(self, item: etree._Element) -> str:
        """The score that passes the item, as its edition writes it: of 100 in 1.2, else of 1.

        In 2004 that is the scaled passing score (RTE 4.2.20), where the item's sequencing says
        that one counts. ``""`` where there is none.
        """
        sequencing = item.find(f"{_SS}sequencing")
        if sequencing is None:
            return text_of(item.find(f"{self.adl}masteryscore"))
        shared = f"{_SS}sequencingCollection/{_SS}sequencing[@ID='{sequencing.get('IDRef', '')}']"
        for found in (sequencing, *self.root.iterfind(shared)):
            objective = found.find(f"{_SS}objectives/{_SS}primaryObjective")
            if objective is not None and objective.get("satisfiedByMeasure") == "true":
                return text_of(objective.find(f"{_SS}minNormalizedMeasure")) or "1.0"
        return ""

    def completion_threshold_of(self, item: etree._Element) -> str:
        """The progress that completes the item (2004 CAM 5.1.4); ``""`` where none does.

        4th edition: an attribute, where another says that it counts; 3rd: the text.
        """
        threshold = item.find(f"{self.adl}completionThreshold")
        if threshold is None:
            return ""
        if threshold.get("completedByMeasure") == "true":
            return threshold.get("minProgressMeasure", "1.0")
        return text_of(threshold)


def collapse_spaces(root: etree._Element) -> None:
    """Take the spaces around identifiers and references away, as their types in the schemas ask.

    Source: XML Schema 2, 4.3.6. ``" one "`` and ``"one"`` are one identifier, and one address.
    ADL's validator does the same to objectives' identifiers after reading ``%20`` as a space.
    """
    for element in root.iter(etree.Element):
        for name in _COLLAPSED.intersection(element.keys()):
            value = element.get(name, "")
            element.set(name, " ".join((unquote(value) if name in _OBJECTIVES else value).split()))


def edition_of(root: etree._Element) -> Edition | None:
    """The edition whose namespace and ``<schemaversion>`` the manifest has, or ``None``."""
    for edition in EDITIONS:
        cp = f"{{{edition.imscp}}}"
        version = root.find(f"{cp}metadata/{cp}schemaversion")
        if root.tag == f"{cp}manifest" and text_of(version) in edition.versions:
            return edition
    return None


def with_parameters(address: str, parameters: str) -> str:
    """An address and an item's parameters, joined as SCORM 2004 says.

    Source: SCORM 2004 CAM, 3.4.1, the attribute ``parameters`` of ``<item>``. A leading ``?`` or
    ``&`` goes. A fragment goes altogether where the address has a query or a fragment. Anything
    else is added to the query, or begins one.
    """
    added = parameters.lstrip("?&")
    if not added:
        return address
    if added.startswith("#"):
        return address if "?" in address or "#" in address else address + added
    return f"{address}{'&' if '?' in address else '?'}{added}"


def namespaces_of(root: etree._Element) -> dict[str, etree._Element]:
    """The namespaces of elements and attributes, each with the first element that uses it."""
    named: dict[str, etree._Element] = {}
    for element in root.iter(etree.Element):
        for name in (str(element.tag), *map(str, element.keys())):
            named.setdefault(name, element)
    found: dict[str, etree._Element] = {}
    for name, element in named.items():
        if namespace := etree.QName(name).namespace:
            found.setdefault(namespace, element)
    return found


def text_of(element: etree._Element | None) -> str:
    """The element's own text without white space around it; ``""`` for no element."""
    return "" if element is None else (element.text or "").strip()
