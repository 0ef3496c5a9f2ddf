/** @file Keeps a student's work in an LMS that speaks SCORM 2004, 3rd or 4th edition (RTE 4.2). */

import { PATTERNS, TYPES } from "../state/interactions.js";
import { Session } from "./session.js";
import { againScore, againState, almost, twoDecimals } from "./spelling.js";
import {
  clip, decimal, duration, hundredfold, identifier, isDecimal, line, numberOrNull, timestamp,
} from "../lib/values.js";

/** @typedef {import("../view/grade.js").Kind} Kind */
/** @typedef {import("./store.js").Interaction["grade"]} Grade */

const COMPLETION = "cmi.completion_status";
const SUCCESS = "cmi.success_status";
const SCALED = "cmi.score.scaled";
const RAW = "cmi.score.raw";
const STATE = "cmi.suspend_data";
const EXIT = "cmi.exit";

/** The full score. @type {Record<string, number>} */
const FULL = { [SCALED]: 1, [RAW]: 100 };

/** The characters that every LMS keeps of cmi.location (SPM, the smallest permitted maximum). */
const LOCATION = 1000;

/** The characters that every LMS keeps of a fill-in answer or a description (SPM, RTE 4.2.9). */
const ANSWER = 250;

/** Moodle refuses numbers with more digits before the point; they are sent as text. */
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
  stays,
  isFinal,
  again,
  giveWay,
};

export class Scorm2004 extends Session {
  /** @param {any} api as findApi found it @param {import("./requests.js").Watch} [requests] */
  constructor(api, requests) {
    super(api, DIALECT, requests);
  }
}

/** @type {import("./session.js").Dialect["read"]} */
function read(get) {
  const [completion, success] = [get(COMPLETION), get(SUCCESS)];
  const scaled = numberOrNull(get(SCALED));
  return {
    status: ["passed", "failed"].includes(success) ? success : completion,
    score: twoDecimals(numberOrNull(get(RAW)) ?? hundredfold(scaled)),
    mastery: hundredfold(numberOrNull(get("cmi.scaled_passing_score"))),
    state: get(STATE).trim(),
    interactions: numberOrNull(get("cmi.interactions._count")),
    launchData: get("cmi.launch_data"),
    learner: get("cmi.learner_id"),
    // In mode `review` the work is sent all the same, as in scorm12.js.
    records: get("cmi.mode") !== "browse",
  };
}

/**
 * success_status is sent only with a verdict, `passed` or `failed`; otherwise the LMS's own stays.
 *
 * @type {import("./session.js").Dialect["elements"]}
 */
function elements({ status, score, state, position, elapsed }) {
  /** @type {[string, string][]} */
  const scored =
    score === null
      ? []
      : [
          [SCALED, decimal(score / 100, 7)],
          [RAW, decimal(score)],
          ["cmi.score.min", "0"],
          ["cmi.score.max", String(FULL[RAW])],
        ];
  const isJudged = status === "passed" || status === "failed";
  /** @type {[string, string][]} */
  const statuses = [
    [COMPLETION, isJudged ? "completed" : status],
    [SUCCESS, isJudged ? status : ""],
  ];
  /** @type {[string, string][]} */
  const rest = [
    ["cmi.location", clip(position, LOCATION)],
    [STATE, state],
    [EXIT, "suspend"],
    ["cmi.session_time", duration(elapsed)],
  ];
  // Players differ on empty values, and the state knows the place anyway.
  const isTold = (/** @type {[string, string]} */ [element, value]) =>
    value !== "" || element === STATE;
  return [...statuses, ...scored, ...rest].filter(isTold);
}

/**
 * Type, response and patterns of an answer, as SCORM 2004 and xAPI write them. A number's pattern
 * is the range in which it is right (RTE 4.2.9.1; xAPI 1.0.3, part two, appendix C).
 *
 * @param {import("./store.js").Interaction} it
 */
