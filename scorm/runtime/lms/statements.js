/**
 * @file The statements of an assignable unit (cmi5 "Quartz", 9): those that cmi5 defines, and
 * `answered`, which it allows beside them.
 */

import { fnv1a } from "../lib/hash.js";
import { forms } from "./scorm2004.js";
import { duration, line } from "../lib/values.js";

const VERBS = "http://adlnet.gov/expapi/verbs/";
const INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction";
const CMI5 = { id: "https://w3id.org/xapi/cmi5/context/categories/cmi5" };
const MOVE_ON = { id: "https://w3id.org/xapi/cmi5/context/categories/moveon" };
const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";

/** @typedef {"initialized"|"completed"|"passed"|"failed"|"terminated"} Verb */

/**
 * @typedef {object} Session what all statements of a session share
 * @property {object} actor
 * @property {string} registration
 * @property {string} activity
 * @property {object} template the launch data's contextTemplate
 * @property {number|null} mastery 0 … 1, as the launch data names it
 */

/** A verb in its full form. @param {Verb|"answered"} verb */
export function verbOf(verb) {
  return { id: VERBS + verb, display: { "en-US": verb } };
}

/**
 * A statement that cmi5 defines.
 *
 * @param {Session} session
 * @param {Verb} verb
 * @param {{elapsed: number, score: number|null}} work
 */
export function defined(session, verb, { elapsed, score }) {
  const moves = verb === "completed" || verb === "passed" || verb === "failed";
  const judges = verb === "passed" || verb === "failed";
  const result = verb === "initialized" ? {} : { duration: duration(elapsed) };
  if (verb === "completed") result.completion = true;
  if (judges) result.success = verb === "passed";
  if (judges && score !== null) result.score = scoreOf(score);
  const context = contextOf(session, moves ? [CMI5, MOVE_ON] : [CMI5]);
  if (judges && session.mastery !== null) {
    context.extensions = { ...context.extensions, [MASTERY]: session.mastery };
  }
  const statement = base(session, verb, context, new Date());
  // What is said once in a registration always has the same id there, so that the LRS recognises it
  // when it comes again.
  const isOnce = verb === "completed" || verb === "passed";
  const id = isOnce ? uuidOf([session.registration, session.activity, verb].join(" ")) : uuid();
  return { ...statement, id, object: { id: session.activity }, ...(result.duration ? { result } : {}) };
}

/**
 * An answer given, for the LRS's reports.
 *
 * @param {Session} session
 * @param {import("./store.js").Interaction} it
 */
export function answered(session, it) {
  const { type, response, patterns } = forms(it);
  const { grade } = it;
  return {
    ...base(session, "answered", contextOf(session, []), it.at),
    id: uuidOf([session.registration, session.activity, it.label, it.at.getTime()].join(" ")),
    object: {
      objectType: "Activity",
      id: `${session.activity}/${encodeURIComponent(it.label)}`,
      definition: {
        type: INTERACTION,
        ...named(it),
        interactionType: type,
        correctResponsesPattern: patterns,
      },
    },
    result: {
      response,
      success: grade.verdict === "correct",
      score: pointsOf(it),
      duration: duration(it.latency),
    },
  };
}

/**
 * What a question asks and between what it lets choose, in words (xAPI 1.0.3, part two, 2.4.4.1).
 *
 * @param {import("./store.js").Interaction} it
 */
function named({ kind, told }) {
  if (!told) return {};
  const said = (/** @type {string} */ text) => ({ [told.language || "und"]: text });
  const name = told.description ? { name: said(told.description) } : {};
  const isChoice = kind === "single" || kind === "multiple";
  if (!isChoice) return name;
  const choices = told.choices.map(({ name: id, text }) => ({ id, description: said(line(text)) }));
  return { ...name, choices };
}

/** The score in points, unless they round to 0: `max` must be above `min` (xAPI 2.4.5.1). */
function pointsOf({ points, grade: { fraction } }) {
  const [scaled, max] = [round(fraction), round(points)];
  return max > 0 ? { scaled, raw: round(points * fraction), min: 0, max } : { scaled };
}

function scoreOf(score) {
  return { scaled: round(score / 100), raw: score, min: 0, max: 100 };
}

function round(number) {
  return Number(number.toFixed(7));
}

function base({ actor }, verb, context, at) {
  return {
    actor,
    verb: verbOf(verb),
    context,
    timestamp: at.toISOString(),
  };
}

/** The template's context, with what the statement adds (9.6). */
function contextOf({ template, registration }, categories) {
  const { category = [], ...activities } = template.contextActivities ?? {};
  const together = [...category, ...categories];
  return {
    ...template,
    registration,
    contextActivities: { ...activities, ...(together.length > 0 ? { category: together } : {}) },
  };
}

/** A random UUID, version 4; `crypto.randomUUID` is missing where the LMS has no HTTPS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return written(bytes, 4);
}

/** A UUID made of a name, version 8: the same for an answer that is sent again. */
function uuidOf(name) {
  const words = [0, 1, 2, 3].map((salt) => fnv1a(`${salt} ${name}`));
  return written(new Uint8Array(Uint32Array.from(words).buffer), 8);
}

/** Bytes as the text of a UUID, with the bits of version and variant set (RFC 9562, 4). */
function written(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
