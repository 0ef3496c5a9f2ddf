/**
 * @file The student's copy (called mirror in the code): work that an LMS may not have yet, kept in
 * this browser.
 *
 * Each change is written here before it is sent, and stays until the LMS shows it at a later
 * opening; only that proves that it arrived. The copy is kept under the course, the SCO and the
 * LMS's name for the student, so that nobody else at the same machine ever gets it. Where the LMS
 * does not name the student, the copy lasts only as long as the tab. Tabs that show the same page
 * to the same student share the copy, and so learn of each other's answers.
 */

/**
 * @typedef {object} Copy
 * @property {string} state text of state/page.js or state/course.js, with status and score in it
 * @property {boolean} acknowledged did the LMS say that it had it all?
 * @property {import("./journal.js").Entry[]} interactions
 * @property {Copy} [earlier] another copy, perhaps of another attempt, which the student has not
 *   decided about yet
 */

/** @typedef {Pick<Storage, "getItem"|"setItem"|"removeItem">} Items what is used of a Storage */

export class Mirror {
  /** @type {Items|null} */
  #storage;
  /** @type {string} */
  #key;

  /**
   * @param {() => Items} storage a function, as a browser may forbid even to look at it
   * @param {string} key
   */
  constructor(storage, key) {
    this.#storage = attempt(storage);
    this.#key = key;
  }

  get isAvailable() {
    return this.#storage !== null;
  }

  /** @returns {Copy|null} null where there is none, or it cannot be read */
  read() {
    const copy = attempt(() => JSON.parse(this.#storage?.getItem(this.#key) ?? "null"));
    if (typeof copy?.state !== "string") return null;
    const { state, acknowledged = false, interactions = [], earlier } = copy;
    return { state, acknowledged, interactions, earlier };
  }

  /** @param {Copy} copy @returns {boolean} is it kept? A full or forbidden storage keeps none. */
  write(copy) {
    const written = attempt(() => {
      this.#storage?.setItem(this.#key, JSON.stringify(copy));
      return this.isAvailable;
    });
    return written ?? false;
  }

  remove() {
    attempt(() => this.#storage?.removeItem(this.#key));
  }

  /**
   * Calls `changed` when another tab has written.
   *
   * @param {Window} window
   * @param {() => void} changed
   */
  watch(window, changed) {
    window.addEventListener("storage", ({ key }) => {
      if (key === this.#key) changed();
    });
  }
}

/**
 * The copy of the work on a page, with or without an LMS.
 *
 * @param {Window} window
 * @param {{course: string, sco: string}} page
 * @param {string|null} learner the LMS's name for the student, "" where it tells none, null where
 *   there is no LMS
 */
export function mirrorOf(window, { course, sco }, learner) {
  const storage = learner === "" ? () => window.sessionStorage : () => window.localStorage;
  return new Mirror(storage, ["scorm", course, sco, learner].filter(Boolean).join(":"));
}

/**
 * In place of a copy, for a page in the course's shell, which keeps the copy of all its pages.
 *
 * @type {Pick<Mirror, "isAvailable"|"read"|"write"|"remove"|"watch">}
 */
export const NO_MIRROR = {
  isAvailable: false,
  read: () => null,
  write: () => true,
  remove() {},
  watch() {},
};

/**
 * What the action gives, or null where the browser forbids it.
 *
 * @template T
 * @param {() => T} action
 * @returns {T|null}
 */
function attempt(action) {
  try {
    return action() ?? null;
  } catch {
    return null;
  }
}
