import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Cmi5 } from "../../../scorm/runtime/lms/cmi5.js";
import { launchOf } from "../../../scorm/runtime/lms/cmi5-launch.js";
import { openStore } from "../../../scorm/runtime/launch.js";
import { whereText } from "../../../scorm/runtime/view/note.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { FakeDatabase, settled as stored } from "../fake-database.js";
import { FakeHost, FakeStorage, fakeWindow, mirrorOf } from "../fakes.js";

const ACTOR = { objectType: "Agent", account: { homePage: "https://lms.example", name: "s1" } };
const SEARCH = new URLSearchParams({
  endpoint: "https://lrs.example/xapi", fetch: "https://lms.example/fetch/1",
  registration: "r-1", activityId: "https://lms.example/a/1", actor: JSON.stringify(ACTOR),
});
/** @type {import("../../../scorm/runtime/lms/store.js").Snapshot} */
const WORK = { status: "passed", score: 80, state: "2.x", position: "", elapsed: 61_500 };

/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const LESSON = { course: "c", sco: "p", kind: "lesson", title: "P", scoring: {} };
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const RIGHT = { fraction: 1, verdict: "correct", picks: ["a"] };

/** @returns {import("../../../scorm/runtime/work/page.js").TrackedQuestion} */
const ask = (label) => ({ label, points: 1, kind: "single" });

/** A window whose fetch is answered by an LMS with an LRS. */
class FakeLrs {
  asked = [];
  documents = { "LMS.LaunchData": {
    launchMode: "Normal", masteryScore: 0.7, returnURL: "https://lms.example/back",
    contextTemplate: { contextActivities: { grouping: [{ id: "p" }] }, extensions: { s: "1" } },
  } };
  statements = new Map();
  /** Of every answer. @type {number|"html"} */
  status = 200;
  /** The status for a verb that the LRS refuses. @type {Record<string, number>} */
  refuses = {};
  /** How ETags are made; none without. @type {((text: string) => string)|null} */
  etag = null;
  sessionStorage = new FakeStorage();

  fetch = async (address, { method, body, keepalive, headers }) => {
    const url = new URL(address);
    this.asked.push([method, url.pathname, keepalive]);
    if (url.pathname.startsWith("/fetch")) return Response.json({ "auth-token": "t" });
    if (this.status === "html") {
      return new Response("<html>", { headers: { "content-type": "text/html" } });
    }
    if (this.status !== 200) return Response.json({}, { status: this.status });
    if (!url.pathname.endsWith("statements")) return this.#document(method, url, body, headers);
    return method === "POST" ? this.#take(JSON.parse(body)) : this.#find(url.searchParams);
  };

  #take(statements) {
    for (const { id, verb } of statements) {
      const status = this.statements.has(id) ? 409 : this.refuses[verb.id.split("/").at(-1)];
      if (status) return Response.json({}, { status });
    }
    for (const it of statements) this.statements.set(it.id, it);
    return Response.json([]);
  }

  #find(query) {
    const id = query.get("statementId");
    if (id) return Response.json({}, { status: this.statements.has(id) ? 200 : 404 });
    const found = [...this.statements.values()].filter(({ verb }) => verb.id === query.get("verb"));
    return Response.json({ statements: found });
  }

  #document(method, url, body, headers) {
    const name = url.searchParams.get("stateId");
    if (method === "GET" && url.pathname.endsWith("state") && !name) {
      return Response.json(Object.keys(this.documents));
    }
    const text = this.documents[name] && JSON.stringify(this.documents[name]);
    const etag = text && this.etag?.(text);
    if (method === "GET" && !text) return Response.json({}, { status: 404 });
    if (method === "GET") return new Response(text, { headers: etag ? { etag } : {} });
    const isOther = headers["If-Match"] && headers["If-Match"] !== etag;
    if (isOther || (headers["If-None-Match"] && text)) return new Response("", { status: 412 });
    this.documents[name] = JSON.parse(body);
    return new Response(null, { status: 204 });
  }

  get verbs() {
    return [...this.statements.values()].map(({ verb }) => verb.id.split("/").at(-1));
  }
}

