"""Write a zip that has the same bytes for the same content, and is there whole or not at all.

An LMS decides by the hash of an uploaded package whether anything changed, and a teacher keeps
uploading from the same path: so no clock, user or file order shows in the bytes, and a failing
build leaves the last good package where it was.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scorm.errors import PackageError, reason
from scorm.standards import limits
from scorm.standards.names import COURSE_STRUCTURE, MANIFEST
from scorm.system import temporary

Content = Path | bytes

#: What says what the package holds, and so comes first.
_FIRST = frozenset((MANIFEST, COURSE_STRUCTURE))
_PREFIX = ".scorm-package-"  # of the hidden folder beside a package that is being written
_LEVEL = 6
_STORE, _DEFLATE = 0, 8
#: Kinds that are compressed already: deflating them costs time and gains nothing.
_STORED = frozenset(
    ("gif", "gz", "jpeg", "jpg", "mp3", "mp4", "png", "webm", "webp", "woff", "woff2")
)


@dataclass(frozen=True)
class Packed:
    """A file as it lies in a zip: ``data`` by ``method``, ``size`` and ``crc`` of what it was."""

    data: bytes
    method: int
    crc: int
    size: int


class Packer:
    """Makes of content what lies in a zip, deflating it once, however many zips it goes into.

    What it deflated it keeps in memory; what is compressed already it reads anew each time.
    """

    def __init__(self) -> None:
        self._deflated: dict[Content, Packed] = {}

    def pack(self, entries: Mapping[str, Content]) -> Iterator[tuple[str, Packed]]:
        """Each of ``entries`` in turn as it lies in a zip; the name's suffix decides the method."""
        self._deflate_new(content for name, content in entries.items() if not _is_stored(name))
        for name, content in entries.items():
            yield name, _store(content) if _is_stored(name) else self._deflated[content]

    def _deflate_new(self, contents: Iterable[Content]) -> None:
        """Deflate what is not there yet on every processor: zlib lets other threads run."""
        new = [content for content in dict.fromkeys(contents) if content not in self._deflated]
        count = os.cpu_count() or 1
        shares = [new[first::count] for first in range(count)]  # a task a file costs a tenth more
        with ThreadPoolExecutor(count) as pool:
            for share, packed in zip(shares, pool.map(_deflate_all, shares), strict=True):
                self._deflated.update(zip(share, packed, strict=True))


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
    packer: Packer | None = None,
) -> ArchiveReport:
    """Write ``entries`` (ASCII path in the zip → file or bytes) to ``destination``, atomically.

    ``verify`` sees the finished temporary file and raises to refuse it; ``packer`` is what
    several zips of the same files share. Whatever is raised, the destination stays as it was and
    no temporary file is left. Raises :exc:`PackageError` when
    the content passes what a plain zip holds, or when the disk says no.
    """
    _refuse_too_large(destination, entries)
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with temporary.folder(destination.parent, _PREFIX) as folder:
            unfinished = folder / destination.name
            _write(unfinished, entries, packer or Packer())
            verify(unfinished)
            size = unfinished.stat().st_size
            os.replace(unfinished, destination)
        _sync_folder(destination.parent)
    except OSError as error:
        raise PackageError(f"{destination.name} cannot be written: {reason(error)}") from error
    return ArchiveReport(len(entries), size, _warnings(destination, size))


def sweep(folder: Path) -> None:
    """Remove the unfinished packages of builds that were killed, from where packages go."""
    temporary.sweep(folder, _PREFIX)


def _refuse_too_large(destination: Path, entries: Mapping[str, Content]) -> None:
    """Refuse what a plain zip cannot hold, before anything is written.

    The zip itself needs no further check: deflate makes no file larger by a relevant amount.
    """
    if len(entries) >= limits.ZIP_ENTRIES:
        raise PackageError(
            f"{destination.name} would hold {len(entries):,} files; a zip that every LMS reads "
            f"holds fewer than {limits.ZIP_ENTRIES:,}: split the course"
        )
    try:
        size = sum(map(_size, entries.values()))
    except OSError as error:
        raise PackageError(f"{destination.name} cannot be written: {reason(error)}") from error
    if size >= limits.ZIP_BYTES:
        raise PackageError(
            f"{destination.name} would hold {size / 1024**3:.1f} GiB; a zip that every LMS reads "
            "stays below 4 GiB: put the large media on a media server and link to them"
        )


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _is_stored(name: str) -> bool:
    return name.rpartition(".")[2].lower() in _STORED


def _store(content: Content) -> Packed:
    data = _bytes(content)
    return Packed(data, _STORE, zlib.crc32(data), len(data))


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _deflate_all(contents: Iterable[Content]) -> list[Packed]:
    return [_deflate(content) for content in contents]


def _deflate(content: Content) -> Packed:
    data = _bytes(content)
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)  # a raw stream
    return Packed(deflater.compress(data) + deflater.flush(), _DEFLATE, zlib.crc32(data), len(data))


def _write(path: Path, entries: Mapping[str, Content], packer: Packer) -> None:
    """Write the zip's structures ourselves: :mod:`zipfile` takes nothing that is deflated already.

    Structures and their order are those of APPNOTE.TXT 6.3.10, section 4.3.
    """
    ordered = {
        name: entries[name] for name in sorted(entries, key=lambda name: (name not in _FIRST, name))
    }
    directory = bytearray()
    with path.open("wb") as stream:
        for name, packed in packer.pack(ordered):
            offset = stream.tell()
            stream.write(_local_header(name, packed))
            stream.write(packed.data)
            directory += _directory_header(name, packed, offset)
        start = stream.tell()
        stream.write(directory)
        stream.write(_end(len(entries), len(directory), start))
        stream.flush()
        os.fsync(stream.fileno())


_VERSION = 20  # what a reader must know: 2.0, folders and deflate (4.4.3)
_UNIX = 3  # where the permissions below have their meaning (4.4.2)
_PERMISSIONS = 0o100644 << 16
_TIME, _DATE = 0, 1 << 5 | 1  # 1 January 1980, 00:00, in the format of MS-DOS (4.4.6)


def _facts(name: str, packed: Packed) -> bytes:
    """What both headers of a file say: from its flags (none) to the length of the extra field."""
    facts = (0, packed.method, _TIME, _DATE, packed.crc, len(packed.data), packed.size)
    return struct.pack("<HHHHLLLHH", *facts, len(name), 0)


def _local_header(name: str, packed: Packed) -> bytes:
    return struct.pack("<4sH", b"PK\3\4", _VERSION) + _facts(name, packed) + name.encode("ascii")


def _directory_header(name: str, packed: Packed, offset: int) -> bytes:
    """The file's entry in the central directory: the facts, then no comment, disk 0."""
    begin = struct.pack("<4sBBH", b"PK\1\2", _VERSION, _UNIX, _VERSION)
    end = struct.pack("<HHHLL", 0, 0, 0, _PERMISSIONS, offset)
    return begin + _facts(name, packed) + end + name.encode("ascii")


def _end(count: int, size: int, start: int) -> bytes:
    """The end of the central directory, which has ``size`` bytes from ``start`` on."""
    return struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, size, start, 0)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system has a way to say so."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _warnings(destination: Path, size: int) -> tuple[str, ...]:
    if size < limits.ZIP_ADVISED_BYTES:
        return ()
    return (
        f"{destination.name} has {size / 1024**2:.0f} MB; many LMSs refuse uploads above "
        f"{limits.ZIP_ADVISED_BYTES // 1024**2} MB: ask the administrator, or make media smaller",
    )
