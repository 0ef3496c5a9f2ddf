import assert from "node:assert/strict";
import { test } from "node:test";

import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { FakeLms } from "../fakes.js";

/** @type {import("../../../scorm/runtime/lms/store.js").Interaction["grade"]} */
const CORRECT = { verdict: "correct", fraction: 1 };

/** @type {import("../../../scorm/runtime/lms/store.js").Snapshot} */
const SNAPSHOT = {
  status: "incomplete",
  score: null,
  state: "1.x.{}",
  position: "p",
  elapsed: 61_500,
};

/** @returns {import("../../../scorm/runtime/lms/store.js").Interaction} */
function interaction(kind, response, correct, grade = CORRECT) {
  return { index: 4, label: "a label", kind, response, correct, points: 1.5, grade,
    latency: 2500, at: new Date(2026, 0, 1, 9, 8, 7) };
}

function recorded(...values) {
  const lms = new FakeLms();
  new Scorm12(lms.api).save(SNAPSHOT, [interaction(...values)]);
  const entries = Object.entries(lms.elements).filter(([name]) => name.includes("interactions"));
  const prefix = "cmi.interactions.4.".length;
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix), value]));
}

test("is each kind of answer recorded in a form that every player accepts?", () => {
  assert.deepEqual(recorded("multiple", "a,c", ["a,b"], { verdict: "wrong", fraction: 0 }), {
    id: "a_20_label",
    type: "choice",
    time: "09:08:07",
    "correct_responses.0.pattern": "a,b",
    weighting: "1.5",
    student_response: "a,c",
    result: "wrong",
    latency: "0000:00:02.50",
  });
  const forms = [
    ["single", "b", ["a"], "choice", "b", "a"],
    ["true-false", "a", ["b"], "true-false", "t", "f"],
    ["numeric", "1e-7", ["3.50"], "numeric", "0.0000001", "3.5"],
    ["text", "{two\nlines", ["map"], "fill-in", "(two lines", "map"],
  ];
  for (const [kind, response, correct, type, said, pattern] of forms) {
    const entry = recorded(kind, response, correct);
    assert.deepEqual(
      [entry.type, entry.student_response, entry["correct_responses.0.pattern"]],
      [type, said, pattern],
    );
  }
});

test("does a partly right answer carry its share?", () => {
  const third = { verdict: "partly", fraction: 1 / 3 };
  assert.equal(recorded("multiple", "a", ["a,b,c"], third).result, "0.33");
});

test("come identifier and type first, as strict players want?", () => {
  const lms = new FakeLms();
  new Scorm12(lms.api).save(SNAPSHOT, [interaction("single", "a", ["a"])]);
  assert.deepEqual(lms.sets.slice(0, 2), ["cmi.interactions.4.id", "cmi.interactions.4.type"]);
});

test("does an LMS without interactions get the rest, and nothing more of the interaction?", () => {
  const lms = new FakeLms();
  lms.says.SetValue = (name) => (name.includes("interactions") ? "false" : undefined);
  assert.equal(new Scorm12(lms.api).save(SNAPSHOT, [interaction("single", "a", ["a"])]), true);
  assert.equal(lms.sets.filter((name) => name.includes("interactions")).length, 1);
  assert.equal(lms.elements["cmi.core.lesson_status"], "incomplete");
});

test("does an LMS that lacks what the score and status do not need still count as keeping?", () => {
  const lms = new FakeLms();
  const lacks = /exit|time|location|min|max/;
  lms.says.SetValue = (name) => (lacks.test(name) ? "false" : undefined);
  assert.equal(new Scorm12(lms.api).save({ ...SNAPSHOT, score: 5 }, []), true);
});

test("is only what changed sent again, with one commit each?", () => {
  const lms = new FakeLms();
  const store = new Scorm12(lms.api);
  store.save(SNAPSHOT, []);
  assert.deepEqual(lms.sets, [
    "cmi.core.lesson_status",
    "cmi.core.lesson_location",
    "cmi.suspend_data",
    "cmi.core.exit",
    "cmi.core.session_time",
  ]);
  lms.forget();
  store.save({ ...SNAPSHOT, score: 50 }, []);
  assert.deepEqual(lms.sets, ["cmi.core.score.raw", "cmi.core.score.min", "cmi.core.score.max"]);
  assert.equal(lms.count("Commit"), 1);
});

test("does a player that answers nothing at all work (Open edX, Wagtail)?", () => {
  const api = {};
  for (const name of ["Initialize", "GetValue", "SetValue", "Commit"]) api[`LMS${name}`] = () => {};
  let finished = 0;
  api.LMSTerminate = () => void (finished += 1);
  const store = new Scorm12(api);
  assert.deepEqual(store.open(), {
    status: "", score: null, mastery: null, state: "", interactions: null, launchData: "",
    learner: "", records: true,
  });
  assert.equal(store.save(SNAPSHOT, []), true);
  store.close();
  assert.equal(finished, 1);
});

test("is an LMS that refuses the start told from one whose session already runs?", () => {
  const refusing = new FakeLms();
  refusing.says = { Initialize: () => "false", GetLastError: () => "301" };
  assert.equal(new Scorm12(refusing.api).open(), null);
  const running = new FakeLms();
  running.says = { Initialize: () => "false" };
  assert.equal(new Scorm12(running.api).open().status, "not attempted");
});

test("does an API that throws count as not keeping, and never stop the page?", () => {
  const lms = new FakeLms();
  const store = new Scorm12(lms.api);
  const fail = () => {
    throw new Error("gone");
  };
  lms.says = { Initialize: fail, GetValue: fail, SetValue: fail, Commit: fail, Finish: fail };
  assert.equal(store.open().state, "");
  assert.equal(store.save(SNAPSHOT, [interaction("single", "a", ["a"])]), false);
  store.wake();
  store.close();
});

test("is a refused suspend_data a failure, and is it offered again?", () => {
  const lms = new FakeLms();
  lms.says.SetValue = (name) => (name === "cmi.suspend_data" ? "false" : undefined);
  const store = new Scorm12(lms.api);
  assert.equal(store.save(SNAPSHOT, []), false);
  lms.says = {};
  assert.equal(store.save(SNAPSHOT, []), true);
  assert.equal(lms.elements["cmi.suspend_data"], SNAPSHOT.state);
});

test("is a session begun again that the LMS forgot while the page slept, and all sent anew?", () => {
  const lms = new FakeLms();
  const store = new Scorm12(lms.api);
  store.open();
  store.save(SNAPSHOT, []);
  store.wake();
  assert.equal(lms.count("Initialize"), 1);
  lms.says.GetLastError = () => "301";
  lms.forget();
  store.wake();
  store.save(SNAPSHOT, []);
  assert.equal(lms.count("Initialize"), 1);
  assert.ok(lms.sets.includes("cmi.suspend_data"));
});
