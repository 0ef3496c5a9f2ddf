import assert from "node:assert/strict";
import { test } from "node:test";

import { seedOf, shuffled } from "../../../scorm/runtime/view/order.js";
import { keysFor } from "../generate.js";

test("does a student see the same order at each visit, and other students others?", () => {
  const keys = keysFor("closed-by-accident");
  const orders = Array.from({ length: 200 }, (_, n) => shuffled(keys, seedOf(`student-${n}`)).join(""));
  assert.equal(shuffled(keys, "student-7").join(""), orders[7]);
  assert.ok(new Set(orders).size > 80, "of 120 orders most are seen");
});

test("is each choice about as often in each place?", () => {
  const places = Array.from({ length: 5 }, () => [0, 0, 0, 0, 0]);
  for (let n = 0; n < 2000; n += 1) {
    shuffled(keysFor(`question-${n % 20}`), `student-${n}`).forEach((choice, place) => (places[choice][place] += 1));
  }
  for (const counts of places) for (const count of counts) assert.ok(count > 300 && count < 500, `${places}`);
});

test("do choices keep their order when the source is reordered, and one comes or goes?", () => {
  const keys = keysFor("closed-by-accident");
  for (let n = 0; n < 100; n += 1) {
    const seed = `student-${n}`;
    const seen = shuffled(keys, seed).map((place) => keys[place]);
    const reordered = [...keys].reverse();
    assert.deepEqual(shuffled(reordered, seed).map((place) => reordered[place]), seen);
    const fewer = keys.slice(1);
    const left = shuffled(fewer, seed).map((place) => fewer[place]);
    assert.deepEqual(left, seen.filter((key) => key !== keys[0]));
  }
});
