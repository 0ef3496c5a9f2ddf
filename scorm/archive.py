"""Write a zip that is the same for the same content, and that is there whole or not at all.

An LMS decides by the hash of an uploaded package whether anything changed, and a teacher keeps
uploading from the same path: so no clock, user or file order shows in the bytes, and a failing
build leaves the last good package where it was.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scorm import limits
from scorm.errors import PackageError

Content = Path | bytes

_FIRST = "imsmanifest.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644
_LEVEL = 6
#: Kinds that are compressed already: deflating them costs time and gains nothing.
_STORED = frozenset(
    (".gif", ".gz", ".jpeg", ".jpg", ".mp3", ".mp4", ".png", ".webm", ".webp", ".woff", ".woff2")
)


@dataclass(frozen=True)
class ArchiveReport:
    """What was written: the number of files, the zip's size in bytes, and warnings to show."""

    files: int
    size: int
    warnings: tuple[str, ...]


def write_zip(
    destination: Path,
    entries: Mapping[str, Content],
    *,
    verify: Callable[[Path], None] = lambda _: None,
) -> ArchiveReport:
    """Write ``entries`` (path in the zip → file or bytes) to ``destination``, atomically.

    ``verify`` sees the finished temporary file and raises to refuse it. Whatever is raised, the
    destination stays as it was and no temporary file is left. Raises :exc:`PackageError` when
    the content passes what a plain zip holds, or when the disk says no.
    """
    _refuse_too_large(destination, entries)
    temporary = destination.with_name(f".{destination.name}.{os.getpid()}.tmp")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(temporary, entries)
            verify(temporary)
            size = temporary.stat().st_size
            os.replace(temporary, destination)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(destination.parent)
    except OSError as error:
        raise PackageError(f"{destination.name} cannot be written: {_reason(error)}") from error
    return ArchiveReport(len(entries), size, _warnings(destination, size))


def _refuse_too_large(destination: Path, entries: Mapping[str, Content]) -> None:
    """Also keeps the result small enough: deflate never grows a file by a relevant amount."""
    if len(entries) >= limits.ZIP_ENTRIES:
        raise PackageError(
            f"{destination.name} would hold {len(entries):,} files; a zip that every LMS reads "
            f"holds fewer than {limits.ZIP_ENTRIES:,}: split the course"
        )
    try:
        size = sum(map(_size, entries.values()))
    except OSError as error:
        raise PackageError(f"{destination.name} cannot be written: {_reason(error)}") from error
    if size >= limits.ZIP_BYTES:
        raise PackageError(
            f"{destination.name} would hold {size / 1024**3:.1f} GiB; a zip that every LMS reads "
            "stays below 4 GiB: put the large media on a media server and link to them"
        )


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _write(path: Path, entries: Mapping[str, Content]) -> None:
    with path.open("wb") as stream:
        with zipfile.ZipFile(stream, "w") as archive:
            for name in sorted(entries, key=lambda name: (name != _FIRST, name)):
                content = entries[name]
                data = content if isinstance(content, bytes) else content.read_bytes()
                archive.writestr(_entry(name), data, compresslevel=_LEVEL)
        stream.flush()
        os.fsync(stream.fileno())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3  # Unix, wherever we run: it gives the permissions their meaning
    entry.external_attr = _MODE << 16
    stored = PurePosixPath(name).suffix.lower() in _STORED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system has a way to say so."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    place = f" ({Path(error.filename).name})" if error.filename else ""
    return f"{error.strerror or error}{place}"


def _warnings(destination: Path, size: int) -> tuple[str, ...]:
    if size < limits.ZIP_ADVISED_BYTES:
        return ()
    return (
        f"{destination.name} has {size / 1024**2:.0f} MB; many LMSs refuse uploads above "
        f"{limits.ZIP_ADVISED_BYTES // 1024**2} MB: ask the administrator, or make media smaller",
    )
