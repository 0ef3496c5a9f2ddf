"""Look at the zip itself: can every LMS unpack it, and is it safe to look inside?"""

from __future__ import annotations

import codecs
import posixpath
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from scorm.errors import Fault, PackageError
from scorm.standards import limits
from scorm.standards.names import COURSE_STRUCTURE, MANIFEST, XS
from scorm.validate.other_formats import lost_manifest, other_format
from scorm.validate.printable import printable

#: Whatever :mod:`zipfile` raises on bytes that are not the zip they seem to be.
_DAMAGE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,  # a directory that sends it to a place before the file's beginning
    EOFError,
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_UTF8 = 0x800

# Real courses deflate to a half or a quarter; what unpacks to far more is made to fill a disk.
_BOMB_BYTES = 200 * 1024**2
_BOMB_RATIO = 100
_MANIFEST_BYTES = 16 * 1024**2
_CHUNK = 1024**2
#: What operating systems leave in folders, and no LMS minds.
_LITTER_NAMES = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))
_LITTER_FOLDER = "__MACOSX"
_PAGE_BYTES = 16 * 1024**2
_SCHEMA_BYTES = 1024**2
_SCHEMA = f"{{{XS}}}schema"

#: What the pages of this project hold, and the one that shows all others in the layout "single".
PAGE_MARKS = (b'id="scorm-page"', b'id="scorm-course"')

#: What a package begins with, each in its own format.
MANIFESTS = (MANIFEST, COURSE_STRUCTURE)


@dataclass(frozen=True)
class Container:
    """The files in the zip, the bytes of the manifests that can be read, and the findings.

    ``named`` are the XML files that a manifest names. ``pages`` are the HTML pages that this
    project made, where the zip was unpacked. ``format`` is
    the name of a format that is known and not checked, or ``""``; ``bare`` says
    that the file is a ``cmi5.xml`` without a zip; ``imports`` are the files that each schema at
    the root takes in by a relative path, ``broken`` those files there that are no schemas.
    """

    names: frozenset[str] = frozenset()
    manifests: Mapping[str, bytes] = field(default_factory=dict)
    found: tuple[Fault, ...] = ()
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    named: Mapping[str, bytes] = field(default_factory=dict)
    pages: Mapping[str, bytes] = field(default_factory=dict)
    format: str = ""
    bare: bool = False


def read(path: Path, *, unpack: bool = True) -> Container:
    """Open any file as a package. Raises :exc:`PackageError` where no file can be read.

    With ``unpack``, all files are searched for damage; else only those that describe the package.
    """
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            beginning = stream.read(_CHUNK)
            try:
                archive = zipfile.ZipFile(stream)
            except _DAMAGE:
                return _not_a_zip(path, beginning, size)
            with archive:
                return _read(path, size, archive, unpack)
    except OSError as error:
        raise PackageError(f"{path} cannot be read: {error.strerror or error}") from error


def _not_a_zip(path: Path, beginning: bytes, size: int) -> Container:
    """Tell what the file is instead: a zip that was cut, a manifest alone, or a course structure.

    A course structure by itself is a package of cmi5, whose pages may all lie on other hosts.
    """
    if beginning.startswith(b"PK\x03\x04"):
        message = "the zip has no readable end; it was cut short: build or copy it again"
        return Container(found=(Fault(path.name, None, message, "truncated"),))
    text = text_in(beginning)
    if size < _CHUNK and text.lstrip("\ufeff\xef\xbb\xbf \t\r\n").startswith("<"):
        if "<manifest" in text:
            message = "a manifest without its package; zip it together with the files it lists"
            return Container(found=(Fault(path.name, None, message, "not-a-zip"),))
        if "courseStructure" in text:
            return Container(manifests={COURSE_STRUCTURE: beginning}, bare=True)
    message = (
        "this is not a zip file; a package is a zip with imsmanifest.xml (SCORM) or cmi5.xml "
        "(cmi5) at its root"
    )
    return Container(found=(Fault(path.name, None, message, "not-a-zip"),))


