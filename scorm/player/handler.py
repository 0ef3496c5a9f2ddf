"""Answers the requests of the player page, and of the pages that it plays."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from scorm.errors import PackageError
from scorm.player.cmi5 import Cmi5Lms
from scorm.player.events import Events
from scorm.player.failures import LOGIN_PAGE, SLOWNESS, Failure
from scorm.player.package import Package, content_type
from scorm.player.records import Records
from scorm.player.requests import VERSION, Request, Response, bad_request, meant
from scorm.standards.names import MANIFEST

_MAX_BODY = 1_000_000
# The player asks nobody else for anything; the course inside its frame has its own document.
_PLAYER_POLICY = "default-src 'self'; img-src 'self' data:"

#: What an LRS answers when the LMS fails in a way that SCORM knows from its API.
_OF_API = {
    Failure.REFUSED: HTTPStatus.TOO_MANY_REQUESTS,
    Failure.EXCEPTION: HTTPStatus.SERVICE_UNAVAILABLE,
    Failure.GONE: HTTPStatus.UNAUTHORIZED,
}


@dataclass
class Lms:
    """The state of the LMS that plays one package; ``static`` and ``page`` are the player's own."""

    package: Package
    records: Records
    cmi5: Cmi5Lms | None
    events: Events
    static: dict[str, bytes]
    page: bytes
    #: How long (seconds) a browser may keep the package's files without asking again.
    fresh: int = 0
    failure: Failure | None = None
    mended: threading.Event = field(default_factory=threading.Event)
    #: What pages save is taken in the order in which it came, also when the server was slow until
    #: a moment ago.
    queue: threading.Lock = field(default_factory=threading.Lock)
    #: What the server has noticed, and tells every page that opens or is open.
    noticed: list[str] = field(default_factory=list)
    _noticing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._notice_manifest()

    def _notice_manifest(self) -> None:
        for message in self.package.contents.faults:
            self.notice(MANIFEST, message)

    def notice(self, path: str, message: str) -> None:
        """Hold something against the package, once, and show it in the page."""
        with self._noticing:
            if message not in self.noticed:
                self.noticed.append(message)
                self.records.blame(path, message)
        self.events.publish("fault", message=message)

    def fail(self, failure: Failure | None) -> None:
        """Let everything that pages save fail in this way from now on; ``None`` mends it."""
        self.mended.set()
        self.mended = threading.Event()
        self.failure = failure
        self.events.publish("failure", failure=failure)

    def forget(self) -> None:
        """Start again with a student whom the LMS has never seen."""
        self.records.forget()
        self.noticed.clear()
        self._notice_manifest()
        if self.cmi5:
            self.cmi5.forget()

    def recorded(self) -> dict[str, Any]:
        """The records of all items."""
        return self.cmi5.records() if self.cmi5 else dict(self.records.all())


