/**
 * @file Models of LMSs that speak SCORM: what they store, and the API that they give to a page.
 *
 * `moodle` sends, at each commit, what differs from the commit before, arrived or not; in SCORM 2004,
 * what differs from what it held at the launch. Numbers are numbers there
 * (mod/scorm/datamodels/scorm_12.js and scorm_13.js: LMSSetValue, CollectData, StoreData). After the
 * first click in its contents tree, and whenever a page is leaving, commits go by `sendBeacon`, which
 * says "true" whatever comes of them. `whole` is any LMS that sends all it has at each commit, as
 * those do that are built on scorm-again; it takes a login page for success.
 */

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Fate} Fate */

/**
 * @typedef {object} Dialect
 * @property {string} prefix of the methods
 * @property {string} end the method that ends a session
 * @property {string} commitError the error after a commit that failed
 * @property {string} status what holds the status for good
 * @property {string} score
 */

/** @type {Record<string, Dialect>} */
export const DIALECTS = {
  scorm12: {
    prefix: "LMS", end: "Finish", commitError: "101",
    status: "cmi.core.lesson_status", score: "cmi.core.score.raw",
  },
  scorm2004: {
    prefix: "", end: "Terminate", commitError: "391",
    status: "cmi.success_status", score: "cmi.score.raw",
  },
};

/** Elements that Moodle holds as numbers: those whose range it checks. @type {Record<string, RegExp>} */
const NUMBERS = { scorm12: /(score\.(raw|min|max)|weighting)$/, scorm2004: /score\.scaled$/ };

/** Where a status stands. */
const STATUSES = ["cmi.core.lesson_status", "cmi.completion_status", "cmi.success_status"];

const isInteraction = (/** @type {string} */ element) => element.startsWith("cmi.interactions.");

/** What an LMS is told and never keeps. */
const UNKEPT = /session_time$/;

/**
 * What an LMS keeps of its students, by student and SCO.
 *
 * @typedef {Map<string, string>} Rows element to value
 */
export class ScormServer {
  /** @type {Map<string, Rows>} */
  rows = new Map();
  /** Told after each commit that reached the LMS. @type {(post: Post, rows: Rows) => void} */
  stored = () => {};

  /** @param {string} student @param {string} sco @returns {Rows} */
  rowsOf(student, sco) {
    const key = `${student}/${sco}`;
    if (!this.rows.has(key)) this.rows.set(key, new Map());
    return /** @type {Rows} */ (this.rows.get(key));
  }

  /** The work on SCOs that a new release no longer has goes away with them, as in Moodle. */
  keepOnly(/** @type {string[]} */ scos) {
    for (const key of this.rows.keys()) {
      if (!scos.includes(key.split("/")[1])) this.rows.delete(key);
    }
  }

  /** @param {Post} post @param {[string, string][]} entries of it that the LMS came to store */
  store(post, entries = post.entries) {
    const rows = this.rowsOf(post.student, post.sco);
    for (const [element, value] of entries) rows.set(element, value);
    this.stored(post, rows);
  }
}

/**
 * @typedef {object} Post a commit on its way
 * @property {string} student
 * @property {string} sco
 * @property {number} turn which of all posts it is
 * @property {any} sender the launch that sent it
 * @property {[string, string][]} entries
 * @property {boolean} isJudged did the LMS itself change the status?
 * @property {boolean} repeats does the LMS repeat a status that the page did not say this time?
 */

/**
 * @typedef {object} Line the connection of a page with the LMS
 * @property {Network} network
 * @property {() => boolean} isLoggedIn
 * @property {() => boolean} isLeaving is the page's window going away?
 * @property {() => number} nextTurn
 * @property {(post: Post) => void} sent told of each post that leaves the page
 * @property {(noted: import("./browser.js").Noted) => void} note told of each post that has ended, as the
 *   browser sees it
 * @property {() => number} now
 */

/**
 * @typedef {object} Launch
 * @property {keyof typeof DIALECTS} dialect
 * @property {"moodle"|"whole"} style
 * @property {string} student
 * @property {string} named the name that the LMS tells of the student, "" where it tells none
 * @property {string} sco
 * @property {number|null} mastery
 * @property {boolean} overrides does the LMS judge by the mastery score at the end?
 * @property {boolean} isBeacon do commits go by sendBeacon?
 * @property {number} refusals how often the LMS refuses to begin
 */

