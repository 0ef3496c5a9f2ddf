import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Scorm12 } from "../../scorm/runtime/lms/scorm12.js";
import { Lrs } from "../../scorm/runtime/lms/xapi.js";
import { Mirror } from "../../scorm/runtime/work/mirror.js";
import { PageWork } from "../../scorm/runtime/work/page.js";
import { Database } from "../../scorm/runtime/work/shelf.js";
import { Standing } from "../../scorm/runtime/work/standing.js";
import { differences } from "./moodle-trace.js";
import { playMany, playPlan, shortened } from "./sessions.js";
import { planOf } from "./student.js";

/** So many sessions are played in CI, from seed 1 on; run.js plays more. */
const SESSIONS = 10_000;

test("is no answer lost, nothing lowered and no answer mistaken, whatever happens?", async () => {
  const { sessions, failures } = await playMany(1, SESSIONS);
  const words = failures.map((failure) => `node tests/simulator/run.js --replay ${failure.seed}: ${failure.words}`);
  assert.deepEqual(words, []);
  assert.equal(sessions, SESSIONS);
});

test("is a session the same in every replay?", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [one, other] = [await playPlan(planOf(seed), true), await playPlan(planOf(seed), true)];
    assert.deepEqual(one.session.world.trace, other.session.world.trace);
  }
});

/** Puts something else in the place of a method; gives the function that takes it back. */
function plant(owner, name, other) {
  const real = owner[name];
  owner[name] = function planted(...values) {
    return other.call(this, real.bind(this), ...values);
  };
  return () => (owner[name] = real);
}

/** Faults of the runtime, and what comes of each. */
const FAULTS = {
  "the copy is written only when the LMS has answered": ["lost",
    () => plant(Standing.prototype, "keepCopy", (real, state, isAcknowledged) => isAcknowledged && real(state, true))],
  "the copy is deleted as soon as the LMS says that it has the work": ["lost",
    () => plant(Mirror.prototype, "write", function write(real, copy) {
      return copy.acknowledged ? this.remove() : real(copy);
    })],
  "the copy is never read": ["lost", () => plant(Mirror.prototype, "read", () => null)],
  "what the LMS held is not taken up again": ["lost",
    () => plant(Scorm12.prototype, "open", (real) => ({ ...real(), state: "" }))],
  "the score that was recorded is forgotten": ["lowered",
    () => plant(Standing.prototype, "open", function open(real, ...values) {
      real(...values);
      this.floor = null;
    })],
  "a status that was earned is forgotten": ["lowered",
    () => plant(Standing.prototype, "judge", (real, isDone, score) => (isDone ? real(isDone, score) : "incomplete"))],
  "tabs do not take in each other's work": ["lost", () => plant(Standing.prototype, "absorb", () => false)],
  "work from elsewhere is not merged": ["lost", () => plant(Standing.prototype, "add", () => {})],
  "the copy of one student is every student's": ["mistaken", () => {
    const shared = (real, [course, sco], ...values) => real([course, sco, "", ...values.splice(0, 0)], ...values);
    const undo = [plant(Database.prototype, "list", shared), plant(Database.prototype, "change",
      (real, [course, sco, , attempt], ...values) => real([course, sco, "", attempt], ...values))];
    return () => undo.forEach((it) => it());
  }],
  "a save brings what was there before the last answer": ["lost", () => {
    const last = new WeakMap();
    return plant(PageWork.prototype, "snapshot", function snapshot(real) {
      const now = real();
      const before = last.get(this) ?? now;
      last.set(this, now);
      return before;
    });
  }],
  "a document is written whatever another browser has written": ["lowered",
    () => plant(Lrs.prototype, "write", (real, resource, query, text) => real(resource, query, text))],
};

for (const [name, [invariant, begin]] of Object.entries(FAULTS)) {
  test(`is it noticed where ${name}?`, async () => {
    const undo = begin();
    try {
      const { sessions, failures } = await playMany(1, SESSIONS, 1);
      assert.equal(failures.length, 1, `not in ${sessions} sessions`);
      assert.equal(failures[0].invariant, invariant, failures[0].words);
    } finally {
      undo();
    }
  });
}

const TRACES = new URL("traces/", import.meta.url);
const traces = readdirSync(TRACES).map((name) => [name, JSON.parse(readFileSync(new URL(name, TRACES), "utf8"))]);

test("does the model of Moodle do what a real Moodle did?", () => {
  assert.ok(traces.length > 0);
  for (const [name, trace] of traces) assert.deepEqual(differences(trace), [], name);
});

test("is it noticed where a real Moodle did otherwise?", () => {
  const [, trace] = traces[0];
  const rows = structuredClone(trace);
  rows.rows_afterwards.find(([, element]) => element === "cmi.suspend_data")[2] += "x";
  assert.equal(differences(rows).length, 1);
  const posts = structuredClone(trace);
  posts.events.find((event) => event.post).fields.push(["cmi__core__lesson_location", "here"]);
  assert.equal(differences(posts).length > 0, true);
  const calls = structuredClone(trace);
  calls.events.find(({ api }) => api === "LMSCommit").result = "false";
  assert.equal(differences(calls).length, 1);
});

test("is a failure made short, and does it stay the same failure?", async () => {
  const undo = FAULTS["the copy is never read"][1]();
  try {
    const { failures: [{ seed, invariant }] } = await playMany(1, SESSIONS, 1);
    const plan = await shortened(planOf(seed));
    assert.ok(plan.steps.length < planOf(seed).steps.length);
    assert.equal((await playPlan(plan)).failure.invariant, invariant);
  } finally {
    undo();
  }
});
