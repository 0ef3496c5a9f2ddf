/**
 * @file Keeps a student's work in an LMS that speaks cmi5 ("Quartz", 1st edition): the page is an
 * assignable unit, its state a document of the State API, its results are statements.
 *
 * `passed` and `completed` are said once in a registration, as soon as they are true; `failed`,
 * of which a session has one at most and none after `passed`, when the page is left. What the
 * LMS launched to look at (Browse, Review) says `initialized` and `terminated` alone (10.2.2).
 * After `terminated` a session is over, also for a page that is loaded again.
 *
 * A statement that the LRS refuses for good is set aside, so that it holds up none behind it, and
 * the student is told (`refused`). The work itself is in the state all the same; `passed` and
 * `completed` are said again in the next session, until the LRS has them.
 *
 * Statements go in as few requests as may outlive the page, one after the other, each statement
 * once. When the page is left there is no time to wait: what is not under way goes at once, with
 * `terminated` at its end. What is under way is not repeated: an LRS may refuse a whole request for
 * one statement that it has already, and nobody would be there to send the rest again.
 */

import { answered, defined, verbOf } from "./statements.js";
import { WorkDocument } from "./work-document.js";
import { Lrs, MOST_KEEPALIVE, bytesOf } from "./xapi.js";
import { browserHost } from "../lib/host.js";

/** @typedef {import("./statements.js").Session} Session */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Snapshot} Snapshot */
/** @typedef {import("./store.js").Account} Account */
/** @typedef {import("./store.js").Interaction} Interaction */
/** @typedef {{id: string, verb: {id: string}}} Statement */

/**
 * @typedef {object} Launch the launch's parameters (8.1)
 * @property {string} endpoint
 * @property {string} fetch
 * @property {{account?: {homePage: string, name: string}}} actor
 * @property {string} registration
 * @property {string} activityId
 */

const STATE = "activities/state";
const LAUNCH_DATA = "LMS.LaunchData";
const OWN = "scorm.work";

/** Said once in a registration (9.3). @type {("completed"|"passed")[]} */
const ONCE = ["completed", "passed"];

/** A document that others write all the time is given up until the next save. */
const TURNS = 3;

/** An LMS that gives no token after this long has not answered (milliseconds). */
const PATIENCE = 20_000;

/** The LMS gave an answer, and it was no token. */
class Refusal extends Error {}

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

/**
 * The launch's name for the student and the attempt, which a registration is: a copy under it
 * never reaches another one.
 *
 * @param {Launch} launch
 */
export function learnerOf({ actor, registration }) {
  const { name = "", homePage = "" } = actor.account ?? {};
  return [homePage, name, registration].join(" ");
}

/** @implements {Store} */
export class Cmi5 {
  /** @type {Launch} */
  #launch;
  /** @type {Window} */
  #window;
  /** @type {import("../lib/host.js").Host} */
  #host;
  /** The three of them are there once the session was opened. @type {Lrs} */
  #lrs = /** @type {any} */ (null);
  /** @type {Session} */
  #session = /** @type {any} */ (null);
  /** @type {WorkDocument} */
  #document = /** @type {any} */ (null);
  /** Verbs said in this registration (once) and in this session. @type {Set<string>} */
  #said = new Set();
  /** Those of them that the LRS has. @type {Set<string>} */
  #taken = new Set();
  /** Statements that the LRS has not taken. @type {Statement[]} */
  #waiting = [];
  /** The sending of them that is under way. @type {Promise<boolean>|null} */
  #sending = null;
  /** Those in the request that has no answer yet. @type {Statement[]} */
  #underWay = [];
  #closed = false;
  /** Ids of the answers in this session's statements. @type {Set<string>} */
  #reported = new Set();
  /**
   * How the page brings another browser's work and its own together.
   * @type {((theirs: Account) => Snapshot)|null}
   */
  #reconcile = null;
  #records = false;
  /** @type {{elapsed: number, score: number|null, status: string}} */
  #work = { elapsed: 0, score: null, status: "" };
  /** Did the LMS that launched the page not answer when the page was opened? */
  isSilent = false;
  /** Where the LMS wants the student to go in the end, "" if it does not say. */
  returnUrl = "";
  /** How many statements the LRS refuses for good. */
  refused = 0;

  /**
   * @param {Launch} launch
   * @param {Window} window
   * @param {import("../lib/host.js").Host} [host]
   */
  constructor(launch, window, host = browserHost()) {
    this.#launch = launch;
    this.#window = window;
    this.#host = host;
  }