export function forms(it) {
  // A text may have several right answers; any other kind has one pattern (error 351).
  const given = it.kind === "text" ? it.correct.slice(0, PATTERNS) : it.correct.slice(0, 1);
  const [low, high] = endsOf(Number(given[0]), it.tolerance ?? 0);
  const isNumber =
    [it.response, ...given].every((text) => isDecimal(Number(text), DIGITS)) &&
    [low, high].every((end) => Math.abs(end) < 10 ** DIGITS);
  const kind = it.kind === "numeric" && !isNumber ? "text" : it.kind;
  if (kind === "numeric") {
    const [response, ...ends] = [Number(it.response), low, high].map((it) => decimal(it, 7));
    return { type: TYPES[kind], response, patterns: [ends.join("[:]")] };
  }
  const { choices = [] } = it.told ?? {};
  const right = [...new Set(given.map((response) => responseValue(kind, response, choices)))];
  const patterns = right.filter((value) => value !== "");
  return { type: TYPES[kind], response: responseValue(kind, it.response, choices), patterns };
}

/** The smallest and the largest number that are right. */
function endsOf(/** @type {number} */ value, /** @type {number} */ tolerance) {
  return [value - tolerance, value + tolerance];
}

/**
 * Parts of cmi.interactions.n; all but the id depend on id and type (RTE 4.2.9, error 408).
 *
 * @type {import("./session.js").Dialect["parts"]}
 */
function parts(it) {
  const { type, response, patterns } = forms(it);
  /** @type {[string, string][]} */
  const all = [
    ["id", identifier(it.label)],
    ["type", type],
    ["description", line(it.told?.description ?? "", ANSWER)],
    ["timestamp", timestamp(it.at)],
    ["objectives.0.id", it.objective ? identifier(it.objective) : ""],
    ...patterns.map((value, n) => pair(`correct_responses.${n}.pattern`, value)),
    ["weighting", decimal(it.points, 7)],
    ["learner_response", response],
    ["result", resultValue(it.grade)],
    ["latency", duration(it.latency)],
  ];
  return all.filter(([, value]) => value !== "");
}

/** @param {string} name @param {string} value @returns {[string, string]} */
function pair(name, value) {
  return [name, value];
}

/**
 * The names of choices, `spreadsheet` or `Spark[,]Dask`; `true` or `false` (the first choice is
 * "True"); one line; the steps of a task.
 *
 * @param {Kind} kind
 * @param {string} response
 * @param {import("./store.js").Told["choices"]} choices
 */
function responseValue(kind, response, choices) {
  if (kind === "true-false") return String(response === "a");
  if (kind === "text") return line(response, ANSWER);
  if (kind === "task") return steps(response);
  const nameOf = (/** @type {string} */ letter) =>
    choices.find(({ id }) => id === letter)?.name ?? letter;
  return response.split(",").map(nameOf).join("[,]");
}

/**
 * What was found of a task, `67% two of three`, as the steps of a performance (RTE 4.2.9.1):
 * `done[.]67[,]found[.]two_of_three`. Moodle takes no white space in a step.
 */
function steps(/** @type {string} */ response) {
  const [, percent, found] = /^(\d+)%\s*(.*)$/su.exec(response) ?? ["", "0", response];
  const words = clip(found.replace(/\W+/g, "_").replace(/^_|_$/g, ""), ANSWER);
  return [`done[.]${percent}`, ...(words ? [`found[.]${words}`] : [])].join("[,]");
}

function resultValue(/** @type {Grade} */ { verdict, fraction }) {
  if (verdict === "partly") return decimal(fraction, 7);
  return verdict === "correct" ? "correct" : "incorrect";
}

/**
 * What was completed once stays so where a failed course has got new pages: SCORM 2004 says in two
 * words what SCORM 1.2 says in one.
 *
 * @type {import("./session.js").Dialect["stays"]}
 */
function stays(element, shown, value) {
  return element === COMPLETION && shown === "completed" && value === "incomplete";
}

/** Every status but "incomplete" is a result, which must not be lowered. */
function isFinal(/** @type {string} */ element, /** @type {string} */ value) {
  return element === SUCCESS || (element === COMPLETION && value !== "incomplete");
}

/** @type {import("./session.js").Dialect["again"]} */
function again(element, value, times) {
  if (element in FULL) return againScore(value, times, FULL[element]);
  return element === STATE ? againState(value, times) : null;
}

/** @type {import("./session.js").Dialect["giveWay"]} */
function giveWay(element, value) {
  if (element === COMPLETION) return value === "incomplete" ? "unknown" : null;
  if (element in FULL) return almost(FULL[element]);
  return element === EXIT ? "" : null;
}
