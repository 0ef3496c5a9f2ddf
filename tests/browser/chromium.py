"""Find the Chromium that the browser tests drive; run as a script, install one if there is none.

Looked for in this order: the environment variable CHROMIUM, the names below on the PATH, the
browser that Playwright may have installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# First the Chromium that has no windows to draw: a test costs a third of the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
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
        quiet = {
            "stdout": subprocess.DEVNULL,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        for package in ("chromium-headless-shell", "chromium"):
            if find() is None:
                install = ["apt-get", "install", "-y", "-qq", package]
                subprocess.run(install, check=False, **quiet)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if find() is None:
        print("Installing Chromium for the browser tests ...")
        install()
    if find() is None:
        raise SystemExit(HELP)
