"""A learning record store in memory: documents and statements (xAPI 1.0.3, part three).

It knows HTTP's ideas but not its sockets: a :class:`Request` in, a :class:`Response` out. What
cmi5 demands on top is in :mod:`scorm.player.cmi5`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

VERSION = "1.0.3"

Statement = dict[str, Any]


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
    def of(cls, value: object, **headers: str) -> Response:
        """200 with the value as JSON."""
        return cls(HTTPStatus.OK, json.dumps(value).encode(), headers=headers)

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


@dataclass(frozen=True)
class Document:
    """A document of the State, Agent Profile or Activity Profile resource."""

    body: bytes
    media_type: str

    @property
    def etag(self) -> str:
        """Changes with the contents (xAPI 3.1)."""
        return f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()}"'


class Documents:
    """The documents of one resource. ``name`` is the query parameter that names a document.

    With ``guarded``, a PUT replaces a document only if it names the one that is there, by its ETag
    (xAPI 3.1).
    """

    def __init__(self, name: str, guarded: bool) -> None:
        self._name = name
        self._guarded = guarded
        self._documents: dict[str, dict[str, Document]] = {}

    def put(self, query: Mapping[str, str], value: object) -> None:
        """Store a JSON document, as the LMS itself does."""
        document = Document(json.dumps(value).encode(), "application/json")
        self._shelf(query)[query[self._name]] = document

    def on_shelf(self, query: Mapping[str, str]) -> dict[str, str]:
        """The documents that this query means but for their names, each with its text."""
        return {name: found.body.decode() for name, found in self._shelf(query).items()}

    def answer(self, request: Request) -> Response:
        """Do what the request asks."""
        shelf = self._shelf(request.query)
        name = request.query.get(self._name)
        if name is None:
            if request.method == "GET":
                return Response.of(sorted(shelf))
            return Response.refusal(HTTPStatus.BAD_REQUEST, f"{self._name} is missing")
        known = shelf.get(name)
        if request.method == "GET":
            if known is None:
                return Response.refusal(HTTPStatus.NOT_FOUND, f"there is no document {name}")
            return Response(HTTPStatus.OK, known.body, known.media_type, {"ETag": known.etag})
        problem = self._conflict(request, known)
        if problem:
            return problem
        if request.method == "DELETE":
            shelf.pop(name, None)
        else:
            media_type = request.headers.get("content-type", "application/octet-stream")
            new = Document(request.body, media_type)
            shelf[name] = _merged(known, new) if request.method == "POST" and known else new
        return NO_CONTENT

    def _shelf(self, query: Mapping[str, str]) -> dict[str, Document]:
        """The documents that this query means, by their names.

        An agent is the same whatever the order in which its JSON has the properties.
        """
        key = {name: value for name, value in query.items() if name != self._name}
        if "agent" in key:
            key["agent"] = json.dumps(json.loads(key["agent"]), sort_keys=True)
        return self._documents.setdefault(json.dumps(key, sort_keys=True), {})

    def _conflict(self, request: Request, known: Document | None) -> Response | None:
        if_match = request.headers.get("if-match")
        if_none_match = request.headers.get("if-none-match")
        if if_match is not None and (known is None or if_match not in ("*", known.etag)):
            return Response.refusal(HTTPStatus.PRECONDITION_FAILED, "the document is another one")
        if if_none_match == "*" and known is not None:
            return Response.refusal(HTTPStatus.PRECONDITION_FAILED, "the document exists")
        if self._guarded and request.method == "PUT" and known and not (if_match or if_none_match):
            return Response.refusal(HTTPStatus.CONFLICT, "send If-Match: the document exists")
        return None


def _merged(known: Document, new: Document) -> Document:
    """POST adds the top-level properties of one JSON object to another (xAPI 3, 2.2)."""
    body = {**json.loads(known.body), **json.loads(new.body)}
    return Document(json.dumps(body).encode(), "application/json")


class Statements:
    """The statements, oldest first; each identifier once."""

    def __init__(self) -> None:
        self.all: list[Statement] = []
        self._known: dict[str, Statement] = {}

    def knows(self, statement: Statement) -> bool:
        """Has this very statement come before? Then it changes nothing."""
        return self._known.get(str(statement.get("id"))) == statement

    def add(self, statement: Statement) -> None:
        """Keep a statement."""
        self._known[str(statement["id"])] = statement
        self.all.append(statement)

    def problem(self, statement: Statement) -> Response | None:
        """Another statement has the identifier already (xAPI 3, 2.1.1)."""
        if str(statement.get("id")) in self._known and not self.knows(statement):
            return Response.refusal(HTTPStatus.CONFLICT, f"{statement['id']} says something else")
        return None

    def answer(self, query: Mapping[str, str]) -> Response:
        """The statements that a GET asks for, latest first."""
        if "statementId" in query:
            found = self._known.get(query["statementId"])
            if found is None:
                return Response.refusal(HTTPStatus.NOT_FOUND, "there is no such statement")
            return Response.of(found)
        wanted = {
            name: query[name] for name in ("registration", "activity", "verb") if name in query
        }
        matching = [one for one in reversed(self.all) if wanted.items() <= _facets(one).items()]
        limit = int(query.get("limit", 0)) or len(matching)
        return Response.of({"statements": matching[:limit], "more": ""})


def _facets(statement: Statement) -> dict[str, str]:
    return {
        "registration": statement.get("context", {}).get("registration", ""),
        "activity": statement["object"]["id"],
        "verb": statement["verb"]["id"],
    }
