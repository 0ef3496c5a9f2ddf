/** @file Keeps a student's work in an LMS that speaks SCORM 1.2 (RTE 3.4). */

import { PATTERNS, TYPES } from "../state/interactions.js";
import { Session } from "./session.js";
import { againScore, againState, almost, twoDecimals } from "./spelling.js";
import {
  SHORT, clip, decimal, identifier, isDecimal, line, numberOrNull, timeOfDay, timespan,
} from "../lib/values.js";

/** @typedef {import("../view/grade.js").Kind} Kind */
/** @typedef {import("./store.js").Interaction["grade"]} Grade */

const STATUS = "cmi.core.lesson_status";
const SCORE = "cmi.core.score.raw";
const STATE = "cmi.suspend_data";
const EXIT = "cmi.core.exit";

/** The full score (cmi.core.score.max). */
const FULL = 100;

/** A number with more digits before the point than this is sent as text. */
const DIGITS = 15;

/** @type {import("./session.js").Dialect} */
const DIALECT = {
  methods: {
    initialize: "LMSInitialize",
    // Wagtail's player has no LMSFinish.
    terminate: ["LMSFinish", "LMSTerminate"],
    get: "LMSGetValue",
    set: "LMSSetValue",
    commit: "LMSCommit",
    lastError: "LMSGetLastError",
  },
  probe: STATUS,
  essential: new Set([STATUS, SCORE, STATE]),
  read,
  elements,
  parts,
  stays: () => false,
  isFinal,
  again,
  giveWay,
};

export class Scorm12 extends Session {
  /** @param {any} api as findApi found it @param {import("./requests.js").Watch} [requests] */
  constructor(api, requests) {
    super(api, DIALECT, requests);
  }
}

/** @type {import("./session.js").Dialect["read"]} */
function read(get) {
  return {
    status: get(STATUS),
    score: twoDecimals(numberOrNull(get(SCORE))),
    mastery: numberOrNull(get("cmi.student_data.mastery_score")),
    state: get(STATE).trim(),
    interactions: numberOrNull(get("cmi.interactions._count")),
    launchData: get("cmi.launch_data"),
    learner: get("cmi.core.student_id"),
    // In mode `review` the work is sent all the same. Moodle uses it for everything that was once
    // completed, and still keeps a better score; a strict LMS counts nothing that it is sent then
    // (RTE 3.4.4, cmi.core.credit).
    records: get("cmi.core.lesson_mode") !== "browse",
  };
}

/** @type {import("./session.js").Dialect["elements"]} */
function elements({ status, score, state, position, elapsed }) {
  /** @type {[string, string][]} */
  const scored =
    score === null
      ? []
      : [
          [SCORE, decimal(score)],
          ["cmi.core.score.min", "0"],
          ["cmi.core.score.max", String(FULL)],
        ];
  /** @type {[string, string][]} */
  const rest = [
    ["cmi.core.lesson_location", clip(position, SHORT)],
    [STATE, state],
    [EXIT, "suspend"],
    ["cmi.core.session_time", timespan(elapsed)],
  ];
  return [[STATUS, status], ...scored, ...rest];
}

/**
 * Parts of cmi.interactions.n; identifier and type come first (strict players). A number's pattern
 * is the number itself: this version has no ranges (RTE 3.4.7).
 *
 * @type {import("./session.js").Dialect["parts"]}
 */
function parts(it) {
  const given = it.correct.slice(0, PATTERNS);
  const isNumber = [it.response, ...given].every((text) => isDecimal(Number(text), DIGITS));
  const kind = it.kind === "numeric" && !isNumber ? "text" : it.kind;
  /** @type {[string, string][]} */
  const patterns = given.map((response, n) => [
    `correct_responses.${n}.pattern`,
    responseValue(kind, response),
  ]);
  /** @type {[string, string][]} */
  const all = [
    ["id", nameOf(it)],
    ["type", TYPES[kind]],
    ["time", timeOfDay(it.at)],
    ["objectives.0.id", it.objective ? identifier(it.objective) : ""],
    ...patterns,
    ["weighting", decimal(it.points)],
    ["student_response", responseValue(kind, it.response)],
    ["result", resultValue(it.grade)],
    ["latency", timespan(it.latency)],
  ];
  return all.filter(([, value]) => value !== "");
}

/** The question, and of which list of choices the letters are: a report must not mix two lists. */
function nameOf(/** @type {import("./store.js").Interaction} */ { label, told }) {
  return [identifier(label), told?.revision].filter(Boolean).join(".");
}

/** `a` or `a,b`; `t` or `f` (the first choice is "True"); a decimal; one line, also of a task. */
function responseValue(/** @type {Kind} */ kind, /** @type {string} */ response) {
  if (kind === "true-false") return response === "a" ? "t" : "f";
  if (kind === "numeric") return decimal(Number(response), 7);
  return kind === "text" || kind === "task" ? line(response) : clip(response, SHORT);
}

/** A word for right or wrong; for partly right, the fraction as a decimal (CMIResult). */
function resultValue(/** @type {Grade} */ { verdict, fraction }) {
  return verdict === "partly" ? decimal(fraction) : verdict;
}

/** Every status but "incomplete" is a result, which must not be lowered. */
function isFinal(/** @type {string} */ element, /** @type {string} */ value) {
  return element === STATUS && value !== "incomplete";
}

/** @type {import("./session.js").Dialect["again"]} */
function again(element, value, times) {
  if (element === SCORE) return againScore(value, times, FULL);
  return element === STATE ? againState(value, times) : null;
}

/** @type {import("./session.js").Dialect["giveWay"]} */
function giveWay(element, value) {
  if (element === STATUS) return value === "incomplete" ? "browsed" : null;
  if (element === SCORE) return almost(FULL);
  return element === EXIT ? "" : null;
}