const open = async (lrs) => {
  const store = new Cmi5(launchOf(SEARCH.toString()), lrs);
  return { store, opened: await store.open() };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @returns {import("../../../scorm/runtime/lms/store.js").Interaction} */
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
  for (const saves of [1, 2]) {
    await first.store.save(WORK, []);
    lrs.sessionStorage = new FakeStorage();
    const { store, opened } = await open(lrs);
    assert.deepEqual([opened.status, opened.score, opened.state], ["passed", 80, "2.x"]);
    lrs.asked = [];
    await store.save(WORK, []);
    assert.deepEqual(lrs.asked.map(([method]) => method), ["PUT"], `after ${saves} saves`);
  }
  const said = lrs.verbs.filter((verb) => verb !== "initialized");
  assert.deepEqual(said, ["completed", "passed"]);
});

test("does an LMS that names no mastery score, in whichever way, ask for none?", async () => {
  for (const [named, mastery] of [[0.7, 70], [0, 0], [null, null], [undefined, null]]) {
    const lrs = new FakeLrs();
    lrs.documents["LMS.LaunchData"].masteryScore = named;
    const { opened } = await open(lrs);
    assert.equal(opened.mastery, mastery);
  }
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
  for (const status of /** @type {const} */ ([500, 401, "html"])) {
    const lrs = new FakeLrs();
    const { store } = await open(lrs);
    lrs.status = status;
    assert.equal(await store.save(WORK, [answerAt(1)]), false, String(status));
    lrs.status = 200;
    assert.equal(await store.save(WORK, [answerAt(1)]), true);
    assert.deepEqual(lrs.verbs, ["initialized", "answered", "completed", "passed"]);
  }
});

for (const status of [400, 403, 404, 409, 412]) {
  test(`does a statement refused with ${status} hold up none behind it, and the page know?`, async () => {
    const lrs = new FakeLrs();
    const { store } = await open(lrs);
    lrs.refuses = { answered: status };
    assert.equal(await store.save(WORK, [answerAt(1), answerAt(2)]), true);
    assert.deepEqual(lrs.verbs, ["initialized", "completed", "passed"]);
    assert.equal(store.refused, 2);
    assert.equal(lrs.documents["scorm.work"].score, 80);
  });
}

test("is a verdict that the LRS refused said again in the next session?", async () => {
  const lrs = new FakeLrs();
  const first = await open(lrs);
  lrs.refuses = { passed: 403 };
  await first.store.save(WORK, []);
  assert.equal(first.store.refused, 1);
  lrs.refuses = {};
  lrs.sessionStorage = new FakeStorage();
  const { store } = await open(lrs);
  await store.save(WORK, []);
  assert.deepEqual([lrs.verbs.at(-1), store.refused], ["passed", 0]);
});

/**
 * Two browsers of one student with the same page, in an LRS that makes ETags so. `refuse` answers
 * what has a condition, where it cannot be sent.
 */
async function twoBrowsers(etag, refuse = null) {
  const lrs = new FakeLrs();
  lrs.etag = etag;
  const { fetch } = lrs;
  if (refuse) {
    lrs.fetch = (address, init) =>
      init.headers?.["If-Match"] || init.headers?.["If-None-Match"] ? refuse() : fetch(address, init);
  }
  const browsers = [];
  for (const label of ["q0", "q1"]) {
    lrs.sessionStorage = new FakeStorage();
    const { store, opened } = await open(lrs);
    const host = new FakeHost();
    const mirror = mirrorOf(new FakeStorage(), LESSON, "s", host);
    const asked = ["q0", "q1"].map(ask);
    const work = new PageWork(LESSON, asked, store, mirror, host);
    let saved;
    store.save = (...work) => (saved = Cmi5.prototype.save.apply(store, work));
    const pass = () => {
      host.pass(50);
      return saved;
    };
    work.start(opened);
    await pass();
    const answer = () => {
      work.answer(asked.find((it) => it.label === label), "a", RIGHT, ["a"]);
      return pass();
    };
    browsers.push({ work, answer });
  }
  return { lrs, browsers };
}

const sha1 = (text) => `"${createHash("sha1").update(text).digest("hex")}"`;
const own = (text) => `"${text.length}-${text.slice(-9)}"`;

