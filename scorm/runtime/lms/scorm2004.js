/** @file Keeps a student's work in an LMS that speaks SCORM 2004, 3rd or 4th edition (RTE 4.2). */

import { PATTERNS, TYPES } from "../state/interactions.js";
import { Session, otherNumber, otherText } from "./session.js";
import {
  clip, decimal, duration, identifier, isDecimal, line, numberOrNull, timestamp,
} from "../lib/values.js";

const COMPLETION = "cmi.completion_status";
const SUCCESS = "cmi.success_status";
const SCALED = "cmi.score.scaled";
const RAW = "cmi.score.raw";
const STATE = "cmi.suspend_data";
const EXIT = "cmi.exit";

/** characterstring (SPM: 1000) of cmi.location. */
const LOCATION = 1000;

/** A fill-in answer, as of one localized string (SPM: 250). */
const ANSWER = 250;

/** Moodle refuses numbers of more digits before the point; such are told as text. */
const DIGITS = 4;

/** @type {import("./session.js").Dialect} */
const DIALECT = {
  methods: {
    initialize: "Initialize",
    terminate: ["Terminate"],
    get: "GetValue",
    set: "SetValue",
    commit: "Commit",
    lastError: "GetLastError",
  },
  probe: COMPLETION,
  essential: new Set([COMPLETION, SUCCESS, SCALED, RAW, STATE]),
  read,
  elements,
  parts,
  other,
};

export class Scorm2004 extends Session {
  /** @param {object} api as findApi found it */
  constructor(api) {
    super(api, DIALECT);
  }
}

function read(get) {
  const [completion, success] = [get(COMPLETION), get(SUCCESS)];
  const scaled = numberOrNull(get(SCALED));
  const score = numberOrNull(get(RAW)) ?? hundredfold(scaled);
  const state = get(STATE).trim();
  const isUnknown = ["", "unknown", "not attempted"].includes(completion);
  return {
    status: ["passed", "failed"].includes(success) ? success : completion,
    score,
    mastery: hundredfold(numberOrNull(get("cmi.scaled_passing_score"))),
    state,
    interactions: numberOrNull(get("cmi.interactions._count")),
    launchData: get("cmi.launch_data"),
    learner: get("cmi.learner_id"),
    isNew: state === "" && score === null && isUnknown && ["", "unknown"].includes(success),
    // As for SCORM 1.2: a reviewed attempt may still be bettered where the LMS wants it.
    records: get("cmi.mode") !== "browse",
  };
}

function hundredfold(scaled) {
  return scaled === null ? null : Number((100 * scaled).toFixed(5));
}

/** A verdict is told with a score and a mastery score; without, success stays the LMS's. */
function elements({ status, score, state, position, elapsed }) {
  const scored =
    score === null
      ? []
      : [
          [SCALED, decimal(score / 100, 7)],
          [RAW, decimal(score)],
          ["cmi.score.min", "0"],
          ["cmi.score.max", "100"],
        ];
  const isJudged = status === "passed" || status === "failed";
  return [
    [COMPLETION, isJudged ? "completed" : status],
    ...(isJudged ? [[SUCCESS, status]] : []),
    ...scored,
    // Players differ on an empty location; the state knows the place anyway.
    ...(position ? [["cmi.location", clip(position, LOCATION)]] : []),
    [STATE, state],
    [EXIT, "suspend"],
    ["cmi.session_time", duration(elapsed)],
  ];
}

/**
 * Type, response and patterns of an answer, as SCORM 2004 and xAPI write them.
 *
 * @param {import("./store.js").Interaction} it
 */
export function forms(it) {
  // A text may have several right answers; any other kind has one pattern (error 351).
  const given = it.kind === "text" ? it.correct.slice(0, PATTERNS) : it.correct.slice(0, 1);
  const isNumber = [it.response, ...given].every((text) => isDecimal(Number(text), DIGITS));
  const kind = it.kind === "numeric" && !isNumber ? "text" : it.kind;
  const right = [...new Set(given.map((response) => responseValue(kind, response)))];
  const patterns = right
    .filter((value) => value !== "")
    .map((value) => (kind === "numeric" ? `${value}[:]${value}` : value));
  return { type: TYPES[kind], response: responseValue(kind, it.response), patterns };
}

/** Parts of cmi.interactions.n; all but the id depend on id and type (RTE 4.2.9, error 408). */
function parts(it) {
  const { type, response, patterns } = forms(it);
  return [
    ["id", identifier(it.label)],
    ["type", type],
    ["timestamp", timestamp(it.at)],
    ...(it.objective ? [["objectives.0.id", identifier(it.objective)]] : []),
    ...patterns.map((value, n) => [`correct_responses.${n}.pattern`, value]),
    ["weighting", decimal(it.points, 7)],
    ["learner_response", response],
    ["result", resultValue(it.grade)],
    ["latency", duration(it.latency)],
  ].filter(([, value]) => value !== "");
}

/** `a` or `a[,]b`; `true` or `false` (the first choice is "True"); a decimal; one line. */
function responseValue(kind, response) {
  if (kind === "true-false") return String(response === "a");
  if (kind === "numeric") return decimal(Number(response), 7);
  return kind === "text" ? line(response, ANSWER) : response.replaceAll(",", "[,]");
}

function resultValue({ verdict, fraction }) {
  return { correct: "correct", wrong: "incorrect" }[verdict] ?? decimal(fraction, 7);
}

function other(element, value) {
  if (element === COMPLETION) return value === "incomplete" ? "unknown" : "incomplete";
  if (element === SUCCESS) return "unknown";
  if (element === SCALED || element === RAW) return otherNumber(value);
  if (element === STATE) return otherText(value);
  return element === EXIT ? "" : null;
}
