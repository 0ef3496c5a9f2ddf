import assert from "node:assert/strict";
import { test } from "node:test";

import { launch, openStore } from "../../scorm/runtime/launch.js";
import { NOTHING } from "../../scorm/runtime/lms/local.js";
import { readPage } from "../../scorm/runtime/view/facts.js";
import { whereText } from "../../scorm/runtime/view/note.js";
import { FakeDatabase, settled } from "./fake-database.js";
import { FakeHost, FakeLms, FakeStorage, fakeWindow } from "./fakes.js";

Object.assign(globalThis, { MutationObserver: class { observe() {} } });

const PAGE = { course: "c", sco: "docs.welcome", kind: "lesson", title: "Welcome" };

function open(lms, storage = new FakeStorage()) {
  return openStore(PAGE, fakeWindow({ API: lms?.api, localStorage: storage }));
}

test("is work kept by an LMS that launched this page, or does not say what it launched?", async () => {
  assert.equal((await open(new FakeLms({ "cmi.launch_data": "docs.welcome" }))).place, "lms");
  assert.equal((await open(new FakeLms())).place, "lms");
});

test("is nothing sent into the session of another SCO, not even its end?", async () => {
  const lms = new FakeLms({ "cmi.launch_data": "docs.other" });
  const { place, store, inLms } = await open(lms);
  assert.deepEqual([place, inLms], ["foreign", true]);
  await store.save({ status: "completed", score: 1, state: "", position: "", elapsed: 0 }, []);
  store.close();
  assert.deepEqual(lms.calls, [["Initialize", ""]]);
});

test("does the browser keep the work where the LMS refuses, or where there is none?", async () => {
  const lms = new FakeLms();
  lms.says = { Initialize: () => "false", GetLastError: () => "101" };
  assert.equal((await open(lms)).place, "refused");
  assert.equal((await open(null)).place, "browser");
});

test("does a page work in a browser that forbids storing, and a full or damaged store?", async () => {
  const forbidden = {
    get localStorage() {
      throw new DOMException("denied", "SecurityError");
    },
  };
  const { place, store, opened } = await openStore(PAGE, fakeWindow(forbidden));
  assert.deepEqual([place, opened.state], ["nowhere", ""]);
  /** @type {import("../../scorm/runtime/lms/store.js").Snapshot} */
  const snapshot = { status: "incomplete", score: null, state: "", position: "", elapsed: 0 };
  assert.equal(store.save(snapshot, []), false);

  const damaged = new FakeStorage();
  damaged.items.set("scorm:c:docs.welcome", "{not json");
  damaged.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const second = await open(null, damaged);
  assert.deepEqual([second.place, second.opened.state], ["browser", ""]);
  assert.equal(second.store.save(snapshot, []), false);
});

test("is a page that is not tracked left alone?", () => {
  const document = /** @type {any} */ ({ getElementById: () => null });
  assert.equal(readPage(document), null);
});

/** A visit as an entry begins it. */
async function begin(lms, parts = {}) {
  const host = new FakeHost();
  const database = new FakeDatabase();
  const window = fakeWindow({
    API: lms.api, ...database.parts, addEventListener() {}, document: {
      addEventListener() {}, documentElement: { dataset: {} }, querySelectorAll: () => [], body: {},
    }, ...parts,
  });
  const page = { ...PAGE, sco: "quiz", kind: "quiz", scoring: { mastery: 70 } };
  const asked = ["q0", "q1"].map((label) => ({ label, points: 1, kind: "single" }));
  const { work, start } = await launch(/** @type {any} */ (page), /** @type {any} */ (asked), window, host);
  start();
  const pass = async (ms = 50) => {
    await settled();
    host.pass(ms);
    await settled();
  };
  const answer = async (n) => {
    work.answer(/** @type {any} */ (asked[n]), "a", { fraction: 1, verdict: "correct", picks: ["a"] }, ["a"]);
    await pass();
  };
  await pass();
  return { work, host, database, pass, answer };
}

test("is work recorded that was done before an LMS began to record?", async () => {
  const held = { "cmi.interactions._count": "1", "cmi.interactions.0.id": "q9" };
  const lms = new FakeLms(held);
  lms.says = { Initialize: () => "false", GetLastError: () => "301" };
  const { work, database, pass, answer } = await begin(lms);
  await answer(0);
  assert.match(whereText(work.progress), /not recording this page.*will be tried again/);
  assert.deepEqual([work.progress.place, database.items.size, lms.sets], ["refused", 0, []]);
  lms.says = {};
  await pass(60_000);
  await pass();
  assert.equal(whereText(work.progress), "Your work is recorded in your learning platform.");
  assert.equal(lms.elements["cmi.core.score.raw"], "50");
  const ids = [0, 1].map((n) => lms.elements[`cmi.interactions.${n}.id`]);
  assert.deepEqual(ids, ["q9", "q0"]);
  await answer(1);
  assert.deepEqual([lms.elements["cmi.core.score.raw"], database.items.size], ["100", 1]);
});

test("does an LMS that begins late keep what it held, and is another page's session left alone?", async () => {
  const before = new FakeLms();
  const first = await begin(before);
  await first.answer(0);
  const lms = new FakeLms(before.elements);
  lms.says = { Initialize: () => "false", GetLastError: () => "301" };
  const { work, pass, answer } = await begin(lms);
  await answer(1);
  lms.says = {};
  await pass(60_000);
  await pass();
  assert.deepEqual([work.progress.answered, lms.elements["cmi.core.score.raw"]], [2, "100"]);

  const other = new FakeLms({ "cmi.launch_data": "docs.other" });
  other.says = { Initialize: () => "false", GetLastError: () => "301" };
  const lost = await begin(other);
  other.says = {};
  await lost.answer(0);
  await lost.pass(60_000);
  assert.deepEqual([lost.work.progress.place, other.sets], ["refused", []]);
});

test("is the student asked where a player said that it had the work, and shows nothing?", async () => {
  const lms = new FakeLms();
  const database = new FakeDatabase();
  const first = await begin(lms, database.parts);
  await first.answer(0);
  assert.match(whereText(first.work.progress), /is recorded/);
  const { work } = await begin(new FakeLms(), database.parts);
  assert.deepEqual([work.progress.answered, work.progress.earlier], [0, true]);
});

test("is nothing called recorded by a player that gives nothing back within the visit?", async () => {
  const lms = new FakeLms();
  lms.says.GetValue = (element) => (element === "cmi.suspend_data" ? "" : undefined);
  const { work, answer } = await begin(lms);
  await answer(0);
  assert.match(whereText(work.progress), /was sent.*not confirmed it yet/);
});

test("does a page in the shell show choices in the order of the shell's student?", async () => {
  const storeFor = () => ({ open: () => NOTHING, save: () => true });
  const shell = { seed: "s1", facts: () => ({ place: "lms" }), listen() {}, storeFor };
  const window = fakeWindow({ parent: { scormShell: shell } });
  const { shell: found, seed } = await openStore({ course: "c", sco: "p" }, window);
  assert.deepEqual([found, seed], [shell, "s1"]);
});
