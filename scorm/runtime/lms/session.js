/**
 * @file What SCORM 1.2 and SCORM 2004 have in common: one session with an LMS's API, which is
 * synchronous, may fail in every way, and must never stop the student.
 *
 * When is a save good? `"true"` from a commit proves little: Moodle hands a commit to
 * `sendBeacon`, and some players take a login page for success. So a save counts as good when
 * nothing speaks against it (a refusal, an exception, an error after the commit, another
 * suspend_data read back than was written), and the student's copy in the browser stays until a
 * later visit has read it back (see mirror.js).
 */

import { LONG, decimal } from "../lib/values.js";

/** @typedef {import("./store.js").Snapshot} Snapshot */
/** @typedef {import("./store.js").Interaction} Interaction */

/**
 * @typedef {object} Dialect how one version of SCORM says things
 * @property {{initialize: string, terminate: string[], get: string, set: string,
 *   commit: string, lastError: string}} methods
 * @property {string} probe an element that can be read in every session
 * @property {Set<string>} essential what must be kept for the work to count as recorded; a
 *   player may lack the rest
 * @property {(get: (element: string) => string) => import("./store.js").Opened} read
 * @property {(snapshot: Snapshot) => [string, string][]} elements in the order of sending
 * @property {(interaction: Interaction) => [string, string][]} parts of an interaction; the
 *   first is its id, without which strict players refuse the rest
 * @property {(element: string, value: string) => string|null} other a harmless other value, null
 *   where none is needed
 */

const SUSPEND_DATA = "cmi.suspend_data";

const NO_ERROR = "0";

/** General exception and not initialized (1.2); the same, too late, and commit failure (2004). */
const COMMIT_ERRORS = new Set(["101", "301", "142", "143", "391"]);

/** @implements {import("./store.js").Store} */
export class Session {
  #api;
  #dialect;
  /** What the LMS took, so that a save sends what changed. @type {Map<string, string>} */
  #sent = new Map();
  /** What a commit that failed may have lost. @type {Map<string, string>} */
  #doubtful = new Map();
  #records = true;

  /**
   * @param {object} api as findApi found it
   * @param {Dialect} dialect
   */
  constructor(api, dialect) {
    this.#api = api;
    this.#dialect = dialect;
  }

  /**
   * Starts the session, and reads. A page loaded again in a player that was never told of its
   * end is refused a second start, yet may go on (SCORM 1.2 RTE 3.3.4, error 101).
   *
   * @returns {import("./store.js").Opened|null} null where the LMS records nothing
   */
  open() {
    const started = this.#call(this.#dialect.methods.initialize, "");
    if (!started.ok && !this.#answers()) return null;
    const opened = this.#dialect.read((element) => this.#get(element));
    this.#records = opened.records;
    return opened;
  }

  /** Sends what changed, and commits once; after a failed commit, twice. */
  save(snapshot, interactions) {
    if (!this.#records) return true;
    const elements = this.#dialect.elements(snapshot);
    this.#shake(elements);
    for (const interaction of interactions) this.#sendInteraction(interaction);
    const changed = elements.filter(([element, value]) => this.#sent.get(element) !== value);
    const refused = changed.filter(([element, value]) => !this.#set(element, value));
    const isWhole = !refused.some(([element]) => this.#dialect.essential.has(element));
    const isHeld = this.#commit() && this.#holds(elements);
    for (const [element, value] of changed) {
      if (isHeld && !refused.some(([name]) => name === element)) this.#sent.set(element, value);
      else this.#doubtful.set(element, value);
    }
    return isHeld && isWhole;
  }

  /**
   * Moodle forgets its session when the browser shows a page from its cache; there was no
   * end of it, so this start is not a second one.
   */
  wake() {
    if (this.#answers()) return;
    this.#call(this.#dialect.methods.initialize, "");
    this.#sent.clear();
  }

  close() {
    const { terminate } = this.#dialect.methods;
    this.#call(terminate.find((name) => this.#has(name)) ?? terminate[0], "");
  }

  /**
   * After a failed commit, makes values differ from what was sent with it.
   *
   * Moodle sends what changed since the last commit, whether that arrived or not; what was lost
   * on the way would never be sent again (mod/scorm/datamodels, CollectData). So what is in
   * doubt takes another value for the length of one commit. Nothing that was recorded is
   * lowered: it was not recorded.
   */
  #shake(elements) {
    if (this.#doubtful.size === 0) return;
    for (const [element, value] of elements) {
      const other = this.#doubtful.get(element) === value && this.#dialect.other(element, value);
      if (typeof other === "string") this.#set(element, other);
    }
    this.#doubtful.clear();
    this.#commit();
  }

  #sendInteraction(interaction) {
    const [[name, id], ...rest] = this.#dialect.parts(interaction);
    const element = `cmi.interactions.${interaction.index}`;
    if (!this.#set(`${element}.${name}`, id)) return;
    for (const [part, value] of rest) this.#set(`${element}.${part}`, value);
  }

  /** Players answer "true", true, undefined or ""; a login page is none of them. */
  #commit() {
    const { commit, lastError } = this.#dialect.methods;
    const { ok, value } = this.#call(commit, "");
    if (!ok || !/^(true|1|)$/i.test(value.trim())) return false;
    return !COMMIT_ERRORS.has(this.#call(lastError).value.trim());
  }

  /** Does the LMS's own copy of the state, where it shows one, read as it was written? */
  #holds(elements) {
    const [, written] = elements.find(([element]) => element === SUSPEND_DATA);
    const read = this.#get(SUSPEND_DATA);
    return read === "" || read === written;
  }

  /** Does the LMS answer, or has no session begun? */
  #answers() {
    this.#get(this.#dialect.probe);
    return this.#call(this.#dialect.methods.lastError).value === NO_ERROR;
  }

  #get(element) {
    return this.#call(this.#dialect.methods.get, element).value;
  }

  #set(element, value) {
    return this.#call(this.#dialect.methods.set, element, value).ok;
  }

  #has(name) {
    return typeof this.#api[name] === "function";
  }

  /** Only "false" and an exception say no. */
  #call(name, ...values) {
    try {
      if (!this.#has(name)) return { ok: false, value: "" };
      const value = String(this.#api[name](...values) ?? "");
      return { ok: value !== "false", value };
    } catch {
      return { ok: false, value: "" };
    }
  }
}

/** Another text, which read() makes the same again or the state's checksum refuses. */
export function otherText(text) {
  return text.length < LONG ? `${text} ` : text.slice(0, -1);
}

/** The number next to a score; Moodle compares numbers, so that `50.0` would not do. */
export function otherNumber(text) {
  const number = Number(text);
  return number > 0 ? decimal(number - 0.0001, 4) : "0.0001";
}
