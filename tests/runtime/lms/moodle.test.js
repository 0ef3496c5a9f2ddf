import assert from "node:assert/strict";
import { test } from "node:test";

import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { Scorm2004 } from "../../../scorm/runtime/lms/scorm2004.js";
import { decode } from "../../../scorm/runtime/state/page.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { FakeHost, FakeStorage, MoodleLms, mirrorOf } from "../fakes.js";

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
const RETRIES = [15_000, 30_000, 60_000];

const VERSIONS = {
  "SCORM 1.2": {
    prefix: "LMS", Adapter: Scorm12, raw: "cmi.core.score.raw",
    statusOf: (stored) => stored["cmi.core.lesson_status"] ?? "",
  },
  "SCORM 2004": {
    prefix: "", Adapter: Scorm2004, raw: "cmi.score.raw",
    statusOf: (stored) => stored["cmi.success_status"] ?? stored["cmi.completion_status"] ?? "",
  },
};

/** What a student has for good; nothing is earned by any other word. */
const EARNED = ["failed", "completed", "passed"];
const rank = (status) => EARNED.indexOf(status);

/** All that may become of three commits one after the other. */
const FATES = ["arrives", "lost", "unanswered", "silent", "late"];
const THREES = FATES.flatMap((a) => FATES.flatMap((b) => FATES.map((c) => [a, b, c])));

/** One visit, in the browser that holds `storage`: what the student can do on the page. */
function open({ Adapter }, lms, storage) {
  const host = new FakeHost();
  const store = new Adapter(lms.api);
  const opened = store.open();
  const mirror = mirrorOf(storage, PAGE, "s1", host);
  const work = new PageWork(PAGE, ASKED, store, mirror, host);
  work.start(opened);
  const pass = (ms) => {
    lms.deliver();
    host.pass(ms);
  };
  const step = (action) => {
    action();
    pass(SOON);
  };
  step(() => {});
  return {
    work,
    answer: (n, grade) => step(() => work.answer(ASKED[n], grade.picks[0], grade, ["a"])),
    read: () => step(() => work.readToEnd()),
    wait: () => RETRIES.forEach(pass),
  };
}

/** A student passes the quiz in one visit, while commits fare so; gives what is left of it. */
function passQuiz(version, fates, rest) {
  const lms = new MoodleLms(version.prefix);
  Object.assign(lms, { fates: [...fates], rest });
  const seen = { rank: -1, score: 0 };
  const what = JSON.stringify([fates, rest]);
  lms.arrived = (stored) => {
    const now = rank(version.statusOf(stored));
    const score = Math.round(100 * Number(stored[version.raw] ?? 0)) / 100;
    assert.ok(now >= seen.rank && score >= seen.score, `${what}: ${JSON.stringify(stored)}`);
    Object.assign(seen, { rank: now, score });
  };
  const storage = new FakeStorage();
  const student = open(version, lms, storage);
  student.answer(0, WRONG);
  student.answer(1, RIGHT);
  student.read();
  student.wait();
  student.answer(0, RIGHT);
  student.wait();
  return { lms, storage, student, what };
}

for (const [name, version] of Object.entries(VERSIONS)) {
  for (const before of [0, 1, 2, 3, 4, 5, 6]) {
    const ways = THREES.map((three) => [...Array(before).fill("arrives"), ...three]);
    const when = `the three commits after ${before} (${name})`;

    test(`is nothing lowered that was recorded, and all there in the end, by ${when}?`, () => {
      for (const fates of ways) {
        for (const rest of ["arrives", "lost"]) {
          const { lms, storage, what } = passQuiz(version, fates, rest);
          // The browser is killed; the student comes back, and all works.
          const next = lms.again();
          open(version, next, storage).work.visit.left(false);
          assert.equal(version.statusOf(next.stored), "passed", what);
          assert.equal(Number(next.stored[version.raw]), 100, what);
          const state = decode(next.stored["cmi.suspend_data"].trim());
          assert.equal(state.answers.size, 2, what);
          if (fates.includes("silent")) continue;
          const ids = [0, 1, 2].map((n) => next.stored[`cmi.interactions.${n}.id`]);
          assert.deepEqual(ids, ["q0", "q1", "q0"], what);
        }
      }
    });

    test(`is all there in the same visit, or the student told that it is not, by ${when}?`, () => {
      for (const fates of ways.filter((it) => !it.includes("silent"))) {
        const { lms, student, what } = passQuiz(version, fates, "arrives");
        assert.equal(decode(lms.stored["cmi.suspend_data"].trim()).answers.size, 2, what);
        if (!student.work.progress.kept) continue;
        assert.equal(version.statusOf(lms.stored), "passed", what);
        assert.equal(Number(lms.stored[version.raw]).toFixed(5), "100.00000", what);
      }
    });
  }
}

test("does a commit that fails hold up the word that is earned only until the next?", () => {
  for (const fate of ["lost", "unanswered"]) {
    const fates = [...Array(5).fill("arrives"), fate];
    const { lms, student } = passQuiz(VERSIONS["SCORM 1.2"], fates, "arrives");
    assert.deepEqual([lms.stored["cmi.core.lesson_status"], student.work.progress.kept],
      ["passed", true]);
  }
});

test("is the student told where Moodle gets the word that is earned in the next visit only?", () => {
  const fates = [...Array(6).fill("arrives"), "lost"];
  const { lms, student } = passQuiz(VERSIONS["SCORM 1.2"], fates, "arrives");
  assert.deepEqual([lms.stored["cmi.core.lesson_status"], student.work.progress.kept],
    ["failed", false]);
});
