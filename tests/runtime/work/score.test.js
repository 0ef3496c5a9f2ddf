import assert from "node:assert/strict";
import { test } from "node:test";

import { attemptsLeft, earnedOf, scoreOf, scoringOf, shareOf, shown, statusOf } from
  "../../../scorm/runtime/work/score.js";

/** @type {Parameters<typeof statusOf>[1]} */
const DONE = { done: true, score: 50, mastery: 70, earned: "" };

test("does a page that says nothing of scoring follow the documented default?", () => {
  const { attempts, keep, penalty, explain, verdict } = scoringOf({});
  assert.deepEqual([attempts, keep, penalty, explain, verdict], [0, "best", 0, "request", "pass-fail"]);
});

test("are attempts counted down to none, or without limit?", () => {
  assert.deepEqual([0, 1, 2, 3].map((tries) => attemptsLeft({ attempts: 2 }, tries)), [2, 1, 0, 0]);
  assert.equal(attemptsLeft({ attempts: 0 }, 99), Infinity);
});

test("does the explanation show when the course says so, and not before?", () => {
  const cases = [[1, false], [1, true], [2, false]];
  const explains = (explain, attempts = 2) => cases.map(([tries, correct]) =>
    shown({ explain, attempts }, { tries: Number(tries), correct: Boolean(correct), settled: false }).explanation);
  assert.deepEqual(explains("request"), [false, true, true]);
  assert.deepEqual(explains("request", 0), [false, true, false]);
  assert.deepEqual(explains("answer"), [true, true, true]);
  assert.deepEqual(explains("last-attempt"), [false, true, true]);
  assert.deepEqual(explains("last-attempt", 0), [false, true, false]);
  assert.deepEqual(explains("never"), [false, false, false]);
});

test("does a wrong answer get its feedback and an offer, and only the asked show the solution?", () => {
  const policy = /** @type {const} */ ({ explain: "request", attempts: 0 });
  const wrong = { tries: 1, correct: false, settled: false };
  assert.deepEqual(shown(policy, wrong), {
    feedback: true, explanation: false, solution: false, offer: true,
  });
  assert.deepEqual(shown(policy, { ...wrong, settled: true }), {
    feedback: true, explanation: true, solution: true, offer: false,
  });
  assert.deepEqual(shown(policy, { ...wrong, correct: true }), {
    feedback: true, explanation: true, solution: false, offer: false,
  });
  for (const explain of /** @type {const} */ (["answer", "last-attempt", "never"])) {
    assert.equal(shown({ explain, attempts: 0 }, wrong).offer, false);
  }
});

test("does each try before cost its share of the points, and never more than all of them?", () => {
  assert.deepEqual([1, 2, 3, 4].map((number) => shareOf({ penalty: 0.5 }, number)), [1, 0.5, 0, 0]);
  assert.deepEqual([1, 9].map((number) => shareOf({ penalty: 0 }, number)), [1, 1]);
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
