"""The LMS side of cmi5: launches assignable units, and keeps and judges what they say.

Sections are those of the cmi5 specification (Quartz, 1st edition).
"""

from __future__ import annotations

import json
import secrets
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from scorm.player import cmi5_rules as rules
from scorm.player.attachments import packed, unpacked
from scorm.player.cmi5_rules import Session, verb_of
from scorm.player.contents import ManifestItem
from scorm.player.lrs import (
    Documents,
    Statement,
    Statements,
    identity_of,
    person,
    truth,
    with_lists,
)
from scorm.player.requests import (
    NO_CONTENT,
    VERSION,
    Request,
    Response,
    bad_request,
    problem_of,
)
from scorm.player.xapi_rules import is_iri
from scorm.standards.manifest import with_parameters

#: Seconds for which a new launch waits until the session before it has said “terminated”.
_PATIENCE = 1.5

_LAUNCH_DATA = "LMS.LaunchData"
_PREFERENCES = "cmi5LearnerPreferences"


class Cmi5Lms:
    """One student's registration in one course; safe across threads.

    ``base`` is the server's address, ending in ``/``; ``blame`` takes an item's identifier and
    what its AU did wrong.
    """

    def __init__(
        self, items: Sequence[ManifestItem], base: str, blame: Callable[[str, str], None]
    ) -> None:
        self._items = {item.identifier: item for item in items}
        self._base = base
        self._blame = blame
        self._changed = threading.Condition()
        self.forget()

    def forget(self) -> None:
        """Begin again with a new registration."""
        with self._changed:
            self._registration = str(uuid.uuid4())
            self._actor = {
                "objectType": "Agent",
                "name": "Sample Student",
                "account": {"homePage": self._base, "name": "student-1"},
            }
            self._statements = Statements()
            self._attachments: dict[str, bytes] = {}
            self._resources = {
                "activities/state": Documents("stateId", guarded=False),
                "agents/profile": Documents("profileId", guarded=True),
                "activities/profile": Documents("profileId", guarded=True),
            }
            self._sessions: dict[str, Session] = {}
            agent = {"agent": json.dumps(self._actor), "profileId": _PREFERENCES}
            preferences = {"languagePreference": "en", "audioPreference": "off"}
            self._resources["agents/profile"].put(agent, preferences)

    def launch(self, identifier: str) -> str:
        """Begin a session, and give the address that launches the AU (8.1)."""
        with self._changed:
            self._changed.wait_for(
                lambda: not any(one.is_open for one in self._sessions.values()), _PATIENCE
            )
            for session in self._sessions.values():
                if session.is_open:
                    self._abandon(session)
            item = self._items[identifier]
            session = self._begin(item)
            self._resources["activities/state"].put(
                self._state_of(session) | {"stateId": _LAUNCH_DATA},
                _launch_data(session) | {"returnURL": f"{self._base}player/back.html"},
            )
            self._say(session, f"{rules.ADL_VERBS}launched", self._launched(session))
        values = {
            "endpoint": f"{self._base}xapi/",
            "fetch": f"{self._base}fetch/{session.token}",
            "actor": json.dumps(self._actor),
            "registration": self._registration,
            "activityId": session.activity,
        }
        page, mark, fragment = item.href.partition("#")
        # A blank is %20, which every AU understands; “+” means a blank in forms only (RFC 3986).
        query = urlencode(values, quote_via=quote)
        return f"{self._base}course/{with_parameters(page, query)}{mark}{fragment}"

    def _launched(self, session: Session) -> dict[str, object]:
        """What the statement “launched” says of the launch (9.6.3.2 to 9.6.3.7)."""
        names = ("masteryScore", "launchMode", "moveOn", "launchParameters")
        data = _launch_data(session)
        said = {f"{rules.EXTENSIONS}{it.lower()}": data[it] for it in names if it in data}
        page = f"{self._base}course/{session.item.href}"
        return {**said, f"{rules.EXTENSIONS}launchurl": page}

    def _begin(self, item: ManifestItem) -> Session:
        # An activity id of the LMS's own, the same at each launch (8.1.5).
        activity = f"{self._base}activities/{uuid.uuid5(uuid.NAMESPACE_URL, item.identifier)}"
        identifier = str(uuid.uuid4())
        template = {
            "contextActivities": {"grouping": [{"id": item.identifier}]},
            "extensions": {f"{rules.EXTENSIONS}sessionid": identifier},
        }
        token = secrets.token_urlsafe(12)
        session = Session(
            identifier, item, activity, self._registration, self._actor, template, token
        )
        self._sessions[token] = session
        return session

    def fetch(self, token: str) -> Response:
        """The authorization token, once (8.2)."""
        with self._changed:
            session = self._sessions.get(token)
            if session is None or session.token_given:
                if session:
                    self._blame(session.item.identifier, "the fetch URL was used twice (8.2)")
                return Response.of({"error-code": "1", "error-text": "the token was given before"})
            session.token_given = True
            return Response.of({"auth-token": _authorization(session).removeprefix("Basic ")})

    def answer(self, request: Request) -> Response:
        """Answer an xAPI request; a refusal is a fault of the AU that is playing."""
        with self._changed:
            if request.resource == "about":  # for everybody (xAPI 3, 2.8)
                return problem_of(request) or Response.of({"version": [VERSION]})
            header = _credentials(request.headers.get("authorization", ""))
            session = next(
                (s for s in self._sessions.values() if _credentials(_authorization(s)) == header),
                None,
            )
            if session is None:
                return Response.refusal(HTTPStatus.UNAUTHORIZED, "the token is not of this launch")
            try:
                response = problem_of(request) or self._route(request, session)
            except (ValueError, KeyError, AttributeError, TypeError) as error:
                response = bad_request(f"not xAPI: {error!r}")
            if response.is_fault:
                self._blame(
                    session.item.identifier,
                    f"{request.method} {request.resource}: {response.status}: {response.reason}",
                )
            self._changed.notify_all()
            return response

    def record(self, identifier: str) -> dict[str, Any]:
        """What the LMS knows of an item; empty before its first launch.

        ``status`` is the furthest of ``not attempted``, ``incomplete``, ``completed``, ``failed``
        and ``passed``, by the statements that cmi5 defines; ``score`` is the scaled score of the
        last judgement; ``verbs`` are those of all statements in their order, each by the last word
        of its identifier; ``statements`` and ``state`` (documents) are as they came.
        """
        with self._changed:
            sessions = [s for s in self._sessions.values() if s.item.identifier == identifier]
            if not sessions:
                return {}
            ids = {session.identifier for session in sessions}
            said = [one for one in self._statements.all if rules.session_of(one) in ids]
            verbs = [verb_of(one) for one in said if rules.is_defined(one)]
            scores = [
                one["result"]["score"]["scaled"]
                for one in said
                if rules.is_defined(one) and "scaled" in one.get("result", {}).get("score", {})
            ]
            state = self._resources["activities/state"].on_shelf(self._state_of(sessions[0]))
            return {
                "status": next(
                    (word for word in ("passed", "failed", "completed") if word in verbs),
                    "incomplete" if "initialized" in verbs else "not attempted",
                ),
                "score": scores[-1] if scores else None,
                "satisfied": "satisfied" in verbs,
                "verbs": [verb_of(one) for one in said],
                "statements": said,
                "state": {name: text for name, text in state.items() if name != _LAUNCH_DATA},
            }

    def records(self) -> dict[str, dict[str, Any]]:
        """The records of all items that were launched."""
        found = {identifier: self.record(identifier) for identifier in self._items}
        return {identifier: record for identifier, record in found.items() if record}

    def _route(self, request: Request, session: Session) -> Response:
        query = request.query
        if request.resource == "statements":
            response = self._take_statements(request, session)
            through = {"X-Experience-API-Consistent-Through": datetime.now(UTC).isoformat()}
            return replace(response, headers={**response.headers, **through})
        if request.resource == "activities":
            if not is_iri(query["activityId"]):
                return bad_request("activityId is an IRI (2.5)")
            return self._statements.activity(query["activityId"])
        if "agent" in query and identity_of(json.loads(query["agent"])) != identity_of(self._actor):
            return Response.refusal(HTTPStatus.FORBIDDEN, "another agent than the launch's (11)")
        if request.resource == "agents":
            return person(self._actor)
        documents = self._resources[request.resource]
        name = query.get("stateId") or query.get("profileId")
        touched = {name} if name else documents.on_shelf(query).keys()
        if _LAUNCH_DATA in touched and request.method != "GET":
            return Response.refusal(HTTPStatus.FORBIDDEN, "LMS.LaunchData is the LMS's (10.2.1)")
        response = documents.answer(request)
        if response.status == HTTPStatus.OK:
            session.launch_data_read |= name == _LAUNCH_DATA
            session.preferences_read |= name == _PREFERENCES
        return response

    def _take_statements(self, request: Request, session: Session) -> Response:
        """Keep all statements of a request, or none (xAPI 3, 3.2)."""
        if request.method == "GET":
            response = self._statements.answer(request.query)
            has_parts = response.status == HTTPStatus.OK and truth(request.query, "attachments")
            return packed(response, self._attachments) if has_parts else response
        body, attachments = unpacked(request)
        if request.method == "PUT":
            wanted = request.query["statementId"]
            if body.setdefault("id", wanted) != wanted:
                return bad_request("the statement's id is not the statementId (2.1.1)")
        batch = [with_lists(one) for one in (body if isinstance(body, list) else [body])]
        identifiers = [one.get("id") for one in batch]
        if len({*identifiers}) < len(identifiers):
            return bad_request("two statements of the batch have the same id (2.1.2)")
        count, verbs = len(self._statements.all), [*session.verbs]
        for statement in batch:
            refusal = self._take_statement(statement, session)
            if refusal:
                self._statements.take_back(count)
                session.verbs[:] = verbs
                return refusal
        self._attachments |= attachments
        return NO_CONTENT if request.method == "PUT" else Response.of(identifiers)

    def _take_statement(self, statement: Statement, session: Session) -> Response | None:
        """Keep a statement, or say why not."""
        if self._statements.knows(statement):
            return None
        problem = self._statements.problem(statement)
        if problem:
            return problem
        broken = rules.broken(statement, session, self._verbs_in_registration(session))
        if broken:
            return Response.refusal(
                HTTPStatus.FORBIDDEN, f"“{verb_of(statement)}”: {'; '.join(broken)}"
            )
        self._statements.add(statement)
        if rules.is_defined(statement):
            session.verbs.append(verb_of(statement))
        self._move_on(session)
        return None

    def _verbs_in_registration(self, session: Session) -> list[str]:
        """The verbs of cmi5 that the AU has used, in all its sessions."""
        return [
            verb_of(one)
            for one in self._statements.all
            if rules.is_defined(one) and one["object"]["id"] == session.activity
        ]

    def _move_on(self, session: Session) -> None:
        """Say that the AU is satisfied, once its criterion is met (10.2.5)."""
        verbs = {*self._verbs_in_registration(session)}
        done = {
            "Passed": "passed" in verbs,
            "Completed": "completed" in verbs,
            "CompletedAndPassed": {"completed", "passed"} <= verbs,
            "CompletedOrPassed": bool({"completed", "passed"} & verbs),
            "NotApplicable": True,
        }
        if done.get(session.item.move_on, False) and "satisfied" not in verbs:
            self._say(session, f"{rules.LMS_VERBS}satisfied")

    def _abandon(self, session: Session) -> None:
        """The AU's session ended without its word (9.3.6)."""
        session.abandoned = True
        self._say(session, f"{rules.LMS_VERBS}abandoned", duration="PT0S")

    def _say(
        self,
        session: Session,
        verb: str,
        extensions: Mapping[str, object] | None = None,
        **result: str,
    ) -> None:
        context = session.template["contextActivities"] | {"category": [{"id": rules.CMI5}]}
        self._statements.add(
            {
                "id": str(uuid.uuid4()),
                "actor": self._actor,
                "verb": {"id": verb},
                "object": {"id": session.activity},
                "context": {
                    "contextActivities": context,
                    "registration": self._registration,
                    "extensions": {**session.template["extensions"], **(extensions or {})},
                },
                "timestamp": datetime.now(UTC).isoformat(),
                **({"result": result} if result else {}),
            }
        )

    def _state_of(self, session: Session) -> dict[str, str]:
        return {
            "activityId": session.activity,
            "agent": json.dumps(self._actor),
            "registration": self._registration,
        }


def _launch_data(session: Session) -> dict[str, Any]:
    """The document that tells an AU what it was launched for (10)."""
    item = session.item
    data: dict[str, Any] = {
        "contextTemplate": session.template,
        "launchMode": "Normal",
        "launchMethod": "AnyWindow",
        "moveOn": item.move_on,
    }
    if item.mastery_score:
        data["masteryScore"] = float(item.mastery_score)
    if item.launch_data:
        data["launchParameters"] = item.launch_data
    if item.entitlement_key:
        data["entitlementKey"] = {"courseStructure": item.entitlement_key}
    return data


def _authorization(session: Session) -> str:
    """The header of the session's requests; the token of :meth:`Cmi5Lms.fetch` is its end."""
    return f"Basic {session.token[::-1]}"


def _credentials(header: str) -> tuple[str, str]:
    """The scheme, whose case does not matter (RFC 7235, 2.1), and the token of a header."""
    scheme, _, token = header.strip().partition(" ")
    return scheme.lower(), token.strip()