def _read(path: Path, size: int, archive: zipfile.ZipFile, unpack: bool) -> Container:
    entries = archive.infolist()
    files = [entry for entry in entries if not _is_folder(entry)]
    names = frozenset(_name_of(entry) for entry in files)
    unread = list(_unread(path, size, entries))
    if unread:
        return Container(names, found=tuple(unread))
    faults = [*_size_faults(path, size, entries)]
    faults += [fault for entry in entries for fault in _entry_faults(entry)]
    faults += _name_faults(entries)
    unpacked = [entry for entry in files if unpack or _describes(entry.filename)]
    damage = {entry.filename: fault for entry in unpacked for fault in _damage(archive, entry)}
    faults += damage.values()
    sound = {entry.filename for entry in files if _is_readable(entry)} - damage.keys()
    manifests = {name: archive.read(name) for name in MANIFESTS if name in sound}
    imports, broken = _imports(archive, sound)
    other = None
    if names.isdisjoint(MANIFESTS):
        other = other_format(names)
        faults += [other[1]] if other else lost_manifest(names, MANIFESTS)
    return Container(
        names,
        manifests,
        (*faults, *_advice(path, size, names)),
        imports,
        broken,
        _named(archive, sound, manifests.values()),
        _own_pages(archive, sound) if unpack else {},
        other[0] if other else "",
    )


