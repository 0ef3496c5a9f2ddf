"""Find the Chromium that the browser tests drive; run as a script, install one.

Where no password is needed, the one without windows is installed even beside another.

Looked for in this order: the environment variable CHROMIUM, the names below on the PATH, the
browser that Playwright may have installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The Chromium that has no windows to draw: a test costs a third of the processor time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
HELP = (
    "The browser tests need Chromium: install your system's package (apt-get install chromium), or "
    "run 'playwright install chromium', or name its executable in CHROMIUM"
)


def find() -> str | None:
    """The executable, or ``None``."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Install the system's package where that needs no password, else Playwright's browser."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        if shutil.which(SHELL) is None:
            print("Installing Chromium for the browser tests ...")
            apt_get("update")
            apt_get("install", "-y", SHELL)
        if find() is None:
            apt_get("install", "-y", "chromium")
    elif find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def apt_get(*command: str) -> None:
    """Run apt-get, in silence."""
    # what fails is tried another way, and in the end there is HELP
    subprocess.run(
        ["apt-get", *command],
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    if not os.environ.get("CHROMIUM"):
        install()
    if find() is None:
        raise SystemExit(HELP)
