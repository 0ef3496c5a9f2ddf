/**
 * @file The student's copy (called mirror in the code): work that an LMS may not have yet, kept in
 * this browser.
 *
 * Each change is written here before it is sent, and stays until the LMS shows it at a later
 * opening; only that proves that it arrived. Where it lies, says shelf.js.
 *
 * **Whose it is.** A copy is kept under the course, the SCO, the LMS's name for the student, and
 * the attempt (state/attempt.js). So no other student at this browser ever gets it. Where the LMS
 * does not name the student, a copy is found only by an attempt that the LMS shows.
 *
 * **Tabs** that show the same attempt share a copy. They tell each other what they write, and each
 * write takes in what lies there already, so that none takes the place of another tab's work.
 */

import { PATIENCE, attempt, openShelf, tidy, within } from "./shelf.js";

/** @typedef {import("./shelf.js").Shelf} Shelf */
/** @typedef {import("../lib/host.js").Host} Host */

/**
 * @typedef {object} Copy
 * @property {string} state text of state/page.js or state/course.js, with status and score in it
 * @property {boolean} acknowledged has the LMS said that it had it all, or ever shown this attempt?
 * @property {import("./journal.js").Entry[]} interactions
 */

/**
 * @typedef {object} Owner whose copies these are
 * @property {string} course
 * @property {string} sco
 * @property {string} learner the LMS's name for the student, "" where it tells none; without an
 *   LMS everybody at this browser is the same
 * @property {boolean} isNamed may copies of other attempts be this student's, too?
 */

export class Mirror {
  /** The student's copies of other attempts, the oldest first. @type {Map<string, Copy>} */
  others = new Map();
  /** @type {Shelf|null} */
  #shelf;
  /** @type {Owner} */
  #owner;
  /** @type {Host} */
  #host;
  /** The copies that were here at the opening, by attempt. @type {Map<string, string>} */
  #found;
  #attempt = "";
  #isShown = false;
  /** What is to lie on the shelf; null for nothing. @type {string|null} */
  #text = null;
  /** What lies there, as far as this tab knows. @type {string|null} */
  #known = null;
  /** The latest copy, of this tab or another. @type {Copy|null} */
  #copy = null;
  /** The latest change; until it has put something, it will put the latest. */
  #turn = new Turn();
  #isKept = false;
  /** @type {unknown} */
  #timer = null;
  /** @type {((isKept: boolean) => void)[]} */
  #waiting = [];
  /** @type {BroadcastChannel|null} */
  #channel = null;
  #listen = () => {};
  #changed = () => {};
  #told = () => {};

  /**
   * @param {Shelf|null} shelf null where there is none, or none yet (arrived())
   * @param {Map<string, import("./shelf.js").Slip>} found the student's copies, the oldest first
   * @param {Owner} owner
   * @param {Host} host
   */
  constructor(shelf, found, owner, host) {
    this.#shelf = shelf;
    this.#owner = owner;
    this.#host = host;
    this.#found = new Map([...found].map(([name, { text }]) => [name, text]));
    if (!owner.isNamed) return;
    for (const [name, text] of this.#found) {
      const copy = read(text);
      if (copy) this.others.set(name, copy);
    }
  }

  /** Is there a place to keep a copy in? */
  get isAvailable() {
    return this.#shelf !== null;
  }

  /** Does all of the latest copy lie where a later visit of this student will find it? */
  get isSafe() {
    const isFound = this.#owner.isNamed || this.#isShown;
    return this.#isKept && isFound && this.#shelf?.lasts === true;
  }

  /** Is it not known yet whether the latest copy is kept? */
  get isWriting() {
    return this.#timer !== null;
  }

  /**
   * Goes on with the copy of this attempt.
   *
   * @param {string} name of the attempt
   * @param {boolean} isShown does the LMS show that it has this attempt?
   */
  take(name, isShown) {
    this.#attempt = name;
    this.#isShown = isShown;
    this.others.delete(name);
    this.#text = this.#known = this.#found.get(name) ?? null;
    this.#copy = this.#text === null ? null : read(this.#text);
    this.#isKept = this.#shelf !== null;
  }

  /** @returns {Copy|null} the latest copy, this tab's or another's; null where there is none */
  read() {
    return this.#copy;
  }

  /**
   * Keeps the copy in place of the last one.
   *
   * @param {Copy} copy
   */
  write(copy) {
    this.#copy = copy;
    this.#put(JSON.stringify(copy));
  }

  remove() {
    this.#copy = null;
    this.#put(null);
  }

