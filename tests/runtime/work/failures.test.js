import assert from "node:assert/strict";
import { test } from "node:test";

import { Local } from "../../../scorm/runtime/lms/local.js";
import { whereText } from "../../../scorm/runtime/view/note.js";
import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { Scorm2004 } from "../../../scorm/runtime/lms/scorm2004.js";
import { decode } from "../../../scorm/runtime/state/page.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { FakeHost, FakeLms, FakeStorage, MoodleLms, copiesIn, listen, mirrorOf } from "../fakes.js";

/** @returns {import("../../../scorm/runtime/work/page.js").TrackedQuestion} */
const ask = (label) => ({ label, points: 1, kind: "single" });

/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const PAGE = { course: "c", sco: "quiz", kind: "quiz", title: "Quiz", scoring: { mastery: 70 } };
const ASKED = ["q0", "q1"].map(ask);
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const RIGHT = { fraction: 1, verdict: "correct", picks: ["a"] };
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const WRONG = { fraction: 0, verdict: "wrong", picks: ["b"] };
const SOON = 50;

/**
 * One visit of a student, in the browser that holds `storage`.
 *
 * @param {FakeLms} lms
 * @param {FakeStorage} storage
 * @param {{Adapter?: typeof Scorm12|typeof Scorm2004, student?: string, page?: typeof PAGE}} options
 */
function visit(lms, storage, { Adapter = Scorm12, student = "s1", page = PAGE } = {}) {
  const host = new FakeHost();
  const store = new Adapter(lms.api);
  const opened = store.open();
  const mirror = mirrorOf(storage, PAGE, student, host);
  const work = new PageWork(page, ASKED, store, mirror, host);
  work.start(opened);
  listen(storage, mirror, work);
  host.pass(SOON);
  const answer = (n, grade = RIGHT) => {
    work.answer(ASKED[n], grade.picks[0], grade, ["a"]);
    host.pass(SOON);
  };
  return { work, host, answer };
}

function fail() {
  throw new Error("gone");
}

/** Ways for a commit to fail; what the LMS holds is then as if it had never been called. */
const FAILURES = {
  "a commit that says false (500, dropped)": (lms) => (lms.says.Commit = () => "false"),
  "a commit that throws": (lms) => (lms.says.Commit = fail),
  "a commit that gives a login page": (lms) => (lms.says.Commit = () => "<!DOCTYPE html>"),
  "an error after the commit": (lms) => (lms.says.GetLastError = () => lms.errors.commit),
  "values refused": (lms) => (lms.says.SetValue = () => "false"),
  "a state cut short": (lms) => {
    lms.says.GetValue = (name) => (name === "cmi.suspend_data" ? "2.cut" : undefined);
  },
  "an API that vanishes": (lms) => {
    for (const name of Object.keys(lms.api)) delete lms.api[name];
  },
  "an API whose window is gone": (lms) => {
    for (const name of Object.keys(lms.api)) lms.api[name] = fail;
  },
};

for (const [way, begin] of Object.entries(FAILURES)) {
  for (const [prefix, Adapter] of /** @type {const} */ ([["LMS", Scorm12], ["", Scorm2004]])) {
    test(`${way} (${Adapter.name}): is the student told, and the answer there next time?`, () => {
      const lms = new MoodleLms(prefix);
      const storage = new FakeStorage();
      const first = visit(lms, storage, { Adapter });
      begin(lms);
      first.answer(0);
      const { progress } = first.work;
      assert.equal(progress.kept, false);
      assert.match(whereText(progress), /not recorded yet.*kept in this browser/);
      first.work.visit.left(false);
      const next = lms.again();
      const second = visit(next, storage, { Adapter });
      assert.equal(second.work.progress.answered, 1);
      assert.equal(second.work.progress.kept, true);
      assert.equal(next.stored[prefix ? "cmi.core.score.raw" : "cmi.score.raw"], "50");
      assert.equal(next.stored["cmi.interactions.0.id"], "q0");
      second.work.visit.left(false);
      visit(next.again(), storage, { Adapter }).work.visit.left(false);
      assert.equal(storage.items.size, 0);
    });
  }
}

