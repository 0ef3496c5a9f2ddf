"""Every rule of `check`: is what it finds a fault or advice, and by which clause of a standard?

A fault is what a standard forbids, and its clause stands here; all else is advice, which leaves a
package valid. Some advice is a fault of the packages that this project writes, which must work in
every LMS (``ours``). :func:`table` makes the page of the documentation from the same entries.

The clauses of SCORM 1.2 are those of its Content Aggregation Model (CAM), those of SCORM 2004 the
numbers of ADL's Testing Requirements (REQ, 4th Edition, version 1.1), by which ADL's own validator
judges, and where that has none the CAM; those of cmi5 are of the Quartz edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from scorm.errors import Fault
from scorm.standards.editions import Standard


@dataclass(frozen=True)
class Entry:
    """What a rule asks for, and the clause of each standard that forbids the opposite."""

    asks: str
    scorm12: str = ""
    scorm2004: str = ""
    cmi5: str = ""
    ours: bool = False

    def clause(self, standard: Standard) -> str:
        """The clause of a standard; ``""`` where that standard forbids nothing."""
        clauses = {
            Standard.SCORM12: self.scorm12,
            Standard.SCORM2004: self.scorm2004,
            Standard.CMI5: self.cmi5,
        }
        return clauses[standard]


@dataclass(frozen=True)
class Section:
    """Rules about one thing, and the standards of whose packages they are asked."""

    title: str
    standards: frozenset[Standard]
    entries: Mapping[str, Entry]


_EVERY = frozenset(Standard)
_SCORM12 = frozenset((Standard.SCORM12,))
_SCORM2004 = frozenset((Standard.SCORM2004,))
_SCORM = _SCORM12 | _SCORM2004
_CMI5 = frozenset((Standard.CMI5,))


def _all(asks: str, clause: str) -> Entry:
    """A rule with the same clause for every standard."""
    return Entry(asks, clause, clause, clause)


def _scorm(asks: str, scorm12: str, scorm2004: str) -> Entry:
    """A rule of both standards of SCORM."""
    return Entry(asks, scorm12, scorm2004)


def _ours(asks: str, scorm12: str = "", scorm2004: str = "", cmi5: str = "") -> Entry:
    """Advice where no clause stands, and in a package of ours a fault."""
    return Entry(asks, scorm12, scorm2004, cmi5, ours=True)


def _zip(asks: str) -> Entry:
    return Entry(asks, "CAM 2.3 (Package Interchange File)", "CAM 3.3 (RFC 1951)", "14.1")


def _shape(asks: str) -> Entry:
    return Entry(asks, cmi5="13.2 (schema)")


_APPNOTE = "ZIP APPNOTE 4.4.17.1"
_URI = "RFC 3986, 2"
_XSD = "schema"
_OUR_PAGE = "a page of this project that nobody can complete"

_SECTIONS = (
    Section(
        "The zip",
        _EVERY,
        {
            "not-a-zip": _zip("The file is a zip"),
            "truncated": _zip("The zip is whole"),
            "damaged": _zip("Each file can be unpacked, with its checksum"),
            "compression": _ours(
                "Files are stored or deflated",
                "CAM 2.3 (Package Interchange File)",
                "CAM 3.3 (RFC 1951)",
            ),
            "encrypted": _zip("No file is encrypted"),
            "too-large": _ours("The zip needs no 64-bit extension for its size"),
            "too-many-entries": _ours("The zip needs no 64-bit extension for its entries"),
            "zip-bomb": _all(
                "The zip does not unpack to a hundred times its size", "safety: CWE-409"
            ),
            "manifest-too-large": _all(
                "The manifest has a size that can be read", "safety: CWE-400"
            ),
            "symbolic-link": _all("No file is a symbolic link", "safety: CWE-61"),
            "name-parent": _all("No name leaves the folder of the package", "safety: CWE-22"),
            "name-absolute": _all("No name begins with / or a drive", _APPNOTE),
            "name-backslash": _all("Folders are separated by /", _APPNOTE),
            "name-parts": _ours("No part of a name is empty or '.'"),
            "name-characters": _ours("Names have only letters of ASCII, digits and . _ -"),
            "name-extension": _ours("Each name has an extension"),
            "name-case": _ours("No two names differ by case only"),
            "entry-twice": _ours("Each name is there once"),
            "large": Entry("The zip has less than 100 MB"),
            "litter": Entry("No file of an operating system is left in the zip"),
        },
    ),
    Section(
        "Which format it is",
        _SCORM,
        {
            "manifest-missing": _zip("imsmanifest.xml or cmi5.xml is at the root"),
            "manifest-in-folder": _zip("The manifest is at the root, in no folder"),
            "manifest-name": _zip("The manifest's name has small letters"),
            "format-unsupported": _all("The package is of SCORM or cmi5", "another format"),
            "not-a-manifest": _scorm(
                "The root element is <manifest>", "CAM 2.3, <manifest>", "REQ 30"
            ),
            "namespace-missing": _scorm("The manifest has a namespace", "imscp schema", "REQ 30"),
            "edition-unknown": _scorm("The namespace is of an edition", "imscp schema", "REQ 30"),
            "edition": _scorm("The manifest is of one edition", "adlcp schema", "REQ 30"),
        },
    ),
    Section(
        "The manifest as XML",
        _SCORM,
        {
            "not-well-formed": _all("The XML is well-formed", "XML 1.0, 2.1"),
            "doctype": _all("The XML declares no entity", "safety: CWE-776, CWE-611"),
            "schema": _scorm("The manifest is valid by the schemas", _XSD, _XSD),
            "schema-name": _scorm("<schema> is ADL SCORM", "CAM 2.3, <schema>", "REQ 30.5.2.1"),
            "schemaversion": _scorm(
                "<schemaversion> names the edition", "CAM 2.3, <schemaversion>", "REQ 30.5.3.1"
            ),
            "prefix": _ours("Namespaces have their usual prefixes, which Moodle reads as text"),
            "xml-base": _ours("No address depends on xml:base"),
            "xml-base-form": Entry(
                "An xml:base ends with / and does not begin with it",
                scorm2004="REQ 30.3.2 to 30.3.4",
            ),
            "sub-manifest": _ours("No manifest stands in the manifest"),
            "identifier-characters": _scorm("An identifier is an XML ID", _XSD, "REQ 30.6.3.6.1.1"),
            "identifier-duplicate": _scorm("An identifier is used once", _XSD, "REQ 30.6.3.6.1.2"),
            "identifier-length": _ours(
                "An identifier has at most 255 characters, as Moodle's column"
            ),
        },
    ),
    Section(
        "The schemas",
        _SCORM,
        {
            "schema-missing": _scorm(
                "The schemas of the edition are at the root",
                "CAM 2.3 (control documents)",
                "CAM 3.3 (control documents)",
            ),
            "schema-part-missing": _scorm(
                "What a schema takes in is in the zip",
                "CAM 2.3 (control documents)",
                "CAM 3.3 (control documents)",
            ),
            "schema-broken": _scorm(
                "A file that is used as a schema is one",
                "CAM 2.3 (control documents)",
                "CAM 3.3 (control documents)",
            ),
            "schema-location": _ours(
                "xsi:schemaLocation maps the edition's namespaces",
                scorm2004="CAM 3.3 (control documents)",
            ),
            "namespace-undefined": _scorm(
                "Each other namespace is mapped to a schema in the zip",
                "schema (strict)",
                "CAM 3.3 (control documents)",
            ),
        },
    ),
    Section(
        "The organizations",
        _SCORM,
        {
            "no-organization": _ours("There is an organization; a package of resources has none"),
            "default-missing": _scorm(
                "<organizations> names its default", "CAM 2.3, <organizations>", "REQ 30.6.1"
            ),
            "default-dangling": _scorm(
                "The default is an organization", "CAM 2.3, <organizations>", "REQ 30.6.1.1"
            ),
            "organization-title": _scorm(
                "An organization has a title", "CAM 2.3, <organization>", "REQ 30.6.3.5"
            ),
            "organization-empty": _ours("An organization has an item", scorm2004="REQ 30.6.3.6"),
            "item-title": _scorm("An item has a title", "CAM 2.3, <item>", "REQ 30.6.3.6.6"),
            "title-blank": _ours("A title has text"),
            "title-length": _ours("A title has at most 200 characters", _XSD),
            "title-markup": Entry("A title holds no < or >"),
            "title-cut": Entry("Moodle cuts nothing off a title"),
            "item-visible": Entry("An item says isvisible"),
            "item-reference": _scorm(
                "An item refers to a resource", "CAM 2.3, <item>", "REQ 30.6.3.6.2.2"
            ),
            "item-unlaunchable": _scorm(
                "What an item launches has an href", "CAM 2.3, <resource>", "REQ 30.7.3.3"
            ),
            "item-empty": _ours("An item launches or holds items", scorm2004="REQ 30.6.3.6.2.4"),
            "heading-launches": _ours(
                "An item that holds items launches nothing", scorm2004="REQ 30.6.3.6.2.3"
            ),
            "parameters-length": _ours("Parameters have at most 1,000 characters", _XSD),
            "data-from-lms": _ours("Launch data have a length that every LMS keeps", _XSD),
            "several-roots": Entry("An organization has one item at the top"),
        },
    ),
    Section(
        "Elements and attributes of ADL",
        _SCORM,
        {
            "extension-place": _scorm(
                "An element stands where an LMS looks for it",
                "CAM 2.3, <item>",
                "REQ 30.6.3.6.9 to 30.6.3.6.14, 31.13.1, 31.14.1, 31.15.1",
            ),
            "extension-twice": _scorm(
                "An element stands there once",
                "CAM 2.3, <item>",
                "REQ 30.6.3.6.9 to 30.6.3.6.14",
            ),
            "extension-attribute": _scorm(
                "An attribute stands on its element",
                "CAM 2.3, <resource>",
                "REQ 30.6.3.3.2, 30.6.3.4.3, 30.7.3.4.2",
            ),
        },
    ),
    Section(
        "Addresses",
        _EVERY,
        {
            # ADL's validator lets it pass, as an xs:anyURI may have spaces (XML Schema 2, 3.2.17).
            "href-space": _ours("A space in an address is written %20", _URI, cmi5=_URI),
            "href-invalid": _all("An address has no character that no address may have", _URI),
            "href-backslash": Entry(
                "An address has no backslash", _URI, "REQ 30.7.3.3.2, 30.7.3.9.2.2", _URI
            ),
            "href-absolute": Entry(
                "An address does not begin with / or a drive",
                "CAM 2.3, <resource>",
                "REQ 30.7.3.3.3, 30.7.3.9.2.3",
                "14.1",
            ),
            "href-parent": Entry(
                "An address does not leave the package", "CAM 2.3, <file>", "REQ 30.7.3.9.1", "14.1"
            ),
            "href-parts": _ours("An address is written without '.', '..' and empty parts"),
            "href-characters": _ours("An address has only characters that are safe in names"),
            "launch-missing": Entry(
                "What is launched is in the zip", "CAM 2.3, <resource>", "REQ 30.7.3.9.1", "14.1"
            ),
        },
    ),
    Section(
        "The resources",
        _SCORM,
        {
            "no-resource": _ours("There is a resource"),
            "resource-type": _ours("The type of a resource is webcontent", "CAM 2.3, <resource>"),
            "sco-href": _scorm("A SCO has an href", "CAM 2.3, <resource>", "REQ 30.7.3.3"),
            "scormtype-spelling": _scorm(
                "The attribute is spelled as in the edition", "adlcp schema", "REQ 30.7.3.4"
            ),
            "scormtype-value": _scorm("A resource is sco or asset", _XSD, "REQ 30.7.3.4.1"),
            "scormtype-missing": _scorm(
                "A resource says whether it is a SCO", "CAM 2.3, <resource>", "REQ 30.7.3.4"
            ),
            "first-resource": Entry("The first resource is a SCO, which Open edX launches"),
            "href-external": _ours("Files are in the package"),
            "href-disk": _scorm(
                "No address is of a disk (file:)", "CAM 2.3, <file>", "REQ 30.7.3.3"
            ),
            "href-length": _ours("An address has at most 2,000 characters", _XSD),
            "launch-unlisted": _ours(
                "A launch file is listed by its resource, or by one that it depends on",
                scorm2004="REQ 30.7.3.9.1.1",
            ),
            "file-missing": _scorm(
                "Each listed file is in the zip", "CAM 2.3, <file>", "REQ 30.7.3.9.1"
            ),
            "file-unlisted": _ours("Each file of the zip is listed"),
            "metadata-missing": _scorm(
                "A file of metadata is in the zip", "CAM 2.3, <adlcp:location>", "REQ 30.5.4.1.2.1"
            ),
            "dependency-dangling": _scorm(
                "A dependency is on a resource", "CAM 2.3, <dependency>", "REQ 30.7.3.10.1.2"
            ),
            "script-mjs": Entry(
                "No script ends in .mjs, which Moodle serves so that browsers refuse it"
            ),
        },
    ),
    Section(
        "SCORM 1.2",
        _SCORM12,
        {
            "mastery-score": Entry(
                "A mastery score is a number: 0 to 100 in SCORM 1.2, 0 to 1 in cmi5",
                "CAM 2.3, <adlcp:masteryscore>",
                cmi5="13.1.4, masteryScore",
            ),
            "prerequisites-type": Entry("Prerequisites name their language", _XSD),
            "prerequisites-length": Entry("Prerequisites have at most 200 characters", _XSD),
            "prerequisites-dangling": _ours("Prerequisites name items"),
        },
    ),
    Section(
        "SCORM 2004",
        _SCORM2004,
        {
            "metadata-schema": Entry(
                "Metadata map their namespaces to schemas in the zip", scorm2004="REQ 30.5.4.1.1"
            ),
            "element-of-1.2": Entry("No element is of SCORM 1.2", scorm2004="adlcp schema"),
            "element-of-4th": Entry(
                "No element is of a newer edition",
                scorm2004="adlcp schema of the 2nd and 3rd Edition",
            ),
            "completion-threshold": Entry(
                "A completion threshold has values in their range", scorm2004="REQ 30.6.3.6.13"
            ),
            "completion-threshold-text": Entry(
                "A completion threshold is written as in the edition", scorm2004="REQ 30.6.3.6.13"
            ),
            "leaf-only": Entry(
                "Launch data and actions belong to an item that launches a SCO",
                scorm2004="REQ 30.6.3.6.9, 30.6.3.6.10",
            ),
            "several-scos": Entry(
                "There is one SCO, as Moodle records only the first in SCORM 2004"
            ),
            "map-info": Entry("No imsss:mapInfo, at which Moodle on PHP 8 fails"),
        },
    ),
    Section(
        "Sequencing",
        _SCORM2004,
        {
            "sequencing-place": Entry(
                "Sequencing is where an LMS looks for it", scorm2004="REQ 31, 32"
            ),
            "sequencing-twice": Entry(
                "An activity has one sequencing", scorm2004="REQ 30.6.3.6.11, 30.6.3.8"
            ),
            "sequencing-reference": Entry(
                "IDRef names a shared sequencing", scorm2004="REQ 31.4.3"
            ),
            "sequencing-id": Entry(
                "A shared sequencing has an ID of its own", scorm2004="REQ 31.3.2, 31.3.3"
            ),
            "sequencing-shared": Entry(
                "ID is for shared sequencing, IDRef for that of an activity",
                scorm2004="REQ 31.3.4, 31.4",
            ),
            "primary-objective": Entry(
                "Objectives begin with the primary one", scorm2004="REQ 31.10.1, imsss schema"
            ),
            "objective-id": Entry("A mapped objective has an ID", scorm2004="REQ 31.10.1.2.2"),
            "objective-duplicate": Entry(
                "An activity's objectives have IDs of their own", scorm2004="REQ 31.10.1.2.3"
            ),
            "objective-dangling": Entry(
                "A reference to an objective names one",
                scorm2004="CAM 5.1.3",
                cmi5="13.1.4, objectives",
            ),
            "adlseq-objective": Entry(
                "adlseq:objective adds to an objective", scorm2004="REQ 31.15.2.1.4"
            ),
            "map-target": Entry(
                "One of an activity's objectives writes to a global one",
                scorm2004="REQ 31.10.1.4.7",
            ),
            "measure": Entry(
                "A passing measure is -1 to 1", scorm2004="REQ 31.10.1.3, imsss schema"
            ),
            "weight": Entry("A weight is 0 to 1", scorm2004="REQ 31.9, imsss schema"),
            "control-mode": _ours("Items can be reached by choice or by flow"),
            "measure-unused": Entry("A passing measure counts"),
            "weights-zero": Entry("What passes by its score has an item that weighs"),
        },
    ),
    Section(
        "cmi5",
        _CMI5,
        {
            "root-element": Entry("The root element is <courseStructure>", cmi5="13.2 (schema)"),
            "namespace": Entry("The namespace is that of cmi5", cmi5="13.2 (schema)"),
            "element-missing": _shape("Each element that must be there is there"),
            "element-namespace": _shape("Each element has a namespace"),
            "element-order": _shape("Elements stand in their order"),
            "element-twice": _shape("An element stands once where it may stand once"),
            "element-unknown": _shape("Each element of cmi5 may stand where it stands"),
            "attribute-missing": _shape("Each attribute that must be there is there"),
            "attribute-unknown": _shape("Each attribute is one of cmi5"),
            "attribute-advised": _ours("A text has its lang, and a reference its idref"),
            "text-stray": _shape("No text stands between elements"),
            "iri": Entry("An id is an absolute IRI", cmi5="13.1.1 to 13.1.4, id"),
            "activity-type": Entry(
                "An activityType is an absolute IRI", cmi5="13.1.4, activityType"
            ),
            "id-duplicate": Entry("An id is used once", cmi5="13.1.2 to 13.1.4, id"),
            "language": Entry("A language is a language tag", cmi5="13.2 (schema, xs:language)"),
            "title-empty": _ours("A title has text"),
            "move-on": Entry("moveOn is one of its words", cmi5="13.1.4, moveOn"),
            "launch-method": Entry("launchMethod is one of its words", cmi5="13.1.4, launchMethod"),
            "url-empty": Entry("An AU has an address", cmi5="13.1.4, url"),
            "url-invalid": Entry(
                "An address with a scheme is a URL", cmi5="13.1.4, url (RFC 1738)"
            ),
            "url-relative": Entry("Without a zip, an address is a full one", cmi5="14.2"),
            "url-parameter": Entry("An address has no parameter of the LMS", cmi5="8.1"),
            "url-external": Entry("Pages are in the zip"),
            "url-insecure": Entry("Pages elsewhere are on https"),
            "move-on-default": Entry("An AU says moveOn"),
            "mastery-score-missing": Entry("An AU that must be passed has a masteryScore"),
        },
    ),
    Section(
        "Pages that this project made",
        _EVERY,
        {
            "page-facts": _all("What a page says of itself can be read", _OUR_PAGE),
            "question-twice": _all("A page asks a question once", _OUR_PAGE),
            "question-missing": _all("A page asks the questions that count on it", _OUR_PAGE),
            "id-twice": _all("What the runtime looks for is there once", _OUR_PAGE),
            "end-missing": _all("The end of a page is marked", _OUR_PAGE),
        },
    ),
)

#: Each rule by the word that a finding carries.
BOOK = {rule: entry for section in _SECTIONS for rule, entry in section.entries.items()}


def sort(
    found: Iterable[Fault], standards: Collection[Standard], *, ours: bool = False
) -> tuple[list[Fault], list[Fault]]:
    """The faults and the advice among what rules found, of a package of these standards.

    ``ours`` says that this project wrote the package, of which more is asked.
    """
    faults: list[Fault] = []
    advice: list[Fault] = []
    for one in found:
        entry = BOOK[one.rule]
        forbidden = any(entry.clause(standard) for standard in standards)
        (faults if forbidden or (ours and entry.ours) else advice).append(one)
    return faults, advice


def table() -> str:
    """The rules as a page of the documentation, in Markdown."""
    return "\n".join((*_HEAD, *(line for section in _SECTIONS for line in _lines(section)), ""))


_HEAD = (
    "# What `check` asks of a package",
    "",
    "This page is made from the rules themselves:",
    "`python -c 'from scorm.validate import rulebook; rulebook.show()' > CHECK.md`.",
    "",
    "A **fault** is what a standard forbids; the tables name the clause. Everything else is",
    "**advice** and leaves a package valid: some LMS or player handles it badly. *Ours* marks",
    "advice that is a fault of packages that this project writes: they are meant for every LMS.",
    "A dash stands where a rule is not asked.",
    "",
    "Clauses of SCORM 1.2 are of its Content Aggregation Model (CAM) or its schemas. REQ is a",
    "number of ADL's Testing Requirements for SCORM 2004, by which ADL's validator judges; CAM",
    "there is the book of the 4th Edition. Numbers under cmi5 are sections of its Quartz edition.",
    "*Safety* is what nobody should unpack or read, with its number in the Common Weakness",
    "Enumeration.",
)


def _lines(section: Section) -> Iterator[str]:
    """A heading, and a table with a line for each rule."""
    yield from ("", f"## {section.title}", "")
    yield "| Rule | What it asks | SCORM 1.2 | SCORM 2004 | cmi5 |"
    yield "|---|---|---|---|---|"
    for rule, entry in section.entries.items():
        asks = f"{entry.asks} *(ours)*" if entry.ours else entry.asks
        cells = " | ".join(_cell(section, entry, standard) for standard in Standard)
        yield f"| `{rule}` | {asks} | {cells} |".replace("<", "&lt;")


def _cell(section: Section, entry: Entry, standard: Standard) -> str:
    if clause := entry.clause(standard):
        return f"fault: {clause}"
    return "advice" if standard in section.standards else "-"


def show() -> None:
    """Print the page."""
    print(table(), end="")
