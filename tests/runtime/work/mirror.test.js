import assert from "node:assert/strict";
import { test } from "node:test";

import { openStore } from "../../../scorm/runtime/launch.js";
import { attemptOf } from "../../../scorm/runtime/state/attempt.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { FakeDatabase, settled } from "../fake-database.js";
import { FakeHost, FakeLms, FakeStorage, fakeWindow } from "../fakes.js";

/** @returns {import("../../../scorm/runtime/work/page.js").TrackedQuestion} */
const ask = (label) => ({ label, points: 1, kind: "single" });

/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const PAGE = { course: "c", sco: "quiz", kind: "quiz", title: "Quiz", scoring: { mastery: 70 } };
const ASKED = ["q0", "q1"].map(ask);
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const RIGHT = { fraction: 1, verdict: "correct", picks: ["a"] };
const SOON = 50;
const DAY = 86_400_000;

/** What a browser keeps of a site; tabs hear of each other where it has `channels`. */
class Site {
  database = new FakeDatabase();
  localStorage = new FakeStorage();
  /** As a window of it. */
  get parts() {
    const { localStorage } = this;
    return { ...this.database.parts, ...localStorage.window, localStorage };
  }
}

/** An LMS in which a student with this id begins, or goes on with what it holds. */
function lmsOf(student, elements = {}) {
  const lms = new FakeLms({ "cmi.core.student_id": student, ...elements });
  return lms;
}

/** The LMS's next launch for the same student: it shows what it has. */
function again(lms) {
  const next = new FakeLms(lms.elements);
  return next;
}

/**
 * A visit of a student to the page, opened as an entry opens it.
 *
 * @param {FakeLms} lms
 * @param {Site|{parts: object}} site
 * @param {{host?: FakeHost}} [options]
 */
async function visit(lms, site, { host = new FakeHost() } = {}) {
  const window = fakeWindow({ API: lms.api, ...site.parts });
  window.parent = window;
  const { place, store, opened, mirror } = await openStore(PAGE, window, host);
  const work = new PageWork(PAGE, ASKED, store, mirror, host);
  work.start(opened);
  mirror.watch(window, () => work.visit.shared(), () => work.visit.tell());
  const pass = async (ms = SOON) => {
    await settled();
    host.pass(ms);
    await settled();
  };
  await pass();
  const answer = async (n) => {
    work.answer(ASKED[n], "a", RIGHT, ["a"]);
    await pass();
  };
  const leave = async () => {
    work.visit.left(false);
    mirror.sleep();
    await settled();
  };
  return { place, work, host, pass, answer, leave, mirror, shown: () => [...work.standing.account.answers.keys()] };
}

/** The server is away: commits fail, and nothing arrives. */
function cut(lms) {
  lms.stored = { ...lms.elements };
  lms.says.Commit = () => "false";
}

/** What has arrived at a server that was away since. */
const arrived = (lms) => new FakeLms(lms.stored);

test("does work outlive a login that clears the site's localStorage?", async () => {
  const site = new Site();
  const lms = lmsOf("s1");
  const first = await visit(lms, site);
  cut(lms);
  await first.answer(0);
  assert.deepEqual([first.work.progress.kept, first.work.progress.copied], [false, true]);
  await first.leave();
  site.localStorage.items.clear();
  const second = await visit(arrived(lms), site);
  assert.deepEqual(second.shown(), ["q0"]);
  assert.equal(second.work.progress.kept, true);
});

test("is a copy gone once the LMS has shown all of it?", async () => {
  const site = new Site();
  const lms = lmsOf("s1");
  const first = await visit(lms, site);
  await first.answer(0);
  await first.leave();
  assert.equal(site.database.items.size, 1);
  await (await visit(again(lms), site)).leave();
  assert.equal(site.database.items.size, 0);
});

for (const named of [true, false]) {
  const who = named ? "where the LMS names them" : "where it names nobody";
  test(`do two students at one browser never see each other's work, ${who}?`, async () => {
    const site = new Site();
    const [anna, ben] = named ? ["anna", "ben"] : ["", ""];
    const lms = lmsOf(anna);
    const first = await visit(lms, site);
    await first.answer(0);
    cut(lms);
    await first.answer(1);
    await first.leave();
    const other = lmsOf(ben);
    const second = await visit(other, site);
    assert.deepEqual([second.shown(), second.work.progress.earlier], [[], false]);
    await second.answer(1);
    await second.leave();
    const third = await visit(again(other), site);
    assert.deepEqual([third.shown(), third.work.progress.earlier], [["q1"], false]);
    await third.leave();
    const back = await visit(arrived(lms), site);
    assert.deepEqual([back.shown(), back.work.progress.earlier], [["q0", "q1"], false]);
  });

  test(`do they not even where both pages are open at once, ${who}?`, async () => {
    const site = new Site();
    const [anna, ben] = named ? ["anna", "ben"] : ["", ""];
    const [one, two] = [await visit(lmsOf(anna), site), await visit(lmsOf(ben), site)];
    await one.answer(0);
    await two.answer(1);
    assert.deepEqual([one.shown(), two.shown()], [["q0"], ["q1"]]);
  });
}