def _imports(
    archive: zipfile.ZipFile, names: set[str]
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """What the schemas at the root include and import from beside them, and which are broken.

    The published schemas of SCORM 1.2 are not strictly well-formed, so the parser forgives.
    """
    found, broken = {}, set()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    for name in sorted(names):
        if not _describes(name) or name in MANIFESTS:
            continue
        if archive.getinfo(name).file_size > _SCHEMA_BYTES:
            continue
        root = _root(archive.read(name), parser)
        if root is None or root.tag != _SCHEMA:
            broken.add(name)
            continue
        places = [element.get("schemaLocation", "") for element in root.iterfind("{*}*")]
        relative = (place for place in places if place and ":" not in place)
        found[name] = tuple(posixpath.normpath(place) for place in relative)
    return found, frozenset(broken)


def _named(
    archive: zipfile.ZipFile, names: set[str], manifests: Iterable[bytes]
) -> dict[str, bytes]:
    """The XML files of which a manifest speaks, such as those with metadata."""
    said = "".join(map(text_in, manifests))
    return {
        name: archive.read(name)
        for name in sorted(names.difference(MANIFESTS))
        if name.endswith(".xml") and name.rpartition("/")[2] in said
        if archive.getinfo(name).file_size <= _MANIFEST_BYTES
    }


def text_in(document: bytes) -> str:
    """A document's characters of ASCII, in whichever of the usual encodings of XML it is."""
    is_wide = document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return document.decode("utf-16" if is_wide else "latin-1", "replace")


def _own_pages(archive: zipfile.ZipFile, names: set[str]) -> dict[str, bytes]:
    """The pages that bear the mark of this project's; of no other is anything asked."""
    pages = {
        name: archive.read(name)
        for name in sorted(names)
        if name.endswith(".html") and archive.getinfo(name).file_size <= _PAGE_BYTES
    }
    return {name: page for name, page in pages.items() if any(m in page for m in PAGE_MARKS)}


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name under which LMSs find the file.

    Without the flag for UTF-8 a name is in code page 437 (ZIP APPNOTE, appendix D). macOS writes
    UTF-8 and no flag, and LMSs read it as it is meant.
    """
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _describes(name: str) -> bool:
    """Is this a manifest, or a schema at the root?"""
    return name in MANIFESTS or ("/" not in name and name.endswith(".xsd"))


def _root(document: bytes, parser: etree.XMLParser) -> etree._Element | None:
    try:
        root: etree._Element | None = etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        return None
    return root


def _size_faults(path: Path, size: int, entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) >= limits.ZIP_ENTRIES:
        message = f"{len(entries):,} entries; many LMSs read fewer than {limits.ZIP_ENTRIES:,}"
        yield Fault(path.name, None, message, "too-many-entries")
    if unpacked >= limits.ZIP_BYTES or size >= limits.ZIP_BYTES:
        message = "the content has 4 GiB or more; move large media out of the package"
        yield Fault(path.name, None, message, "too-large")


def _unread(path: Path, size: int, entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    """Why the zip is not even opened."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked >= _BOMB_BYTES and unpacked >= _BOMB_RATIO * size:
        message = (
            f"{size:,} bytes that unpack to {unpacked:,}: this looks like a zip bomb and was "
            "not opened; leave such files out"
        )
        yield Fault(path.name, None, message, "zip-bomb")
    for entry in entries:
        if entry.filename in MANIFESTS and entry.file_size > _MANIFEST_BYTES:
            message = f"the manifest has more than {_MANIFEST_BYTES:,} bytes and was not read"
            yield Fault(entry.filename, None, message, "manifest-too-large")


def _entry_faults(entry: zipfile.ZipInfo) -> Iterator[Fault]:
    place = printable(entry.orig_filename)
    problem = limits.name_problem(entry.orig_filename.rstrip("/") or "/")
    bare_is_fine = _is_folder(entry) or is_litter(entry.filename)
    if problem and not (bare_is_fine and problem[0] == "name-extension"):
        yield Fault(place, None, problem[1], problem[0])
    if entry.compress_type not in _METHODS:
        message = (
            f"compressed by the zip format's method {entry.compress_type}; LMSs unpack only "
            "stored (0) and deflated (8) files"
        )
        yield Fault(place, None, message, "compression")
    if entry.flag_bits & _ENCRYPTED:
        message = "the file is encrypted, and an LMS has no password; zip it without"
        yield Fault(place, None, message, "encrypted")
    if stat.S_ISLNK(entry.external_attr >> 16):
        message = "a symbolic link; put the file itself in the package"
        yield Fault(place, None, message, "symbolic-link")


def _name_faults(entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    for name, count in sorted(Counter(entry.filename for entry in entries).items()):
        if count > 1:
            message = f"{count} entries have this name; LMSs differ in which they keep: leave one"
            yield Fault(printable(name), None, message, "entry-twice")
    for names in limits.case_clashes(entry.filename for entry in entries):
        shown = " and ".join(map(printable, names))
        message = f"{shown} differ by case only; rename one of them"
        yield Fault(printable(names[0]), None, message, "name-case")


def _damage(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[Fault]:
    """Read the file to its end, which compares its checksum.

    A file that no LMS unpacks, because of its compression or encryption, is a fault already.
    """
    if not _is_readable(entry):
        return
    try:
        with archive.open(entry) as stream:
            while stream.read(_CHUNK):
                pass
    except _DAMAGE:
        message = "the file is damaged and cannot be unpacked; build or copy the package again"
        yield Fault(printable(entry.filename), None, message, "damaged")


def _advice(path: Path, size: int, names: frozenset[str]) -> Iterator[Fault]:
    if size >= limits.ZIP_ADVISED_BYTES:
        message = f"{size / 1024**2:.0f} MB; many LMSs refuse uploads above 100 MB"
        yield Fault(path.name, None, message, "large")
    for name in sorted(filter(is_litter, names)):
        message = "an operating system left this file in the folder; leave it out of the zip"
        yield Fault(printable(name), None, message, "litter")


def is_litter(name: str) -> bool:
    """Is this a file that an operating system put there?"""
    parts = name.rstrip("/").split("/")
    return parts[-1] in _LITTER_NAMES or _LITTER_FOLDER in parts


def _is_readable(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type in _METHODS and not entry.flag_bits & _ENCRYPTED


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """As ``ZipInfo.is_dir``, which fails on an entry without a name."""
    return entry.filename.endswith("/")
