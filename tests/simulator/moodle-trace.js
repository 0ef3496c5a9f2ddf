/**
 * @file Compares the model of Moodle with what a real Moodle was seen to do. A trace (traces/) holds
 * the calls that our own pages made, what the API gave back, the posts that went out, and what
 * Moodle's table held afterwards. Its names are Moodle's: `cmi__interactions_0__id`.
 */

import { ScormApi, ScormServer } from "./scorm-lms.js";

/**
 * @typedef {object} Trace
 * @property {string} moodle its version
 * @property {string} scenario
 * @property {any[]} events calls, posts, and what the student did, in order
 * @property {[string, string, string][]} rows_afterwards SCO, element, value
 */

/** What the model leaves out: times, and the objective that Moodle sets from the manifest. */
const LEFT_OUT = /total_time|session_time|start\.time|^cmi(\.|__)objectives/;

/** What Moodle tells of itself and of the activity. */
const TOLD = /(student_id|learner_id|launch_data|mastery_score|passing_score|mode)$/;

/** Fields of a post that say where it belongs. */
const ADDRESS = new Set(["id", "a", "attempt", "scoid", "sesskey", "unloading"]);

/**
 * What the student, or whoever recorded the trace, did to the connection.
 * @type {[RegExp, "arrives"|"lost"|"login"][]}
 */
const TURNS = [
  [/answers 502 from now on/, "lost"],
  [/works again|logs in/, "arrives"],
  [/session ends on the server/, "login"],
];

/** A call that comes this long before the end of the session belongs to leaving (milliseconds). */
const LEAVING = 500;

/** What a real Moodle did otherwise than the model, in words; empty where they agree. @param {Trace} trace */
export function differences({ events, rows_afterwards: rows }) {
  const replay = new Replay(events);
  events.forEach((event, at) => replay.take(event, at));
  // The browser notes a post before the call that made it has returned, so all calls come first.
  for (const event of events) if (event.post) replay.compare(event);
  return [...replay.differences, ...replay.compareRows(rows)];
}

class Replay {
  /** @type {string[]} */
  differences = [];
  #events;
  #server = new ScormServer();
  /** @type {Record<string, (...values: string[]) => unknown>|null} */
  #api = null;
  /** @type {"arrives"|"lost"|"login"} */
  #fate = "arrives";
  #isBeacon = false;
  #isLeaving = false;
  /** Posts of the model that the trace has not told of yet. @type {{entries: string, isLeaving: boolean}[]} */
  #posted = [];

  /** @param {any[]} events */
  constructor(events) {
    this.#events = events;
  }

  take(event, at) {
    if (event.student) this.#turn(event.student);
    if (event.api) this.#call(event, at);
  }

  /** @param {string} what */
  #turn(what) {
    const turn = TURNS.find(([words]) => words.test(what));
    if (turn) this.#fate = turn[1];
    if (/contents tree/.test(what)) this.#isBeacon = true;
  }

  #call({ api: name, arguments: values, result, sco, at_ms: now }, at) {
    if (/Initialize$/.test(name)) this.#launch(sco, at, name.startsWith("LMS") ? "scorm12" : "scorm2004");
    const isEnd = ({ api, sco: other, at_ms: then }) =>
      /Finish|Terminate/.test(api) && other === sco && then - now < LEAVING;
    this.#isLeaving = this.#events.slice(at).some(isEnd);
    const given = String(this.#api?.[name](...values));
    if (given === String(result) || TOLD.test(values[0] ?? "")) return;
    this.differences.push(`${now} ms: ${name}(${values}) gave ${result}, in the model ${given}`);
  }

  /** What Moodle tells of a SCO that it does not keep as work is taken from the trace. */
  #launch(sco, at, dialect) {
    const rest = this.#events.slice(at);
    const told = (/** @type {string} */ element) => {
      const call = rest.find(({ api, arguments: values }) => /GetValue$/.test(api) && values[0] === element);
      return call?.result ?? "";
    };
    const mastery = told("cmi.student_data.mastery_score");
    const network = { fate: () => this.#fate, deliver: (/** @type {() => void} */ action) => action() };
    const line = {
      network: /** @type {any} */ (network),
      isLoggedIn: () => true,
      isLeaving: () => this.#isLeaving,
      nextTurn: () => 0,
      note() {},
      now: () => 0,
      sent: ({ entries }) => this.#posted.push({ entries: textOf(entries), isLeaving: this.#isLeaving }),
    };
    this.#api = new ScormApi(this.#server, line, {
      dialect, style: "moodle", student: "s", named: "", sco,
      mastery: mastery === "" ? null : Number(mastery), overrides: true, isBeacon: this.#isBeacon, refusals: 0,
    }).api;
  }

  /** A post must be the model's next; of those that a page sends when it is left, some were not seen. */
  compare({ fields, at_ms: now }) {
    const entries = fields.filter(([name]) => !ADDRESS.has(name) && !LEFT_OUT.test(name))
      .map(([name, value]) => [elementOf(name), value]);
    const seen = textOf(entries);
    for (;;) {
      const next = this.#posted.shift();
      if (next?.entries === seen) return;
      if (next?.isLeaving) continue;
      this.differences.push(`${now} ms: Moodle posted ${seen}, the model ${next?.entries ?? "nothing"}`);
      return;
    }
  }

  /** @param {[string, string, string][]} rows */
  compareRows(rows) {
    const real = new Map(rows.filter(([, element]) => !LEFT_OUT.test(element))
      .map(([sco, element, value]) => [`${sco} ${elementOf(element)}`, value]));
    const model = new Map([...this.#server.rows].flatMap(([key, held]) =>
      [...held].map(([element, value]) => [`${key.split("/")[1]} ${element}`, value])));
    const names = new Set([...real.keys(), ...model.keys()]);
    return [...names].filter((name) => real.get(name) !== model.get(name))
      .map((name) => `afterwards ${name} was ${real.get(name)}, in the model ${model.get(name)}`);
  }
}

/** `cmi.interactions.0.id` of Moodle's `cmi__interactions_0__id` or `cmi.interactions_0.id`. */
function elementOf(/** @type {string} */ name) {
  return name.replaceAll("__", ".").replace(/_(\d+)(?=\.|$)/g, ".$1");
}

/** @param {[string, string][]} entries in any order */
function textOf(entries) {
  return JSON.stringify([...entries].map(([name, value]) => [name, String(value)]).sort());
}