test("is nothing promised to a nameless student before the LMS has shown the attempt?", async () => {
  const site = new Site();
  const lms = lmsOf("");
  const first = await visit(lms, site);
  lms.says.Commit = () => "false";
  await first.answer(0);
  assert.equal(first.work.progress.copied, false);
  await first.leave();
  lms.says = {};
  const second = await visit(again(lms), site);
  lms.says.Commit = () => "false";
  await second.answer(1);
  assert.equal(second.work.progress.copied, true);
});

test("does every state bear the mark of its attempt, the same in all visits to it?", async () => {
  const site = new Site();
  const lms = lmsOf("s1");
  await (await visit(lms, site)).leave();
  const mark = attemptOf(lms.elements["cmi.suspend_data"]);
  assert.match(mark, /^[\w-]{4}$/);
  const next = again(lms);
  await (await visit(next, site)).answer(0);
  assert.equal(attemptOf(next.elements["cmi.suspend_data"]), mark);
  const other = lmsOf("s1");
  await (await visit(other, new Site())).leave();
  assert.notEqual(attemptOf(other.elements["cmi.suspend_data"]), mark);
});

test("is another attempt's copy never used unasked, and gone once the student has decided?", async () => {
  for (const [isWanted, shown] of /** @type {const} */ ([[true, ["q0"]], [false, []]])) {
    const site = new Site();
    const lms = lmsOf("s1");
    const first = await visit(lms, site);
    await first.answer(0);
    await first.leave();
    const attempt = lmsOf("s1");
    const second = await visit(attempt, site);
    assert.deepEqual([second.shown(), second.work.progress.earlier], [[], true]);
    await second.leave();
    const resumed = again(attempt);
    const third = await visit(resumed, site);
    assert.equal(third.work.progress.earlier, true, "until the student has decided");
    third.work.visit.decideEarlier(isWanted);
    await third.pass();
    assert.deepEqual([third.shown(), third.work.progress.earlier], [shown, false]);
    await third.leave();
    assert.equal(resumed.elements["cmi.interactions.0.id"], isWanted ? "q0" : undefined);
    const fourth = await visit(again(resumed), site);
    assert.deepEqual([fourth.shown(), fourth.work.progress.earlier], [shown, false]);
    await fourth.leave();
    assert.equal(site.database.items.size, 0);
  }
});

test("is work that never arrived offered where the student has gone on elsewhere?", async () => {
  const site = new Site();
  const lms = lmsOf("s1");
  cut(lms);
  const first = await visit(lms, site);
  await first.answer(0);
  await first.leave();
  const elsewhere = lmsOf("s1");
  const second = await visit(elsewhere, new Site());
  await second.answer(1);
  await second.leave();
  const third = await visit(again(elsewhere), site);
  assert.deepEqual([third.shown(), third.work.progress.earlier], [["q1"], true]);
  third.work.visit.decideEarlier(true);
  assert.deepEqual(third.shown(), ["q1", "q0"]);
});

test("do copies that nobody has touched for half a year go, and no younger ones?", async () => {
  const site = new Site();
  const leaveWork = async (page, days) => {
    const lms = lmsOf(page);
    cut(lms);
    const host = new FakeHost();
    host.clock -= days * DAY;
    const visited = await visit(lms, site, { host });
    await visited.answer(0);
    await visited.leave();
  };
  await leaveWork("old", 181);
  await leaveWork("young", 179);
  // A clock that was never set.
  await leaveWork("lost in time", 20_000);
  await (await visit(lmsOf("s1"), site)).leave();
  const owners = site.database.copies.map(({ place }) => place[2].replace("student ", ""));
  assert.deepEqual(owners.filter((it) => it !== "s1"), ["young", "lost in time"]);
});

test("do tabs learn of each other's answers, and lose none that they give at once?", async () => {
  const site = new Site();
  const [left, right] = [lmsOf("s1"), lmsOf("s1")];
  const one = await visit(left, site);
  const two = await visit(right, site);
  await one.answer(0);
  assert.deepEqual(two.shown(), ["q0"]);
  two.work.answer(ASKED[1], "a", RIGHT, ["a"]);
  one.work.answer(ASKED[0], "a", RIGHT, ["a"]);
  await two.pass();
  await one.pass();
  const [{ state }] = site.database.copies;
  for (const tab of [one, two]) assert.deepEqual(tab.shown().sort(), ["q0", "q1"]);
  assert.equal(site.database.items.size, 1);
  left.elements = {};
  const next = await visit(lmsOf("s1", { "cmi.suspend_data": `2.~${attemptOf(state)}` }), site);
  assert.deepEqual(next.shown().sort(), ["q0", "q1"]);
});

test("do tabs that cannot hear each other lose no answer from the copy?", async () => {
  const site = new Site();
  const deaf = { get parts() { return { ...site.database.parts }; } };
  const one = await visit(lmsOf("s1"), deaf);
  const two = await visit(lmsOf("s1"), deaf);
  await one.answer(0);
  await two.answer(1);
  assert.deepEqual(two.shown().sort(), ["q0", "q1"]);
});

