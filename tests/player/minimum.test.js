import assert from "node:assert/strict";
import { test } from "node:test";

import { createApi } from "../../scorm/player/static/lms.js";
import { scorm12 } from "../../scorm/player/static/scorm12.js";
import { scorm2004 } from "../../scorm/player/static/scorm2004.js";

// Its types name a default export that it does not have.
const { Scorm12API } = /** @type {any} */ (await import("scorm-again/scorm12"));
const { Scorm2004API } = /** @type {any} */ (await import("scorm-again/scorm2004"));
Object.assign(globalThis, { window: { Scorm12API, Scorm2004API } });

const LAUNCH = {
  identifier: "one",
  title: "One",
  href: "one.html",
  is_sco: true,
  mastery_score: "",
  launch_data: "",
  completion_threshold: "",
};

/** A visit of a SCO: the record that the LMS holds after these calls. */
function visit(dialect, record, ...calls) {
  let kept = record;
  const commit = (cmi) => {
    // As the server does: an empty collection and an unset element are not kept.
    const set = Object.entries(cmi).filter(([, value]) => typeof value === "string" && value);
    kept = Object.fromEntries(set);
    return true;
  };
  const api = createApi(dialect, LAUNCH, record, { called() {}, commit, failure: () => "" });
  for (const [name, ...args] of calls) assert.equal(api[name](...args), "true", name);
  return kept;
}

const BEGIN = ["LMSInitialize", ""];
const COMMIT = ["LMSCommit", ""];
const END = ["LMSFinish", ""];
const set = (status) => ["LMSSetValue", "cmi.core.lesson_status", status];
const place = ["LMSSetValue", "cmi.core.lesson_location", "3"];

test("does a SCO of 1.2 that sets no status complete at LMSFinish (RTE 3.4.4)?", () => {
  const visits = [
    [undefined, BEGIN, END],
    [undefined, BEGIN, COMMIT, END],
    [visit(scorm12, undefined, BEGIN, place, COMMIT), BEGIN, END],
  ];
  for (const [record, ...calls] of visits) {
    const after = visit(scorm12, record, ...calls);
    assert.equal(scorm12.progress(after).status, "completed");
  }
});

test("does a status that the SCO has set stay, and none come before LMSFinish?", () => {
  assert.equal(scorm12.progress(visit(scorm12, undefined, BEGIN, place, COMMIT)).status, "not attempted");
  for (const status of ["incomplete", "failed", "passed", "browsed"]) {
    const first = visit(scorm12, undefined, BEGIN, set(status), END);
    assert.equal(scorm12.progress(first).status, status);
    assert.equal(scorm12.progress(visit(scorm12, first, BEGIN, END)).status, status);
  }
});

test("is nothing known of a SCO of 2004 that sets no status (RTE 4.2.4, 4.2.22)?", () => {
  const first = visit(scorm2004, undefined, ["Initialize", ""], ["Terminate", ""]);
  const again = visit(scorm2004, first, ["Initialize", ""], ["Terminate", ""]);
  for (const record of [first, again]) {
    assert.ok(["unknown", "not attempted"].includes(scorm2004.progress(record).status));
  }
});
