"""Requests to a learning record store, and its answers (xAPI 1.0.3, part three, 1 to 3).

They know HTTP's ideas but not its sockets: a :class:`Request` in, a :class:`Response` out. The
numbers in messages are those of part three.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import parse_qsl

VERSION = "1.0.3"

_METHODS = ("GET", "PUT", "POST", "DELETE")
#: The headers that may come in the form of the alternate syntax (1.3).
_HEADERS_IN_FORM = {
    *("authorization", "x-experience-api-version", "content-type", "content-length"),
    *("if-match", "if-none-match"),
}


@dataclass(frozen=True)
class Request:
    """A request below the endpoint: ``resource`` is ``statements`` or ``activities/state``.

    ``headers`` are by their names in lower case.
    """

    method: str
    resource: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    """An answer; ``reason`` says to people why it is a refusal."""

    status: HTTPStatus
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object) -> Response:
        """200 with the value as JSON."""
        body = json.dumps(value).encode()
        return cls(HTTPStatus.OK, body, headers={"ETag": etag_of(body)})

    @classmethod
    def refusal(cls, status: HTTPStatus, reason: str) -> Response:
        """A refusal with its reason in words."""
        return cls(status, reason.encode(), "text/plain; charset=utf-8")

    @property
    def reason(self) -> str:
        """The words of a refusal, ``""`` for an answer."""
        return self.body.decode() if self.status >= HTTPStatus.BAD_REQUEST else ""

    @property
    def is_fault(self) -> bool:
        """Does the refusal tell of a mistake of the assignable unit?

        That there is no document yet is an answer (404); so is that another browser, or a write of
        its own whose answer was lost, was first (412). A statement whose answer was lost meets
        itself when another session sends it again (409).
        """
        fair = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
        return bool(self.reason) and self.status not in fair


NO_CONTENT = Response(HTTPStatus.NO_CONTENT)


def bad_request(reason: str) -> Response:
    """400 with its reason in words."""
    return Response.refusal(HTTPStatus.BAD_REQUEST, reason)


def etag_of(body: bytes) -> str:
    """Changes with the contents (3.1)."""
    return f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"'


def meant(request: Request) -> Request:
    """The request that is meant: without the alternate syntax, and with GET for HEAD.

    Alternate syntax (1.3): a POST whose query is the method that is meant. Its form carries the
    parameters, some headers, and as ``content`` the body. HEAD (1.1) is answered as GET is; the
    server leaves the body out. Raises :class:`ValueError` where the alternate syntax is wrong.
    """
    if request.method == "HEAD":
        return replace(request, method="GET")
    if request.method != "POST" or "method" not in request.query:
        return request
    if request.query.keys() != {"method"}:
        raise ValueError("beside “method”, parameters are in the form, not in the query (1.3)")
    if request.query["method"] not in _METHODS:
        raise ValueError(f"“{request.query['method']}” is no method of xAPI (1.3)")
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    content = form.pop("content", "")
    headers = {name: text for name, text in form.items() if name.lower() in _HEADERS_IN_FORM}
    # The header Content-Type is the form's; that of the content is in the form.
    outer = {name: text for name, text in request.headers.items() if name != "content-type"}
    return Request(
        request.query["method"],
        request.resource,
        {name: text for name, text in form.items() if name not in headers},
        outer | {name.lower(): text for name, text in headers.items()},
        content.encode(),
    )


@dataclass(frozen=True)
class _Parameters:
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


def _parameters(*required: str, optional: str = "") -> _Parameters:
    return _Parameters(frozenset(required), frozenset(optional.split()))


_SEARCH = (
    "statementId voidedStatementId agent verb activity registration related_activities "
    "related_agents since until limit format attachments ascending"
)
_DOCUMENTS = {
    "activities/state": _parameters("activityId", "agent", optional="registration stateId since"),
    "agents/profile": _parameters("agent", optional="profileId since"),
    "activities/profile": _parameters("activityId", optional="profileId since"),
}
#: The resources of an LRS (2.1 to 2.8): each with its methods, and their parameters.
_RESOURCES: dict[str, dict[str, _Parameters]] = {
    "about": {"GET": _parameters()},
    "activities": {"GET": _parameters("activityId")},
    "agents": {"GET": _parameters("agent")},
    "statements": {
        "GET": _parameters(optional=_SEARCH),
        "PUT": _parameters("statementId"),
        "POST": _parameters(),
    },
    **{name: dict.fromkeys(_METHODS, known) for name, known in _DOCUMENTS.items()},
}


def problem_of(request: Request) -> Response | None:
    """What is wrong with a request before anybody reads its body (3.2, 3.3)."""
    methods = _RESOURCES.get(request.resource)
    if methods is None:
        return bad_request("an LRS has no such resource (2)")
    parameters = methods.get(request.method)
    if parameters is None:
        return bad_request(f"{request.resource} does not take {request.method} (2)")
    version = request.headers.get("x-experience-api-version")
    if request.resource != "about" and not re.fullmatch(r"1\.0(\.\d+)?", version or ""):
        told = f"“{version}” is not 1.0.x" if version else "is missing"
        return bad_request(f"X-Experience-API-Version: {told} (3.3)")
    missing = parameters.required - request.query.keys()
    if missing:
        return bad_request(f"{', '.join(sorted(missing))} is missing (2)")
    strange = request.query.keys() - parameters.required - parameters.optional
    if strange:
        return bad_request(f"there is no parameter {', '.join(sorted(strange))} (3.2)")
    return None