class Handler(BaseHTTPRequestHandler):
    """Answers one request.

    ``/course/…`` is the package, ``/lms/…`` what the player page and its API say, ``/fetch/…``
    and ``/xapi/…`` what cmi5 asks for.
    """

    server_version = "scorm-preview"

    def __init__(self, *args: Any, lms: Lms) -> None:
        self._lms = lms
        super().__init__(*args)

    def do_GET(self) -> None:
        """The player page, its scripts, the records, a file of the package, or xAPI."""
        path = unquote(urlsplit(self.path).path)
        lms = self._lms
        if not self._is_local():
            self._send(HTTPStatus.FORBIDDEN)
        elif path == "/":
            self._send(HTTPStatus.OK, lms.page, "text/html; charset=utf-8", _PLAYER_POLICY)
        elif path == "/lms/records":
            self._send(HTTPStatus.OK, json.dumps(lms.recorded()).encode(), "application/json")
        elif path == "/lms/events":
            self._send_events()
        elif path.startswith("/player/") and path.removeprefix("/player/") in lms.static:
            body = lms.static[path.removeprefix("/player/")]
            self._send(HTTPStatus.OK, body, content_type(path))
        elif path.startswith("/course/"):
            self._send_course_file(path.removeprefix("/course/"))
        elif path.startswith("/xapi/"):
            self._answer_xapi()
        else:
            self._refuse_outside(path)

    def do_HEAD(self) -> None:
        """What a GET would get, without its body (RFC 9110, 9.3.2; xAPI 3, 1.1)."""
        self.do_GET()

    def do_POST(self) -> None:
        """A message to the LMS as a JSON object, or xAPI."""
        path = urlsplit(self.path).path
        body = self._body()
        if not self._is_local():
            self._send(HTTPStatus.FORBIDDEN)
        elif body is None:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif path.startswith("/xapi/"):
            self._answer_xapi(body)
        elif path.startswith("/fetch/") and self._lms.cmi5:
            self._save(lambda: self._fetch_token(path.removeprefix("/fetch/")))
        elif path == "/lms/commit":
            self._save(lambda: self._told(self._lms.records.store, body))
        else:
            self._take(path, body)

    def do_PUT(self) -> None:
        """An xAPI request."""
        self._answer_xapi()

    def do_DELETE(self) -> None:
        """An xAPI request."""
        self._answer_xapi()

    def _take(self, path: str, body: bytes) -> None:
        """Do what the player page asks for itself; failures on demand do not touch that."""
        lms = self._lms
        actions: dict[str, Callable[..., Any]] = {
            "/lms/records": lms.records.store,
            "/lms/faults": lms.records.blame,
            "/lms/forget": lms.forget,
            "/lms/fail": lambda failure: lms.fail(Failure(failure) if failure else None),
        }
        if lms.cmi5:
            actions["/lms/launch"] = lms.cmi5.launch
        if path in actions:
            self._write(self._told(actions[path], body))
        else:
            self._send(HTTPStatus.NOT_FOUND)

    def _told(self, action: Callable[..., Any], body: bytes) -> Response:
        try:
            answer = action(**json.loads(body))
        except (KeyError, TypeError, ValueError):
            return Response(HTTPStatus.BAD_REQUEST)
        return Response(HTTPStatus.NO_CONTENT) if answer is None else Response.of(answer)

    def _save(self, action: Callable[[], Response], *, resource: str = "") -> None:
        """Do what a page wants saved, unless that is to fail; ``resource`` is one of xAPI."""
        failure = self._lms.failure
        if failure is Failure.SERVER_ERROR:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR)
        elif failure is Failure.HTML:
            self._send(HTTPStatus.OK, LOGIN_PAGE, "text/html; charset=utf-8")
        elif failure is Failure.DROPPED:
            self.close_connection = True
        elif failure is Failure.UNANSWERED:
            action()
            self.close_connection = True
        elif resource and failure in _OF_API:
            self._send(_OF_API[failure])
        elif resource == "statements" and failure is Failure.FORBIDDEN:
            self._send(HTTPStatus.FORBIDDEN)
        else:
            with self._lms.queue:
                if failure is Failure.SLOW:
                    self._lms.mended.wait(SLOWNESS)
                response = action()
            self._write(response)

    def _fetch_token(self, token: str) -> Response:
        assert self._lms.cmi5
        response = self._lms.cmi5.fetch(token)
        self._tell_of("POST fetch", response)
        return response

    def _answer_xapi(self, body: bytes | None = None) -> None:
        cmi5 = self._lms.cmi5
        parts = urlsplit(self.path)
        body = self._body() if body is None else body
        if not self._is_local():
            self._send(HTTPStatus.FORBIDDEN)
        elif not cmi5 or not parts.path.startswith("/xapi/"):
            self._send(HTTPStatus.NOT_FOUND)
        elif body is None:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            # Some AUs write a slash of their own after the endpoint, which ends in one.
            resource = parts.path.removeprefix("/xapi/").lstrip("/")
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query))
            sent = Request(self.command, resource, query, headers, body)

            def answer() -> Response:
                try:
                    request = meant(sent)
                except ValueError as error:
                    request, response = sent, bad_request(f"not xAPI: {error}")
                    self._lms.records.blame(resource, response.reason)
                else:
                    response = cmi5.answer(request)
                self._tell_of(_summary(request), response)
                return response

            self._save(answer, resource=resource)

    def _tell_of(self, what: str, response: Response) -> None:
        """Show the player page a request, and what has come of it."""
        status = response.status
        text = f"{what} → {status.value} {response.reason or status.phrase}"
        self._lms.events.publish("request", text=text, fault=response.is_fault)
        self._lms.events.publish("records", records=self._lms.recorded())

    def _send_events(self) -> None:
        lms = self._lms
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with lms.events.listen("failure", failure=lms.failure) as stream:
            for noticed in [*lms.noticed]:
                lms.events.publish("fault", message=noticed)
            for message in stream:
                self.wfile.write(message)
                self.wfile.flush()

    def _send_course_file(self, name: str) -> None:
        try:
            body = self._lms.package.read(name)
        except PackageError as error:
            self._lms.notice(name, str(error))
            # In words, as this is what the frame shows where the launch file is missing.
            self._send(HTTPStatus.NOT_FOUND, str(error).encode())
        else:
            fresh = self._lms.fresh
            kept = {"Cache-Control": f"private, max-age={fresh}, immutable"} if fresh else None
            self._send(HTTPStatus.OK, body, content_type(name), headers=kept)

    def _refuse_outside(self, path: str) -> None:
        """Nothing is there; where a page of the package asks, that is its fault."""
        asking = urlsplit(self.headers.get("Referer", "")).path
        if asking.startswith("/course/"):
            page = unquote(asking.removeprefix("/course/"))
            self._lms.notice(page, f"{page} asks for {path}, which lies outside of the package")
        self._send(HTTPStatus.NOT_FOUND)

    def _body(self) -> bytes | None:
        """What the request carries; ``None`` where that is too much."""
        length = int(self.headers.get("Content-Length", 0))
        return self.rfile.read(length) if length <= _MAX_BODY else None

    def _is_local(self) -> bool:
        """Does the request come from a page of this server, or from a program on this computer?

        A page of another site can reach this server by a host name that it controls, or by a form
        that it sends; the headers ``Host`` and ``Origin`` tell.
        """
        host, port = self.connection.getsockname()
        here = f"{host}:{port}"
        origin = self.headers.get("Origin")
        return self.headers.get("Host") == here and origin in (None, f"http://{here}")

    def _write(self, response: Response) -> None:
        headers = {"X-Experience-API-Version": VERSION, **response.headers}
        self._send(response.status, response.body, response.media_type, headers=headers)

    def _send(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        media_type: str = "text/plain; charset=utf-8",
        policy: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        # The author rebuilds and looks again; nothing old may show.
        for name, value in {"Cache-Control": "no-store", **(headers or {})}.items():
            self.send_header(name, value)
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: the player page shows what the package does."""


def _summary(request: Request) -> str:
    """The request in a line: method, resource, and the document or the verbs it is about."""
    about = request.query.get("stateId") or request.query.get("profileId") or ""
    if request.resource == "statements" and request.body:
        try:
            body = json.loads(request.body)
            batch = body if isinstance(body, list) else [body]
            about = ", ".join(str(one["verb"]["id"]).rpartition("/")[2] for one in batch)
        except (ValueError, KeyError, TypeError):
            about = "(unreadable)"
    return " ".join(filter(None, [request.method, request.resource, about]))
