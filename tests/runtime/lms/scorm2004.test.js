import assert from "node:assert/strict";
import { test } from "node:test";

import { Scorm2004 } from "../../../scorm/runtime/lms/scorm2004.js";
import { FakeLms } from "../fakes.js";

/** @typedef {import("../../../scorm/runtime/lms/store.js").Snapshot} Snapshot */

/** @type {import("../../../scorm/runtime/lms/store.js").Interaction["grade"]} */
const CORRECT = { verdict: "correct", fraction: 1 };
/** @type {Pick<Snapshot, "status"|"score"|"position">} */
const NOTHING = { status: "incomplete", score: null, position: "" };
const SNAPSHOT = { ...NOTHING, state: "2.x", elapsed: 61_500 };

function recorded(kind, response, correct, grade = CORRECT, tolerance = 0) {
  const lms = new FakeLms({}, "");
  const at = new Date(Date.UTC(2026, 0, 1, 9, 8, 7, 130));
  const it = { index: 0, label: "a label", kind, response, correct, tolerance, points: 1.5, grade, at,
    latency: 2500, objective: "tell" };
  new Scorm2004(lms.api).save(SNAPSHOT, [it]);
  const entries = Object.entries(lms.elements).filter(([name]) => name.includes("interactions"));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(19), value]));
}

test("is an answer recorded in the order and the forms that every player accepts?", () => {
  const entry = recorded("multiple", "a,c", ["a,b"], { verdict: "partly", fraction: 1 / 3 });
  assert.deepEqual(Object.entries(entry), [
    ["id", "a_20_label"],
    ["type", "choice"],
    ["timestamp", "2026-01-01T09:08:07.13Z"],
    ["objectives.0.id", "tell"],
    ["correct_responses.0.pattern", "a[,]b"],
    ["weighting", "1.5"],
    ["learner_response", "a[,]c"],
    ["result", "0.3333333"],
    ["latency", "PT2.5S"],
  ]);
  const forms = [
    ["true-false", "a", ["b"], "true-false", "true", "false"],
    ["numeric", "3", ["3.50"], "numeric", "3", "3.5[:]3.5"],
    ["numeric", "134217728", ["128"], "fill-in", "134217728", "128"],
    ["text", "{two\nlines", ["map"], "fill-in", "(two lines", "map"],
    ["task", "67% 2 of 3 ready", [], "performance", "done[.]67[,]found[.]2_of_3_ready", undefined],
    ["task", "0%", [], "performance", "done[.]0", undefined],
  ];
  for (const [kind, response, correct, type, said, pattern] of forms) {
    const { type: is, learner_response: told, "correct_responses.0.pattern": right } =
      recorded(kind, response, correct);
    assert.deepEqual([is, told, right], [type, said, pattern]);
  }
});

test("is a number's pattern the range in which it is right, as far as every player takes one?", () => {
  /** @type {[string, number|undefined, string, string, string][]} */
  const cases = [
    // value, tolerance, answer, type, pattern
    ["3", 0, "3", "numeric", "3[:]3"],
    ["3", undefined, "3", "numeric", "3[:]3"],
    ["3.5", 0.25, "3.7", "numeric", "3.25[:]3.75"],
    ["0.3", 0.1, "0.2", "numeric", "0.2[:]0.4"],
    ["0", 2, "-1", "numeric", "-2[:]2"],
    ["0.3", 0.3, "0", "numeric", "0[:]0.6"],
    ["9999", 0.5, "9999", "numeric", "9998.5[:]9999.5"],
    // Moodle takes no five digits, also not in a range.
    ["9999", 1, "9999", "fill-in", "9999"],
    ["-9999", 1, "-9999", "fill-in", "-9999"],
  ];
  for (const [value, tolerance, response, type, pattern] of cases) {
    const entry = recorded("numeric", response, [value], CORRECT, tolerance);
    assert.deepEqual([entry.type, entry["correct_responses.0.pattern"]], [type, pattern],
      `${value} ± ${tolerance}`);
  }
});

test("do completion, success and score come out apart, and only what is true?", () => {
  /** @type {[Snapshot["status"], number|null, Record<string, string>][]} */
  const cases = [
    ["incomplete", null, { completion_status: "incomplete" }],
    ["completed", null, { completion_status: "completed" }],
    ["passed", 66.67, { completion_status: "completed", success_status: "passed",
      "score.scaled": "0.6667", "score.raw": "66.67", "score.min": "0", "score.max": "100" }],
    ["failed", 0, { completion_status: "completed", success_status: "failed",
      "score.scaled": "0", "score.raw": "0", "score.min": "0", "score.max": "100" }],
  ];
  for (const [status, score, expected] of cases) {
    const lms = new FakeLms({}, "");
    assert.equal(new Scorm2004(lms.api).save({ ...SNAPSHOT, status, score }, []), true);
    const told = Object.fromEntries(lms.calls.filter(([name]) => name === "SetValue")
      .map(([, element, value]) => [element.slice(4), value])
      .filter(([element]) => /status|score/.test(element)));
    assert.deepEqual(told, expected);
    assert.equal(lms.elements["cmi.exit"], "suspend");
    assert.equal(lms.elements["cmi.session_time"], "PT1M1.5S");
  }
});

test("does what the LMS holds come back, with its mastery score of 100?", () => {
  const lms = new FakeLms({ "cmi.completion_status": "completed", "cmi.success_status": "passed",
    "cmi.score.scaled": "0.7", "cmi.scaled_passing_score": "0.29", "cmi.suspend_data": "2.x " }, "");
  const { status, score, mastery, state } = new Scorm2004(lms.api).open();
  assert.deepEqual([status, score, mastery, state], ["passed", 70, 29, "2.x"]);
});

test("does a course that was failed stay completed when it has got a new page?", () => {
  const lms = new FakeLms({ "cmi.completion_status": "completed", "cmi.success_status": "failed" }, "");
  const store = new Scorm2004(lms.api);
  store.open();
  store.save(SNAPSHOT, []);
  assert.equal(lms.elements["cmi.completion_status"], "completed");
  store.save({ ...SNAPSHOT, status: "passed" }, []);
  assert.equal(lms.elements["cmi.success_status"], "passed");
});
