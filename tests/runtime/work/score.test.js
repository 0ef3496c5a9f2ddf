import assert from "node:assert/strict";
import { test } from "node:test";

import { attemptsLeft, earnedOf, explains, scoreOf, scoringOf, statusOf } from
  "../../../scorm/runtime/work/score.js";

/** @type {Parameters<typeof statusOf>[1]} */
const DONE = { done: true, score: 50, mastery: 70, earned: "" };

test("does a page that says nothing of scoring follow the documented default?", () => {
  const { attempts, keep, explain, verdict } = scoringOf({});
  assert.deepEqual([attempts, keep, explain, verdict], [0, "best", "answer", "pass-fail"]);
});

test("are attempts counted down to none, or without limit?", () => {
  assert.deepEqual([0, 1, 2, 3].map((tries) => attemptsLeft({ attempts: 2 }, tries)), [2, 1, 0, 0]);
  assert.equal(attemptsLeft({ attempts: 0 }, 99), Infinity);
});

test("does the explanation show when the course says so, and not before?", () => {
  const cases = /** @type {const} */ ([[1, false], [1, true], [2, false]]);
  const shown = (explain) => cases.map(([tries, correct]) =>
    explains({ explain, attempts: 2 }, tries, correct));
  assert.deepEqual(shown("answer"), [true, true, true]);
  assert.deepEqual(shown("last-attempt"), [false, true, true]);
  assert.deepEqual(shown("never"), [false, false, false]);
  assert.equal(explains({ explain: "last-attempt", attempts: 0 }, 9, false), false);
});

test("is a quiz judged, or only completed, as the course says?", () => {
  assert.equal(statusOf(scoringOf({}), DONE), "failed");
  assert.equal(statusOf(scoringOf({ scoring: { verdict: "completion" } }), DONE), "completed");
  assert.equal(statusOf(scoringOf({}), { ...DONE, earned: "passed" }), "passed");
  assert.equal(statusOf(scoringOf({}), { ...DONE, done: false, earned: "completed" }), "completed");
});

test("may a passed quiz be failed again only where the last answer counts?", () => {
  assert.equal(earnedOf({ keep: "best" }, "passed"), "passed");
  assert.equal(earnedOf({ keep: "last" }, "passed"), "");
  assert.equal(earnedOf({ keep: "last" }, "completed"), "completed");
});

test("is a recorded score kept, and none invented before the first answer?", () => {
  const questions = [{ points: 1 }, { points: 3 }];
  assert.equal(scoreOf(questions, new Map(), null), null);
  assert.equal(scoreOf(questions, new Map([["a", { points: 1 }]]), 80), 80);
  assert.equal(scoreOf(questions, new Map([["a", { points: 1 }]]), null), 25);
});
