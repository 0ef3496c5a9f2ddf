"""A learning record store in memory: documents and statements (xAPI 1.0.3, part three).

What cmi5 demands on top is in :mod:`scorm.player.cmi5`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from scorm.player.requests import NO_CONTENT, Request, Response, bad_request, etag_of

Statement = dict[str, Any]

#: The ways to tell who an agent is; it has exactly one of them (xAPI 2.4.2.3).
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
#: In whose name statements are kept (xAPI 2.4.9).
_AUTHORITY = {
    "objectType": "Agent",
    "account": {"homePage": "http://127.0.0.1/", "name": "scorm-preview"},
}


def identity_of(agent: object) -> str:
    """What tells one agent from another, whatever else is written of it (xAPI 2.4.2.1, 2.4.2.3).

    Raises :class:`ValueError` where it is no agent.
    """
    if not isinstance(agent, dict) or agent.get("objectType", "Agent") != "Agent":
        raise ValueError("an agent is a JSON object of the type Agent (xAPI 2.4.2.1)")
    found = {name: agent[name] for name in _IDENTIFIERS if name in agent}
    if len(found) != 1:
        raise ValueError(f"an agent has one of {', '.join(_IDENTIFIERS)} (xAPI 2.4.2.3)")
    return json.dumps(found, sort_keys=True)


def person(agent: Mapping[str, Any]) -> Response:
    """All that is known of an agent, as a Person: each of its properties is a list (2.4)."""
    known = {name: [agent[name]] for name in ("name", *_IDENTIFIERS) if name in agent}
    return Response.of({"objectType": "Person", **known})


@dataclass(frozen=True)
class Document:
    """A document of the State, Agent Profile or Activity Profile resource."""

    body: bytes
    media_type: str
    stored: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_json(self) -> bool:
        """Does it say that it is JSON?"""
        return self.media_type.partition(";")[0].strip().lower() == "application/json"


class Documents:
    """The documents of one resource. ``name`` is the query parameter that names a document.

    With ``guarded``, a PUT replaces a document only if it names the one that is there, by its ETag
    (xAPI 3.1), and a DELETE names its document (2.6, 2.7).
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
        return {
            name: found.body.decode(errors="replace") for name, found in self._shelf(query).items()
        }

    def answer(self, request: Request) -> Response:
        """Do what the request asks."""
        shelf = self._shelf(request.query)
        name = request.query.get(self._name)
        if name is None:
            return self._answer_for_all(request, shelf)
        known = shelf.get(name)
        if request.method == "GET":
            if known is None:
                return Response.refusal(HTTPStatus.NOT_FOUND, f"there is no document {name}")
            etag = {"ETag": etag_of(known.body)}
            return Response(HTTPStatus.OK, known.body, known.media_type, etag)
        problem = self._conflict(request, known)
        if problem:
            return problem
        if request.method == "DELETE":
            shelf.pop(name, None)
            return NO_CONTENT
        media_type = request.headers.get("content-type", "application/octet-stream")
        new = Document(request.body, media_type)
        if request.method == "POST" and known:
            if not (known.is_json and new.is_json):
                return bad_request("only JSON is added to JSON, by its Content-Type (2.2)")
            new = _merged(known, new)
        shelf[name] = new
        return NO_CONTENT

    def _answer_for_all(self, request: Request, shelf: dict[str, Document]) -> Response:
        """Name or remove all documents of a context (2.3, 2.6, 2.7)."""
        if request.method == "GET":
            since = _time(request.query.get("since"))
            return Response.of(
                sorted(name for name, one in shelf.items() if since is None or one.stored > since)
            )
        if request.method == "DELETE" and not self._guarded:
            shelf.clear()
            return NO_CONTENT
        return bad_request(f"{self._name} is missing")

    def _shelf(self, query: Mapping[str, str]) -> dict[str, Document]:
        """The documents that this query means, by their names."""
        key = {name: value for name, value in query.items() if name not in (self._name, "since")}
        if "agent" in key:
            key["agent"] = identity_of(json.loads(key["agent"]))
        return self._documents.setdefault(json.dumps(key, sort_keys=True), {})

    def _conflict(self, request: Request, known: Document | None) -> Response | None:
        if_match = request.headers.get("if-match")
        if_none_match = request.headers.get("if-none-match")
        if if_match is not None:
            wanted = {one.strip() for one in if_match.split(",")}
            if known is None or not {"*", etag_of(known.body)} & wanted:
                return Response.refusal(
                    HTTPStatus.PRECONDITION_FAILED, "the document is another one"
                )
        if if_none_match == "*" and known is not None:
            return Response.refusal(HTTPStatus.PRECONDITION_FAILED, "the document exists")
        if self._guarded and request.method == "PUT" and known and not (if_match or if_none_match):
            return Response.refusal(HTTPStatus.CONFLICT, "send If-Match: the document exists")
        return None


