"""Temporary folders that do not outlive their owner for long, even where it was killed.

The owner is the process that made the folder. It holds a lock in it for as long as it lives, and
the system lets go of the lock afterwards. So whoever gets the lock may remove the folder:
:func:`sweep` does.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_OWNER = "owner.lock"
#: Until it is locked a folder has a name that begins so, by which :func:`sweep` does not find it.
_UNLOCKED = ".new-"


@contextmanager
def folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in ``parent``, whose name begins with ``prefix``; removed after the block."""
    made = Path(tempfile.mkdtemp(prefix=f"{_UNLOCKED}{prefix}", dir=parent))
    with FileLock(made / _OWNER):
        owned = made.rename(made.with_name(made.name.removeprefix(_UNLOCKED)))
        try:
            yield owned
        finally:
            _remove(owned)


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders whose owners are gone; leave those of other users and living owners."""
    for found in parent.glob(f"{prefix}*"):
        with suppress(OSError, Timeout):  # it went meanwhile, may not be removed, or is in use
            if _is_ours(found):
                with FileLock(found / _OWNER, blocking=False):
                    _remove(found)


def _is_ours(found: Path) -> bool:
    """Whether :func:`folder` made it for the same user: in /tmp every user may write."""
    status = found.lstat()
    owned = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return owned and (found / _OWNER).is_file()


def _remove(owned: Path) -> None:
    """Remove what can be removed; the lock goes last, so that a later sweep finds what is left."""
    for path in owned.iterdir():
        if path.name != _OWNER:
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                path.unlink(missing_ok=True)
    if [path.name for path in owned.iterdir()] == [_OWNER]:
        shutil.rmtree(owned, ignore_errors=True)
