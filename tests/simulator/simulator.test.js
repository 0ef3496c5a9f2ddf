import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { differences } from "./moodle-trace.js";
import { FAULTS } from "./planted-faults.js";
import { playMany, playPlan, shortened } from "./sessions.js";
import { BUILD } from "./release.js";
import { planOf } from "./student.js";

/** So many sessions are played in CI, from seed 1 on; run.js plays more. */
const SESSIONS = 10_000;

test("is no answer lost, nothing lowered and no answer mistaken, whatever happens?", async () => {
  const { sessions, failures } = await playMany(1, SESSIONS);
  const words = failures.map(({ seed, words }) => `node tests/simulator/run.js --replay ${seed}: ${words}`);
  assert.deepEqual(words, []);
  assert.equal(sessions, SESSIONS);
});

test("is a session the same in every replay?", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [one, other] = [await playPlan(planOf(seed), true), await playPlan(planOf(seed), true)];
    assert.deepEqual(one.session.world.trace, other.session.world.trace);
  }
});

for (const { name, breaks, only, plant } of FAULTS) {
  test(`is it noticed within as many sessions where ${name}?`, async () => {
    const takeOut = plant();
    try {
      const { sessions, failures: [failure] } = await playMany(1, SESSIONS, { most: 1, only });
      assert.ok(failure, `not in ${sessions} sessions`);
      assert.ok(breaks.includes(failure.invariant), failure.words);
    } finally {
      takeOut();
    }
  });
}

test("is a choice known here as the build knows it?", () => {
  // test_release.py asks the build.
  assert.equal(BUILD.keyOf("main-subject", "Data distribution", 0), 3962898196);
});

test("is a failure made short, and does it stay the same failure?", async () => {
  const takeOut = FAULTS.find(({ name }) => name === "the copy is never read").plant();
  try {
    const { failures: [{ seed, invariant }] } = await playMany(1, SESSIONS, { most: 1 });
    const plan = await shortened(planOf(seed));
    assert.ok(plan.steps.length < planOf(seed).steps.length);
    assert.equal((await playPlan(plan)).failure.invariant, invariant);
  } finally {
    takeOut();
  }
});

const TRACES = new URL("traces/", import.meta.url);

/** @returns {import("./moodle-trace.js").Trace} */
const trace = (name) => JSON.parse(readFileSync(new URL(name, TRACES), "utf8"));

test("does the model of Moodle do what a real Moodle did?", () => {
  const names = readdirSync(TRACES);
  assert.ok(names.length > 0);
  for (const name of names) assert.deepEqual(differences(trace(name)), [], name);
});

test("is it noticed where a real Moodle does otherwise?", () => {
  const [rows, posts, calls] = Array.from({ length: 3 }, () => trace("multi-normal.json"));
  rows.rows_afterwards.find(([, element]) => element === "cmi.suspend_data")[2] += "x";
  assert.equal(differences(rows).length, 1);
  posts.events.find((event) => event.post).fields.push(["cmi__core__lesson_location", "here"]);
  assert.match(differences(posts)[0], /Moodle posted .*here/);
  calls.events.find(({ api }) => api === "LMSCommit").result = "false";
  assert.match(differences(calls)[0], /LMSCommit\(\) gave false, in the model true/);
});
