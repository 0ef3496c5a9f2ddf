"""Serve a package, the player page and a small LMS on this computer, and nowhere else."""

from __future__ import annotations

import json
import sys
import threading
import webbrowser
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

import jinja2

from scorm.errors import Fault, PackageError, SetupError
from scorm.player.package import Package, content_type
from scorm.player.records import Records

_HOST = "127.0.0.1"
_STATIC = ("player.js", "lms.js", "player.css")
_MAX_BODY = 1_000_000
# The player asks nobody else for anything; the course inside its frame has its own document.
_PLAYER_POLICY = "default-src 'self'; img-src 'self' data:"


class PreviewServer:
    """The local LMS, playing one package; a context manager that serves while it is open.

    ``port`` 0 takes any free one. Raises :class:`SetupError` where scorm-again is not installed
    or the port is taken, :class:`PackageError` where the package cannot be played.
    """

    def __init__(self, package: Path, port: int = 0) -> None:
        lms_script = _find_scorm_again().read_bytes()
        self._package = Package(package)
        self._records = Records()
        static = {name: _static(name) for name in _STATIC} | {"scorm-again.js": lms_script}
        handler = partial(
            _Handler,
            package=self._package,
            records=self._records,
            static=static,
            page=_render_page(self._package),
        )
        try:
            self._server = _Server((_HOST, port), handler)
        except OSError as error:
            self._package.close()
            raise SetupError(
                f"Port {port} cannot be used ({error.strerror}); choose another with --port"
            ) from None
        self.url = f"http://{_HOST}:{self._server.server_port}/"

    def __enter__(self) -> PreviewServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._package.close()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What a strict LMS would hold against the package, oldest first.

        A fault's ``path`` is the identifier of an item, or the file that was asked for.
        """
        return self._records.faults()

    def recorded(self, item: str) -> dict[str, str]:
        """What the LMS holds of an item: element to text; empty before its first commit."""
        return self._records.all().get(item, {})

    def forget(self) -> None:
        """Start again with a student whom the LMS has never seen."""
        self._records.forget()


def run_preview(package: Path, port: int, open_browser: bool) -> None:
    """Serve the package until Ctrl-C; the address is printed and, if wanted, opened."""
    try:
        with PreviewServer(package, port) as server:
            print(f"Preview of {package.name} at {server.url} (end with Ctrl-C)", flush=True)
            if open_browser:
                webbrowser.open(server.url)
            threading.Event().wait()
    except KeyboardInterrupt:
        print("\nPreview ended.")


def _find_scorm_again() -> Path:
    """The LMS script that ``npm ci`` installs beside the project's ``package.json``."""
    for root in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]):
        script = root / "node_modules/scorm-again/dist/scorm12.min.js"
        if script.is_file():
            return script
    raise SetupError("The preview needs scorm-again, which is not installed; run `npm ci`")


def _static(name: str) -> bytes:
    return resources.files("scorm.player").joinpath("static", name).read_bytes()


def _render_page(package: Package) -> bytes:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scorm"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    launches = [item.as_launch() for item in package.launchable()]
    page = environment.get_template("player.html.j2").render(
        title=package.title, items=package.items, launches=launches
    )
    return page.encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A page loads dozens of files at once; the default queue of 5 would reset some of them.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves in the middle of a file is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request. ``/course/…`` is the package, ``/lms/…`` the LMS's memory."""

    server_version = "scorm-preview"

    def __init__(
        self,
        *args: Any,
        package: Package,
        records: Records,
        static: dict[str, bytes],
        page: bytes,
    ) -> None:
        self._package = package
        self._records = records
        self._static = static
        self._page = page
        super().__init__(*args)

    def do_GET(self) -> None:
        """The player page, its scripts, the records, or a file of the package."""
        path = unquote(urlsplit(self.path).path)
        if not self._is_local():
            self._send(HTTPStatus.FORBIDDEN)
        elif path == "/":
            self._send(HTTPStatus.OK, self._page, "text/html; charset=utf-8", _PLAYER_POLICY)
        elif path == "/lms/records":
            body = json.dumps(self._records.all()).encode()
            self._send(HTTPStatus.OK, body, "application/json")
        elif path.startswith("/player/") and path.removeprefix("/player/") in self._static:
            body = self._static[path.removeprefix("/player/")]
            self._send(HTTPStatus.OK, body, content_type(path))
        elif path.startswith("/course/"):
            self._send_course_file(path.removeprefix("/course/"))
        else:
            self._send(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A message from the player to the LMS, as a JSON object."""
        actions: dict[str, Callable[..., None]] = {
            "/lms/records": self._records.store,
            "/lms/faults": self._records.blame,
            "/lms/forget": self._records.forget,
        }
        action = actions.get(self.path)
        length = int(self.headers.get("Content-Length", 0))
        if not self._is_local():
            self._send(HTTPStatus.FORBIDDEN)
        elif action is None:
            self._send(HTTPStatus.NOT_FOUND)
        elif length > _MAX_BODY:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            try:
                action(**json.loads(self.rfile.read(length)))
            except (TypeError, ValueError):
                self._send(HTTPStatus.BAD_REQUEST)
            else:
                self._send(HTTPStatus.NO_CONTENT)

    def _send_course_file(self, name: str) -> None:
        try:
            body = self._package.read(name)
        except PackageError as error:
            self._records.blame(name, str(error))
            self._send(HTTPStatus.NOT_FOUND)
        else:
            self._send(HTTPStatus.OK, body, content_type(name))

    def _is_local(self) -> bool:
        """Not a page elsewhere that reached us through a name it controls, or a form of its own."""
        host, port = self.connection.getsockname()
        here = f"{host}:{port}"
        origin = self.headers.get("Origin")
        return self.headers.get("Host") == here and origin in (None, f"http://{here}")

    def _send(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        media_type: str = "text/plain; charset=utf-8",
        policy: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        # The author rebuilds and looks again; nothing old may show.
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: the player page shows what the package does."""
