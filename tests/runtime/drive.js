/**
 * @file Lets a test in another language drive the runtime: reads one JSON object a line, `{store,
 * snapshot, answers, …}`, and answers with one line, all that the LMS was told: for SCORM its
 * calls, `[[method, element, value], …]`, for cmi5 its requests, `[[method, address, headers,
 * body], …]`.
 *
 * With a `snapshot` the store itself is told of it and of the answers, with a `visit` instead the
 * work on a page is, as by a student who answers, moves about, reads to the end and leaves.
 * Numbers come as text, since JSON has no NaN or Infinity. An answer is what a student gave to a
 * question, `{question, response, …}`; it is marked and handed over as on a page. `launch` is
 * that of cmi5: the page's `search`, the `token` and the `data` (LMS.LaunchData).
 */

import { createInterface } from "node:readline";

import { Cmi5 } from "../../scorm/runtime/lms/cmi5.js";
import { launchOf } from "../../scorm/runtime/lms/cmi5-launch.js";
import { grade } from "../../scorm/runtime/view/grade.js";
import { Scorm12 } from "../../scorm/runtime/lms/scorm12.js";
import { Scorm2004 } from "../../scorm/runtime/lms/scorm2004.js";
import { PageWork } from "../../scorm/runtime/work/page.js";
import { FakeHost, FakeStorage, fakeWindow, mirrorOf } from "./fakes.js";

const VERBS = ["Initialize", "GetValue", "SetValue", "Commit", "GetLastError"];

/** Longer than the browser is given to draw before a commit. */
const SOON = 50;

const STORES = {
  scorm12: () => scorm(Scorm12, [...VERBS, "Finish"].map((verb) => `LMS${verb}`)),
  scorm2004: () => scorm(Scorm2004, [...VERBS, "Terminate"]),
  cmi5,
};

/** An LMS that takes everything and remembers it. */
function scorm(Adapter, methods) {
  const told = [];
  const held = new Map();
  const answer = (/** @type {string} */ method, /** @type {string[]} */ [element, value]) => {
    if (method.endsWith("GetValue")) return held.get(element) ?? "";
    if (method.endsWith("SetValue")) held.set(element, value);
    return method.endsWith("GetLastError") ? "0" : "true";
  };
  const api = Object.fromEntries(
    methods.map((method) => [
      method,
      (...values) => {
        told.push([method, ...values]);
        return answer(method, values);
      },
    ]),
  );
  return { place: new Adapter(api), told };
}

/** An LRS without documents of the student's, which takes everything. */
function cmi5({ search, token, data }) {
  const told = [];
  const fetch = async (address, { method, headers = {}, body = "" }) => {
    if (address === launch.fetch) return Response.json({ "auth-token": token });
    told.push([method, address, headers, body]);
    const { searchParams: query } = new URL(address);
    if (query.get("stateId") === "LMS.LaunchData") return Response.json(data);
    return method === "PUT" ? new Response(null, { status: 204 }) : Response.json([]);
  };
  const launch = launchOf(search);
  const window = fakeWindow({ fetch });
  return { place: new Cmi5(launch, window), told };
}

/** Requests under way are answered. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** What the student's answer is worth, and the right ones; null where it is no answer. */
function marked({ question, response }) {
  const { kind, answers, unit } = question;
  const mark = grade(kind, answers, response, unit);
  if (!mark) return null;
  const right = answers.choices.filter((choice) => choice.correct);
  const isTyped = kind === "numeric" || kind === "text";
  const correct = isTyped ? right.map(({ value }) => value) : [right.map(({ id }) => id).join(",")];
  return { grade: mark, correct };
}

/** What the work on a page hands to a store of an answer that is one; null of any other. */
function interaction(answer, index) {
  const mark = marked(answer);
  if (!mark) return null;
  const { question, response, latency, at } = answer;
  const { kind, label, points, objective } = question;
  return {
    ...mark,
    index,
    label,
    kind,
    response: mark.grade.number === undefined ? response : String(mark.grade.number),
    points: Number(points),
    tolerance: question.answers.tolerance,
    latency: Number(latency),
    at: new Date(Number(at)),
    objective,
  };
}

/** @returns {Promise<void>} after the store was told once, and closed */
async function save(place, snapshot, answers) {
  await place.open();
  const score = snapshot.score === null ? null : Number(snapshot.score);
  const given = answers.map(interaction).filter((it) => it !== null);
  const numbered = given.map((it, index) => ({ ...it, index }));
  await place.save({ ...snapshot, score, elapsed: Number(snapshot.elapsed) }, numbered);
  place.close();
}

/** @returns {Promise<void>} after a visit of the student to a page with these questions */
async function visit(place, { kind, title, mastery, position, span, reads }, answers) {
  const page = { course: "c", sco: "p", kind, title, scoring: { mastery } };
  const questions = answers.map(({ question }) => ({
    ...question,
    points: Number(question.points),
    tolerance: question.answers.tolerance,
  }));
  const host = new FakeHost();
  const work = new PageWork(page, questions, place, mirrorOf(new FakeStorage(), page, "s", host), host);
  work.start(await place.open());
  for (const [n, answer] of answers.entries()) {
    host.time += Number(answer.latency);
    host.clock = Number(answer.at) - host.time;
    const mark = marked(answer);
    if (mark) work.answer(questions[n], answer.response, mark.grade, mark.correct);
    host.pass(SOON);
    await settled();
  }
  work.moved(position);
  host.time += Number(span);
  if (reads) work.readToEnd();
  work.visit.left(false);
}

async function drive({ store, launch, snapshot, visit: visited, answers }) {
  const { place, told } = STORES[store](launch);
  await (snapshot ? save(place, snapshot, answers) : visit(place, visited, answers));
  await settled();
  return told;
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = await drive(JSON.parse(line));
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
