"""The preview as a record store: may any conformant AU use it, and is what no AU may do refused?"""

from __future__ import annotations

import hashlib
import http.client
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import pytest

from scorm.player import PreviewServer
from tests.browser.handmade import BARE_PAGE, Handmade, HandmadePage
from tests.support.assignable_unit import ADL, CATEGORIES, Unit

QUIZ = "urn:x-handmade:quiz"
JSON = {"Content_Type": "application/json"}


COURSE = Handmade([HandmadePage("quiz", "Quiz", BARE_PAGE, mastery_score="70")], standard="cmi5")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreviewServer]:
    """One server for all tests, as each start takes its time."""
    with PreviewServer(COURSE.write(tmp_path_factory.mktemp("lrs") / "a.zip")) as server:
        yield server


@pytest.fixture
def server(running: PreviewServer) -> PreviewServer:
    """The preview with a student whom it has never seen."""
    running.forget()
    return running


@pytest.fixture
def unit(server: PreviewServer) -> Unit:
    """An AU that was launched and has said so."""
    return Unit(server, QUIZ).begin()


def raw(
    server: PreviewServer, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    """A request exactly as written: status, body and headers of the answer."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    connection.request(method, path, body.encode(), sent)
    answer = connection.getresponse()
    found = answer.status, answer.read(), dict(answer.headers)
    connection.close()
    return found


def get(unit: Unit, resource: str, **query: str) -> Any:
    """The JSON that an AU reads."""
    status, body, _ = unit.ask("GET", resource, query)
    assert status == 200, body
    return json.loads(body)


# The launch


def test_launch_has_no_plus(server: PreviewServer) -> None:
    """Does an AU that knows only %20 for a blank read the student's name (cmi5 8.1)?"""
    address = json.loads(Unit(server, QUIZ).post("lms/launch", {"identifier": QUIZ}))
    query = urlsplit(address).query
    given = dict(pair.split("=") for pair in query.split("&"))
    assert json.loads(unquote(given["actor"]))["name"] == "Sample Student"
    assert "+" not in query


def test_launched(unit: Unit) -> None:
    """Does the LMS say how it has launched the AU (cmi5 9.6.3.2 to 9.6.3.7)?"""
    [launched] = get(unit, "statements", verb=f"{ADL}launched")["statements"]
    said = {name.rpartition("/")[2]: it for name, it in launched["context"]["extensions"].items()}
    assert said.pop("sessionid")
    page = f"{unit.server.url}course/quiz.html"
    expected = {"masteryscore": 0.7, "launchmode": "Normal", "moveon": "Passed", "launchurl": page}
    assert said == expected


@pytest.mark.parametrize("slashes", ["/", "//"])
def test_slash_after_the_endpoint(server: PreviewServer, unit: Unit, slashes: str) -> None:
    """May an AU put a slash of its own after the endpoint?"""
    path = f"/xapi{slashes}statements"
    version = {"X_Experience_API_Version": "1.0.3"}
    status, _, _ = raw(server, "GET", path, Authorization=f"Basic {unit.token}", **version)
    assert status == 200


@pytest.mark.parametrize(
    ("version", "status"),
    [("1.0", 200), ("1.0.0", 200), ("1.0.9", 200), ("1.1.0", 400), ("0.95", 400), ("", 400)],
)
def test_version(server: PreviewServer, unit: Unit, version: str, status: int) -> None:
    """Are all versions 1.0.x taken, and no others (xAPI 3, 3.3)?"""
    headers = {"X_Experience_API_Version": version} if version else {}
    answer = raw(server, "GET", "/xapi/statements", Authorization=f"basic {unit.token}", **headers)
    assert answer[0] == status
    assert answer[2]["X-Experience-API-Version"] == "1.0.3"
    assert len(server.faults) == (status == 400)


# Statements

Change = Callable[[dict[str, Any]], Any]


def categories(*names: str) -> Change:
    """Put the statement into these categories of cmi5."""
    return lambda it: it["context"]["contextActivities"].update(
        category=[{"id": CATEGORIES + name} for name in names]
    )


def grouping(change: Callable[[list[dict[str, Any]]], object]) -> Change:
    return lambda it: it["context"]["contextActivities"].update(
        grouping=change(it["context"]["contextActivities"]["grouping"])
    )


def actor(**values: object) -> Change:
    """Write the actor in another way; ``None`` leaves a property out."""

    def change(it: dict[str, Any]) -> None:
        changed = {**it["actor"], **values}
        it["actor"] = {name: value for name, value in changed.items() if value is not None}

    return change


#: What an AU may do to the statement “completed”, and what it may not.
TAKEN: dict[str, Change] = {
    "as it is": lambda it: None,
    "default types": grouping(lambda given: [{**one, "objectType": "Activity"} for one in given]),
    "a definition": grouping(
        lambda given: [{**one, "definition": {"name": {"en": "Quiz"}}} for one in given]
    ),
    "one instead of a list": grouping(lambda given: given[0]),
    "more in front": grouping(lambda given: [{"id": "urn:x:other"}, *given]),
    "type of the object": lambda it: it["object"].update(objectType="Activity"),
    "actor without type": actor(objectType=None),
    "actor without name": actor(name=None),
    "duration in years": lambda it: it["result"].update(duration="P0Y0M0DT0H1M2.5S"),
    "duration in weeks": lambda it: it["result"].update(duration="P2W"),
    "duration in parts of an hour": lambda it: it["result"].update(duration="PT0.5H"),
    "nothing in an extension": lambda it: it["context"]["extensions"].update({"urn:x": None}),
}
REFUSED: dict[str, tuple[Change, str]] = {
    "no activity": (
        grouping(lambda given: [{**one, "objectType": "Agent"} for one in given]),
        "2.4.6.2",
    ),
    "other publisher": (grouping(lambda given: [{"id": "urn:x:other"}]), "9.6.2.3"),
    "unknown list": (
        lambda it: it["context"]["contextActivities"].update(others=[{"id": "urn:x"}]),
        "2.4.6.2",
    ),
    "group": (actor(objectType="Group"), "9.2"),
    "another account": (actor(account={"homePage": "urn:x", "name": "student-1"}), "9.2"),
    "two identities": (actor(mbox="mailto:a@b.example"), "9.2"),
    "a fraction inside": (lambda it: it["result"].update(duration="PT0.5H1M"), "9.5.4"),
    "nothing": (lambda it: it["result"].update(response=None), "2.2"),
    "no such object": (lambda it: it["object"].update(objectType="Thing"), "2.4.4"),
    "session of another": (
        lambda it: it["context"].update(extensions={"urn:x": "s"}),
        "9.6.3.1",
    ),
    "moveon alone": (categories("moveon"), "9.6.2.2"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_taken(server: PreviewServer, unit: Unit, name: str) -> None:
    """Is a statement taken however xAPI lets an AU write it?"""
    statement = unit.completed()
    TAKEN[name](statement)
    assert unit.say(statement) == 200
    assert server.faults == ()
    assert server.recorded(QUIZ)["status"] == "completed"


@pytest.mark.parametrize("name", REFUSED)
def test_refused(server: PreviewServer, unit: Unit, name: str) -> None:
    """Is a statement refused that only looks like one of these, with the clause?"""
    change, clause = REFUSED[name]
    statement = unit.completed()
    change(statement)
    assert unit.say(statement) == 403
    assert clause in server.faults[0].message
    assert server.recorded(QUIZ)["status"] == "incomplete"


@pytest.mark.parametrize("verb", ["completed", "passed", "failed", "terminated", "experienced"])
def test_allowed_statements(server: PreviewServer, unit: Unit, verb: str) -> None:
    """May an allowed statement use any verb, and does it move nothing on (cmi5 7.1.3, 9.3)?"""
    for _ in range(2):
        statement = unit.statement(verb, completion=True, score={"scaled": 0.1})
        categories()(statement)
        statement["object"] = {"id": "urn:x:part-1"}
        assert unit.say(statement) == 200
    record = server.recorded(QUIZ)
    assert (record["status"], record["score"]) == ("incomplete", None)
    assert record["verbs"][-2:] == [verb] * 2
    assert unit.say(unit.completed(), unit.passed(), unit.terminated()) == 200
    assert server.faults == ()


def test_raw_score_alone(server: PreviewServer, unit: Unit) -> None:
    """May an allowed statement have a raw score without min and max (xAPI 2.4.5.1)?"""
    assert unit.say(unit.statement("answered", score={"raw": 3})) == 200
    assert server.faults == ()


def test_entitlement_key(server: PreviewServer, tmp_path: Path) -> None:
    """Does an AU get the key that its course structure has for it (cmi5 10.2.7)?"""
    assert "entitlementKey" not in Unit(server, QUIZ).launch().data
    with zipfile.ZipFile(COURSE.write(tmp_path / "a.zip")) as source:
        structure = source.read("cmi5.xml").decode()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as target:
        key = "<entitlementKey>k-1</entitlementKey>"
        target.writestr("cmi5.xml", structure.replace("</au>", f"{key}</au>"))
    with PreviewServer(tmp_path / "b.zip") as other:
        data = Unit(other, QUIZ).launch().data
    assert data["entitlementKey"] == {"courseStructure": "k-1"}


@pytest.mark.parametrize(
    "target",
    [
        {"objectType": "Agent", "mbox": "mailto:a@b.example"},
        {"objectType": "StatementRef", "id": str(uuid.uuid4())},
    ],
)
def test_other_objects(server: PreviewServer, unit: Unit, target: dict[str, str]) -> None:
    """May an allowed statement be about another thing than an activity (xAPI 2.4.4)?"""
    assert unit.say(unit.statement("answered") | {"object": target}) == 200
    assert len(get(unit, "statements", verb=f"{ADL}answered")["statements"]) == 1


def test_no_voiding(server: PreviewServer, unit: Unit) -> None:
    """Is an AU kept from voiding a statement (cmi5 6.3)?"""
    statement = unit.statement("voided")
    categories()(statement)
    statement["object"] = {"objectType": "StatementRef", "id": str(uuid.uuid4())}
    assert unit.say(statement) == 403
    assert "6.3" in server.faults[0].message


def test_first_statement_is_defined(server: PreviewServer) -> None:
    """Does “initialized” open a session only where cmi5 defines it (cmi5 7.1.3, 9.3.2)?"""
    unit = Unit(server, QUIZ).launch()
    statement = unit.statement("initialized")
    categories()(statement)
    assert unit.say(statement) == 403
    assert unit.say(unit.statement("initialized")) == 200


@pytest.mark.parametrize(
    ("kind", "response", "is_taken"),
    [
        ("choice", "a, the first[,]b c", True),
        ("choice", "a[,]", False),
        ("fill-in", "two\nlines", True),
        ("numeric", "1.5e3", True),
        ("numeric", "many", False),
        ("true-false", "true", True),
        ("true-false", "yes", False),
        ("likert", "good", True),
        ("guess", "a", False),
    ],
)
def test_responses(unit: Unit, kind: str, response: str, is_taken: bool) -> None:
    """Are answers taken in every form that xAPI knows (2.4.4.1, appendix C)?"""
    definition = {"type": f"{ADL}../activities/cmi.interaction", "interactionType": kind}
    target = {"id": "urn:x:question", "definition": definition}
    answered = unit.statement("answered", response=response) | {"object": target}
    assert (unit.say(answered) == 200) is is_taken


def test_batch_is_kept_whole_or_not_at_all(server: PreviewServer, unit: Unit) -> None:
    """Is nothing of a batch kept of which one statement is refused (xAPI 3, 3.2)?"""
    before = server.recorded(QUIZ)["verbs"]
    assert unit.say(unit.completed(), unit.passed(), unit.passed(0.1)) == 403
    assert server.recorded(QUIZ)["verbs"] == before
    assert unit.say(unit.completed(), unit.passed()) == 200
    same = unit.statement("answered")
    assert unit.say(same, same) == 400


def test_put(server: PreviewServer, unit: Unit) -> None:
    """Does a PUT keep one statement, of the id that it names (xAPI 3, 2.1.1)?"""
    statement = unit.statement("answered")
    body = json.dumps(statement).encode()
    assert unit.ask("PUT", "statements", {"statementId": statement["id"]}, body)[0] == 204
    assert unit.ask("PUT", "statements", {"statementId": str(uuid.uuid4())}, body)[0] == 400
    assert unit.ask("PUT", "statements", {}, body)[0] == 400
    assert unit.ask("DELETE", "statements", {}, body)[0] == 400
    kept = get(unit, "statements", statementId=statement["id"])
    assert kept.keys() - statement.keys() == {"stored", "authority", "version"}


def test_search(server: PreviewServer, unit: Unit) -> None:
    """Does an AU find statements by the filters of xAPI (3, 2.1.3)?"""
    unit.say(unit.statement("answered", response="a"), unit.completed())
    actor, registration = unit.given["actor"], unit.given["registration"]

    def found(**query: str) -> list[str]:
        kept = get(unit, "statements", **query)["statements"]
        return [one["verb"]["id"].rpartition("/")[2] for one in kept]

    everything = ["completed", "answered", "initialized", "launched"]
    assert found(agent=actor, registration=registration) == everything
    assert found(ascending="true", limit="2") == everything[:1:-1]
    assert found(activity=QUIZ) == []
    assert found(activity=QUIZ, related_activities="true") == everything
    assert found(agent=json.dumps({"mbox": "mailto:a@b.example"})) == []
    assert found(since="2100-01-01T00:00:00Z") == []
    assert found(until="2100-01-01T00:00:00Z") == everything
    assert server.faults == ()


@pytest.mark.parametrize(
    "query",
    [
        {"statementID": "x"},
        {"colour": "red"},
        {"limit": "-1"},
        {"since": "yesterday"},
        {"ascending": "yes"},
        {"statementId": "x", "verb": "urn:x"},
        {"statementId": "x", "voidedStatementId": "x"},
        {"agent": "student"},
    ],
)
def test_search_that_is_wrong(unit: Unit, query: dict[str, str]) -> None:
    """Is a search refused that no LRS has to understand (xAPI 3, 2.1.3, 3.2)?"""
    assert unit.ask("GET", "statements", query)[0] == 400


# Attachments

CONTENT = b"two lines\r\n\x00\xff"
SHA2 = hashlib.sha256(CONTENT).hexdigest()


def attach(unit: Unit, *parts: bytes, sha2: str = SHA2, **values: str) -> int:
    """Send a statement that has an attachment, with these parts; the status of the answer."""
    about = {"usageType": "urn:x:use", "display": {"en": "A file"}, "length": len(CONTENT)}
    attachment = {**about, "contentType": "text/plain", "sha2": sha2, **values}
    text = json.dumps(unit.statement("answered") | {"attachments": [attachment]}).encode()
    first = b"Content-Type: application/json\r\n\r\n" + text
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in (first, *parts)) + b"--edge--\r\n"
    media_type = 'multipart/mixed; boundary="edge"'
    return unit.ask("POST", "statements", {}, body, Content_Type=media_type)[0]


def part(sha2: str) -> bytes:
    head = f"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}\r\n\r\n"
    return head.encode() + CONTENT


def test_attachments(server: PreviewServer, unit: Unit) -> None:
    """Does an attachment come in with its statement, and out again where it is asked for?"""
    assert attach(unit, part(SHA2)) == 200
    assert attach(unit, fileUrl="https://files.example/a.txt") == 200
    query = {"verb": f"{ADL}answered", "attachments": "true"}
    status, body, _ = unit.ask("GET", "statements", query)
    assert status == 200
    assert body.count(CONTENT) == 1
    assert len(get(unit, "statements", verb=f"{ADL}answered")["statements"]) == 2
    assert server.faults == ()


def test_attachments_that_are_wrong(unit: Unit) -> None:
    """Is a statement refused whose attachment is missing or another one (xAPI 3, 1.5.2)?"""
    other = hashlib.sha256(b"other").hexdigest()
    assert attach(unit) == 400
    assert attach(unit, part(other), sha2=other) == 400
    assert attach(unit, part(SHA2), sha2=other) == 400
    assert attach(unit, part("none")) == 400
    assert get(unit, "statements", verb=f"{ADL}answered")["statements"] == []


# The other resources


def test_activity(server: PreviewServer, unit: Unit) -> None:
    """Does an AU read an activity, whether anything is known of it or not (xAPI 3, 2.5)?"""
    known = {"id": "urn:x:part-1", "definition": {"name": {"en": "Part one"}}}
    unit.say(unit.statement("answered") | {"object": known})
    assert get(unit, "activities", activityId="urn:x:part-1") == {"objectType": "Activity", **known}
    for unknown in (unit.given["activityId"], QUIZ, "urn:x:never-heard-of"):
        expected = {"objectType": "Activity", "id": unknown}
        assert get(unit, "activities", activityId=unknown) == expected
    assert server.faults == ()


def test_person(server: PreviewServer, unit: Unit) -> None:
    """Does an AU read who the student is (xAPI 3, 2.4)?"""
    account = json.loads(unit.given["actor"])["account"]
    found = get(unit, "agents", agent=json.dumps({"account": account}))
    expected = {"objectType": "Person", "name": ["Sample Student"], "account": [account]}
    assert found == expected


def test_about(server: PreviewServer) -> None:
    """Does everybody learn the version, without a token or a version (xAPI 3, 2.8)?"""
    status, body, _ = raw(server, "GET", "/xapi/about")
    assert (status, json.loads(body)) == (200, {"version": ["1.0.3"]})


@pytest.mark.parametrize(
    ("method", "resource", "query"),
    [
        ("GET", "activities", {}),
        ("GET", "activities", {"activityId": "part one"}),
        ("GET", "activities", {"activityID": "urn:x"}),
        ("PUT", "activities", {"activityId": "urn:x"}),
        ("GET", "agents", {}),
        ("GET", "agents", {"agent": "[]"}),
        ("GET", "activities/state", {"stateId": "mine"}),
        ("GET", "verbs", {}),
    ],
)
def test_resources_that_are_wrong(
    server: PreviewServer, unit: Unit, method: str, resource: str, query: dict[str, str]
) -> None:
    """Is a request refused that no LRS has to answer, and held against the AU?"""
    assert unit.ask(method, resource, query)[0] == 400
    assert [fault.path for fault in server.faults] == [QUIZ]


def test_agent_of_a_document(server: PreviewServer, unit: Unit) -> None:
    """Is the student the same however the AU writes the agent, and nobody else (cmi5 8.1.3)?"""
    mine = unit.state("mine")
    assert unit.ask("PUT", "activities/state", mine, b"1", **JSON)[0] == 204
    given = json.loads(mine["agent"])
    bare = json.dumps({"account": given["account"]})
    assert unit.ask("GET", "activities/state", mine | {"agent": bare})[:2] == (200, b"1")
    other = json.dumps({"mbox": "mailto:a@b.example"})
    assert unit.ask("GET", "activities/state", mine | {"agent": other})[0] == 403


def test_all_documents(server: PreviewServer, unit: Unit) -> None:
    """May an AU list and remove all its documents, but not the LMS's (xAPI 3, 2.3; cmi5 10.2.1)?"""
    state = unit.state()
    everywhere = {name: text for name, text in state.items() if name != "registration"}
    for query in (state, everywhere):
        unit.ask("PUT", "activities/state", query | {"stateId": "mine"}, b"1", **JSON)
    assert unit.ask("DELETE", "activities/state", state)[0] == 403
    assert unit.ask("DELETE", "activities/state", everywhere)[0] == 204
    assert get(unit, "activities/state", **everywhere) == []
    assert get(unit, "activities/state", **state) == ["LMS.LaunchData", "mine"]
    assert get(unit, "activities/state", **state, since="2100-01-01T00:00:00Z") == []


def test_only_json_is_merged(unit: Unit) -> None:
    """Is text never mixed into JSON (xAPI 3, 2.2)?"""
    mine = unit.state("mine")
    unit.ask("PUT", "activities/state", mine, b'{"a": 1}', **JSON)
    for body, media_type in ((b'{"b": 2}', "text/plain"), (b"[]", JSON["Content_Type"])):
        sent = unit.ask("POST", "activities/state", mine, body, Content_Type=media_type)
        assert sent[0] == 400
    assert unit.ask("GET", "activities/state", mine)[1] == b'{"a": 1}'


def test_head(server: PreviewServer, unit: Unit) -> None:
    """Does HEAD tell of a document without sending it (xAPI 3, 1.1)?"""
    path = f"/xapi/activities/state?{urlencode(unit.state('LMS.LaunchData'))}"
    sent = {"Authorization": f"Basic {unit.token}", "X_Experience_API_Version": "1.0.3"}
    got, asked = raw(server, "GET", path, **sent), raw(server, "HEAD", path, **sent)
    assert got[0] == asked[0] == 200
    assert asked[1] == b""
    assert {asked[2][name] == got[2][name] for name in ("ETag", "Content-Type")} == {True}


# The alternate request syntax


def alternate(
    unit: Unit, method: str, resource: str, content: str = "", **form: str
) -> tuple[int, bytes, dict[str, str]]:
    """Ask as a browser without CORS does: all in the form of a POST (xAPI 3, 1.3)."""
    form = {
        "Authorization": f"Basic {unit.token}",
        "X-Experience-API-Version": "1.0.3",
        **({"content": content, "Content-Type": "application/json"} if content else {}),
        **form,
    }
    path = f"/xapi/{resource}?{method and urlencode({'method': method})}"
    media_type = "application/x-www-form-urlencoded"
    return raw(unit.server, "POST", path, urlencode(form), Content_Type=media_type)


def test_alternate_documents(server: PreviewServer, unit: Unit) -> None:
    """Does every method reach a document by the alternate syntax, conditions included?"""
    mine = unit.state("mine")
    text = '{"name": "Zoë & co. 1+1=2"}'
    assert alternate(unit, "PUT", "activities/state", text, **mine)[0] == 204
    status, body, headers = alternate(unit, "GET", "activities/state", **mine)
    assert (status, body.decode()) == (200, text)
    assert headers["Content-Type"] == "application/json"
    stale = mine | {"If-Match": '"stale"'}
    assert alternate(unit, "PUT", "activities/state", "{}", **stale)[0] == 412
    assert alternate(unit, "POST", "activities/state", '{"b": 2}', **mine)[0] == 204
    assert json.loads(alternate(unit, "GET", "activities/state", **mine)[1])["b"] == 2
    assert alternate(unit, "DELETE", "activities/state", **mine)[0] == 204
    assert alternate(unit, "GET", "activities/state", **mine)[0] == 404
    assert server.faults == ()


def test_alternate_statements(server: PreviewServer, unit: Unit) -> None:
    """Does a statement come in by the alternate syntax, and out again?"""
    statement = unit.completed()
    text, number = json.dumps(statement), statement["id"]
    assert alternate(unit, "PUT", "statements", text, statementId=number)[0] == 204
    assert alternate(unit, "POST", "statements", json.dumps(unit.passed()))[0] == 200
    body = alternate(unit, "GET", "statements", verb=f"{ADL}completed")[1]
    assert [one["id"] for one in json.loads(body)["statements"]] == [number]
    assert server.recorded(QUIZ)["status"] == "passed"
    assert server.faults == ()


@pytest.mark.parametrize(
    ("method", "form", "status"),
    [
        ("GET", {"Authorization": "Basic another"}, 401),
        ("GET", {"X-Experience-API-Version": "0.9"}, 400),
        ("GET", {"colour": "red"}, 400),
        ("PATCH", {}, 400),
        ("get", {}, 400),
        ("", {}, 401),
    ],
)
def test_alternate_that_is_wrong(
    unit: Unit, method: str, form: dict[str, str], status: int
) -> None:
    """Is nothing let in by the alternate syntax that would be kept out without it?"""
    assert alternate(unit, method, "statements", **form)[0] == status


def test_alternate_has_all_in_the_form(server: PreviewServer, unit: Unit) -> None:
    """Is a parameter beside “method” in the query refused (xAPI 3, 1.3)?"""
    sent = {"Authorization": f"Basic {unit.token}", "X_Experience_API_Version": "1.0.3"}
    path = f"/xapi/statements?method=GET&verb={ADL}initialized"
    assert raw(server, "POST", path, **sent)[0] == 400
    assert "1.3" in server.faults[0].message
