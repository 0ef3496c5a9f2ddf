/**
 * @file What SCORM 1.2 and SCORM 2004 have in common: one session with an LMS's API, which is
 * synchronous, may fail in every way, and must never stop the student.
 *
 * **When is a save good?** `"true"` from a commit proves little: Moodle hands a commit to
 * `sendBeacon`, and some players take a login page for success. So a save counts as good when
 * nothing speaks against it (a refusal, an exception, an error after the commit, another
 * suspend_data read back than was written, a request that failed, requests.js), and the student's
 * copy in the browser stays until a later visit has read it back (see mirror.js). What has ended
 * well only as far as nobody can know is not `confirmed`: the state reads back empty, or no request
 * of the commit was noted where others were.
 *
 * **After a commit that failed** nobody knows what of it arrived, and Moodle sends only what
 * differs from its last commit, arrived or not (mod/scorm/datamodels, CollectData). So a value that
 * was in it is sent again in another spelling (spelling.js): a state with a space behind it, or a
 * score with a ten-thousandth more, which no gradebook shows. "incomplete", "suspend" and the full
 * score have no other spelling. They give way to a harmless other value, and come back in a commit
 * of their own. (For the full score that value is 99.9999999, which Moodle's gradebook rounds to
 * 100, as it has five decimals.)
 *
 * **What was recorded is never lowered.** "passed", "completed" and "failed" have no other spelling,
 * and any other word that Moodle would take for them says less. So they never give way. Instead they
 * are sent last, alone, when a commit has just succeeded: where the connection fails, it has most
 * likely failed before. If that commit fails all the same, they are sent unchanged with each
 * later save, which is enough where the LMS does not send changes only; Moodle gets them in the next
 * visit, and until then the student is told that the work is not recorded yet. What the LMS showed
 * when the page was opened needs no such care.
 *
 * **How much a commit may hold.** Moodle posts one form field for each element that changed; PHP
 * drops fields beyond 1,000, and a request that may outlive its page holds 65,536 bytes. So we stay
 * below 900 elements and 60,000 bytes a commit, of which other elements and the state take their
 * share. Some LMSs post everything at every commit, such as those built on scorm-again, so that the
 * interactions of a whole visit count. They send one text (JSON) by a request that has no such
 * limits as long as the page lives, and courses of all makes send them hundreds of interactions; at
 * worst the last commit of a long visit, which brings the place and the time, is refused by the
 * browser, and the next visit brings it. Only scorm-again's asynchronous mode makes each of its
 * requests one that may outlive the page: there a visit may send no more than fits into one commit,
 * so that state and score get through in any case, and what is left waits for the next visit.
 */

import { UNSEEN } from "./requests.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Snapshot} Snapshot */
/** @typedef {import("./store.js").Interaction} Interaction */
/** @typedef {import("./store.js").Opened} Opened */

/**
 * @typedef {object} Dialect what differs between the versions of SCORM
 * @property {{initialize: string, terminate: string[], get: string, set: string,
 *   commit: string, lastError: string}} methods
 * @property {string} probe an element that can be read in every session
 * @property {Set<string>} essential what must be kept for the work to count as recorded; a
 *   player may lack the rest
 * @property {(get: (element: string) => string) => Opened} read
 * @property {(snapshot: Snapshot) => [string, string][]} elements in the order of sending
 * @property {(interaction: Interaction) => [string, string][]} parts of an interaction; the
 *   first is its id, without which strict players refuse the rest
 * @property {(element: string, shown: string, value: string) => boolean} stays must what the LMS showed
 *   at the opening stay, as this value says less?
 * @property {(element: string, value: string) => boolean} isFinal is it a result, which no other
 *   value may replace even for a moment?
 * @property {(element: string, value: string, times: number) => string|null} again the same value
 *   in another spelling, chosen by how many commits with it have failed; null where there is none
 * @property {(element: string, value: string) => string|null} giveWay a harmless other value
 *   to send before this one is sent again; null where there is none, or no need
 */

/**
 * @typedef {object} Telling how one element is sent now
 * @property {string} element
 * @property {string} value that the LMS is to have
 * @property {string} text that is sent for it now
 * @property {"plain"|"detour"|"hope"} way `plain` where the text means the value, `detour` where
 *   the value itself comes in a later commit, `hope` where Moodle will not send it in this visit
 */

const SUSPEND_DATA = "cmi.suspend_data";

const NO_ERROR = "0";

/**
 * SCORM 1.2: general exception (101), not initialized (301). SCORM 2004: general exception (101),
 * commit before the start (142), after the end (143), commit failure (391).
 */
const COMMIT_ERRORS = new Set(["101", "301", "142", "143", "391"]);

/** What interactions may take of a commit; the rest of 900 and 60,000 is for all other elements. */
const COMMIT = { elements: 780, bytes: 44_000 };

/** @typedef {boolean|Promise<boolean>} Result is it kept? */

