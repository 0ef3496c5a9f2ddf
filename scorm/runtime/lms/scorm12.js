/** @file Keeps a student's work in an LMS that speaks SCORM 1.2 (RTE 3.4). */

import { PATTERNS, TYPES } from "../state/interactions.js";
import { Session, otherNumber, otherText } from "./session.js";
import {
  SHORT, clip, decimal, identifier, isDecimal, line, numberOrNull, timeOfDay, timespan,
} from "../lib/values.js";

const STATUS = "cmi.core.lesson_status";
const SCORE = "cmi.core.score.raw";
const STATE = "cmi.suspend_data";
const EXIT = "cmi.core.exit";

/** Beyond this many digits a number is told as text. */
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
  other,
};

export class Scorm12 extends Session {
  /** @param {object} api as findApi found it */
  constructor(api) {
    super(api, DIALECT);
  }
}

function read(get) {
  const status = get(STATUS);
  const score = numberOrNull(get(SCORE));
  const state = get(STATE).trim();
  return {
    status,
    score,
    mastery: numberOrNull(get("cmi.student_data.mastery_score")),
    state,
    interactions: numberOrNull(get("cmi.interactions._count")),
    launchData: get("cmi.launch_data"),
    learner: get("cmi.core.student_id"),
    isNew: state === "" && score === null && ["", "not attempted"].includes(status),
    // Moodle calls all `review` once it is completed, and still keeps a better score; a strict
    // LMS counts nothing then, whatever it is sent (RTE 3.4.4, cmi.core.credit).
    records: get("cmi.core.lesson_mode") !== "browse",
  };
}

function elements({ status, score, state, position, elapsed }) {
  const scored =
    score === null
      ? []
      : [
          [SCORE, decimal(score)],
          ["cmi.core.score.min", "0"],
          ["cmi.core.score.max", "100"],
        ];
  return [
    [STATUS, status],
    ...scored,
    ["cmi.core.lesson_location", clip(position, SHORT)],
    [STATE, state],
    [EXIT, "suspend"],
    ["cmi.core.session_time", timespan(elapsed)],
  ];
}

/** Parts of cmi.interactions.n; identifier and type come first (strict players). */
function parts(it) {
  const given = it.correct.slice(0, PATTERNS);
  const isNumber = [it.response, ...given].every((text) => isDecimal(Number(text), DIGITS));
  const kind = it.kind === "numeric" && !isNumber ? "text" : it.kind;
  const patterns = given.map((response, n) => [
    `correct_responses.${n}.pattern`,
    responseValue(kind, response),
  ]);
  return [
    ["id", identifier(it.label)],
    ["type", TYPES[kind]],
    ["time", timeOfDay(it.at)],
    ...(it.objective ? [["objectives.0.id", identifier(it.objective)]] : []),
    ...patterns,
    ["weighting", decimal(it.points)],
    ["student_response", responseValue(kind, it.response)],
    ["result", resultValue(it.grade)],
    ["latency", timespan(it.latency)],
  ].filter(([, value]) => value !== "");
}

/** `a` or `a,b`; `t` or `f` (the first choice is "True"); a decimal; one line. */
function responseValue(kind, response) {
  if (kind === "true-false") return response === "a" ? "t" : "f";
  if (kind === "numeric") return decimal(Number(response), 7);
  return kind === "text" ? line(response) : clip(response, SHORT);
}

/** A word where there is one; a decimal tells part of the points (CMIResult). */
function resultValue({ verdict, fraction }) {
  return verdict === "partly" ? decimal(fraction) : verdict;
}

function other(element, value) {
  if (element === STATUS) return value === "incomplete" ? "browsed" : "incomplete";
  if (element === SCORE) return otherNumber(value);
  if (element === STATE) return otherText(value);
  return element === EXIT ? "" : null;
}
