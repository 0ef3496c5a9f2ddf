import assert from "node:assert/strict";
import { test } from "node:test";

import { Cmi5, launchOf } from "../../scorm/runtime/cmi5.js";
import { FakeStorage } from "./fakes.js";

const ACTOR = { objectType: "Agent", account: { homePage: "https://lms.example", name: "s1" } };
const SEARCH = new URLSearchParams({
  endpoint: "https://lrs.example/xapi", fetch: "https://lms.example/fetch/1",
  registration: "r-1", activityId: "https://lms.example/a/1", actor: JSON.stringify(ACTOR),
});
const WORK = { status: "passed", score: 80, state: "2.x", position: "", elapsed: 61_500 };

/** A window whose fetch is answered by an LMS with an LRS. */
class FakeLrs {
  asked = [];
  documents = { "LMS.LaunchData": {
    launchMode: "Normal", masteryScore: 0.7, returnURL: "https://lms.example/back",
    contextTemplate: { contextActivities: { grouping: [{ id: "p" }] }, extensions: { s: "1" } },
  } };
  statements = new Map();
  status = 200;
  sessionStorage = new FakeStorage();

  fetch = async (address, { method, body, keepalive }) => {
    const url = new URL(address);
    this.asked.push([method, url.pathname, keepalive]);
    const json = (value, status = 200) => Response.json(value, { status });
    if (url.pathname.startsWith("/fetch")) return json({ "auth-token": "t" });
    if (this.status === "html") {
      return new Response("<html>", { headers: { "content-type": "text/html" } });
    }
    if (this.status !== 200) return json({}, this.status);
    if (method === "POST") {
      for (const it of JSON.parse(body)) this.statements.set(it.id, it);
      return json([]);
    }
    const name = url.searchParams.get("stateId");
    if (method === "PUT") this.documents[name] = JSON.parse(body);
    else if (url.pathname.endsWith("state") && !name) return json(Object.keys(this.documents));
    else if (!this.documents[name]) return json({}, 404);
    return method === "PUT" ? new Response(null, { status: 204 }) : json(this.documents[name]);
  };

  get verbs() {
    return [...this.statements.values()].map(({ verb }) => verb.id.split("/").at(-1));
  }
}

const open = async (lrs) => {
  const store = new Cmi5(launchOf(SEARCH.toString()), lrs);
  return { store, opened: await store.open() };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function answerAt(ms) {
  return { index: 0, label: "q", kind: "single", response: "a", correct: ["a"], points: 2,
    grade: { verdict: "correct", fraction: 1 }, latency: 1000, at: new Date(ms) };
}

test("is a page that cmi5 did not launch told from one that it did?", () => {
  assert.equal(launchOf("?x=1"), null);
  assert.equal(launchOf(`${SEARCH}`).registration, "r-1");
  const broken = new URLSearchParams([...SEARCH, ["actor", "{"]]);
  assert.equal(launchOf(`${broken}`), null);
});

test("does a session say what cmi5 wants, in order, each once, and terminate at its end?", async () => {
  const lrs = new FakeLrs();
  const { store, opened } = await open(lrs);
  assert.deepEqual([opened.mastery, opened.state, store.returnUrl],
    [70, "", "https://lms.example/back"]);
  assert.equal(await store.save(WORK, [answerAt(1)]), true);
  assert.equal(await store.save(WORK, [answerAt(1)]), true);
  store.close();
  await settled();
  assert.deepEqual(lrs.verbs, ["initialized", "answered", "completed", "passed", "terminated"]);
  const passed = [...lrs.statements.values()].find(({ verb }) => verb.id.endsWith("passed"));
  assert.deepEqual(passed.result, {
    duration: "PT1M1.5S", success: true, score: { scaled: 0.8, raw: 80, min: 0, max: 100 },
  });
  assert.equal(passed.context.registration, "r-1");
  assert.deepEqual(passed.context.contextActivities.grouping, [{ id: "p" }]);
  assert.equal(passed.context.contextActivities.category.length, 2);
  assert.equal(Object.values(passed.context.extensions).includes(0.7), true);
  assert.ok(lrs.asked.filter(([method]) => method === "PUT").every(([, , alive]) => alive));
});

test("are completed and passed said once in a registration, and the work read back?", async () => {
  const lrs = new FakeLrs();
  const first = await open(lrs);
  await first.store.save(WORK, []);
  lrs.sessionStorage = new FakeStorage();
  lrs.statements.clear();
  const { store, opened } = await open(lrs);
  assert.deepEqual([opened.status, opened.score, opened.state], ["passed", 80, "2.x"]);
  await store.save(WORK, []);
  assert.deepEqual(lrs.verbs, ["initialized"]);
});

test("is a quiz failed only when the page is left, as it may still be passed?", async () => {
  const lrs = new FakeLrs();
  const { store } = await open(lrs);
  await store.save({ ...WORK, status: "failed", score: 10 }, []);
  assert.ok(!lrs.verbs.includes("failed"));
  store.close();
  await settled();
  assert.deepEqual(lrs.verbs.slice(-2), ["failed", "terminated"]);
});

test("does what is launched to be looked at say its begin and its end alone?", async () => {
  const lrs = new FakeLrs();
  lrs.documents["LMS.LaunchData"].launchMode = "Review";
  const { store, opened } = await open(lrs);
  assert.equal(opened.records, false);
  assert.equal(await store.save(WORK, [answerAt(1)]), true);
  store.close();
  await settled();
  assert.deepEqual(lrs.verbs, ["initialized", "terminated"]);
});

test("is the token asked for once, and a session that is over not begun again?", async () => {
  const lrs = new FakeLrs();
  const { store } = await open(lrs);
  assert.ok((await open(lrs)).opened);
  const fetches = () => lrs.asked.filter(([, path]) => path.startsWith("/fetch")).length;
  assert.deepEqual([fetches(), lrs.verbs], [1, ["initialized"]]);
  store.close();
  assert.equal((await open(lrs)).opened, null);
});

test("is a save that fails known as such, and all of it sent once it works again?", async () => {
  for (const status of [500, 401, "html"]) {
    const lrs = new FakeLrs();
    const { store } = await open(lrs);
    lrs.status = status;
    assert.equal(await store.save(WORK, [answerAt(1)]), false, String(status));
    lrs.status = 200;
    assert.equal(await store.save(WORK, [answerAt(1)]), true);
    assert.deepEqual(lrs.verbs, ["initialized", "answered", "completed", "passed"]);
  }
});

test("is an answer that is sent again in another visit the same statement?", async () => {
  const lrs = new FakeLrs();
  await (await open(lrs)).store.save(WORK, [answerAt(7)]);
  lrs.sessionStorage = new FakeStorage();
  await (await open(lrs)).store.save(WORK, [answerAt(7)]);
  assert.equal(lrs.verbs.filter((verb) => verb === "answered").length, 1);
});