/** @implements {Store} */
export class Session {
  overlaps = true;
  /** Is what the last save sent known to have arrived, as far as anybody can know? */
  confirmed = true;
  /** @type {any} */
  #api;
  /** @type {Dialect} */
  #dialect;
  /** What the LMS showed when it was opened. @type {Map<string, string>} */
  #shown = new Map();
  /** What the LMS took, so that a save sends what changed. @type {Map<string, string>} */
  #sent = new Map();
  /**
   * What was in commits that failed, and in how many.
   * @type {Map<string, {value: string, times: number}>}
   */
  #doubtful = new Map();
  /** What is to be sent last, and was not sent yet. @type {[string, string][]} */
  #late = [];
  #records = true;
  /** Did the state read back empty? */
  #isMute = false;
  /** @type {import("./requests.js").Watch} */
  #requests;
  /** The saves of which it is not known yet what became of them. @type {Set<Promise<boolean>>} */
  #open = new Set();
  #saves = 0;

  /**
   * @param {any} api as findApi found it
   * @param {Dialect} dialect
   * @param {import("./requests.js").Watch} [requests] of the API's window
   */
  constructor(api, dialect, requests = UNSEEN) {
    this.#api = api;
    this.#dialect = dialect;
    this.#requests = requests;
  }

  /** @returns {import("./store.js").Room} */
  get room() {
    const isAsync = this.#api.settings?.useAsynchronousCommits === true;
    return { save: COMMIT, visit: isAsync ? COMMIT : null };
  }

