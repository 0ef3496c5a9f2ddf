/**
 * @file Keeps a student's work in an LMS that speaks cmi5 ("Quartz", 1st edition): the page is an
 * assignable unit, its state a document of the State API, its results are statements.
 *
 * `passed` and `completed` are said once in a registration, as soon as they are true; `failed`,
 * of which a session has one at most and none after `passed`, when the page is left. What the
 * LMS launched to look at (Browse, Review) says `initialized` and `terminated` alone (10.2.2).
 * After `terminated` a session is over, also for a page that is loaded again.
 */

import { answered, defined } from "./statements.js";
import { Lrs } from "./xapi.js";

/** @typedef {import("./statements.js").Session} Session */

/**
 * @typedef {object} Launch the launch's parameters (8.1)
 * @property {string} endpoint
 * @property {string} fetch
 * @property {object} actor
 * @property {string} registration
 * @property {string} activityId
 */

const STATE = "activities/state";
const LAUNCH_DATA = "LMS.LaunchData";
const OWN = "scorm.work";

/** Said once in a registration (9.3). */
const ONCE = ["completed", "passed"];

/**
 * The launch's parameters in a page's address, or null where cmi5 has not launched it.
 *
 * @param {string} search
 * @returns {Launch|null}
 */
export function launchOf(search) {
  const values = Object.fromEntries(new URLSearchParams(search));
  const { endpoint, fetch, registration, activityId } = values;
  if (!endpoint || !fetch || !registration || !activityId) return null;
  try {
    return { endpoint, fetch, registration, activityId, actor: JSON.parse(values.actor) };
  } catch {
    return null;
  }
}

/** @implements {import("./store.js").Store} */
export class Cmi5 {
  #launch;
  #window;
  /** @type {Lrs} */
  #lrs;
  /** @type {Session} */
  #session;
  /** Verbs said in this registration (once) and in this session. @type {Set<string>} */
  #said = new Set();
  /** Statements that the LRS has not taken. @type {object[]} */
  #waiting = [];
  /** Ids of the answers in this session's statements. @type {Set<string>} */
  #reported = new Set();
  #records = false;
  #work = { elapsed: 0, score: null, status: "" };
  /** Where the LMS wants the student to go in the end, "" if it does not say. */
  returnUrl = "";

  /**
   * @param {Launch} launch
   * @param {Window} window
   */
  constructor(launch, window) {
    this.#launch = launch;
    this.#window = window;
  }