  /** Starts the session (8.2, 10, 11, 9.3.2), and reads. */
  async open() {
    try {
      const memory = this.#recall();
      this.returnUrl = memory.returnUrl ?? "";
      if (memory.terminated) return null;
      const token = memory.token ?? (await this.#fetchToken());
      this.#remember({ ...memory, token });
      /** @type {typeof fetch} */
      const fetcher = (address, init) => this.#window.fetch(address, init);
      this.#lrs = new Lrs(this.#launch.endpoint, `Basic ${token}`, fetcher);
      const { value: data, etag } = await this.#lrs.read(STATE, this.#query(LAUNCH_DATA));
      await this.#readPreferences();
      this.#document = new WorkDocument(this.#lrs, this.#query(OWN));
      const work = await this.#document.read(etag !== "");
      this.#begin(data);
      await this.#learn(work);
      if (!memory.initialized) await this.#initialize();
      return this.#opened(data, work);
    } catch (error) {
      this.isSilent = !(error instanceof Refusal);
      return null;
    }
  }

  /** @param {(theirs: Account) => Snapshot} reconcile */
  onOvertaken(reconcile) {
    this.#reconcile = reconcile;
  }

  /**
   * Sends statements in one request, and the state in another; both may outlive the page.
   *
   * @param {Snapshot} snapshot
   * @param {Interaction[]} interactions
   */
  async save(snapshot, interactions) {
    if (!this.#records) return true;
    for (const interaction of interactions) this.#report(answered(this.#session, interaction));
    for (let turn = 0; turn < TURNS; turn += 1) {
      const [sent, written] = await this.#keep(snapshot);
      if (written !== "overtaken") return sent && written === "kept";
      const theirs = await this.#document.read(true).catch(() => null);
      if (!theirs) return false;
      await this.#learn(theirs);
      const { state = "", status = "", score = null } = theirs;
      snapshot = this.#reconcile?.({ state, status, score }) ?? snapshot;
    }
    return false;
  }

  /** @param {Snapshot} snapshot @returns {Promise<[boolean, "kept"|"failed"|"overtaken"]>} */
  async #keep({ state, status, score, elapsed }) {
    this.#work = { elapsed, score, status };
    for (const verb of ONCE) if (isTrue(verb, status)) this.#say(verb);
    // What close() says in the same breath travels in the same request.
    await null;
    const said = ONCE.filter((verb) => this.#taken.has(verb));
    return Promise.all([this.#flush(), this.#document.write({ state, status, score, said })]);
  }

  wake() {}

  close() {
    if (this.#records && this.#work.status === "failed" && !this.#said.has("passed")) {
      this.#say("failed");
    }
    this.#say("terminated");
    this.#remember({ ...this.#recall(), terminated: true, returnUrl: this.returnUrl });
    this.#closed = true;
    const left = this.#waiting.filter((statement) => !this.#underWay.includes(statement));
    this.#sending = this.#sendAll(batchesOf(left));
  }

  /** The token, which the LMS gives once (8.2.1). */
  async #fetchToken() {
    const controller = new AbortController();
    const timer = this.#host.later(() => controller.abort(), PATIENCE);
    const { signal } = controller;
    try {
      const response = await this.#window.fetch(this.#launch.fetch, { method: "POST", signal });
      const { "auth-token": token } = await response.json();
      if (!token) throw new Refusal("The LMS gave no token.");
      return token;
    } finally {
      this.#host.cancel(timer);
    }
  }

  /** An AU must ask for them (11); this one shows the same to everybody. */
  async #readPreferences() {
    const agent = JSON.stringify(this.#launch.actor);
    const query = { agent, profileId: "cmi5LearnerPreferences" };
    await this.#lrs.read("agents/profile", query).catch(() => null);
  }

  /**
   * What was said once in this registration. Of what must have been, going by the status, but is
   * not known to have arrived, the LRS is asked: it refuses to hear it twice.
   *
   * @param {import("./work-document.js").Work} work
   */
  async #learn({ status = "incomplete", said = [] }) {
    for (const verb of ONCE) {
      const { registration, activityId: activity } = this.#launch;
      const like = { registration, activity, verb: verbOf(verb).id };
      const mayBe = isTrue(verb, status) && !this.#taken.has(verb);
      if (!said.includes(verb) && !(mayBe && (await this.#lrs.hasLike(like)))) continue;
      this.#said.add(verb);
      this.#taken.add(verb);
    }
  }

  /** @param {any} data the launch data (10) */
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

  /**
   * @param {any} data the launch data (10)
   * @param {import("./work-document.js").Work} work
   * @returns {import("./store.js").Opened}
   */
  #opened({ masteryScore, launchParameters = "" }, { state = "", status = "", score = null }) {
    return {
      status,
      score,
      mastery: masteryScore === undefined ? null : Number((100 * masteryScore).toFixed(5)),
      state,
      interactions: null,
      launchData: launchParameters,
      learner: learnerOf(this.#launch),
      isNew: false,
      records: this.#records,
    };
  }

  /**
   * Lets a statement wait to be sent. One that comes again, after a save that failed elsewhere,
   * waits already or was taken.
   *
   * @param {Statement} statement
   */
  #report(statement) {
    if (this.#reported.has(statement.id)) return;
    this.#reported.add(statement.id);
    this.#waiting.push(statement);
  }

  /** @param {import("./statements.js").Verb} verb */
  #say(verb) {
    if (this.#said.has(verb)) return;
    this.#said.add(verb);
    this.#waiting.push(defined(this.#session, verb, this.#work));
  }

  /** Sends what waits, after what is under way; is nothing left? @returns {Promise<boolean>} */
  async #flush() {
    while (this.#sending && !this.#closed) await this.#sending;
    if (this.#closed) return this.#sending ?? true;
    this.#sending = this.#sendWaiting();
    const isEmpty = await this.#sending;
    if (!this.#closed) this.#sending = null;
    return isEmpty;
  }

  /** Sends all that waits, until a request fails or the page is left; is nothing left? */
  async #sendWaiting() {
    for (const batch of batchesOf(this.#waiting)) {
      if (this.#closed) return false;
      this.#underWay = batch;
      const isGone = await this.#sendBatch(batch);
      this.#underWay = [];
      if (!isGone) return false;
    }
    return true;
  }

  /** @param {Statement[][]} batches @returns {Promise<boolean>} */
  async #sendAll(batches) {
    for (const batch of batches) if (!(await this.#sendBatch(batch))) return false;
    return true;
  }

  /**
   * A batch that is refused goes one by one, so that a single bad statement takes none with it.
   *
   * @param {Statement[]} batch
   */
  async #sendBatch(batch) {
    const answer = await this.#lrs.send(batch);
    if (answer === "failed") return false;
    for (const statement of batch) {
      const alone = answer === "kept" || batch.length === 1;
      const single = alone ? answer : await this.#lrs.send([statement]);
      if (single !== "failed") await this.#settle(statement, single);
    }
    return !batch.some((statement) => this.#waiting.includes(statement));
  }

  /**
   * Notes what became of a statement. One that is there already, because the LRS's answer to an
   * earlier request was lost, is refused and yet kept.
   *
   * @param {Statement} statement
   * @param {"kept"|"refused"} answer
   */
  async #settle(statement, answer) {
    const isThere = answer === "kept" || (await this.#lrs.has(statement.id));
    if (!this.#waiting.includes(statement)) return;
    this.#waiting = this.#waiting.filter((other) => other !== statement);
    if (!isThere) this.refused += 1;
    const verb = ONCE.find((it) => verbOf(it).id === statement.verb.id);
    if (isThere && verb) this.#taken.add(verb);
  }

  /** @param {string} stateId */
  #query(stateId) {
    const { activityId, actor, registration } = this.#launch;
    return { activityId, agent: JSON.stringify(actor), registration, stateId };
  }

  /**
   * What a page that is loaded again in the same session must know; {} where forbidden.
   *
   * @returns {{token?: string, initialized?: boolean, terminated?: boolean, returnUrl?: string}}
   */
  #recall() {
    try {
      return JSON.parse(this.#window.sessionStorage.getItem(this.#key) ?? "{}");
    } catch {
      return {};
    }
  }

  /** @param {object} memory as #recall gives it */
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

/** Does the status say what the verb says? @param {string} verb @param {string} status */
function isTrue(verb, status) {
  return verb === "passed" ? status === "passed" : !["", "incomplete"].includes(status);
}

/**
 * Statements in as few requests as may outlive the page.
 *
 * @param {Statement[]} statements
 * @returns {Statement[][]}
 */
function batchesOf(statements) {
  /** @type {Statement[][]} */
  const batches = [];
  let room = 0;
  for (const statement of statements) {
    const bytes = bytesOf(JSON.stringify(statement)) + 1;
    if (bytes > room) {
      batches.push([]);
      room = MOST_KEEPALIVE - 2;
    }
    batches[batches.length - 1].push(statement);
    room -= bytes;
  }
  return batches;
}
