/**
 * @file What a student left behind, as one short text for suspend_data.
 *
 * The text is `VERSION.CHECKSUM.JSON`, of ASCII alone, so that no database or encoding between
 * here and the LMS's disk can lengthen it. Every player keeps 4,096 characters (CMIString4096);
 * strict ones cut or refuse more, and then nothing at all is restored.
 */

import { fnv1a } from "./hash.js";
import { LONG, SHORT, clip } from "./values.js";

const VERSION = "1";

/** Typed answers are cut to this where a page has too many questions. */
const SHORTENED = 40;

/**
 * @typedef {object} Answer the student's work on one question
 * @property {string} response the latest: ids joined by commas, or what was typed
 * @property {number} points the best so far
 * @property {number} tries
 * @property {string} revision of the question that was answered
 */

/**
 * @typedef {object} State
 * @property {Map<string, Answer>} answers by the question's label, oldest first
 * @property {string} position in the page, in the page's own words
 * @property {bigint} seen one bit for each slide seen
 * @property {boolean} read the page's end was reached
 * @property {number} interactions recorded so far
 * @property {string} status the last that was reported, "" if none was
 * @property {number|null} score the best that was reported
 */

/** @returns {State} of a student who opens the page for the first time */
export function blank() {
  return {
    answers: new Map(),
    position: "",
    seen: 0n,
    read: false,
    interactions: 0,
    status: "",
    score: null,
  };
}

/**
 * The state as text of at most 4,096 ASCII characters, whatever it holds.
 *
 * Where it does not fit, what the student would miss least goes first: the ends of typed
 * answers, then all responses (points and tries stay), then the oldest answers. The score and
 * the status that were reported stay in any case.
 *
 * @param {State} state
 * @returns {string}
 */
export function encode(state) {
  const shorten = (limit) => ([label, revision, response, ...rest]) =>
    [label, revision, clip(response, limit), ...rest];
  let rows = [...state.answers].map(([label, answer]) => row(label, answer)).map(shorten(SHORT));
  let text = write(state, rows);
  for (const limit of [SHORTENED, 0]) {
    if (text.length > LONG) {
      rows = rows.map(shorten(limit));
      text = write(state, rows);
    }
  }
  while (text.length > LONG && rows.length > 0) {
    rows = rows.slice(1);
    text = write(state, rows);
  }
  return text;
}

function row(label, { revision, response, points, tries }) {
  return [label, revision, response, Number(points.toFixed(4)), tries];
}

function write(state, rows) {
  const json = JSON.stringify({
    a: rows,
    p: clip(state.position, SHORT),
    v: state.seen.toString(36),
    r: Number(state.read),
    i: state.interactions,
    s: state.status,
    b: state.score,
  });
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${VERSION}.${checksum(ascii)}.${ascii}`;
}

function checksum(text) {
  return fnv1a(text).toString(36);
}

/**
 * The state in a text; a blank one where the text is empty, damaged or of another version.
 *
 * @param {string} text
 * @returns {State}
 */
export function decode(text) {
  const [version, sum] = text.split(".", 2);
  const json = text.slice(version.length + (sum ?? "").length + 2);
  if (version !== VERSION || sum !== checksum(json)) return blank();
  const data = JSON.parse(json);
  const answers = data.a.map(([label, revision, response, points, tries]) => [
    label,
    { revision, response, points, tries },
  ]);
  return {
    answers: new Map(answers),
    position: data.p,
    seen: fromBase36(data.v),
    read: data.r === 1,
    interactions: data.i,
    status: data.s,
    score: data.b,
  };
}

function fromBase36(text) {
  return [...text].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
}

/**
 * The answers that still mean something: to questions of this page, unchanged since.
 *
 * @param {State} state
 * @param {{label: string, revision: string}[]} questions
 * @returns {State}
 */
export function fitting(state, questions) {
  const revisions = new Map(questions.map(({ label, revision }) => [label, revision]));
  const kept = [...state.answers].filter(
    ([label, answer]) => revisions.get(label) === answer.revision,
  );
  return { ...state, answers: new Map(kept) };
}