export class ScormApi {
  /** The object that the page finds. @type {Record<string, (...values: string[]) => unknown>} */
  api = {};
  #server;
  #line;
  #launch;
  #dialect;
  /** @type {Map<string, string|number>} */
  #values;
  /**
   * What Moodle takes for sent: by the last commit; in SCORM 2004, before the launch.
   * @type {Map<string, string|number>}
   */
  #sent;
  /** What the page has set since the last commit. @type {Set<string>} */
  #set = new Set();
  #isOpen = false;
  #error = "0";

  /** @param {ScormServer} server @param {Line} line @param {Launch} launch */
  constructor(server, line, launch) {
    this.#server = server;
    this.#line = line;
    this.#launch = launch;
    this.#dialect = DIALECTS[launch.dialect];
    this.#values = new Map(server.rowsOf(launch.student, launch.sco));
    // Of interactions Moodle knows no earlier value, so that the first commit sends those of earlier
    // visits again.
    this.#sent = new Map([...this.#values].filter(([element]) => !isInteraction(element)));
    const { prefix, end } = this.#dialect;
    const methods = {
      Initialize: () => this.#initialize(),
      [end]: () => this.#finish(),
      GetValue: (/** @type {string} */ element) => this.#get(element),
      SetValue: (/** @type {string} */ element, /** @type {string} */ value) => this.#put(element, value),
      Commit: () => this.#commit(),
      GetLastError: () => this.#error,
    };
    for (const [name, method] of Object.entries(methods)) this.api[prefix + name] = method;
  }

  /** The player is shown again from the browser's cache; Moodle's begins anew. */
  forget() {
    if (this.#launch.style === "moodle") this.#isOpen = false;
  }

  #initialize() {
    if (this.#launch.refusals > 0) {
      this.#launch.refusals -= 1;
      this.#error = "101";
      return "false";
    }
    this.#error = this.#isOpen ? "101" : "0";
    if (this.#isOpen) return "false";
    this.#isOpen = true;
    return "true";
  }

  /** @param {string} element */
  #get(element) {
    this.#error = this.#isOpen ? "0" : "301";
    if (!this.#isOpen) return "";
    const { named, sco, mastery } = this.#launch;
    switch (element) {
      case "cmi.core.student_id":
      case "cmi.learner_id": return named;
      case "cmi.launch_data": return sco;
      case "cmi.student_data.mastery_score": return mastery === null ? "" : String(mastery);
      case "cmi.scaled_passing_score": return mastery === null ? "" : String(mastery / 100);
      case "cmi.core.lesson_mode":
      case "cmi.mode": return "normal";
      case "cmi.core.lesson_status": return this.#values.get(element) ?? "not attempted";
      case "cmi.completion_status":
      case "cmi.success_status": return this.#values.get(element) ?? "unknown";
      case "cmi.interactions._count": return this.#count();
      default: return this.#values.get(element) ?? "";
    }
  }

  #count() {
    const ids = [...this.#values.keys()].filter((name) => /^cmi\.interactions\.\d+\.id$/.test(name));
    return String(ids.length);
  }

  /** @param {string} element @param {string} value */
  #put(element, value) {
    this.#error = this.#isOpen ? "0" : "301";
    if (!this.#isOpen) return "false";
    const [, index] = /^cmi\.interactions\.(\d+)\./.exec(element) ?? [];
    if (index !== undefined && Number(index) > Number(this.#count())) {
      this.#error = "201";
      return "false";
    }
    const { style, dialect } = this.#launch;
    const isNumber = style === "moodle" && NUMBERS[dialect].test(element);
    this.#values.set(element, isNumber ? Number(value) : value);
    this.#set.add(element);
    return "true";
  }

  #commit() {
    this.#error = this.#isOpen ? "0" : "301";
    return this.#isOpen ? this.#send() : "false";
  }

  #finish() {
    if (!this.#isOpen) return "false";
    this.#isOpen = false;
    const { status } = this.#dialect;
    const said = this.#values.get(status);
    this.#judge();
    return this.#send(this.#values.get(status) !== said);
  }

  /** What the LMS itself makes of score and mastery score (SCORM 1.2 RTE 3.4.4; Moodle, StoreData). */
  #judge() {
    const { dialect, mastery, overrides } = this.#launch;
    if (dialect !== "scorm12") return;
    const { status, score } = this.#dialect;
    const now = this.#values.get(status);
    if (now === undefined || now === "not attempted") this.#values.set(status, "completed");
    const raw = this.#values.get(score);
    if (!overrides || mastery === null || raw === undefined || raw === "") return;
    this.#values.set(status, Number(raw) >= mastery ? "passed" : "failed");
  }

