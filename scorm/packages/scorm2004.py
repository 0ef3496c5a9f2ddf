"""Write a course as a SCORM 2004 package, 4th or 3rd edition.

Sources: the Content Aggregation Model (CAM) and Sequencing and Navigation (SN) books of SCORM
2004 4th Edition, and the schemas themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from scorm.course.model import Course, Item, Sco, identifier_of
from scorm.packages import Format, PackageOptions, PackageReport, lom
from scorm.packages.content import Rendered
from scorm.packages.imscp import Binding
from scorm.packages.scope import Scope
from scorm.packages.writing import Recipe, write_package
from scorm.standards import schemas
from scorm.standards.editions import FOURTH, Edition
from scorm.standards.names import ADLCP_2004, ADLNAV, ADLSEQ, IMSCP_2004, IMSSS, MANIFEST, XSI
from scorm.standards.xml import Element, Vocabulary

METADATA = "metadata.xml"

# Moodle reads these prefixes as text, so they are not ours to choose.
_PREFIXES = {
    None: IMSCP_2004,
    "adlcp": ADLCP_2004,
    "adlseq": ADLSEQ,
    "adlnav": ADLNAV,
    "imsss": IMSSS,
    "xsi": XSI,
}
_cp = Vocabulary(IMSCP_2004, _PREFIXES)
_adl = Vocabulary(ADLCP_2004, _PREFIXES)
_ss = Vocabulary(IMSSS, _PREFIXES)
_binding = Binding(_cp, "adlcp__scormType")

# Added to identifiers of the model, as in imscp.py.
_PRIMARY_ID = "_primary"


def write(
    course: Course,
    build: Path,
    destination: Path,
    options: PackageOptions | None = None,
    *,
    rendered: Rendered | None = None,
) -> PackageReport:
    """Write ``destination`` (a ``.zip``) from the trees below ``build``, and check it.

    ``rendered`` is what several packages of one build share. Raises what :func:`write_package`
    does, and :exc:`SetupError` without the schemas.
    """
    options = options or PackageOptions(Format.SCORM2004)
    edition = Format(options.format).edition or FOURTH

    def describe(scope: Scope, files: Collection[str]) -> dict[str, bytes]:
        written = manifest(scope, {*files, METADATA}, edition)
        return {MANIFEST: written, METADATA: lom.ieee(scope)}

    files = {**schemas.files(edition), schemas.LOM_SCHEMA: schemas.LOM_FILE}
    recipe = Recipe(edition.name, files, (MANIFEST, METADATA), describe)
    return write_package(recipe, rendered or Rendered(course, build), destination, options)


def manifest(scope: Scope, files: Collection[str], edition: Edition = FOURTH) -> bytes:
    """``imsmanifest.xml`` of a package whose content is ``files`` (paths in the package)."""
    total = scope.weight(scope.root)

    def extras(item: Item) -> Iterator[Element]:
        if item.sco:
            # A page reads this at its start, to know whether it runs in its own SCO's frame or
            # was reached by a link from another one.
            yield _adl("dataFromLMS", text=item.sco.identifier)
        if edition is FOURTH:
            yield _completion(scope, item)
        yield _sequencing(scope, item, scope.weight(item) / total if total else 0.0)

    return _binding.manifest(
        scope,
        _metadata(edition),
        _binding.organizations(
            scope,
            extras,
            _of_organization(scope, edition),
            adlseq__objectivesGlobalToSystem="false",
        ),
        _binding.resources(scope, files),
        located=edition.schemas,
    )


def _metadata(edition: Edition) -> Element:
    """The metadata lie in a file of their own: see :mod:`scorm.packages.lom`."""
    return _cp(
        "metadata",
        _cp("schema", text="ADL SCORM"),
        _cp("schemaversion", text=edition.versions[0]),
        _adl("location", text=METADATA),
    )


def _completion(scope: Scope, item: Item) -> Element:
    """How the item's progress counts in that of what is above it: by its typical learning time.

    What completes a page, the page itself says (``completedByMeasure``; CAM 5.1.4): under a
    threshold, an LMS waits for a progress measure and hides that status until one comes.
    """
    minutes = sum(below.sco.duration for below in item.walk() if below.sco)
    return _adl(
        "completionThreshold",
        completedByMeasure="false",
        minProgressMeasure="1.0",
        progressWeight=_decimal(minutes / scope.minutes if scope.minutes else 1.0),
    )


def _of_organization(scope: Scope, edition: Edition) -> Iterator[Element]:
    """The course itself as an activity: its score, and whether that passes."""
    if edition is FOURTH:
        yield _adl("completionThreshold", completedByMeasure="false")
    is_judged = any(scope.is_judged(sco) for sco in scope.scos())
    primary = _primary_objective(scope, scope.identifier, is_judged)
    yield _ss("sequencing", _control(scope), _ss("objectives", primary), _delivery())


def _sequencing(scope: Scope, item: Item, weight: float) -> Element:
    """An item's rules (SN 3): free to go anywhere, its measure weighed into the course's score.

    A page without points weighs nothing, for an LMS counts the weight of a page that has no
    measure as well (SN 4.6.5). Whether the course is passed its score alone decides.
    """
    rules = _ss(
        "rollupRules", rollupObjectiveSatisfied="false", objectiveMeasureWeight=_decimal(weight)
    )
    if item.sco is None:
        return _ss("sequencing", _control(scope), rules, _delivery())
    return _ss("sequencing", rules, _objectives(scope, item.sco), _delivery())


def _control(scope: Scope) -> Element:
    """Which ways there are through the items of a heading (SN 3.2): all, or forward and back."""
    return _ss("controlMode", choice="false" if scope.linear else "true", flow="true")


def _objectives(scope: Scope, sco: Sco) -> Element:
    """What a page's score is of, and its learning objectives.

    None is mapped to a global objective: Moodle fails on ``mapInfo``.
    """
    learned = (objective_id(sco, objective.identifier) for objective in sco.objectives)
    return _ss(
        "objectives",
        _primary_objective(scope, sco.identifier, scope.is_judged(sco)),
        *(_ss("objective", objectiveID=identifier) for identifier in learned),
    )


def _primary_objective(scope: Scope, identifier: str, is_judged: bool) -> Element:
    """What the score is of; where it is judged, the score that satisfies it."""
    primary = _ss("primaryObjective", objectiveID=identifier + _PRIMARY_ID)
    if is_judged:
        primary.set("satisfiedByMeasure", "true")
        passing = _decimal(scope.course.mastery_score / 100)
        primary.append(_ss("minNormalizedMeasure", text=passing))
    return primary


def objective_id(sco: Sco, label: str) -> str:
    """The identifier of a page's learning objective, which the author labelled."""
    return f"{sco.identifier}.{identifier_of(label)}"


def _delivery() -> Element:
    """The page says what is completed and satisfied; the LMS takes nothing for granted."""
    return _ss("deliveryControls", completionSetByContent="true", objectiveSetByContent="true")


def _decimal(value: float) -> str:
    """An ``xs:decimal`` with enough digits for a page among thousands, without an exponent."""
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"
