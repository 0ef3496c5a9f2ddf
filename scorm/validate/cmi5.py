"""The rules of a cmi5 package (cmi5 Quartz, sections 8.1, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from scorm.errors import Fault
from scorm.standards.editions import Standard
from scorm.standards.hrefs import has_strange_characters, hint, in_package, is_local, problem
from scorm.standards.manifest import text_of
from scorm.standards.names import CMI5, COURSE_STRUCTURE, LANGUAGE_TAG
from scorm.validate import document
from scorm.validate.cmi5_model import C5, shape_faults
from scorm.validate.container import Container
from scorm.validate.findings import Found
from scorm.validate.package import at

FORMAT = "cmi5"
#: What an LMS adds to the address of an AU (8.1); the address must not have them itself.
_LAUNCH_PARAMETERS = ("endpoint", "fetch", "actor", "registration", "activityId")
_MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
_LAUNCH_METHOD = ("AnyWindow", "OwnWindow")
_MUST_PASS = ("Passed", "CompletedAndPassed")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
#: A name of a host, also one with letters beyond ASCII, or an IPv6 address.
_HOST = re.compile(r"([\w-]+\.)*[\w-]+\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: Where an address is no path, whether its file is there is no question.
_NOT_A_PATH = ("href-space", "href-invalid", "href-backslash", "href-absolute", "href-parent")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True)
class Structure:
    """A course structure, and the zip that it came in."""

    root: etree._Element
    contents: Container

    def units(self) -> Iterator[etree._Element]:
        """Every AU, in document order."""
        return self.root.iter(f"{C5}au")


Rule = Callable[[Structure], Iterator[Fault]]


def examine(contents: Container, manifest: bytes) -> Found:
    """Check the course structure ``manifest`` against the zip it came in."""
    root, faults = document.parse(manifest, COURSE_STRUCTURE)
    if root is None:
        return Found(tuple(faults), FORMAT, Standard.CMI5)
    if strange := _root_fault(root):
        return Found((strange,), FORMAT, Standard.CMI5)
    structure = Structure(root, contents)
    found = (fault for rule in RULES for fault in rule(structure))
    return Found((*shape_faults(root), *found), FORMAT, Standard.CMI5)


def _root_fault(root: etree._Element) -> Fault | None:
    name = etree.QName(root)
    if name.localname != "courseStructure":
        message = f"the root element is <{name.localname}>; cmi5.xml begins with <courseStructure>"
        return _at(root, "root-element", message)
    if name.namespace != CMI5:
        message = (
            f"the namespace is {name.namespace or ''!r}, of a draft or of nothing; write "
            f'xmlns="{CMI5}"'
        )
        return _at(root, "namespace", message)
    return None


def _at(element: etree._Element, rule: str, message: str) -> Fault:
    return at(element, rule, message, COURSE_STRUCTURE)


def _label(element: etree._Element) -> str:
    """How a message refers to an element with an id."""
    return f"{etree.QName(element).localname} {element.get('id', 'without id')!r}"


def _with_ids(structure: Structure) -> list[etree._Element]:
    """The course, its blocks, AUs and objectives, where they have an id."""
    names = ("course", "block", "au", "objective")
    return [e for name in names for e in structure.root.iter(f"{C5}{name}") if e.get("id")]


def _iris(structure: Structure) -> Iterator[Fault]:
    for element in _with_ids(structure):
        identifier = element.get("id", "")
        if not _IRI.fullmatch(identifier.strip()):
            message = (
                f"the id {identifier!r} is no absolute IRI; write one with a scheme and without "
                "spaces, such as https://example.org/course/page"
            )
            yield _at(element, "iri", message)
    for unit in structure.units():
        activity_type = unit.get("activityType")
        if activity_type is not None and not _IRI.fullmatch(activity_type.strip()):
            message = f"the activityType {activity_type!r} is no absolute IRI; correct or remove it"
            yield _at(unit, "activity-type", message)


def _unique_ids(structure: Structure) -> Iterator[Fault]:
    """One id names one thing; LMSs keep results under the ids of AUs and blocks."""
    seen: dict[str, etree._Element] = {}
    for element in _with_ids(structure):
        identifier = element.get("id", "").strip()
        first = seen.setdefault(identifier, element)
        if first is not element:
            message = (
                f"the id {identifier!r} is that of {_kind(first)} as well; give each course, "
                "block, AU and objective its own"
            )
            yield _at(element, "id-duplicate", message)


def _kind(element: etree._Element) -> str:
    return f"<{etree.QName(element).localname}> in line {element.sourceline}"


def _texts(structure: Structure) -> Iterator[Fault]:
    for text in structure.root.iter(f"{C5}langstring"):
        language = text.get("lang")
        if language and not LANGUAGE_TAG.fullmatch(language.strip()):
            message = f"the language {language!r} is no language tag; write one such as en or en-US"
            yield _at(text, "language", message)
        holder = text.getparent()
        if holder is not None and holder.tag == f"{C5}title" and not text_of(text):
            message = "a title without text; write what students see in the list of contents"
            yield _at(text, "title-empty", message)


def _objective_references(structure: Structure) -> Iterator[Fault]:
    defined = structure.root.iterfind(f"{C5}objectives/{C5}objective")
    known = {objective.get("id", "").strip() for objective in defined}
    for objective in structure.root.iter(f"{C5}objective"):
        reference = objective.get("idref")
        if reference is not None and reference.strip() not in known:
            message = (
                f"the objective {reference!r} is not defined; write the id of an objective in "
                "the <objectives> of <courseStructure>"
            )
            yield _at(objective, "objective-dangling", message)


def _one_of(
    attribute: str, rule: str, accepted: tuple[str, ...]
) -> Callable[[Structure], Iterator[Fault]]:
    """The rule that an AU's attribute, where it is there, is one of these words."""

    def check(structure: Structure) -> Iterator[Fault]:
        for unit in structure.units():
            value = unit.get(attribute)
            if value is not None and value not in accepted:
                message = f"{attribute}={value!r}; write one of: {', '.join(accepted)}"
                yield _at(unit, rule, message)

    return check


