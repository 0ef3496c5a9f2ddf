import assert from "node:assert/strict";
import { test } from "node:test";

import { grade, readNumber } from "../../../scorm/runtime/view/grade.js";

function choices(...corrects) {
  return {
    explanation: "",
    choices: corrects.map((correct, n) => ({ id: "abcd"[n], correct, value: "", feedback: "" })),
  };
}

function typed(entries, tolerance = 0) {
  return {
    explanation: "",
    tolerance,
    choices: entries.map(([value, correct], n) => ({ id: "abc"[n], correct, value, feedback: "" })),
  };
}

/** @type {(...given: Parameters<typeof grade>) => number | null} */
const worth = (...given) => grade(...given)?.fraction ?? null;

test("is a single choice all or nothing?", () => {
  const answers = choices(false, true, false);
  assert.equal(worth("single", answers, "b"), 1);
  assert.equal(worth("single", answers, "a"), 0);
  assert.equal(worth("true-false", choices(true, false), "a"), 1);
  assert.equal(worth("true-false", choices(true, false), "b"), 0);
});

test("does each wrong pick of a multiple choice take back a right one, but not more?", () => {
  const answers = choices(true, true, false, false);
  assert.equal(worth("multiple", answers, "a,b"), 1);
  assert.equal(worth("multiple", answers, "a"), 0.5);
  assert.equal(worth("multiple", answers, "a,b,c"), 0.5);
  assert.equal(worth("multiple", answers, "a,c,d"), 0);
  assert.equal(grade("multiple", answers, "a").verdict, "partly");
  assert.deepEqual(grade("multiple", answers, "a,c").picks, ["a", "c"]);
});

test("is an empty answer no answer, rather than a wrong one?", () => {
  assert.equal(grade("single", choices(true, false), ""), null);
  assert.equal(grade("multiple", choices(true, false), ""), null);
  assert.equal(grade("text", typed([["map", true]]), "  "), null);
  assert.equal(grade("numeric", typed([["3", true]]), "three"), null);
});

test("does a number within the tolerance count, its limits included?", () => {
  const answers = typed([["0.3", true]], 0.1);
  for (const right of ["0.3", "0.2", "0.4", " 0,25 "]) {
    assert.equal(worth("numeric", answers, right), 1, right);
  }
  assert.equal(worth("numeric", answers, "0.41"), 0);
  assert.equal(worth("numeric", typed([["3", true]]), "3.0"), 1);
});

test("is a foreseen mistake recognised, but never preferred to a right answer?", () => {
  const answers = typed([["8", false], ["10", true]], 1);
  assert.deepEqual(grade("numeric", answers, "8").picks, ["a"]);
  assert.equal(grade("numeric", answers, "9").fraction, 1);
  assert.deepEqual(grade("numeric", answers, "77").picks, []);
});

test("is text compared without regard to case, spaces and composition?", () => {
  const answers = typed([["Reduce By Key", true], ["straße", true], ["café", true]]);
  for (const right of ["  reduce  by\tKEY ", "STRASSE", "CAFE\u0301"]) {
    assert.equal(worth("text", answers, right), 1, right);
  }
  assert.equal(worth("text", answers, "reducebykey"), 0);
});

test("are numbers understood as people type them?", () => {
  /** @type {[string, number[]][]} */
  const cases = [
    ["3.5", [3.5]],
    ["3,5", [3.5]],
    ["-2", [-2]],
    ["−2", [-2]],
    ["+2", [2]],
    [".5", [0.5]],
    ["5.", [5]],
    ["1 234 567", [1234567]],
    ["1\u202f234", [1234]],
    ["1'234.5", [1234.5]],
    ["1,234.5", [1234.5]],
    ["1.234,5", [1234.5]],
    ["1,234,567", [1234567]],
    ["1.234.567", [1234567]],
    ["1,234", [1.234, 1234]],
    ["0,234", [0.234]],
    ["1.234", [1.234]],
    ["2e3", [2000]],
    ["128 MiB", [128]],
    ["128mib", [128]],
    ["128 GiB", []],
    ["1,23,4", []],
    ["1.2.3", []],
    ["1 2", []],
    ["", []],
    [".", []],
    ["NaN", []],
    ["Infinity", []],
  ];
  for (const [text, numbers] of cases) assert.deepEqual(readNumber(text, "MiB"), numbers, text);
});

test("is 1,234 right for either meaning?", () => {
  assert.equal(worth("numeric", typed([["1234", true]]), "1,234"), 1);
  assert.equal(worth("numeric", typed([["1.234", true]]), "1,234"), 1);
  assert.equal(grade("numeric", typed([["1234", true]]), "1,234").number, 1234);
});

test("is a task worth what was found done of it?", () => {
  assert.equal(worth("task", choices(), "67%"), 0.67);
  assert.equal(grade("task", choices(), "67%").verdict, "partly");
  assert.equal(grade("task", choices(), "100%").verdict, "correct");
  assert.equal(grade("task", choices(), "0%").verdict, "wrong");
  for (const nothing of ["", "b", "done"]) assert.equal(worth("task", choices(), nothing), null);
});
