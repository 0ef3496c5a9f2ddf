"""A real Chromium that may reach this computer only, and whose complaints fail the test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ProxySettings,
    expect,
    sync_playwright,
)

from scorm.course import course_json
from scorm.packages import Format, Layout, PackageOptions, formats
from scorm.packages.content import Rendered
from scorm.player import PreviewServer
from tests.conftest import made_once

from . import chromium
from .support import Player

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Nobody listens on the discard port, so what is not for this computer is refused. (Playwright's
# request routing would refuse as well, but it holds back what a page sends while it closes.)
_REFUSE: ProxySettings = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}

# Generous, since other workers may keep the processor busy; what is there is not waited for.
expect.set_options(timeout=30_000)

STANDARDS_AND_LAYOUTS = [
    ("scorm12", "multi"),
    ("scorm12", "single"),
    ("scorm2004", "multi"),
    ("scorm2004", "single"),
    ("scorm2004-3rd", "single"),
    ("cmi5", "multi"),
]


@dataclass
class Watch:
    """What a browser context did that no page of ours may do."""

    complaints: list[str] = field(default_factory=list)
    forgiven: set[str] = field(default_factory=set)
    external: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page that the context opens."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            self.complaints.append(f"{message.type} at {place}: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.external.append(url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    executable = chromium.find()
    if executable is None:
        pytest.fail(chromium.HELP)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=_ARGUMENTS, proxy=_REFUSE
        )
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    """The test's record of console complaints and external requests; see ``context``."""
    return Watch()


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A fresh browser profile; a complaint or an external request fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
        service_workers="block",
    )
    watch.follow(context)
    yield context
    context.close()
    assert watch.external == []
    forgiven = watch.forgiven
    assert [it for it in watch.complaints if not any(re.match(one, it) for one in forgiven)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the fresh profile."""
    return context.new_page()


@pytest.fixture(scope="session")
def course_packages(project: Path, course_package: Path, shared_folder: Path) -> dict[str, Path]:
    """The real course by ``"scorm2004 single"`` and the like; whole in SCORM 1.2 only.

    In the other standards it is the course's first module: the pages are the same in all, and a
    journey through hundreds of pages would only tell again what one through three tells.
    """
    folder = made_once(shared_folder / "packages", lambda to: _write(project / "_build", to))
    return {" ".join(kind): _path(folder, *kind) for kind in STANDARDS_AND_LAYOUTS}


def _write(build: Path, folder: Path) -> None:
    whole = course_json.load(build / "course.json")
    rendered = Rendered(whole, build)
    for standard, layout in STANDARDS_AND_LAYOUTS:
        module = None if standard == Format.SCORM12 else whole.modules[0].identifier
        options = PackageOptions(Format(standard), Layout(layout), module)
        formats.write(whole, build, _path(folder, standard, layout), options, rendered=rendered)


def _path(folder: Path, standard: str, layout: str) -> Path:
    return folder / f"{standard}-{layout}.zip"


@pytest.fixture
def play(page: Page, watch: Watch) -> Iterator[Callable[[Path], Player]]:
    """Open a package in the local LMS; its faults fail the test unless it forgives them."""
    servers: list[PreviewServer] = []
    with ExitStack() as stack:

        def open_player(package: Path) -> Player:
            servers.append(stack.enter_context(PreviewServer(package)))
            return Player(page, servers[-1], watch.forgiven.add)

        yield open_player
        # What the page says while it closes belongs to the test.
        page.context.close()
        told = [str(fault) for server in servers for fault in server.faults]
        assert [it for it in told if not any(re.match(one, it) for one in watch.forgiven)] == []