  /** Removes the copy of another attempt. @param {string} name */
  drop(name) {
    this.others.delete(name);
    this.#shelf?.change(this.#place(name), () => null, this.#host.wall(), () => {});
  }

  /** Is the latest copy kept, as soon as that is known? @returns {boolean|Promise<boolean>} */
  result() {
    if (!this.isWriting) return this.#isKept;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * @param {Window} window
   * @param {() => void} changed called when another tab has written
   * @param {() => void} told called when it is known whether a copy is kept
   */
  watch(window, changed, told) {
    this.#changed = changed;
    this.#told = told;
    const { BroadcastChannel } = /** @type {typeof globalThis} */ (/** @type {unknown} */ (window));
    this.#listen = () => {
      const name = JSON.stringify(this.#place(this.#attempt));
      this.#channel = attempt(() => new BroadcastChannel(`scorm:${name}`));
      this.#channel?.addEventListener("message", ({ data }) => {
        if (typeof data === "string") this.#heard(data);
      });
    };
    this.wake();
  }

  /** Stops listening: a browser does not keep a page in its cache that listens to other tabs. */
  sleep() {
    this.#channel?.close();
    this.#channel = null;
  }

  /** Listens again. What other tabs have written meanwhile, the next change finds. */
  wake() {
    if (!this.#channel) this.#listen();
  }

  /** The shelf has come late: what was to be written is written now. @param {Shelf} shelf */
  arrived(shelf) {
    this.#shelf = shelf;
    this.#isKept = false;
    this.#change();
  }

  /** @param {string|null} text */
  #put(text) {
    if (text === this.#text && (this.#isKept || this.isWriting)) return;
    this.#text = text;
    this.#isKept = false;
    this.#change();
  }

  #change() {
    const shelf = this.#shelf;
    if (!shelf || !this.#turn.hasPut) return;
    const turn = (this.#turn = new Turn(false));
    if (this.#timer !== null) this.#host.cancel(this.#timer);
    this.#timer = this.#host.later(() => this.#settle(false), PATIENCE);
    let put = this.#text;
    const edit = (/** @type {string|null} */ found) => {
      if (found !== null && found !== this.#known) this.#heard(found);
      turn.hasPut = true;
      put = this.#known = this.#text;
      this.#copy = put === null ? null : read(put);
      return put;
    };
    shelf.change(this.#place(this.#attempt), edit, this.#host.wall(), (isKept) => {
      turn.hasPut = true;
      if (isKept && put !== null) attempt(() => this.#channel?.postMessage(put));
      if (put === this.#text && turn === this.#turn) this.#settle(isKept);
    });
  }

  /** Another tab has written this. @param {string} text */
  #heard(text) {
    const copy = read(text);
    if (!copy) return;
    this.#known = text;
    this.#copy = copy;
    this.#changed();
  }

  /** @param {boolean} isKept */
  #settle(isKept) {
    if (this.#timer !== null) this.#host.cancel(this.#timer);
    this.#timer = null;
    this.#isKept = isKept;
    for (const resolve of this.#waiting.splice(0)) resolve(isKept);
    this.#told();
  }

  /** @param {string} name of an attempt */
  #place(name) {
    const { course, sco, learner } = this.#owner;
    return [course, sco, learner, name];
  }
}

/** A change of what lies on the shelf. */
class Turn {
  hasPut;

  /** @param {boolean} [hasPut] has it put something, so that what comes later needs another one? */
  constructor(hasPut = true) {
    this.hasPut = hasPut;
  }
}

/** @param {string} text @returns {Copy|null} null where it cannot be read */
function read(text) {
  const copy = attempt(() => JSON.parse(text));
  if (typeof copy?.state !== "string") return null;
  const { state, acknowledged = false, interactions = [] } = copy;
  return { state, acknowledged, interactions };
}

/**
 * The copies of a student's work on a page.
 *
 * @param {Window} window
 * @param {Owner} owner
 * @param {Host} host
 */
export async function openMirror(window, owner, host) {
  const { shelf, late } = await openShelf(window, host);
  const { course, sco, learner } = owner;
  if (shelf) tidy(shelf, host);
  const listed = shelf?.list([course, sco, learner]) ?? Promise.resolve(new Map());
  const found = await within(listed, host, new Map());
  const mirror = new Mirror(shelf, found, owner, host);
  late?.then((arrived) => arrived && mirror.arrived(arrived));
  return mirror;
}

/** In place of a copy, for work that nobody could find again. @param {Host} host */
export function noMirror(host) {
  return new Mirror(null, new Map(), { course: "", sco: "", learner: "", isNamed: false }, host);
}