test("do two tabs give their reports numbers of their own, each tab sending all?", async () => {
  const site = new Site();
  const [left, right] = [lmsOf("s1"), lmsOf("s1")];
  const [one, two] = [await visit(left, site), await visit(right, site)];
  for (let turn = 0; turn < 3; turn += 1) {
    await one.answer(0);
    await two.answer(1);
  }
  const ids = (lms) => [0, 1, 2, 3, 4, 5].map((n) => lms.elements[`cmi.interactions.${n}.id`]);
  assert.deepEqual(ids(right), ["q0", "q1", "q0", "q1", "q0", "q1"]);
  await one.answer(0);
  assert.deepEqual(ids(left), ["q0", "q1", "q0", "q1", "q0", "q1"]);
});

test("do they, where both answer at the same moment?", async () => {
  const site = new Site();
  const [left, right] = [lmsOf("s1"), lmsOf("s1")];
  const [one, two] = [await visit(left, site), await visit(right, site)];
  one.work.answer(ASKED[0], "a", RIGHT, ["a"]);
  two.work.answer(ASKED[1], "a", RIGHT, ["a"]);
  one.host.pass(SOON);
  two.host.pass(SOON);
  for (let turn = 0; turn < 3; turn += 1) {
    await one.pass();
    await two.pass();
  }
  await two.answer(1);
  const told = right.elements;
  assert.deepEqual([0, 1, 2].map((n) => told[`cmi.interactions.${n}.id`]).sort(), ["q0", "q1", "q1"]);
});

/** Ways for a browser to keep nothing; what the student then hears of a save that fails. */
const WAYS = {
  "no database": { way: "absent", kept: "in localStorage" },
  "a database that throws": { way: "throws", kept: "in localStorage" },
  "a database that refuses": { way: "refuses", kept: "in localStorage" },
  "a database that is full": { way: "full", kept: "nowhere" },
  "a database that is closing": { way: "closed", kept: "nowhere" },
  "a database that stops answering": { way: "hangs", kept: "nowhere" },
};

for (const [what, { way, kept }] of Object.entries(WAYS)) {
  test(`does a page with ${what} work, and promise nothing?`, async () => {
    const site = new Site();
    const host = new FakeHost();
    const lms = lmsOf("s1");
    const isLater = ["full", "closed", "hangs"].includes(way);
    if (!isLater) site.database.way = way;
    const first = await visit(lms, site, { host });
    if (isLater) site.database.way = way;
    lms.says.Commit = () => "false";
    await first.answer(0);
    await first.pass(1000);
    const { copied, copying } = first.work.progress;
    assert.deepEqual([copied, copying], [false, false]);
    assert.equal(site.localStorage.items.size, kept === "in localStorage" ? 1 : 0);
  });
}

test("is a copy in localStorage used, where nothing has cleared it?", async () => {
  const site = new Site();
  site.database.way = "absent";
  const lms = lmsOf("s1");
  cut(lms);
  const first = await visit(lms, site);
  await first.answer(0);
  await first.leave();
  assert.deepEqual((await visit(arrived(lms), site)).shown(), ["q0"]);
});

for (const [what, localStorage] of /** @type {const} */ ([["null", null], ["that throws", undefined]])) {
  test(`does a page work with a localStorage ${what}, and no database?`, async () => {
    const parts = {
      get localStorage() {
        if (localStorage === null) return null;
        throw new DOMException("denied", "SecurityError");
      },
    };
    const lms = lmsOf("s1");
    const window = fakeWindow(parts);
    Object.assign(window, { API: lms.api });
    const { place, store, opened, mirror } = await openStore(PAGE, window, new FakeHost());
    const work = new PageWork(PAGE, ASKED, store, mirror, new FakeHost());
    work.start(opened);
    work.answer(ASKED[0], "a", RIGHT, ["a"]);
    assert.deepEqual([place, work.progress.copied, work.progress.answered], ["lms", false, 1]);
  });
}

test("does a page wait no longer than a second for a database, and take in what comes late?", async () => {
  const site = new Site();
  const lms = lmsOf("s1");
  const first = await visit(lms, site);
  await first.answer(0);
  cut(lms);
  await first.answer(1);
  await first.leave();
  site.database.way = "silent";
  const host = new FakeHost();
  let second = null;
  const opening = visit(arrived(lms), site, { host }).then((it) => (second = it));
  await settled();
  host.pass(900);
  await settled();
  assert.equal(second, null);
  host.pass(100);
  await opening;
  assert.deepEqual([second.shown(), second.work.progress.copied], [["q0"], false]);
  site.database.answer();
  await second.pass();
  assert.deepEqual([second.shown(), second.work.progress.copied], [["q0", "q1"], true]);
});

test("is a copy never called kept before the database has said so?", async () => {
  const site = new Site();
  const lms = lmsOf("s1");
  const { work } = await visit(lms, site);
  const told = [];
  work.visit.onChange(({ copied, copying }) => told.push([copied, copying]));
  work.answer(ASKED[0], "a", RIGHT, ["a"]);
  assert.deepEqual(told.at(-1), [false, true]);
  await settled();
  assert.deepEqual(told.at(-1), [true, false]);
});
