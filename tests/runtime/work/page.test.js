import assert from "node:assert/strict";
import { test } from "node:test";

import { Local } from "../../../scorm/runtime/lms/local.js";
import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { placeOf, slideAt, slideKeys } from "../../../scorm/runtime/state/slides.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { FakeHost, FakeLms, FakeStorage, mirrorOf } from "../fakes.js";

const scoring = { mastery: 70 };
/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const QUIZ = { course: "c", sco: "quiz", kind: "quiz", title: "Quiz", scoring };
/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const LESSON = { course: "c", sco: "lesson", kind: "lesson", title: "Lesson", scoring };
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const RIGHT = { fraction: 1, verdict: "correct", picks: ["a"] };
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const HALF = { fraction: 0.5, verdict: "partly", picks: ["a"] };
/** @type {import("../../../scorm/runtime/view/grade.js").Grade} */
const WRONG = { fraction: 0, verdict: "wrong", picks: ["b"] };

/** Longer than the browser is given to draw before a commit. */
const SOON = 50;

/** @returns {import("../../../scorm/runtime/work/page.js").TrackedQuestion[]} */
function questions(...points) {
  return points.map((it, n) => ({ label: `q${n}`, points: it, kind: "single" }));
}

/** One visit to a page in an LMS, with a browser's storage of its own. */
function visit(page, asked, lms = new FakeLms(), host = new FakeHost()) {
  const store = new Scorm12(lms.api);
  const opened = store.open();
  const mirror = mirrorOf(new FakeStorage(), page, "s1", host);
  const work = new PageWork(page, asked, store, mirror, host);
  work.start(opened);
  host.pass(SOON);
  const answer = (n, grade) => {
    work.answer(asked[n], grade.picks[0], grade, ["a"]);
    host.pass(SOON);
  };
  const read = () => {
    work.readToEnd();
    host.pass(SOON);
  };
  return { work, lms, host, answer, read };
}

const status = (lms) => lms.elements["cmi.core.lesson_status"];
const raw = (lms) => lms.elements["cmi.core.score.raw"];

test("is an opened page incomplete, committed once, and without a score?", () => {
  const { lms } = visit(QUIZ, questions(1));
  assert.equal(status(lms), "incomplete");
  assert.equal(lms.elements["cmi.core.exit"], "suspend");
  assert.equal(raw(lms), undefined);
  assert.equal(lms.count("Commit"), 1);
});

test("is a lesson completed when it was read and all answered, whatever the order and score?", () => {
  for (const order of [["read", "answer"], ["answer", "read"]]) {
    const { read, lms, answer } = visit(LESSON, questions(1));
    const steps = { read, answer: () => answer(0, WRONG) };
    steps[order[0]]();
    assert.equal(status(lms), "incomplete");
    steps[order[1]]();
    assert.equal(status(lms), "completed");
    assert.equal(raw(lms), "0");
  }
});

test("does a page without questions complete without a score?", () => {
  const { read, lms } = visit(LESSON, []);
  read();
  assert.equal(status(lms), "completed");
  assert.ok(!lms.sets.some((name) => name.includes("score")));
});

test("is an old score not sent again for a page that lost its questions?", () => {
  const { lms } = visit(LESSON, [], new FakeLms({ "cmi.core.score.raw": "50" }));
  assert.ok(!lms.sets.some((name) => name.includes("score")));
});

test("is a quiz passed or failed by the mastery score, at its edge too?", () => {
  const cases = [
    [[7, 3], "passed", "70"],
    [[69.99, 30.01], "failed", "69.99"],
  ];
  for (const [points, expected, score] of cases) {
    const { read, lms, answer } = visit(QUIZ, questions(...points));
    read();
    answer(0, RIGHT);
    assert.equal(status(lms), "incomplete");
    answer(1, WRONG);
    assert.deepEqual([status(lms), raw(lms)], [expected, score]);
  }
});

test("is the mastery score of the LMS the one that counts, also on a lesson?", () => {
  const lms = new FakeLms({ "cmi.student_data.mastery_score": "90" });
  const { read, answer } = visit(LESSON, questions(8, 2), lms);
  read();
  answer(0, RIGHT);
  answer(1, WRONG);
  assert.equal(status(lms), "failed");
  answer(1, RIGHT);
  assert.equal(status(lms), "passed");
});

test("does the best answer count, and is a better score never lowered?", () => {
  const { lms, answer } = visit(LESSON, questions(2, 2));
  answer(0, HALF);
  assert.equal(raw(lms), "25");
  answer(0, RIGHT);
  answer(0, WRONG);
  assert.equal(raw(lms), "50");
});

test("does the LMS keep a better score and status than this page can know of?", () => {
  const lms = new FakeLms({ "cmi.core.lesson_status": "passed", "cmi.core.score.raw": "90",
    "cmi.suspend_data": "damaged" });
  const { answer } = visit(QUIZ, questions(1), lms);
  answer(0, WRONG);
  assert.deepEqual([status(lms), raw(lms)], ["passed", "90"]);
});