test("does a save after a failed one bring what Moodle believes to have sent?", () => {
  const lms = new MoodleLms("LMS");
  const { answer, host } = visit(lms, new FakeStorage());
  lms.says.Commit = () => lms.lose();
  answer(0);
  lms.says = {};
  host.pass(15_000);
  assert.equal(Number(lms.stored["cmi.core.score.raw"]).toFixed(2), "50.00");
  assert.equal(decode(lms.stored["cmi.suspend_data"].trim()).answers.size, 1);
});

test("does a student with a full browser and a failing LMS hear to keep the page open?", () => {
  const storage = new FakeStorage();
  const lms = new MoodleLms("LMS");
  const { work, answer } = visit(lms, storage);
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  lms.says.Commit = () => "false";
  answer(0);
  assert.match(whereText(work.progress), /Keep this page open/);
});

test("does a login page that passes for success lose nothing before a visit has proved it?", () => {
  const lms = new MoodleLms("LMS");
  const storage = new FakeStorage();
  const first = visit(lms, storage);
  lms.says.Commit = () => (lms.lose(), "true");
  first.answer(0);
  first.work.visit.left(false);
  const second = visit(lms.again(), storage);
  const { answered, earlier } = second.work.progress;
  assert.deepEqual([answered, earlier], [1, false]);
});

test("does work that an LMS only says to have stay in this browser until a visit reads it back?", () => {
  const lms = new MoodleLms("LMS");
  const storage = new FakeStorage();
  const first = visit(lms, storage);
  lms.says.Commit = () => (lms.lose(), "true");
  first.answer(0);
  // What the LMS shows within the visit is the page's own: nobody can know, so nobody is told.
  assert.equal(first.work.progress.kept, true);
  assert.equal(lms.api.LMSGetValue("cmi.core.score.raw"), "50");
  assert.equal(lms.stored["cmi.core.score.raw"], undefined);
  lms.says = {};
  first.work.answer(ASKED[1], "b", { fraction: 0, verdict: "wrong", picks: ["b"] }, ["a"]);
  first.host.pass(SOON);
  assert.equal(lms.stored["cmi.core.score.raw"], undefined, "Moodle sends it once");
  first.work.visit.left(false);
  assert.equal(storage.items.size, 1);
  const second = visit(lms.again(), storage);
  assert.equal(second.work.progress.answered, 2);
  second.work.visit.left(false);
  assert.equal(storage.items.size, 0, "the state was read back");
});

test("does the next visit send what matters again, whatever was said to be there?", () => {
  const lms = new MoodleLms("LMS");
  const storage = new FakeStorage();
  const first = visit(lms, storage);
  lms.says.Commit = () => (lms.lose(), "true");
  first.answer(0);
  first.work.visit.left(false);
  const next = lms.again();
  visit(next, storage);
  assert.equal(next.stored["cmi.core.score.raw"], "50");
  assert.equal(next.stored["cmi.interactions.0.id"], "q0");
});

test("is a new attempt told from lost work, by asking the student?", () => {
  for (const [isWanted, answered] of /** @type {const} */ ([[true, 1], [false, 0]])) {
    const storage = new FakeStorage();
    const first = visit(new MoodleLms("LMS"), storage);
    first.answer(0);
    first.work.visit.left(false);
    const { work } = visit(new MoodleLms("LMS"), storage);
    assert.deepEqual([work.progress.answered, work.progress.earlier], [0, true]);
    work.visit.decideEarlier(isWanted);
    assert.deepEqual([work.progress.answered, work.progress.earlier], [answered, false]);
  }
});

for (const [keep, score] of /** @type {const} */ ([["last", 50], ["best", 100]])) {
  test(`does a later wrong answer to earlier work count as the course says (${keep})?`, () => {
    const page = { ...PAGE, scoring: { ...PAGE.scoring, keep } };
    const storage = new FakeStorage();
    const first = visit(new MoodleLms("LMS"), storage, { page });
    first.answer(0);
    first.answer(1);
    first.work.visit.left(false);
    const lms = new MoodleLms("LMS");
    const second = visit(lms, storage, { page });
    second.work.visit.decideEarlier(true);
    second.host.pass(SOON);
    assert.equal(Number(lms.stored["cmi.core.score.raw"]), 100);
    second.answer(0, WRONG);
    assert.equal(Number(lms.stored["cmi.core.score.raw"]), score);
  });

  test(`does one to work that no commit brought to the LMS (${keep})?`, () => {
    const page = { ...PAGE, scoring: { ...PAGE.scoring, keep } };
    const storage = new FakeStorage();
    const lms = new MoodleLms("LMS");
    lms.rest = "lost";
    const first = visit(lms, storage, { page });
    first.answer(0);
    first.answer(1);
    const next = lms.again();
    visit(next, storage, { page }).answer(0, WRONG);
    assert.equal(Number(next.stored["cmi.core.score.raw"]), score);
  });
}

