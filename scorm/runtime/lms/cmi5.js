/**
 * @file Keeps a student's work in an LMS that speaks cmi5 ("Quartz", 1st edition): the page is an
 * assignable unit, its state a document of the State API, its results are statements.
 *
 * `passed` and `completed` are said once in a registration, as soon as they are true. `failed` is
 * said when the page is left, at most once in a session and never after `passed`. A page that was
 * launched to be looked at only (Browse, Review) says nothing but `initialized` and `terminated`
 * (10.2.2). After `terminated` a session is over, also for a page that is loaded again.
 *
 * How statements get to the LRS, statement-queue.js says. Where the LRS refuses one for good, the
 * student is told (`refused`). The work itself is in the state all the same; `passed` and
 * `completed` are said again in the next session, until the LRS has them.
 */

import { browserHost } from "../lib/host.js";
import { hundredfold } from "../lib/values.js";
import { learnerOf } from "./cmi5-launch.js";
import { StatementQueue } from "./statement-queue.js";
import { answered, defined, verbOf } from "./statements.js";
import { WorkDocument } from "./work-document.js";
import { Lrs } from "./xapi.js";

/** @typedef {import("./statements.js").Session} Session */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Snapshot} Snapshot */
/** @typedef {import("./store.js").Account} Account */
/** @typedef {import("./store.js").Interaction} Interaction */
/** @typedef {import("./cmi5-launch.js").Launch} Launch */

const STATE = "activities/state";
const LAUNCH_DATA = "LMS.LaunchData";
const OWN = "scorm.work";

/** Said once in a registration (9.3). @type {("completed"|"passed")[]} */
const ONCE = ["completed", "passed"];

/** After this many tries to write a document that others write meanwhile, the save has failed. */
const TURNS = 3;

/** An LMS that gives no token after this long has not answered (milliseconds). */
const PATIENCE = 20_000;

/** The LMS gave an answer, and it was no token. */
class Refusal extends Error {}

/** @implements {Store} */
export class Cmi5 {
  /** @type {Launch} */
  #launch;
  /** @type {Window} */
  #window;
  /** @type {import("../lib/host.js").Host} */
  #host;
  /** This one and the next three are there once open() has succeeded. @type {Lrs} */
  #lrs = /** @type {any} */ (null);
  /** @type {StatementQueue} */
  #queue = /** @type {any} */ (null);
  /** @type {Session} */
  #session = /** @type {any} */ (null);
  /** @type {WorkDocument} */
  #document = /** @type {any} */ (null);
  /** Verbs said in this registration (once) and in this session. @type {Set<string>} */
  #said = new Set();
  /** Those of ONCE that the LRS is known to have. @type {Set<string>} */
  #taken = new Set();
  /**
   * How the page brings another browser's work and its own together.
   * @type {((theirs: Account) => Snapshot)|null}
   */
  #reconcile = null;
  #records = false;
  /** Is the page being left? */
  #isLeaving = false;
  /** @type {{elapsed: number, score: number|null, status: string}} */
  #work = { elapsed: 0, score: null, status: "" };
  /** Did the LMS that launched the page not answer when the page was opened? */
  isSilent = false;
  /** Where the LMS wants the student to go in the end, "" if it does not say. */
  returnUrl = "";
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

  /** How many statements the LRS refuses for good. */
  get refused() {
    return this.#queue?.refused ?? 0;
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
      this.#queue = new StatementQueue(this.#lrs, (statement) => this.#took(statement));
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
    for (const interaction of interactions) this.#queue.add(answered(this.#session, interaction));
    let { reads } = this.#document;
    for (let turn = 0; turn < TURNS; turn += 1) {
      const [sent, written] = await this.#keep(snapshot, reads);
      if (written !== "overtaken") return sent && written === "kept";
      const theirs = await this.#document.read(true).catch(() => null);
      if (!theirs) return false;
      ({ reads } = this.#document);
      const { state = "", status = "", score = null } = theirs;
      snapshot = this.#reconcile?.({ state, status, score }) ?? snapshot;
      await this.#learn(theirs);
    }
    return false;
  }

  /**
   * @param {Snapshot} snapshot
   * @param {number} reads of the document when the snapshot was made
   * @returns {Promise<[boolean, "kept"|"failed"|"overtaken"]>}
   */
  async #keep({ state, status, score, elapsed }, reads) {
    this.#work = { elapsed, score, status };
    for (const verb of ONCE) if (isTrue(verb, status)) this.#say(verb);
    // One microtask later, so that what close() adds in the same task travels in the same request.
    await null;
    const said = ONCE.filter((verb) => this.#taken.has(verb));
    const work = { state, status, score, said };
    const when = { reads, isLast: this.#isLeaving };
    return Promise.all([this.#queue.flush(), this.#document.write(work, when)]);
  }

  wake() {}

  close() {
    this.#isLeaving = true;
    if (this.#records && this.#work.status === "failed" && !this.#said.has("passed")) {
      this.#say("failed");
    }
    this.#say("terminated");
    this.#remember({ ...this.#recall(), terminated: true, returnUrl: this.returnUrl });
    this.#queue.close();
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

  /** An assignable unit must ask for them (11), though this one looks the same to everybody. */
  async #readPreferences() {
    const agent = JSON.stringify(this.#launch.actor);
    const query = { agent, profileId: "cmi5LearnerPreferences" };
    await this.#lrs.read("agents/profile", query).catch(() => null);
  }

  /**
   * Learns which statements of ONCE this registration has already. Where the status says that one
   * was due, and it is not known to have arrived, the LRS is asked, as it refuses a second one.
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
    if (await this.#queue.flush()) this.#remember({ ...this.#recall(), initialized: true });
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
      mastery: hundredfold(typeof masteryScore === "number" ? masteryScore : null),
      state,
      interactions: null,
      launchData: launchParameters,
      learner: learnerOf(this.#launch),
      attempt: "",
      records: this.#records,
    };
  }

  /** @param {import("./statements.js").Verb} verb */
  #say(verb) {
    if (this.#said.has(verb)) return;
    this.#said.add(verb);
    this.#queue.add(defined(this.#session, verb, this.#work));
  }

  /** Notes what has arrived. @param {import("./statement-queue.js").Statement} statement */
  #took({ verb }) {
    const once = ONCE.find((it) => verbOf(it).id === verb.id);
    if (once) this.#taken.add(once);
  }

  /** @param {string} stateId */
  #query(stateId) {
    const { activityId, actor, registration } = this.#launch;
    return { activityId, agent: JSON.stringify(actor), registration, stateId };
  }

  /**
   * What a page that is loaded again in the same session must know; {} where the browser forbids
   * storage.
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

/** Is what the verb says true of the status? @param {string} verb @param {string} status */
function isTrue(verb, status) {
  return verb === "passed" ? status === "passed" : !["", "incomplete"].includes(status);
}