def _merged(known: Document, new: Document) -> Document:
    """POST adds the top-level properties of one JSON object to another (xAPI 3, 2.2)."""
    body = {**json.loads(known.body), **json.loads(new.body)}
    return Document(json.dumps(body).encode(), known.media_type)


class Statements:
    """The statements, oldest first; each identifier once."""

    def __init__(self) -> None:
        self.all: list[Statement] = []
        self._known: dict[str, Statement] = {}
        self._stored: dict[str, datetime] = {}

    def knows(self, statement: Statement) -> bool:
        """Has this very statement come before? Then it changes nothing."""
        return self._known.get(str(statement.get("id"))) == statement

    def add(self, statement: Statement) -> None:
        """Keep a statement."""
        identifier = str(statement["id"])
        self._known[identifier] = statement
        self._stored[identifier] = datetime.now(UTC)
        self.all.append(statement)

    def take_back(self, count: int) -> None:
        """Forget all but the first ``count`` statements: a batch is kept whole or not at all."""
        for statement in self.all[count:]:
            del self._known[str(statement["id"])]
        del self.all[count:]

    def problem(self, statement: Statement) -> Response | None:
        """Another statement has the identifier already (xAPI 3, 2.1.1)."""
        if str(statement.get("id")) in self._known and not self.knows(statement):
            return Response.refusal(HTTPStatus.CONFLICT, f"{statement['id']} says something else")
        return None

    def activity(self, identifier: str) -> Response:
        """The activity as the latest statement about it defines it (2.5).

        An activity of which nothing is known has its identifier alone.
        """
        activity = {"objectType": "Activity", "id": identifier}
        for statement in reversed(self.all):
            found = statement["object"]
            if found.get("id") == identifier and "definition" in found:
                return Response.of({**activity, "definition": found["definition"]})
        return Response.of(activity)

    def answer(self, query: Mapping[str, str]) -> Response:
        """The statements that a GET asks for, latest first unless it says otherwise (2.1.3)."""
        single = query.keys() & {"statementId", "voidedStatementId"}
        if single:
            if len(single) == 2 or query.keys() - single - {"attachments", "format"}:
                return bad_request(f"{' and '.join(sorted(single))} with other parameters (2.1.3)")
            # Nothing is ever voided here: cmi5 does not let an AU do so (6.3).
            found = self._known.get(query.get("statementId", ""))
            if found is None:
                return Response.refusal(HTTPStatus.NOT_FOUND, "there is no such statement")
            return Response.of(self._as_kept(found))
        matching = [one for one in self.all if self._is_meant(one, query)]
        if not truth(query, "ascending"):
            matching.reverse()
        limit = int(query.get("limit", 0))
        if limit < 0:
            return bad_request("a limit is not negative (2.1.3)")
        kept = [self._as_kept(one) for one in matching[: limit or None]]
        return Response.of({"statements": kept, "more": ""})

    def _is_meant(self, statement: Statement, query: Mapping[str, str]) -> bool:
        """Does the statement match all filters of the query?"""
        stored = self._stored[str(statement["id"])]
        since, until = _time(query.get("since")), _time(query.get("until"))
        facets = {
            "registration": {statement.get("context", {}).get("registration")},
            "verb": {statement["verb"]["id"]},
            "activity": _activities(statement, truth(query, "related_activities")),
        }
        agent = query.get("agent")
        return (
            all(query[name] in found for name, found in facets.items() if name in query)
            and (since is None or stored > since)
            and (until is None or stored <= until)
            and (agent is None or identity_of(json.loads(agent)) == identity_of(statement["actor"]))
        )

    def _as_kept(self, statement: Statement) -> Statement:
        """The statement with what an LRS adds to it (xAPI 2.4.8 to 2.4.10)."""
        stored = self._stored[str(statement["id"])].isoformat()
        added = {"stored": stored, "authority": _AUTHORITY}
        return {"version": "1.0.0", **statement, **added}


def with_lists(statement: Statement) -> Statement:
    """The statement, with each single activity of its context as a list of one (xAPI 2.4.6.2)."""
    context = statement.get("context", {})
    if "contextActivities" not in context:
        return statement
    lists = {
        name: found if isinstance(found, list) else [found]
        for name, found in context["contextActivities"].items()
    }
    return {**statement, "context": {**context, "contextActivities": lists}}


def _activities(statement: Statement, has_related: bool) -> set[str | None]:
    """The activities that a statement is about; those of its context where they are asked for."""
    found = {statement["object"].get("id")}
    if has_related:
        lists = statement.get("context", {}).get("contextActivities", {}).values()
        found |= {activity["id"] for activities in lists for activity in activities}
    return found


def truth(query: Mapping[str, str], name: str) -> bool:
    """A parameter that is true or false, and false where it is missing."""
    value = query.get(name, "false")
    if value not in ("true", "false"):
        raise ValueError(f"{name} is true or false (2.1.3)")
    return value == "true"


def _time(text: str | None) -> datetime | None:
    """A moment of a query, in UTC where it names no zone; :class:`ValueError` where it is none."""
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