test("is the page told which answers came from elsewhere, and of none that it shows already?", () => {
  const storage = new FakeStorage();
  const first = visit(new MoodleLms("LMS"), storage);
  first.answer(0);
  first.work.visit.left(false);
  const { work, answer } = visit(new MoodleLms("LMS"), storage);
  const told = [];
  work.onRestore((labels) => told.push(...labels));
  answer(1);
  assert.deepEqual(told, []);
  work.visit.decideEarlier(true);
  assert.deepEqual(told, ["q0"]);
});

test("does work in a new attempt leave the earlier work to decide about?", () => {
  const storage = new FakeStorage();
  visit(new MoodleLms("LMS"), storage).answer(0);
  const lms = new MoodleLms("LMS");
  const second = visit(lms, storage);
  second.answer(1);
  second.work.visit.left(false);
  const { work } = visit(lms.again(), storage);
  assert.deepEqual([work.progress.answered, work.progress.earlier], [1, true]);
  work.visit.decideEarlier(true);
  assert.equal(work.progress.answered, 2);
});

test("does another student at the same machine get nothing of it?", () => {
  const storage = new FakeStorage();
  const lms = new MoodleLms("LMS");
  const first = visit(lms, storage);
  lms.says.Commit = () => "false";
  first.answer(0);
  const { work } = visit(new MoodleLms("LMS"), storage, { student: "s2" });
  assert.equal(work.progress.answered, 0);
});

test("do two tabs with the same page lose no answer, whichever saves last?", () => {
  const storage = new FakeStorage();
  const [left, right] = [new MoodleLms("LMS"), new MoodleLms("LMS")];
  right.stored = left.stored;
  const one = visit(left, storage);
  const two = visit(right, storage);
  one.answer(0);
  two.answer(1);
  assert.equal(two.work.progress.answered, 2);
  assert.deepEqual([one.work.progress.answered, one.work.progress.score], [2, 100]);
  one.work.visit.left(false);
  assert.equal(visit(left.again(), new FakeStorage()).work.progress.score, 100);
});

test("do two tabs stop talking once both know all?", () => {
  const storage = new FakeStorage();
  const [one, two] = [visit(new MoodleLms("LMS"), storage), visit(new MoodleLms("LMS"), storage)];
  let writes = 0;
  const { setItem } = storage;
  storage.setItem = (...values) => {
    writes += 1;
    setItem(...values);
  };
  one.answer(0);
  const before = writes;
  for (let turn = 0; turn < 5; turn += 1) {
    for (const { host } of [two, one]) host.pass(SOON);
  }
  assert.ok(writes <= before + 2, `${before} ${writes}`);
});

test("does answering cost the same calls and bytes at the first and the fortieth answer?", () => {
  const lms = new FakeLms();
  const { answer } = visit(lms, new FakeStorage());
  const costs = [];
  for (let n = 0; n < 40; n += 1) {
    lms.forget();
    answer(0);
    costs.push([lms.calls.length, JSON.stringify(lms.calls).length]);
  }
  const [calls, bytes] = costs[1];
  assert.ok(costs.slice(1).every(([count]) => count === calls));
  assert.ok(costs.slice(1).every(([, size]) => size < bytes + 20), JSON.stringify(costs));
});

const TYPED = "é".repeat(255);

/** A student types so many answers, by default of the longest kind. */
function type({ work, host }, count, text = TYPED) {
  for (let n = 0; n < count; n += 1) {
    work.answer({ ...ASKED[n % 2], kind: "text" }, text, RIGHT, [text, "a", "b", "c"]);
    host.pass(SOON);
  }
}

const idsIn = (elements) => Object.keys(elements).filter((name) => /s\.\d+\.id$/.test(name)).length;

