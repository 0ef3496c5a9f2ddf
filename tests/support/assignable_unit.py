"""An assignable unit's side of a cmi5 session, by hand."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from scorm.player import PreviewServer

ADL = "http://adlnet.gov/expapi/verbs/"
CATEGORIES = "https://w3id.org/xapi/cmi5/context/categories/"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"


@dataclass
class Unit:
    """An assignable unit that an LMS launches; ``ask`` gives status, body and ETag."""

    server: PreviewServer
    item: str
    token: str = ""
    given: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def launch(self) -> Unit:
        """Launched by the LMS, as far as an AU must come before it may speak."""
        address = json.loads(self.post("lms/launch", {"identifier": self.item}))
        self.given = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        self.token = json.loads(self.post(urlsplit(self.given["fetch"]).path))["auth-token"]
        self.data = json.loads(self.ask("GET", "activities/state", self.state("LMS.LaunchData"))[1])
        agent = {"agent": self.given["actor"], "profileId": "cmi5LearnerPreferences"}
        assert self.ask("GET", "agents/profile", agent)[0] == 200
        return self

    def post(self, path: str, value: object = None) -> bytes:
        url = self.server.url + path.removeprefix("/")
        body = json.dumps(value).encode()
        with urllib.request.urlopen(urllib.request.Request(url, body, method="POST")) as answer:
            return answer.read()

    def state(self, name: str = "") -> dict[str, str]:
        """The query of a state document."""
        query = {name: self.given[name] for name in ("activityId", "registration")}
        return query | {"agent": self.given["actor"]} | ({"stateId": name} if name else {})

    def ask(
        self, method: str, resource: str, query: dict[str, str], body: bytes = b"", **headers: str
    ) -> tuple[int, bytes, str]:
        url = f"{self.given['endpoint']}{resource}?{urlencode(query)}"
        request = urllib.request.Request(url, body or None, method=method)
        request.add_header("Authorization", f"Basic {self.token}")
        request.add_header("X-Experience-API-Version", "1.0.3")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read(), answer.headers.get("ETag", "")
        except urllib.error.HTTPError as error:
            return error.code, error.read(), ""

    def statement(self, verb: str, **result: Any) -> dict[str, Any]:
        """A statement as cmi5 defines it."""
        context = deepcopy(self.data["contextTemplate"])
        moves = {"moveon": verb in ("completed", "passed", "failed"), "cmi5": verb != "answered"}
        context["contextActivities"]["category"] = [
            {"id": CATEGORIES + name} for name, wanted in moves.items() if wanted
        ]
        context["registration"] = self.given["registration"]
        if verb in ("passed", "failed"):
            context["extensions"][MASTERY] = self.data.get("masteryScore")
        return {
            "id": str(uuid.uuid4()),
            "actor": json.loads(self.given["actor"]),
            "verb": {"id": ADL + verb},
            "object": {"id": self.given["activityId"]},
            "context": context,
            "timestamp": "2026-01-31T10:00:00.123Z",
            **({"result": result} if result else {}),
        }

    def say(self, *statements: dict[str, Any]) -> int:
        """Send the statements; the status of the answer."""
        return self.ask("POST", "statements", {}, json.dumps(statements).encode())[0]

    def begin(self) -> Unit:
        """Launched and initialized."""
        self.launch()
        assert self.say(self.statement("initialized")) == 200
        return self

    def completed(self) -> dict[str, Any]:
        return self.statement("completed", completion=True, duration="PT1M")

    def passed(self, scaled: float = 0.8) -> dict[str, Any]:
        return self.statement("passed", success=True, score={"scaled": scaled}, duration="PT1M")

    def failed(self, scaled: float = 0.2) -> dict[str, Any]:
        return self.statement("failed", success=False, score={"scaled": scaled}, duration="PT1M")

    def terminated(self) -> dict[str, Any]:
        return self.statement("terminated", duration="PT2M")