  #send(isJudged = false) {
    const { student, sco, style, isBeacon } = this.#launch;
    const entries = this.#collect();
    const repeats = !/** @type {string[]} */ (STATUSES).some((element) => this.#set.has(element));
    this.#set.clear();
    const post = { student, sco, sender: this.#launch, entries, isJudged, repeats, turn: this.#line.nextTurn() };
    this.#line.sent(post);
    const fate = this.#line.network.fate(this.#line.isLoggedIn());
    if (isBeacon || this.#line.isLeaving()) {
      this.#carry(post, fate);
      return "true";
    }
    return this.#answered(this.#arrive(post, fate), style);
  }

  /** What is to be sent, as each kind of LMS sees it. @returns {[string, string][]} */
  #collect() {
    const isWhole = this.#launch.style === "whole";
    const before = (/** @type {string} */ element) =>
      this.#sent.get(element) ?? (isInteraction(element) ? undefined : "");
    const isDue = ([element, value]) => !UNKEPT.test(element) && (isWhole || before(element) !== value);
    const due = [...this.#values].filter(isDue);
    if (this.#launch.dialect === "scorm12") {
      for (const [element, value] of due) this.#sent.set(element, value);
    }
    return due.map(([element, value]) => [element, String(value)]);
  }

  /** A post that the page does not wait for. @param {Post} post @param {Fate} fate */
  #carry(post, fate) {
    const { network } = this.#line;
    const end = this.#ending(fate);
    if (fate === "doubled") network.deliver(() => this.#server.store(post), true);
    network.deliver(() => {
      if (fate === "half") this.#server.store(post, network.part(post.entries));
      if (["arrives", "unanswered", "doubled", "late"].includes(fate)) this.#server.store(post);
      end();
    }, fate === "late");
  }

  /** A post that the page waits for; what the LMS answers. @param {Post} post @param {Fate} fate */
  #arrive(post, fate) {
    const { network } = this.#line;
    if (fate === "half") this.#server.store(post, network.part(post.entries));
    if (fate === "late") network.deliver(() => this.#server.store(post), true);
    if (["arrives", "unanswered", "doubled"].includes(fate)) this.#server.store(post);
    if (fate === "doubled") network.deliver(() => this.#server.store(post), true);
    this.#ending(fate === "late" ? "unanswered" : fate)();
    if (fate === "login") return "<!DOCTYPE html>";
    return ["arrives", "doubled", "swallowed"].includes(fate) ? "true" : "";
  }

  /** Notes how a post ends that begins now. @param {Fate} fate */
  #ending(fate) {
    const startTime = this.#line.now();
    const isMoodle = this.#launch.style === "moodle";
    const status = fate === "half" ? 500 : ["lost", "unanswered"].includes(fate) ? 0 : 200;
    const isLogin = fate === "login";
    // Moodle calls its answers HTML, whatever they are, and moves who is not logged in to its login page.
    const kind = { isHtml: isMoodle || isLogin, isMoved: isMoodle && isLogin, size: isLogin ? 20_000 : 6 };
    return () => this.#line.note({ startTime, status, ...kind });
  }

  /** @param {string} answer @param {"moodle"|"whole"} style */
  #answered(answer, style) {
    const isGood = answer === "true" || (style === "whole" && answer !== "");
    this.#error = isGood ? "0" : this.#dialect.commitError;
    return String(isGood);
  }
}