test("is a quiz that an LMS failed half way incomplete again when the student returns?", () => {
  const lms = new FakeLms();
  const asked = questions(1, 1, 1, 1);
  const first = visit(QUIZ, asked, lms);
  first.answer(0, RIGHT);
  first.work.visit.left(false);
  lms.elements["cmi.core.lesson_status"] = "failed";
  const second = visit(QUIZ, asked, lms);
  assert.equal(status(lms), "incomplete");
  assert.equal(second.work.progress.answered, 1);
});

test("does completion survive an LMS that tells nothing back but suspend_data?", () => {
  const lms = new FakeLms();
  const first = visit(LESSON, questions(1), lms);
  first.read();
  first.answer(0, RIGHT);
  first.work.visit.left(false);
  lms.elements = { "cmi.suspend_data": lms.elements["cmi.suspend_data"] };
  visit(LESSON, questions(1), lms);
  assert.deepEqual([status(lms), raw(lms)], ["completed", "100"]);
});

test("does a page that gained a question stay completed, and its new score come out right?", () => {
  const lms = new FakeLms();
  const first = visit(LESSON, questions(1), lms);
  first.read();
  first.answer(0, WRONG);
  const second = visit(LESSON, questions(1, 1), lms);
  assert.equal(status(lms), "completed");
  second.answer(1, RIGHT);
  assert.equal(raw(lms), "50");
});

test("does each answer make one commit and one interaction, numbered on from the LMS's?", () => {
  const lms = new FakeLms({ "cmi.interactions._count": "7" });
  const { answer } = visit(LESSON, questions(1, 1), lms);
  lms.forget();
  answer(0, RIGHT);
  assert.equal(lms.count("Commit"), 1);
  answer(1, WRONG);
  assert.equal(lms.count("Commit"), 2);
  const ids = lms.sets.filter((name) => name.endsWith(".id"));
  assert.deepEqual(ids, ["cmi.interactions.7.id", "cmi.interactions.8.id"]);
});

test("do interactions go on where the student left when the LMS does not count them?", () => {
  const lms = new FakeLms();
  visit(LESSON, questions(1), lms).answer(0, WRONG);
  lms.forget();
  visit(LESSON, questions(1), lms).answer(0, RIGHT);
  assert.ok(lms.sets.includes("cmi.interactions.1.id"));
});

test("does what is earned cost one commit more, and nothing that was there at the opening?", () => {
  const lms = new FakeLms();
  const first = visit(QUIZ, questions(1, 1), lms);
  first.answer(0, RIGHT);
  first.answer(1, WRONG);
  lms.forget();
  first.read();
  assert.equal(lms.count("Commit"), 2);
  assert.equal(status(lms), "failed");
  first.work.visit.left(false);
  lms.forget();
  visit(QUIZ, questions(1, 1), lms);
  assert.equal(lms.count("Commit"), 1);
});

test("are answers, their best points and the position there when the student returns?", () => {
  const lms = new FakeLms();
  const first = visit(LESSON, questions(2), lms);
  first.answer(0, RIGHT);
  first.answer(0, WRONG);
  first.work.moved("intro@20");
  first.work.visit.left(false);
  const { work } = visit(LESSON, questions(2), lms);
  const { response, points, tries } = work.answerTo("q0");
  assert.deepEqual([response, points, tries], ["b", 2, 2]);
  assert.equal(work.returnTo, "intro@20");
  assert.equal(lms.elements["cmi.core.lesson_location"], "intro@20");
});

test("does a student who read the page to its end start at its top again?", () => {
  const lms = new FakeLms();
  const first = visit(LESSON, [], lms);
  first.read();
  first.work.moved("end@90");
  first.work.visit.left(false);
  assert.equal(visit(LESSON, [], lms).work.returnTo, "");
});

test("is a deck completed by its last missing slide, over several visits and in any order?", () => {
  const lms = new FakeLms();
  const keys = slideKeys(["Title", "One", "", "Two"]);
  const first = visit(LESSON, [], lms);
  for (const n of [0, 3, 1, 1]) first.work.saw(keys[n], keys);
  assert.equal(status(lms), "incomplete");
  first.work.visit.left(false);
  const second = visit(LESSON, [], lms);
  second.work.saw(keys[0], keys);
  assert.equal(status(lms), "incomplete");
  second.work.saw(keys[2], keys);
  second.host.pass(SOON);
  assert.equal(status(lms), "completed");
});

test("does a slide that the author inserts shift no marks, and no place?", () => {
  const lms = new FakeLms();
  const before = slideKeys(["Title", "Why", "Question", "Question", "End"]);
  const first = visit(LESSON, [], lms);
  for (const n of [0, 1, 2, 3]) first.work.saw(before[n], before);
  first.work.moved(placeOf(before[3]));
  first.work.visit.left(false);
  const after = slideKeys(["Title", "New", "Why", "Question", "Question", "End"]);
  const { work, host } = visit(LESSON, [], lms);
  assert.equal(slideAt(work.returnTo, after), 4);
  work.saw(after[1], after);
  host.pass(SOON);
  assert.equal(status(lms), "incomplete");
  work.saw(after[5], after);
  host.pass(SOON);
  assert.equal(status(lms), "completed");
});