test("do two browsers add to each other's work, where the LRS tells ETags?", async () => {
  for (const etag of [sha1, own]) {
    const { lrs, browsers: [one, two] } = await twoBrowsers(etag);
    await one.answer();
    await two.answer();
    const { score, status } = lrs.documents["scorm.work"];
    assert.deepEqual([score, two.work.progress.answered], [100, 2], etag.name);
    assert.deepEqual([status, two.work.progress.kept], ["incomplete", true]);
  }
});

test("does the page that was overtaken leave nothing of the other's out, later either?", async () => {
  const { lrs, browsers: [one, two] } = await twoBrowsers(sha1);
  await one.answer();
  await two.answer();
  await one.answer();
  assert.equal(lrs.documents["scorm.work"].score, 100);
  assert.equal(one.work.progress.score, 100);
});

test("is the work kept by an LRS that tells no ETags, or takes no conditions?", async () => {
  const silent = await twoBrowsers(null);
  await silent.browsers[0].answer();
  assert.equal(silent.lrs.documents["scorm.work"].score, 50);
  for (const [way, refuse] of Object.entries({
    "not understood": async () => new Response("", { status: 400 }),
    "kept by the browser": () => Promise.reject(new TypeError("CORS")),
  })) {
    const { lrs, browsers } = await twoBrowsers(sha1, refuse);
    await browsers[0].answer();
    assert.equal(lrs.documents["scorm.work"]?.score, 50, way);
  }
});

test("is an answer that is sent again in another visit the same statement?", async () => {
  const lrs = new FakeLrs();
  await (await open(lrs)).store.save(WORK, [answerAt(7)]);
  lrs.sessionStorage = new FakeStorage();
  await (await open(lrs)).store.save(WORK, [answerAt(7)]);
  assert.equal(lrs.verbs.filter((verb) => verb === "answered").length, 1);
});

test("is work done after a reload, in a launch that is over, sent at the next launch?", async () => {
  const lrs = new FakeLrs();
  const asked = ["q0", "q1"].map(ask);
  const database = new FakeDatabase();
  /** A load of the page; gives where its work is kept. */
  const load = async (fetchUrl, label) => {
    const search = new URLSearchParams([...SEARCH]);
    search.set("fetch", fetchUrl);
    const { sessionStorage, fetch } = lrs;
    const window = fakeWindow({ location: { search: `${search}` }, ...database.parts, sessionStorage, fetch });
    const host = new FakeHost();
    const { place, store, opened, mirror, returnUrl } = await openStore(LESSON, window, host);
    const work = new PageWork(LESSON, asked, store, mirror, host);
    work.visit.place = place;
    work.start(opened);
    host.pass(50);
    const question = asked.find((it) => it.label === label);
    if (question) work.answer(question, "a", RIGHT, ["a"]);
    const { answered } = work.progress;
    work.visit.left(false);
    await settled();
    return { place, answered, returnUrl, text: whereText(work.progress) };
  };
  const first = "https://lms.example/fetch/1";
  assert.equal((await load(first, "q0")).place, "lms");
  const again = await load(first, "q1");
  assert.deepEqual([again.place, again.returnUrl], ["over", "https://lms.example/back"]);
  assert.match(again.text, /not recording this page any more/);
  assert.equal(lrs.documents["scorm.work"].score, 50);
  const next = await load("https://lms.example/fetch/2", "");
  assert.deepEqual([next.place, next.answered], ["lms", 2]);
  assert.equal(lrs.documents["scorm.work"].score, 100);
  assert.equal(lrs.verbs.filter((verb) => verb === "answered").length, 2);
});

/** A student with a page in this LMS; answers come at a time of their own. */
async function student(lrs, count = 1) {
  const { store, opened } = await open(lrs);
  /** @type {import("../../../scorm/runtime/work/page.js").Page} */
  const page = { course: "c", sco: "p", kind: "quiz", title: "P", scoring: { mastery: 70 } };
  const asked = Array.from({ length: count }, (_, n) => ask(`q${n}`));
  const host = new FakeHost();
  const mirror = mirrorOf(new FakeStorage(), page, "s", host);
  const work = new PageWork(page, asked, store, mirror, host);
  work.start(opened);
  await settled();
  const answer = (n) => {
    work.answer(asked[n], "a", RIGHT, ["a"]);
    host.pass(50);
  };
  return { work, store, host, answer };
}

