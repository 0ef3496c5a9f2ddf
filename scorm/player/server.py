"""Serve a package, the player page and a small LMS on this computer, and nowhere else."""

from __future__ import annotations

import sys
import threading
import webbrowser
from http.server import ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2

from scorm.errors import Fault, SetupError
from scorm.player.cmi5 import Cmi5Lms
from scorm.player.events import Events
from scorm.player.failures import Failure
from scorm.player.handler import Handler, Lms
from scorm.player.package import Package
from scorm.player.records import Records
from scorm.standards.editions import Standard

_HOST = "127.0.0.1"
#: Seconds: as in an LMS, which has a revision in its addresses, a browser asks once for a file. At
#: a port that the author has chosen, and will choose again, it asks each time.
_FRESH = 3600
_LAST_PORT = 65535
_STATIC = (
    "player.js",
    "view.js",
    "lms.js",
    "scorm12.js",
    "scorm2004.js",
    "player.css",
    "back.html",
)
#: What scorm-again calls its script for each standard; cmi5 needs none, its LMS is the server.
_SCORM_AGAIN = {Standard.SCORM12: "scorm12.min.js", Standard.SCORM2004: "scorm2004.min.js"}


class PreviewServer:
    """The local LMS, playing one package; a context manager that serves while it is open.

    ``port`` 0 takes any free one. Raises :class:`SetupError` where scorm-again is not installed
    or the port is taken, :class:`PackageError` where the package cannot be played.
    """

    def __init__(self, package: Path, port: int = 0) -> None:
        if not 0 <= port <= _LAST_PORT:
            raise SetupError(f"there is no port {port}; choose one up to {_LAST_PORT} with --port")
        self._package = Package(package)
        try:
            static = _static_files(self._package.contents.standard)
            self._server = _Server((_HOST, port), self._handle)
        except SetupError:
            self._package.close()
            raise
        except OSError as error:
            self._package.close()
            raise SetupError(
                f"Port {port} cannot be used ({error.strerror}); choose another with --port"
            ) from None
        self.url = f"http://{_HOST}:{self._server.server_port}/"
        records = Records()
        is_cmi5 = self._package.contents.standard is Standard.CMI5
        self._lms = Lms(
            package=self._package,
            records=records,
            cmi5=Cmi5Lms(self._package.launchable(), self.url, records.blame) if is_cmi5 else None,
            events=Events(),
            static=static,
            page=_render_page(self._package),
            fresh=0 if port else _FRESH,
        )

    def _handle(self, *connection: Any) -> Handler:
        return Handler(*connection, lms=self._lms)

    def __enter__(self) -> PreviewServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lms.events.close()
        self._server.shutdown()
        self._server.server_close()
        self._package.close()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What a strict LMS would hold against the package, oldest first.

        A fault's ``path`` is the identifier of an item, or the file that was asked for.
        """
        return self._lms.records.faults()

    def recorded(self, item: str) -> dict[str, Any]:
        """What the LMS holds of an item; empty before it has heard of it.

        SCORM: element to text. cmi5: see :meth:`scorm.player.cmi5.Cmi5Lms.record`.
        """
        recorded: dict[str, Any] = self._lms.recorded().get(item, {})
        return recorded

    def fail(self, failure: Failure | str | None) -> None:
        """Let everything that pages save fail in this way from now on; ``None`` mends it.

        A page that plays hears of it a moment later: see ``#failure`` in the player page.
        """
        self._lms.fail(Failure(failure) if failure else None)

    def forget(self) -> None:
        """Start again with a student whom the LMS has never seen."""
        self._lms.forget()


def run_preview(package: Path, port: int, open_browser: bool) -> None:
    """Serve the package until Ctrl-C; the address is printed and, if wanted, opened."""
    try:
        with PreviewServer(package, port) as server:
            print(f"Preview of {package.name} at {server.url} (end with Ctrl-C)", flush=True)
            for fault in server.faults:
                print(f"Fault: {fault}", flush=True)
            if open_browser:
                webbrowser.open(server.url)
            threading.Event().wait()
    except KeyboardInterrupt:
        print("\nPreview ended.")


def _static_files(standard: Standard) -> dict[str, bytes]:
    """The player page's scripts and styles by their names."""
    folder = resources.files("scorm.player") / "static"
    files = {name: folder.joinpath(name).read_bytes() for name in _STATIC}
    script = _SCORM_AGAIN.get(standard)
    return files | ({"scorm-again.js": _find_scorm_again(script).read_bytes()} if script else {})


def _find_scorm_again(name: str) -> Path:
    """The LMS script that ``npm ci`` installs beside the project's ``package.json``."""
    for root in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]):
        script = root / "node_modules/scorm-again/dist" / name
        if script.is_file():
            return script
    raise SetupError("The preview needs scorm-again, which is not installed; run `npm ci`")


def _render_page(package: Package) -> bytes:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scorm.player"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("player.html.j2").render(
        title=package.title,
        items=package.contents.items,
        standard=package.contents.standard,
        launches=[item.as_launch() for item in package.launchable()],
        failures=[
            failure
            for failure in Failure
            if package.contents.standard is Standard.CMI5 or not failure.is_of_lrs
        ],
    )
    return page.encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A page loads dozens of files at once; the default queue of 5 would reset some of them.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet when a browser closes a connection before it has read all."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