  /**
   * Starts the session, and reads. Where the page is loaded again and the player was never told of
   * the end of the first load, it refuses a second start; the session may go on all the same
   * (SCORM 1.2 RTE 3.3.4, error 101).
   *
   * @returns {Opened|null} null where the LMS records nothing
   */
  open() {
    const started = this.#call(this.#dialect.methods.initialize, "");
    if (!started.ok && !this.#answers()) return null;
    const opened = this.#dialect.read((element) => {
      const value = this.#get(element);
      this.#shown.set(element, value);
      return value;
    });
    this.#records = opened.records ?? true;
    return opened;
  }

  /**
   * Sends what changed in one commit, and after it, in another, what must come last.
   *
   * @param {Snapshot} snapshot
   * @param {Interaction[]} interactions
   * @returns {Result}
   */
  save(snapshot, interactions) {
    if (!this.#records) return true;
    this.#saves += 1;
    const elements = this.#dialect
      .elements(snapshot)
      .filter(([element, value]) => !this.#dialect.stays(element, this.#shown.get(element) ?? "", value));
    const changed = elements.filter(([element, value]) => this.#sent.get(element) !== value);
    this.#late = changed.filter(([element, value]) => this.#isLate(element, value));
    const early = changed.filter((pair) => !this.#late.includes(pair));
    for (const interaction of interactions) this.#sendInteraction(interaction);
    const tellings = early.map(([element, value]) => this.#telling(element, value));
    const returning = tellings.filter(({ way }) => way === "detour");
    const isHope = tellings.some(({ way }) => way === "hope");
    const first = this.#tell(tellings);
    if (typeof first === "boolean") return this.#together(first && this.#tellLast(returning), isHope);
    const turn = this.#saves;
    // A later save sends what this one has not sent.
    const last = first.then((isKept) =>
      isKept && turn === this.#saves ? this.#tellLast(returning) : isKept);
    return this.#together(last, isHope);
  }

  /** What must come last, once a commit has succeeded. @param {Telling[]} returning @returns {Result} */
  #tellLast(returning) {
    const late = this.#late.map(([element, value]) => plain(element, value));
    const last = [...returning.map(({ element, value }) => plain(element, value)), ...late];
    this.#late = [];
    return last.length === 0 || this.#tell(last);
  }

  /**
   * A save is good when those before it, of which nothing was known yet, are good as well: it sends
   * only what they have not sent.
   *
   * @param {Result} own
   * @param {boolean} isHope
   * @returns {Result}
   */
  #together(own, isHope) {
    if (typeof own === "boolean" && this.#open.size === 0) return own && !isHope;
    const all = Promise.all([...this.#open, own]).then((kept) => !kept.includes(false) && !isHope);
    this.#open.add(all);
    all.then(() => this.#open.delete(all));
    return all;
  }

  /**
   * Starts again where the LMS has forgotten the session, as Moodle does when the browser shows a
   * page from its cache.
   */
  wake() {
    if (this.#answers()) return;
    this.#call(this.#dialect.methods.initialize, "");
    this.#sent.clear();
    this.#doubtful.clear();
  }

  /** Ends the session. What was to be told last, and could not, is told now or never. */
  close() {
    for (const [element, value] of this.#late) this.#set(element, value);
    const { terminate } = this.#dialect.methods;
    this.#call(terminate.find((name) => this.#has(name)) ?? terminate[0], "");
    this.#requests.stop();
  }

  /** Must it wait until a commit has succeeded? @param {string} element @param {string} value */
  #isLate(element, value) {
    const isKnown =
      this.#shown.get(element) === value || this.#doubtful.get(element)?.value === value;
    return !isKnown && this.#dialect.isFinal(element, value);
  }

  /** How a value is sent now. @param {string} element @param {string} value @returns {Telling} */
  #telling(element, value) {
    const doubtful = this.#doubtful.get(element);
    if (doubtful?.value !== value) return plain(element, value);
    const again = this.#dialect.again(element, value, doubtful.times);
    if (again !== null) return { element, value, text: again, way: "plain" };
    const other = this.#dialect.giveWay(element, value);
    if (other !== null) return { element, value, text: other, way: "detour" };
    const isFinal = this.#dialect.isFinal(element, value);
    return { element, value, text: value, way: isFinal ? "hope" : "plain" };
  }

  /**
   * Sends all of this to the LMS, and commits; is all that is essential kept?
   *
   * @param {Telling[]} tellings
   * @returns {Result}
   */
  #tell(tellings) {
    const told = tellings.filter(({ element, text }) => this.#set(element, text));
    const begun = this.#requests.now();
    const fate = this.#commit() && this.#holds(told) ? this.#requests.since(begun) : "lost";
    const refused = tellings.filter((telling) => !told.includes(telling));
    const isWhole = !refused.some(({ element }) => this.#dialect.essential.has(element));
    // While nobody knows, it counts as taken, so that no save meanwhile sends it once more.
    if (fate !== "lost") this.#took(told);
    if (typeof fate === "string") return this.#ended(told, fate) && isWhole;
    return fate.then((it) => this.#ended(told, it) && isWhole);
  }

  /** @param {Telling[]} told @param {import("./requests.js").Fate} fate */
  #ended(told, fate) {
    if (fate === "lost") this.#lost(told);
    else this.#arrived(told);
    this.confirmed = fate === "stored" || (fate === "unknown" && !this.#requests.hasSeen && !this.#isMute);
    return fate !== "lost";
  }

  /** @param {Telling[]} told */
  #took(told) {
    for (const { element, value, way } of told) if (way === "plain") this.#sent.set(element, value);
  }

  /** @param {Telling[]} told */
  #arrived(told) {
    for (const { element, value, way } of told) {
      const isSettled = this.#doubtful.get(element)?.value === value || this.#sent.get(element) === value;
      if (way === "plain" && isSettled) this.#doubtful.delete(element);
    }
  }

  /** @param {Telling[]} told */
  #lost(told) {
    for (const { element, value } of told) {
      const sent = this.#sent.get(element);
      if (sent === value) this.#sent.delete(element);
      const before = this.#doubtful.get(element);
      const times = before?.value === value ? before.times + 1 : 1;
      this.#doubtful.set(element, { value, times });
    }
  }

  /** @param {Interaction} interaction */
  #sendInteraction(interaction) {
    const [[name, id], ...rest] = this.#dialect.parts(interaction);
    const element = `cmi.interactions.${interaction.index}`;
    if (!this.#set(`${element}.${name}`, id)) return;
    for (const [part, value] of rest) this.#set(`${element}.${part}`, value);
  }

  /** Players answer "true", true, "1", undefined or ""; a login page is none of these. */
  #commit() {
    const { commit, lastError } = this.#dialect.methods;
    const { ok, value } = this.#call(commit, "");
    if (!ok || !/^(true|1|)$/i.test(value.trim())) return false;
    return !COMMIT_ERRORS.has(this.#call(lastError).value.trim());
  }

  /**
   * Does the LMS's own copy of the state, where it shows one, read as it was written?
   *
   * @param {Telling[]} told
   */
  #holds(told) {
    const written = told.find(({ element }) => element === SUSPEND_DATA)?.value;
    const state = written ?? this.#sent.get(SUSPEND_DATA);
    const read = this.#get(SUSPEND_DATA).trim();
    this.#isMute = read === "" && (state ?? "") !== "";
    return read === "" || state === undefined || read === state;
  }

  /** Does the LMS answer, as it does only where a session has begun? */
  #answers() {
    this.#get(this.#dialect.probe);
    return this.#call(this.#dialect.methods.lastError).value === NO_ERROR;
  }

  /** @param {string} element */
  #get(element) {
    return this.#call(this.#dialect.methods.get, element).value;
  }

  /** @param {string} element @param {string} value */
  #set(element, value) {
    return this.#call(this.#dialect.methods.set, element, value).ok;
  }

  /** @param {string} name */
  #has(name) {
    return typeof this.#api[name] === "function";
  }

  /**
   * Calls the API; only "false", an exception and a missing method mean failure.
   *
   * @param {string} name
   * @param {string[]} values
   */
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

/** @param {string} element @param {string} value @returns {Telling} */
function plain(element, value) {
  return { element, value, text: value, way: "plain" };
}
