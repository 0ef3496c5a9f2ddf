/**
 * @file Lets a test in another language drive the stores of the runtime: reads one JSON object a
 * line, `{store, snapshot, answers}`, and answers with one line, the calls that the LMS got:
 * `[[method, element, value], …]`.
 *
 * Numbers come as text, since JSON has no NaN or Infinity. An answer is what a student gave to a
 * question, `{question, response, …}`; it is marked and handed over as on a page.
 */

import { createInterface } from "node:readline";

import { grade } from "../../scorm/runtime/grade.js";
import { Scorm12 } from "../../scorm/runtime/scorm12.js";
import { Scorm2004 } from "../../scorm/runtime/scorm2004.js";

const VERBS = ["Initialize", "GetValue", "SetValue", "Commit", "GetLastError"];

const STORES = {
  scorm12: { Store: Scorm12, methods: [...VERBS, "Finish"].map((verb) => `LMS${verb}`) },
  scorm2004: { Store: Scorm2004, methods: [...VERBS, "Terminate"] },
};

/** An LMS that takes everything and remembers it. */
function recorder(methods) {
  const calls = [];
  const held = new Map();
  const answer = (method, [element, value]) => {
    if (method.endsWith("GetValue")) return held.get(element) ?? "";
    if (method.endsWith("SetValue")) held.set(element, value);
    return method.endsWith("GetLastError") ? "0" : "true";
  };
  const api = Object.fromEntries(
    methods.map((method) => [
      method,
      (...values) => {
        calls.push([method, ...values]);
        return answer(method, values);
      },
    ]),
  );
  return { api, calls };
}

/** What tracking hands to a store of an answer that is one; null of any other. */
function interaction({ question, response, latency, at }, index) {
  const { kind, label, points, answers, unit, objective } = question;
  const marked = grade(kind, answers, response, unit);
  if (!marked) return null;
  const right = answers.choices.filter((choice) => choice.correct);
  const isTyped = kind === "numeric" || kind === "text";
  return {
    index,
    label,
    kind,
    response: marked.number === undefined ? response : String(marked.number),
    correct: isTyped ? right.map(({ value }) => value) : [right.map(({ id }) => id).join(",")],
    points: Number(points),
    grade: marked,
    latency: Number(latency),
    at: new Date(Number(at)),
    objective,
  };
}

async function drive({ store, snapshot, answers }) {
  const { Store, methods } = STORES[store];
  const { api, calls } = recorder(methods);
  const place = new Store(api);
  await place.open();
  const score = snapshot.score === null ? null : Number(snapshot.score);
  const given = answers.map(interaction).filter((it) => it !== null);
  const numbered = given.map((it, index) => ({ ...it, index }));
  await place.save({ ...snapshot, score, elapsed: Number(snapshot.elapsed) }, numbered);
  place.close();
  return calls;
}

for await (const line of createInterface({ input: process.stdin })) {
  const calls = await drive(JSON.parse(line));
  process.stdout.write(`${JSON.stringify(calls)}\n`);
}