def _mastery_scores(structure: Structure) -> Iterator[Fault]:
    for unit in structure.units():
        score = unit.get("masteryScore")
        if score is None:
            continue
        if not _DECIMAL.fullmatch(score.strip()) or not 0 <= float(score) <= 1:
            message = f"the mastery score {score!r}; write a number of 0 to 1, such as 0.7 for 70 %"
            yield _at(unit, "mastery-score", message)


def _urls(structure: Structure) -> Iterator[Fault]:
    for url in structure.root.iter(f"{C5}url"):
        address = text_of(url)
        if not address:
            yield _at(url, "url-empty", "an AU without an address; write its page into <url>")
        elif not is_local(address):
            yield from _external(url, address)
        elif structure.contents.bare:
            message = (
                f"the relative address {address!r} in a cmi5.xml without a zip; write a full "
                "address, or zip the file with its pages"
            )
            yield _at(url, "url-relative", message)
        else:
            yield from _in_zip(structure, url, address)
        yield from _taken_parameters(url, address)


def _in_zip(structure: Structure, url: etree._Element, address: str) -> Iterator[Fault]:
    names = structure.contents.names
    found = problem(address, names)
    if found:
        yield _at(url, *found)
    path = in_package(address)
    if path not in names and not (found and found[0] in _NOT_A_PATH):
        message = f"the page {path!r} is not in the zip{hint(names, path)}"
        yield _at(url, "launch-missing", message)


def _external(url: etree._Element, address: str) -> Iterator[Fault]:
    if wrong := _wrong_url(address):
        message = f"the address {address!r} {wrong}; write a full address or a path in the zip"
        yield _at(url, "url-invalid", message)


def _wrong_url(address: str) -> str:
    """What keeps an address with a scheme from being a URL; ``""`` if nothing does.

    Any scheme is allowed before ``://``, so that an AU may be an application (13.1.4).
    """
    if not _SCHEME.match(address):
        return "does not begin with a scheme and ://"
    if has_strange_characters(address):
        return "has a character that no address may have"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # the port is looked at only here
    except ValueError:
        return "has no valid host and port"
    is_web = parts.scheme in ("http", "https")
    if is_web and not (host and _HOST.fullmatch(host)):
        return "has no valid host"
    return ""


def _taken_parameters(url: etree._Element, address: str) -> Iterator[Fault]:
    query = address.partition("#")[0].partition("?")[2]
    for name in sorted(parse_qs(query, keep_blank_values=True).keys() & {*_LAUNCH_PARAMETERS}):
        message = (
            f"the address has a parameter {name!r}, which the LMS sets at the launch; rename it"
        )
        yield _at(url, "url-parameter", message)


def _never_done(structure: Structure) -> Iterator[Fault]:
    units = list(structure.units())
    if units and all(unit.get("moveOn", "NotApplicable") == "NotApplicable" for unit in units):
        message = (
            "no AU says moveOn, so that an LMS takes the course for done before anybody has "
            'opened it; write moveOn="CompletedOrPassed" or another condition'
        )
        yield _at(units[0], "move-on-default", message)


def _unscored(structure: Structure) -> Iterator[Fault]:
    for unit in structure.units():
        if unit.get("moveOn") in _MUST_PASS and unit.get("masteryScore") is None:
            message = (
                f"{_label(unit)} must be passed and has no masteryScore; add one, so that the LMS "
                "and the page agree on what passes"
            )
            yield _at(unit, "mastery-score-missing", message)


def _far_away(structure: Structure) -> Iterator[Fault]:
    for url in structure.root.iter(f"{C5}url"):
        scheme = _scheme(text_of(url))
        if scheme == "https":
            message = (
                f"{text_of(url)!r} lies on another host, which must stay there and be allowed to "
                "send results to the LMS (CORS); pages in the zip need neither"
            )
            yield _at(url, "url-external", message)
        elif scheme == "http":
            message = (
                f"{text_of(url)!r} is not https, so that an LMS on https may refuse to show it; "
                "write https, or put the page into the zip"
            )
            yield _at(url, "url-insecure", message)


def _scheme(address: str) -> str:
    """The scheme in small letters; ``""`` for a path in the package."""
    return "" if is_local(address) else address.partition(":")[0].lower()


RULES: tuple[Rule, ...] = (
    _iris,
    _unique_ids,
    _texts,
    _objective_references,
    _one_of("moveOn", "move-on", _MOVE_ON),
    _one_of("launchMethod", "launch-method", _LAUNCH_METHOD),
    _mastery_scores,
    _urls,
    _never_done,
    _unscored,
    _far_away,
)
