/** @file Keeps a student's work in an LMS that speaks SCORM 1.2 (RTE 3.4). */

import { SHORT, clip, decimal, identifier, line, timeOfDay, timespan } from "./values.js";

/** @typedef {import("./store.js").Snapshot} Snapshot */
/** @typedef {import("./store.js").Interaction} Interaction */

/** What must be kept for the work to count as recorded; a player may lack the rest. */
const ESSENTIAL = new Set(["cmi.core.lesson_status", "cmi.core.score.raw", "cmi.suspend_data"]);

/** The same kind in the standard's words (RTE 3.4.7, cmi.interactions.n.type). */
const TYPES = {
  single: "choice",
  multiple: "choice",
  "true-false": "true-false",
  numeric: "numeric",
  text: "fill-in",
};

/** A question may list many right answers; the first few tell a tutor what was asked for. */
const PATTERNS = 4;

const NO_ERROR = "0";

/** @implements {import("./store.js").Store} */
export class Scorm12 {
  #api;
  /** What the LMS took, so that a save sends what changed. @type {Map<string, string>} */
  #sent = new Map();

  /** @param {object} api as findApi found it */
  constructor(api) {
    this.#api = api;
  }

  /**
   * Starts the session, and reads. A page loaded again in a player that was never told of its
   * end is refused a second start, yet may go on (RTE 3.3.4, error 101).
   *
   * @returns {import("./store.js").Opened|null} null where the LMS records nothing
   */
  open() {
    const started = this.#call("LMSInitialize", "");
    if (!started.ok && !this.#answers()) return null;
    return {
      status: this.#get("cmi.core.lesson_status"),
      score: numberOrNull(this.#get("cmi.core.score.raw")),
      mastery: numberOrNull(this.#get("cmi.student_data.mastery_score")),
      state: this.#get("cmi.suspend_data"),
      interactions: numberOrNull(this.#get("cmi.interactions._count")),
      launchData: this.#get("cmi.launch_data"),
    };
  }

  /**
   * Sends what changed, and commits once.
   *
   * An interaction is offered once: the LMS's API keeps what it took until a commit succeeds,
   * and what it refuses now it will refuse again.
   */
  save(snapshot, interactions) {
    let kept = true;
    for (const interaction of interactions) this.#sendInteraction(interaction);
    for (const [element, value] of elementsOf(snapshot)) {
      if (this.#sent.get(element) === value) continue;
      if (this.#set(element, value)) this.#sent.set(element, value);
      else if (ESSENTIAL.has(element)) kept = false;
    }
    return this.#call("LMSCommit", "").ok && kept;
  }

  /**
   * Moodle forgets its session when the browser shows a page from its cache; there was no
   * LMSFinish, so this start is not a second one.
   */
  wake() {
    if (this.#answers()) return;
    this.#call("LMSInitialize", "");
    this.#sent.clear();
  }

  close() {
    const finish = typeof this.#api.LMSFinish === "function" ? "LMSFinish" : "LMSTerminate";
    this.#call(finish, "");
  }

  /** Identifier and type come first: strict players refuse the rest without them. */
  #sendInteraction(interaction) {
    const [[name, id], ...rest] = interactionElements(interaction);
    const element = `cmi.interactions.${interaction.index}`;
    if (!this.#set(`${element}.${name}`, id)) return;
    for (const [part, value] of rest) this.#set(`${element}.${part}`, value);
  }

  /** Does the LMS answer, or has no session begun (error 301)? */
  #answers() {
    this.#get("cmi.core.lesson_status");
    return this.#call("LMSGetLastError").value === NO_ERROR;
  }

  #get(element) {
    return this.#call("LMSGetValue", element).value;
  }

  #set(element, value) {
    return this.#call("LMSSetValue", element, value).ok;
  }

  /** Players answer "true", true, undefined or ""; only "false" and an exception say no. */
  #call(name, ...values) {
    try {
      if (typeof this.#api[name] !== "function") return { ok: false, value: "" };
      const value = String(this.#api[name](...values) ?? "");
      return { ok: value !== "false", value };
    } catch {
      return { ok: false, value: "" };
    }
  }
}

/** Elements and values in the order in which they are sent. @param {Snapshot} snapshot */
function elementsOf({ status, score, state, position, elapsed }) {
  const scored =
    score === null
      ? []
      : [
          ["cmi.core.score.raw", decimal(score)],
          ["cmi.core.score.min", "0"],
          ["cmi.core.score.max", "100"],
        ];
  return [
    ["cmi.core.lesson_status", status],
    ...scored,
    ["cmi.core.lesson_location", clip(position, SHORT)],
    ["cmi.suspend_data", state],
    ["cmi.core.exit", "suspend"],
    ["cmi.core.session_time", timespan(elapsed)],
  ];
}

/** Parts of cmi.interactions.n and their values. @param {Interaction} it */
function interactionElements(it) {
  const patterns = it.correct
    .slice(0, PATTERNS)
    .map((response, n) => [`correct_responses.${n}.pattern`, responseValue(it.kind, response)]);
  return [
    ["id", identifier(it.label)],
    ["type", TYPES[it.kind]],
    ["time", timeOfDay(it.at)],
    ...patterns,
    ["weighting", decimal(it.points)],
    ["student_response", responseValue(it.kind, it.response)],
    ["result", resultValue(it.grade)],
    ["latency", timespan(it.latency)],
  ];
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

function numberOrNull(text) {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? null : number;
}
