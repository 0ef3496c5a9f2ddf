import assert from "node:assert/strict";
import { test } from "node:test";

import { watchRequests } from "../../../scorm/runtime/lms/requests.js";
import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { Scorm2004 } from "../../../scorm/runtime/lms/scorm2004.js";
import { decode } from "../../../scorm/runtime/state/page.js";
import { whereText } from "../../../scorm/runtime/view/note.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { FakeHost, FakeStorage, MoodleLms, copiesIn, mirrorOf } from "../fakes.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The window of an LMS's API, whose browser notes requests. */
class NotingWindow {
  location = { origin: "https://lms.example" };
  /** Noted before this page was opened. */
  before = [];
  #observers = new Set();
  #time = 1000;

  get performance() {
    return { now: () => (this.#time += 1), getEntriesByType: () => this.before };
  }

  get PerformanceObserver() {
    const observers = this.#observers;
    return class {
      queue = [];
      constructor(take) {
        this.take = take;
      }
      observe() {
        observers.add(this);
      }
      disconnect() {
        observers.delete(this);
      }
      takeRecords() {
        return this.queue.splice(0);
      }
    };
  }

  /** A request begins. @returns {(answer?: object) => void} notes that it has ended */
  begin(initiatorType = "beacon", name = "https://lms.example/commit") {
    this.#time += 1;
    const startTime = this.#time;
    return (answer = {}) => {
      const entry = { initiatorType, name, startTime, responseStatus: 200, redirectEnd: 0, ...answer };
      for (const observer of this.#observers) observer.queue.push(entry);
    };
  }

  /** The observers are told what was noted. */
  tell() {
    for (const observer of this.#observers) {
      const entries = observer.takeRecords();
      if (entries.length > 0) observer.take({ getEntries: () => entries });
    }
  }
}

/** What is made of a commit whose requests end so, all at once or one by one. */
async function fatesOf(...answers) {
  const window = new NotingWindow();
  const host = new FakeHost();
  const watch = watchRequests(/** @type {any} */ (window), host);
  const fates = [];
  for (const { way, name, ...answer } of answers) {
    const from = watch.now();
    const end = window.begin(way, name);
    const fate = watch.since(from);
    assert.ok(fate instanceof Promise);
    end(answer);
    window.tell();
    host.pass(60_000);
    fates.push(await fate);
  }
  return fates;
}

test("does the end of a request tell what became of a commit?", async () => {
  for (const way of ["beacon", "fetch", "xmlhttprequest"]) {
    for (const responseStatus of [0, 401, 404, 500, 502]) {
      assert.deepEqual(await fatesOf({ way, responseStatus }), ["lost"], String(responseStatus));
    }
    for (const responseStatus of [200, 201, 204]) {
      assert.deepEqual(await fatesOf({ way, responseStatus }), ["stored"]);
    }
  }
});

test("is nothing made of requests that tell nothing, or are not the commit's?", async () => {
  assert.deepEqual(await fatesOf({ responseStatus: undefined }), ["unknown"]);
  assert.deepEqual(await fatesOf({ name: "https://other.example/x", responseStatus: 0 }), ["unknown"]);
  assert.deepEqual(await fatesOf({ way: "img", responseStatus: 500 }), ["unknown"]);
});

/** Moodle stores, and then asks anew for its contents tree, whose HTML is long; both in the same commit. */
test("is only the request that stores judged, and not what the API asks for beside it?", async () => {
  const window = new NotingWindow();
  const watch = watchRequests(/** @type {any} */ (window), new FakeHost());
  const html = { contentType: "text/html", decodedBodySize: 1775 };
  const stored = { contentType: "text/html", decodedBodySize: 6 };
  const commit = (way) => {
    const from = watch.now();
    const store = window.begin(way, `https://lms.example/store?api=${way}`);
    const tree = window.begin("xmlhttprequest", "https://lms.example/tree?a=1");
    return { store, tree, fate: () => watch.since(from) };
  };
  const first = commit("xmlhttprequest");
  first.store(stored);
  assert.equal(await first.fate(), "stored");
  first.tree(html);
  window.tell();
  for (const [answer, fate] of /** @type {[object, string][]} */ ([
    [stored, "stored"],
    [{ responseStatus: 502 }, "lost"],
    [{ ...html, redirectEnd: 5 }, "lost"],
    [stored, "stored"],
  ])) {
    const next = commit("beacon");
    const told = next.fate();
    next.tree(html);
    window.tell();
    next.store(answer);
    window.tell();
    assert.equal(await told, fate);
  }
  const both = commit("beacon");
  both.tree(html);
  both.store(stored);
  assert.equal(await both.fate(), "stored");
});

test("does a page that is opened later know which request stores?", async () => {
  const window = new NotingWindow();
  const [store, tree] = ["https://lms.example/store", "https://lms.example/tree"];
  window.before = [{ initiatorType: "beacon", name: store }, { initiatorType: "xmlhttprequest", name: tree }];
  const watch = watchRequests(/** @type {any} */ (window), new FakeHost());
  const from = watch.now();
  const stores = window.begin("beacon", store);
  const asks = window.begin("xmlhttprequest", tree);
  const told = watch.since(from);
  asks({ responseStatus: 500 });
  window.tell();
  stores({ decodedBodySize: 6 });
  window.tell();
  assert.equal(await told, "stored");
});

test("is a login page told from the answer to a commit, in an LMS that answers otherwise?", async () => {
  // As Moodle does: "true\n0", and 21,924 bytes of a login page, both called HTML.
  const answer = { contentType: "text/html; charset=utf-8", decodedBodySize: 6 };
  const page = { contentType: "text/html; charset=utf-8", decodedBodySize: 21_924 };
  assert.deepEqual(await fatesOf(answer, page, answer), ["stored", "lost", "stored"]);
  const untold = [6, 21_924].map((decodedBodySize) => ({ decodedBodySize }));
  assert.deepEqual(await fatesOf(...untold), ["stored", "lost"]);
  const long = { contentType: "application/json", decodedBodySize: 21_924 };
  assert.deepEqual(await fatesOf(answer, long), ["stored", "stored"]);
  assert.deepEqual(await fatesOf({}, { redirectEnd: 12 }), ["stored", "lost"]);
  assert.deepEqual(await fatesOf(page, page, {}), ["stored", "stored", "stored"]);
  assert.deepEqual(await fatesOf({ redirectEnd: 12 }, { redirectEnd: 9 }), ["stored", "stored"]);
});

test("is a request before or after the commit left out, and one that has ended known at once?", async () => {
  const window = new NotingWindow();
  const host = new FakeHost();
  const watch = watchRequests(/** @type {any} */ (window), host);
  const before = window.begin();
  let from = watch.now();
  window.begin("xmlhttprequest")({ responseStatus: 200 });
  before({ responseStatus: 500 });
  assert.equal(watch.since(from), "stored");
  from = watch.now();
  const fate = watch.since(from);
  window.begin()({ responseStatus: 500 });
  window.tell();
  host.pass(60_000);
  assert.equal(await fate, "unknown");
});

test("is an LMS whose requests nobody sees soon not waited for any more?", async () => {
  const host = new FakeHost();
  const watch = watchRequests(/** @type {any} */ (new NotingWindow()), host);
  for (let n = 0; n < 2; n += 1) {
    const fate = watch.since(watch.now());
    host.pass(1500);
    assert.equal(await fate, "unknown");
  }
  assert.equal(watch.since(watch.now()), "unknown");
  const foreign = { get PerformanceObserver() { throw new DOMException("cross-origin", "SecurityError"); } };
  assert.equal(watchRequests(/** @type {any} */ (foreign), host).since(0), "unknown");
});

test("is a server that hangs waited for longer, where pages before this one sent beacons?", async () => {
  const window = new NotingWindow();
  window.before = [{ initiatorType: "beacon", name: "https://lms.example/commit" }];
  const host = new FakeHost();
  const watch = watchRequests(/** @type {any} */ (window), host);
  const from = watch.now();
  const end = window.begin();
  const fate = watch.since(from);
  host.pass(30_000);
  end({ responseStatus: 504 });
  window.tell();
  assert.equal(await fate, "lost");
});

/** @returns {import("../../../scorm/runtime/work/page.js").TrackedQuestion} */
const ask = (label) => ({ label, points: 1, kind: "single" });
const ASKED = ["q0", "q1"].map(ask);
/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const PAGE = { course: "c", sco: "quiz", kind: "quiz", title: "Quiz", scoring: { mastery: 70 } };
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const RIGHT = { fraction: 1, verdict: "correct", picks: ["a"] };
const SOON = 50;

/**
 * A visit to a page in Moodle after the first click in its tree: each commit goes by a beacon, the
 * API says "true", and the server's `status` decides.
 */
async function visitByBeacon({ prefix, Adapter }, { storage = new FakeStorage() } = {}) {
  const lms = new MoodleLms(prefix);
  const window = new NotingWindow();
  const server = { status: 200, ends: /** @type {(() => void)[]} */ ([]), slow: false, beacons: 0 };
  const commit = lms.api[`${prefix}Commit`];
  lms.api[`${prefix}Commit`] = (...values) => {
    const { status } = server;
    server.beacons += 1;
    const end = window.begin();
    lms.fates = [status === 200 ? "arrives" : "silent"];
    server.ends.push(() => end({ responseStatus: status }));
    return commit(...values);
  };
  const answerAll = async () => {
    for (const end of server.ends.splice(0)) end();
    window.tell();
    await settled();
  };
  const host = new FakeHost();
  const store = new Adapter(lms.api, watchRequests(/** @type {any} */ (window), host));
  const opened = store.open();
  const work = new PageWork(PAGE, ASKED, store, mirrorOf(storage, PAGE, "s1", host), host);
  work.start(opened);
  const pass = async (ms = SOON) => {
    const end = host.time + ms;
    while (host.time < end) {
      host.pass(Math.min(SOON, end - host.time));
      if (!server.slow) await answerAll();
    }
    await settled();
  };
  await pass();
  const answer = async (n) => {
    work.answer(ASKED[n], "a", RIGHT, ["a"]);
    await pass();
  };
  return { lms, work, server, pass, answer, answerAll, text: () => whereText(work.progress) };
}

const VERSIONS = {
  "SCORM 1.2": {
    prefix: "LMS", Adapter: Scorm12, raw: "cmi.core.score.raw",
    statusOf: (stored) => stored["cmi.core.lesson_status"],
  },
  "SCORM 2004": {
    prefix: "", Adapter: Scorm2004, raw: "cmi.score.raw",
    statusOf: (stored) => stored["cmi.success_status"] ?? stored["cmi.completion_status"],
  },
};

for (const [name, version] of Object.entries(VERSIONS)) {
  test(`is a beacon that failed seen, and all of it sent in the same visit (${name})?`, async () => {
    const storage = new FakeStorage();
    const { lms, work, server, pass, answer, text } = await visitByBeacon(version, { storage });
    assert.match(text(), /is recorded/);
    server.status = 502;
    await answer(0);
    assert.match(text(), /not recorded yet.*kept in this browser/);
    await answer(1);
    await pass(60_000);
    assert.match(text(), /not recorded yet/);
    assert.equal(lms.stored[version.raw], undefined);
    server.status = 200;
    await pass(300_000);
    assert.match(text(), /is recorded/);
    assert.equal(Number(lms.stored[version.raw]).toFixed(5), "100.00000");
    assert.equal(decode(lms.stored["cmi.suspend_data"].trim()).answers.size, 2);
    // Moodle never sends again what was in a commit, unless it has changed: the next visit does.
    const [{ interactions }] = copiesIn(storage);
    assert.deepEqual(interactions.map(({ label, lost }) => [label, lost]), [["q0", true], ["q1", true]]);
    work.readToEnd();
    await pass();
    assert.equal(version.statusOf(lms.stored), "passed");
    assert.match(text(), /is recorded/);
  });

  test(`is a result sent by beacon only after a beacon has arrived (${name})?`, async () => {
    const { lms, work, server, pass, answer } = await visitByBeacon(version);
    await answer(0);
    await answer(1);
    server.status = 502;
    work.readToEnd();
    await pass(60_000);
    assert.equal(lms.elements[version.raw === "cmi.score.raw" ? "cmi.success_status" : "cmi.core.lesson_status"]
      === "passed", false);
    server.status = 200;
    await pass(300_000);
    assert.equal(version.statusOf(lms.stored), "passed");
    assert.equal(work.progress.kept, true);
  });
}

test("is nothing called recorded while nobody knows, and later what became of it?", async () => {
  const { work, server, pass, answer, answerAll, text } = await visitByBeacon(VERSIONS["SCORM 1.2"]);
  server.slow = true;
  await answer(0);
  await pass(2000);
  assert.match(text(), /was sent.*not confirmed it yet/);
  await answerAll();
  assert.match(text(), /is recorded/);
  server.status = 502;
  await answer(1);
  await pass(2000);
  await answerAll();
  assert.match(text(), /not recorded yet/);
  assert.equal(work.progress.kept, false);
});

test("is a commit whose request is never noted called sent, and not recorded?", async () => {
  const { server, pass, answer, text } = await visitByBeacon(VERSIONS["SCORM 1.2"]);
  server.slow = true;
  await answer(0);
  await pass(70_000);
  assert.match(text(), /was sent.*not confirmed it yet/);
});

test("does answering cost one beacon, also while the answer is slow?", async () => {
  const { server, pass, answer } = await visitByBeacon(VERSIONS["SCORM 1.2"]);
  const before = server.beacons;
  server.slow = true;
  await answer(0);
  await pass(5000);
  assert.equal(server.beacons, before + 1);
});

test("is the page that goes away while a beacon is under way saved to the end?", async () => {
  const { lms, work, server, answer, answerAll } = await visitByBeacon(VERSIONS["SCORM 1.2"]);
  await answer(0);
  server.slow = true;
  work.readToEnd();
  work.answer(ASKED[1], "a", RIGHT, ["a"]);
  work.visit.left(false);
  await answerAll();
  assert.deepEqual([lms.stored["cmi.core.lesson_status"], lms.stored["cmi.core.score.raw"]],
    ["passed", "100"]);
});
