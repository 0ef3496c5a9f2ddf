"""Look at the zip itself: can every LMS unpack it, and is it safe to look inside?"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scorm import limits
from scorm.errors import Fault, PackageError
from scorm.validate.package import MANIFEST

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

# Real courses deflate to a half or a quarter; what unpacks to far more is made to fill a disk.
_BOMB_BYTES = 200 * 1024**2
_BOMB_RATIO = 100
_MANIFEST_BYTES = 16 * 1024**2
_CHUNK = 1024**2


@dataclass(frozen=True)
class Container:
    """The files in the zip, the manifest's bytes where it can be read, and the findings."""

    names: frozenset[str]
    manifest: bytes | None
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...] = ()


def read(path: Path) -> Container:
    """Open any file as a package. Raises :exc:`PackageError` where no file can be read."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            begins_as_zip = stream.read(4) == b"PK\x03\x04"
            try:
                archive = zipfile.ZipFile(stream)
            except _DAMAGE:
                return Container(frozenset(), None, (_not_a_zip(path, begins_as_zip),))
            with archive:
                return _read(path, size, archive)
    except OSError as error:
        raise PackageError(f"{path} cannot be read: {error.strerror or error}") from error


def _not_a_zip(path: Path, begins_as_zip: bool) -> Fault:
    if begins_as_zip:
        message = "the zip has no readable end; it was cut short: build or copy it again"
        return Fault(path.name, None, message, "truncated")
    message = "this is not a zip file; a SCORM package is a zip with imsmanifest.xml at its root"
    return Fault(path.name, None, message, "not-a-zip")


def _read(path: Path, size: int, archive: zipfile.ZipFile) -> Container:
    entries = archive.infolist()
    files = [entry for entry in entries if not _is_folder(entry)]
    names = frozenset(entry.filename.replace("\\", "/") for entry in files)
    too_large = list(_size_faults(path, size, entries))
    if too_large:
        return Container(names, None, tuple(too_large))
    faults = [fault for entry in entries for fault in _entry_faults(entry)]
    faults += _name_faults(entries)
    faults += [fault for entry in files for fault in _damage(archive, entry)]
    faults += _manifest_faults(names)
    manifest = None
    if MANIFEST in names and not any(fault.path == MANIFEST for fault in faults):
        manifest = archive.read(MANIFEST)
    return Container(names, manifest, tuple(faults), tuple(_advice(path, size)))


def _size_faults(path: Path, size: int, entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) >= limits.ZIP_ENTRIES:
        message = f"{len(entries):,} entries; many LMSs read fewer than {limits.ZIP_ENTRIES:,}"
        yield Fault(path.name, None, message, "too-many-entries")
    if unpacked >= limits.ZIP_BYTES or size >= limits.ZIP_BYTES:
        message = "the content has 4 GiB or more; move large media out of the package"
        yield Fault(path.name, None, message, "too-large")
    elif unpacked >= _BOMB_BYTES and unpacked >= _BOMB_RATIO * size:
        message = (
            f"{size:,} bytes that unpack to {unpacked:,}: this looks like a zip bomb and was "
            "not opened; leave such files out"
        )
        yield Fault(path.name, None, message, "zip-bomb")
    for entry in entries:
        if entry.filename == MANIFEST and entry.file_size > _MANIFEST_BYTES:
            message = f"the manifest has more than {_MANIFEST_BYTES:,} bytes and was not read"
            yield Fault(MANIFEST, None, message, "manifest-too-large")


def _entry_faults(entry: zipfile.ZipInfo) -> Iterator[Fault]:
    place = _printable(entry.orig_filename)
    problem = limits.name_problem(entry.orig_filename.rstrip("/") or "/")
    if problem and not (_is_folder(entry) and problem[0] == "name-extension"):
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
            yield Fault(_printable(name), None, message, "entry-twice")
    for names in limits.case_clashes(entry.filename for entry in entries):
        shown = " and ".join(map(_printable, names))
        message = f"{shown} differ by case only; rename one of them"
        yield Fault(_printable(names[0]), None, message, "name-case")


def _damage(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[Fault]:
    """Read the file through, which compares its checksum; what cannot be unpacked is said above."""
    if entry.compress_type not in _METHODS or entry.flag_bits & _ENCRYPTED:
        return
    try:
        with archive.open(entry) as stream:
            while stream.read(_CHUNK):
                pass
    except _DAMAGE:
        message = "the file is damaged and cannot be unpacked; build or copy the package again"
        yield Fault(_printable(entry.filename), None, message, "damaged")


def _manifest_faults(names: frozenset[str]) -> Iterator[Fault]:
    if MANIFEST in names:
        return
    elsewhere = sorted(name for name in names if name.lower().rpartition("/")[2] == MANIFEST)
    if not elsewhere:
        message = f"there is no {MANIFEST} at the root of the zip; it says what the package holds"
        yield Fault(MANIFEST, None, message, "manifest-missing")
    elif "/" in elsewhere[0]:
        message = (
            f"the manifest lies in a folder; zip the content of the folder, so that {MANIFEST} "
            "is at the root"
        )
        yield Fault(_printable(elsewhere[0]), None, message, "manifest-in-folder")
    else:
        message = f"the manifest's name has capital letters; rename it to {MANIFEST}"
        yield Fault(elsewhere[0], None, message, "manifest-name")


def _advice(path: Path, size: int) -> Iterator[Fault]:
    if size >= limits.ZIP_ADVISED_BYTES:
        message = f"{size / 1024**2:.0f} MB; many LMSs refuse uploads above 100 MB"
        yield Fault(path.name, None, message, "large")


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """As ``ZipInfo.is_dir``, which fails on an entry without a name."""
    return entry.filename.endswith("/")


def _printable(name: str) -> str:
    """The name with what a terminal cannot show, or must not act on, as an escape."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