test("is a place that is of no slide told from one that is?", () => {
  const keys = slideKeys(["a", "b", "c", "d"]);
  assert.deepEqual(keys.map((key) => slideAt(placeOf(key), keys)), [0, 1, 2, 3]);
  assert.deepEqual(["", "2", "+1000"].map((place) => slideAt(place, keys)), [-1, -1, -1]);
});

test("has each slide its own key, in short and endless decks?", () => {
  for (const count of [1, 40, 150, 151, 1000]) {
    const keys = slideKeys(Array.from({ length: count }, (_, n) => `Slide ${n % 70}`));
    assert.equal(new Set(keys).size, count);
    assert.ok(keys.every((key) => key > 0 && key < 4096));
  }
});

test("is moving about bundled into one commit?", () => {
  const { work, lms, host } = visit(LESSON, []);
  lms.forget();
  for (let n = 0; n < 20; n += 1) {
    work.moved(String(n));
    host.pass(500);
  }
  assert.equal(lms.count("Commit"), 0);
  host.pass(60_000);
  host.pass(60_000);
  assert.equal(lms.count("Commit"), 1);
  assert.equal(lms.elements["cmi.core.lesson_location"], "19");
});

test("is the time spent sent when the student looks elsewhere and leaves?", () => {
  const { work, lms, host } = visit(LESSON, []);
  host.pass(61_000 - SOON);
  work.visit.hidden();
  assert.equal(lms.elements["cmi.core.session_time"], "0000:01:01.00");
  host.pass(4000);
  work.visit.left(false);
  assert.equal(lms.elements["cmi.core.session_time"], "0000:01:05.00");
});

test("is the LMS told the end once, and nothing after it?", () => {
  const { work, lms, host, answer, read } = visit(LESSON, questions(1));
  work.visit.left(false);
  assert.equal(lms.calls.at(-1)[0], "Finish");
  lms.forget();
  work.visit.hidden();
  work.visit.left(false);
  work.moved("x");
  read();
  answer(0, RIGHT);
  host.pass(600_000);
  assert.deepEqual(lms.calls, []);
});

test("does a page that the browser caches go on when it comes back, its sleep not counted?", () => {
  const { work, lms, host, answer } = visit(LESSON, questions(1));
  host.pass(10_000 - SOON);
  work.visit.left(true);
  assert.equal(lms.count("Finish"), 0);
  host.pass(3_600_000);
  work.visit.cameBack();
  host.pass(5000 - SOON);
  answer(0, RIGHT);
  work.visit.left(false);
  assert.equal(lms.elements["cmi.core.session_time"], "0000:00:15.00");
  assert.equal(raw(lms), "100");
  assert.equal(lms.count("Finish"), 1);
});

test("is a failed commit told to the student, tried again soon, then less often, and healed?", () => {
  const { work, lms, host, answer } = visit(LESSON, questions(1, 1));
  const seen = [];
  work.visit.onChange(({ kept }) => seen.push(kept));
  lms.says.Commit = () => "false";
  answer(0, RIGHT);
  assert.deepEqual(seen, [true, false]);
  const retries = () => seen.length - 2;
  host.pass(15_000);
  assert.equal(retries(), 1);
  host.pass(15_000);
  assert.equal(retries(), 1);
  host.pass(15_000);
  assert.equal(retries(), 2);
  lms.says = {};
  host.pass(60_000);
  assert.equal(seen.at(-1), true);
  lms.forget();
  host.pass(600_000);
  assert.equal(lms.count("Commit"), 0);
});

test("does an API that fails at everything leave the student's page working?", () => {
  const lms = new FakeLms();
  const { work, read, answer } = visit(LESSON, questions(1), lms);
  const fail = () => {
    throw new Error("gone");
  };
  lms.says = { SetValue: fail, Commit: fail, Finish: fail };
  answer(0, RIGHT);
  read();
  assert.deepEqual(work.progress, {
    answered: 1, questions: 1, score: 100, status: "completed", place: "lms", kept: false,
    confirmed: false, refused: false, copied: true, copying: false, earlier: false,
  });
  work.visit.left(false);
});

test("is progress kept in the browser, apart for each page, where there is no LMS?", () => {
  const storage = new FakeStorage();
  const asked = questions(1);
  const open = (page) => {
    const mirror = mirrorOf(storage, page, "");
    const store = new Local(mirror);
    const work = new PageWork(page, asked, store, mirror, new FakeHost());
    work.start(store.open());
    return work;
  };
  const first = open(QUIZ);
  first.readToEnd();
  first.answer(asked[0], "a", RIGHT, ["a"]);
  first.visit.left(false);
  const { status: now, score } = open(QUIZ).progress;
  assert.deepEqual([now, score], ["passed", 100]);
  assert.equal(open(LESSON).progress.answered, 0);
  assert.equal(storage.items.size, 2);
});
