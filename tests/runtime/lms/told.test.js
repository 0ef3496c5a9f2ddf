import assert from "node:assert/strict";
import { test } from "node:test";

import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { Scorm2004 } from "../../../scorm/runtime/lms/scorm2004.js";
import { answered } from "../../../scorm/runtime/lms/statements.js";
import { FakeLms } from "../fakes.js";

const TOLD = {
  revision: "k7f2",
  description: "{What} must meet?",
  language: "en",
  choices: [
    { id: "a", name: "A_nap.1x2y", text: "A nap\n?" },
    { id: "b", name: "All_rows", text: "All rows" },
    { id: "c", name: "Machines", text: "Machines" },
  ],
};

/** @returns {import("../../../scorm/runtime/lms/store.js").Interaction} */
const answer = (kind, response, correct, told = TOLD) => ({
  index: 0, label: "closed-by-accident", kind, response, correct: [correct], points: 1,
  grade: { verdict: "wrong", fraction: 0 }, latency: 1000, at: new Date(0), told,
});

/** What the LMS took of one answer. */
function recorded(Adapter, prefix, it) {
  const lms = new FakeLms({}, prefix);
  new Adapter(lms.api).save({ status: "incomplete", score: null, state: "2.x", position: "", elapsed: 1 }, [it]);
  const entries = Object.entries(lms.elements).filter(([name]) => name.startsWith("cmi.interactions.0."));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(19), value]));
}

test("does a report of SCORM 1.2 never mix the letters of two lists of choices?", () => {
  const entry = recorded(Scorm12, "LMS", answer("multiple", "a,b", "b,c"));
  assert.deepEqual(
    [entry.id, entry.student_response, entry["correct_responses.0.pattern"], entry.description],
    ["closed-by-accident.k7f2", "a,b", "b,c", undefined],
  );
  const typed = recorded(Scorm12, "LMS", answer("text", "map", "map", { ...TOLD, revision: "", choices: [] }));
  assert.equal(typed.id, "closed-by-accident");
});

test("can a report of SCORM 2004 be read without the course?", () => {
  const entry = recorded(Scorm2004, "", answer("multiple", "a,b", "b,c"));
  assert.deepEqual(
    [entry.id, entry.learner_response, entry["correct_responses.0.pattern"], entry.description],
    ["closed-by-accident", "A_nap.1x2y[,]All_rows", "All_rows[,]Machines", "(What} must meet?"],
  );
  assert.deepEqual(Object.keys(entry).slice(0, 3), ["id", "type", "description"]);
  const isTrue = recorded(Scorm2004, "", answer("true-false", "b", "a"));
  assert.deepEqual([isTrue.learner_response, isTrue["correct_responses.0.pattern"]], ["false", "true"]);
});

test("does a cmi5 statement name the question and its choices?", () => {
  const session = { actor: {}, registration: "r", activity: "https://x.example/p", template: {}, mastery: null };
  const { object, result } = answered(session, answer("single", "a", "b"));
  assert.equal(object.id, "https://x.example/p/closed-by-accident");
  assert.deepEqual(object.definition, {
    type: "http://adlnet.gov/expapi/activities/cmi.interaction",
    name: { en: "{What} must meet?" },
    choices: [
      { id: "A_nap.1x2y", description: { en: "A nap ?" } },
      { id: "All_rows", description: { en: "All rows" } },
      { id: "Machines", description: { en: "Machines" } },
    ],
    interactionType: "choice",
    correctResponsesPattern: ["All_rows"],
  });
  assert.equal(result.response, "A_nap.1x2y");
  assert.equal("choices" in answered(session, answer("text", "x", "y")).object.definition, false);
});