  /** Starts the session (8.2, 10, 11, 9.3.2), and reads. */
  async open() {
    try {
      const memory = this.#recall();
      if (memory.terminated) return null;
      const token = memory.token ?? (await this.#fetchToken());
      this.#remember({ ...memory, token });
      const fetcher = (...request) => this.#window.fetch(...request);
      this.#lrs = new Lrs(this.#launch.endpoint, `Basic ${token}`, fetcher);
      const data = await this.#lrs.read(STATE, this.#document(LAUNCH_DATA));
      await this.#readPreferences();
      const work = await this.#readWork();
      this.#begin(data);
      this.#said = new Set(work.said);
      if (!memory.initialized) await this.#initialize();
      return this.#opened(data, work);
    } catch {
      return null;
    }
  }

  /** Sends statements in one request, and the state in another; both may outlive the page. */
  async save({ state, status, score, elapsed }, interactions) {
    if (!this.#records) return true;
    this.#work = { elapsed, score, status };
    for (const interaction of interactions) this.#report(answered(this.#session, interaction));
    for (const verb of ONCE) if (this.#isTrue(verb)) this.#say(verb);
    // What close() says in the same breath must travel in the same request, to arrive in order.
    await null;
    const said = ONCE.filter((verb) => this.#said.has(verb));
    const work = { state, status, score, said };
    const [sent, written] = await Promise.all([
      this.#flush(),
      this.#lrs.write(STATE, this.#document(OWN), work),
    ]);
    return sent && written;
  }

  wake() {}

  close() {
    if (this.#records && this.#work.status === "failed" && !this.#said.has("passed")) {
      this.#say("failed");
    }
    this.#say("terminated");
    this.#remember({ ...this.#recall(), terminated: true });
    this.#flush();
  }

  /** The token, which the LMS gives once (8.2.1). */
  async #fetchToken() {
    const response = await this.#window.fetch(this.#launch.fetch, { method: "POST" });
    const { "auth-token": token } = await response.json();
    if (!token) throw new Error("The LMS gave no token.");
    return token;
  }

  /** {} at a first visit; the list comes first, as a browser reports each 404 as an error. */
  async #readWork() {
    const { stateId, ...rest } = this.#document(OWN);
    const names = (await this.#lrs.read(STATE, rest)) ?? [];
    return names.includes(stateId) ? this.#lrs.read(STATE, this.#document(OWN)) : {};
  }

  /** An AU must ask for them (11); this one shows the same to everybody. */
  async #readPreferences() {
    const agent = JSON.stringify(this.#launch.actor);
    const query = { agent, profileId: "cmi5LearnerPreferences" };
    await this.#lrs.read("agents/profile", query).catch(() => null);
  }

  #begin({ contextTemplate = {}, launchMode, masteryScore = null, returnURL = "" }) {
    const { actor, registration, activityId } = this.#launch;
    this.#session = {
      actor, registration, activity: activityId, template: contextTemplate, mastery: masteryScore,
    };
    this.#records = launchMode === "Normal";
    if (/^https?:/i.test(returnURL)) this.returnUrl = returnURL;
  }

  async #initialize() {
    this.#say("initialized");
    if (await this.#flush()) this.#remember({ ...this.#recall(), initialized: true });
  }

  #opened({ masteryScore, launchParameters = "" }, { state = "", status = "", score = null }) {
    const { name = "", homePage = "" } = this.#launch.actor.account ?? {};
    return {
      status,
      score,
      mastery: masteryScore === undefined ? null : Number((100 * masteryScore).toFixed(5)),
      state,
      interactions: null,
      launchData: launchParameters,
      // The registration is the attempt: a copy never reaches another one.
      learner: [homePage, name, this.#launch.registration].join(" "),
      isNew: false,
      records: this.#records,
    };
  }

  #isTrue(verb) {
    const { status } = this.#work;
    return verb === "passed" ? status === "passed" : status !== "incomplete";
  }

  /** What waits already, or was taken, came again after a failure elsewhere. */
  #report(statement) {
    if (this.#reported.has(statement.id)) return;
    this.#reported.add(statement.id);
    this.#waiting.push(statement);
  }

  #say(verb) {
    if (this.#said.has(verb)) return;
    this.#said.add(verb);
    this.#waiting.push(defined(this.#session, verb, this.#work));
  }

  /**
   * Sends what waits; is nothing left? A batch that is refused goes one by one, so that a single
   * bad statement takes none with it; what comes twice has the same id and counts once.
   */
  async #flush() {
    const batch = [...this.#waiting];
    if (batch.length === 0) return true;
    const done = new Set();
    const answer = await this.#lrs.send(batch);
    if (answer === "failed") return false;
    for (const statement of batch) {
      const single = answer === "kept" || batch.length === 1;
      if (single || (await this.#lrs.send([statement])) !== "failed") done.add(statement);
    }
    this.#waiting = this.#waiting.filter((statement) => !done.has(statement));
    return done.size === batch.length;
  }

  #document(stateId) {
    const { activityId, actor, registration } = this.#launch;
    return { activityId, agent: JSON.stringify(actor), registration, stateId };
  }

  /** What a page that is loaded again in the same session must know; {} where forbidden. */
  #recall() {
    try {
      return JSON.parse(this.#window.sessionStorage.getItem(this.#key)) ?? {};
    } catch {
      return {};
    }
  }

  #remember(memory) {
    try {
      this.#window.sessionStorage.setItem(this.#key, JSON.stringify(memory));
    } catch {
      // Then a reload finds no session, and says so.
    }
  }

  get #key() {
    return `scorm:cmi5:${this.#launch.fetch}`;
  }
}