test("is work that piled up while offline sent in the same visit, in no commit too large?", () => {
  const lms = new MoodleLms("LMS");
  const student = visit(lms, new FakeStorage());
  lms.says.SetValue = () => "false";
  type(student, 100);
  lms.says = {};
  student.host.pass(600_000);
  assert.ok(lms.largest.elements > 30 && lms.largest.elements < 900, String(lms.largest.elements));
  assert.ok(lms.largest.bytes < 60_000, String(lms.largest.bytes));
  assert.equal(idsIn(lms.stored), 100);
});

test("do all of three hundred answers get there in their visit, and the copy stay small?", () => {
  const lms = new MoodleLms("LMS");
  const storage = new FakeStorage();
  type(visit(lms, storage), 300);
  assert.equal(idsIn(lms.stored), 300);
  const [{ interactions }] = copiesIn(storage);
  assert.ok(interactions.length <= 100, String(interactions.length));
  const next = lms.again();
  visit(next, storage);
  assert.equal(idsIn(next.stored), 300);
});

test("does an LMS that posts everything, in requests of limited size, get less in a visit?", () => {
  const lms = new FakeLms();
  lms.api.settings = { useAsynchronousCommits: true };
  const storage = new FakeStorage();
  type(visit(lms, storage), 100, "map");
  const sent = new URLSearchParams(Object.entries(lms.elements));
  assert.ok(String(sent).length < 60_000 && sent.size < 900);
  assert.equal(lms.elements["cmi.core.score.raw"], "100");
  const before = idsIn(lms.elements);
  assert.ok(before > 10 && before < 100, String(before));
  const next = new FakeLms({ ...lms.elements, "cmi.interactions._count": String(before) });
  visit(next, storage).host.pass(1000);
  assert.equal(idsIn(next.elements), 100);
});

test("does a clock that is set back leave times in order, and the time spent right?", () => {
  const lms = new FakeLms({}, "");
  const { answer, host, work } = visit(lms, new FakeStorage(), { Adapter: Scorm2004 });
  answer(0);
  host.clock -= 86_400_000;
  host.pass(60_000);
  answer(1);
  work.visit.left(false);
  const [first, second] = [0, 1].map((n) => lms.elements[`cmi.interactions.${n}.timestamp`]);
  assert.ok(second >= first, `${first} ${second}`);
  assert.match(lms.elements["cmi.session_time"], /^PT1M0\.\d+S$/);
});

test("is nothing sent or copied where the LMS only lets the page be looked at?", () => {
  const lms = new FakeLms({ "cmi.core.lesson_mode": "browse" });
  const storage = new FakeStorage();
  const { answer, work } = visit(lms, storage);
  answer(0);
  assert.deepEqual([lms.sets, storage.items.size], [[], 0]);
  assert.equal(work.progress.kept, true);
});

test("is a report sent again where the page was gone before its answer came?", async () => {
  const storage = new FakeStorage();
  /** A store that has the state at once, and of whose reports nobody hears. */
  const open = (state, save) => {
    const host = new FakeHost();
    const mirror = mirrorOf(storage, PAGE, "s1", host);
    const store = { open: () => null, save, wake() {}, close() {} };
    const work = new PageWork(PAGE, ASKED, store, mirror, host);
    work.start({
      status: "incomplete", score: null, mastery: 70, state, interactions: null, launchData: "",
    });
    host.pass(SOON);
    return { work, host };
  };
  let held = "";
  const first = open("", (snapshot) => {
    held = snapshot.state;
    return new Promise(() => {});
  });
  first.work.answer(ASKED[0], "a", RIGHT, ["a"]);
  first.work.visit.left(false);
  const told = [];
  const again = open(held, (snapshot, interactions) => {
    told.push(...interactions.map(({ label }) => label));
    return true;
  });
  again.host.pass(SOON);
  assert.deepEqual(told, ["q0"]);
  const third = open(held, (snapshot, interactions) => {
    told.push(...interactions.map(({ label }) => label));
    return true;
  });
  third.host.pass(SOON);
  assert.deepEqual(told, ["q0"]);
});

test("does a reader without an LMS come back to the place in the page?", () => {
  const storage = new FakeStorage();
  const open = () => {
    const host = new FakeHost();
    const mirror = mirrorOf(storage, PAGE, "", host);
    const store = new Local(mirror);
    const work = new PageWork(PAGE, ASKED, store, mirror, host);
    work.start(store.open());
    return { work, host };
  };
  const first = open();
  first.work.moved("part@50");
  first.host.pass(10_000);
  assert.equal(open().work.returnTo, "part@50");
});