/** Notes the statements that are posted, a list for each request. */
function posts(lrs) {
  const all = [];
  const { fetch } = lrs;
  lrs.fetch = (address, init) => {
    if (init.method === "POST") all.push(JSON.parse(init.body));
    return fetch(address, init);
  };
  return all;
}

test("goes each statement once when the page is left, and `terminated` last?", async () => {
  const lrs = new FakeLrs();
  const { work, answer } = await student(lrs);
  answer(0);
  await settled();
  const posted = posts(lrs);
  work.readToEnd();
  work.visit.hidden();
  work.visit.left(false);
  await settled();
  assert.equal(posted.length, 1);
  assert.deepEqual(lrs.verbs, ["initialized", "answered", "completed", "passed", "terminated"]);
});

test("is a statement that has no answer yet not posted again, before the end and at it?", async () => {
  const lrs = new FakeLrs();
  const { work, answer } = await student(lrs, 2);
  const posted = posts(lrs);
  let release;
  const stuck = new Promise((resolve) => (release = resolve));
  const { fetch } = lrs;
  lrs.fetch = async (address, init) => {
    const response = await fetch(address, init);
    if (init.method === "POST") await stuck;
    return response;
  };
  answer(0);
  await settled();
  answer(1);
  await settled();
  assert.equal(posted.length, 1);
  work.visit.hidden();
  await settled();
  work.visit.left(false);
  await settled();
  release();
  await settled();
  assert.deepEqual(posted.map((statements) => statements.length), [1, 2]);
  assert.deepEqual(lrs.verbs, ["initialized", "answered", "answered", "terminated"]);
});

test("are all answers of a long visit sent in it, in requests that may outlive the page?", async () => {
  const lrs = new FakeLrs();
  const { work, answer, host } = await student(lrs, 90);
  const sizes = [];
  const { fetch } = lrs;
  let isDown = true;
  lrs.fetch = (address, init) => {
    if (isDown) return Promise.reject(new TypeError("offline"));
    if (init.method === "POST") sizes.push([Buffer.byteLength(init.body), init.keepalive]);
    return fetch(address, init);
  };
  for (let n = 0; n < 90; n += 1) answer(n);
  await settled();
  isDown = false;
  work.visit.hidden();
  host.pass(600_000);
  await settled();
  assert.equal(lrs.verbs.filter((verb) => verb === "answered").length, 90);
  assert.ok(sizes.every(([size, alive]) => size < 60_000 && alive), JSON.stringify(sizes));
});

for (const way of ["an answer that never comes", "no connection", "a page instead of a token"]) {
  test(`does the page work with the copy where opening meets ${way}, and say so?`, async () => {
    const database = new FakeDatabase();
    const host = new FakeHost();
    const fetch = (address, { signal }) => {
      if (way === "no connection") return Promise.reject(new TypeError("offline"));
      if (way === "a page instead of a token") return Promise.resolve(new Response("<html>"));
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    const window = fakeWindow({
      fetch, ...database.parts, sessionStorage: new FakeStorage(),
      location: { search: `?${SEARCH}` },
    });
    window.parent = window;
    let launched = null;
    const opening = openStore(LESSON, window, host).then((it) => (launched = it));
    await settled();
    await stored();
    assert.equal(launched === null, way === "an answer that never comes");
    host.pass(20_000);
    await opening;
    assert.equal(launched.place, "silent");
    assert.equal(host.timers.size, 0);
    const asked = [ask("q0")];
    const work = new PageWork(LESSON, asked, launched.store, launched.mirror, host);
    work.visit.place = launched.place;
    work.start(launched.opened);
    work.answer(asked[0], "a", RIGHT, ["a"]);
    await settled();
    host.pass(50);
    await settled();
    assert.match(whereText(work.progress), /did not answer.*kept in this browser/);
    assert.equal(database.items.size, 1);
  });
}
