"""Name what a zip is that holds neither SCORM nor cmi5, and say what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from scorm.errors import Fault

_EXPORT = "export the course as SCORM 1.2, SCORM 2004 or cmi5"


@dataclass(frozen=True)
class OtherFormat:
    """A format that is known by a file in the zip and not checked."""

    name: str
    sign: Callable[[str], bool]
    advice: str


_FORMATS = (
    OtherFormat(
        "AICC",
        lambda name: name.lower().endswith(".crs"),
        f"AICC gave way to cmi5 in 2014, and few LMSs still take it: {_EXPORT}",
    ),
    OtherFormat(
        "xAPI (Tin Can)",
        lambda name: name.lower().rpartition("/")[2] == "tincan.xml",
        f"such a package has no rules for its launch that could be checked: {_EXPORT}",
    ),
    OtherFormat(
        "H5P",
        lambda name: name == "h5p.json",
        "an LMS takes it in its own H5P activity and not as a SCORM package",
    ),
    OtherFormat(
        "Moodle course backup",
        lambda name: name == "moodle_backup.xml",
        "restore it in Moodle as a course; it cannot be uploaded as a SCORM package",
    ),
    OtherFormat(
        "Word, Excel or PowerPoint",
        lambda name: name == "[Content_Types].xml",
        f"this is a document and no package: {_EXPORT}",
    ),
    OtherFormat(
        "EPUB",
        lambda name: name == "META-INF/container.xml",
        f"this is a book and no package: {_EXPORT}",
    ),
)


def other_format(names: Collection[str]) -> tuple[str, Fault] | None:
    """The name of the format and the fault that says so; ``None`` where nothing is known."""
    for found in _FORMATS:
        for name in sorted(filter(found.sign, names)):
            message = f"this is {found.name}, not SCORM or cmi5; {found.advice}"
            return found.name, Fault(name, None, message, "format-unsupported")
    return None


def lost_manifest(names: Collection[str], manifests: Collection[str]) -> Iterator[Fault]:
    """Why there is no manifest at the root: it lies in a folder, is misspelt, or is nowhere."""
    elsewhere = sorted(
        (name.count("/"), name)
        for name in names
        if name.lower().rpartition("/")[2] in manifests and "__MACOSX" not in name
    )
    if not elsewhere:
        message = (
            "there is no imsmanifest.xml (SCORM) and no cmi5.xml (cmi5) at the root of the zip; "
            "it says what the package holds"
        )
        if inner := sorted(name for name in names if name.lower().endswith(".zip")):
            message += f"; the zip holds another one, {inner[0]!r}: unpack it and check that one"
        elif any(name.lower().endswith((".html", ".htm")) for name in names):
            message += "; these are web pages that were zipped, and not exported as a package"
        yield Fault("imsmanifest.xml", None, message, "manifest-missing")
        return
    _, place = elsewhere[0]
    name = place.lower().rpartition("/")[2]
    if "/" in place:
        message = (
            f"the manifest lies in a folder; zip the content of the folder, so that {name} "
            "is at the root"
        )
        yield Fault(place, None, message, "manifest-in-folder")
    else:
        message = f"the manifest's name has capital letters; rename it to {name}"
        yield Fault(place, None, message, "manifest-name")
