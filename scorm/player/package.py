"""Read a package as an LMS does: its contents and its files, from the zip."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from scorm.errors import PackageError
from scorm.player.contents import ManifestItem, read_contents

# What Moodle sends, so that a type it does not know (.mjs, .webp, .woff2) fails here as well.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mp3",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webm": "video/webm",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def content_type(path: str) -> str:
    """The media type under which an LMS serves a file of the package."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


class Package:
    """An opened package; :attr:`contents` says what is in it."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`PackageError` where the file or its manifest cannot be played."""
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise PackageError(f"{path}: there is no such package; build it first") from None
        except (OSError, zipfile.BadZipFile) as error:
            raise PackageError(f"{path}: this is not a readable zip file ({error})") from None
        try:
            self._files = {name for name in self._zip.namelist() if not name.endswith("/")}
            self.contents = read_contents(self._files, self.read)
            self.title = self.contents.title or path.stem
        except PackageError as error:
            self.close()
            raise PackageError(f"{path}: {error}") from None

    def launchable(self) -> list[ManifestItem]:
        """The items that the LMS can launch, in reading order."""
        return [item for top in self.contents.items for item in top.walk() if item.href]

    def read(self, name: str) -> bytes:
        """A file's bytes; only names that the zip lists exist, so no path leads outside it."""
        if name not in self._files:
            raise PackageError(f"{name} is not in the package")
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
            raise PackageError(f"{name} cannot be read from the package ({error})") from None

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
