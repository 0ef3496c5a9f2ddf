/** @file Keeps a student's work in this browser, where no LMS does: the copy is all there is. */

/** @typedef {import("./store.js").Store} Store */

/** @implements {Store} */
export class Local {
  /** @type {import("../work/mirror.js").Mirror} */
  #mirror;

  /** @param {import("../work/mirror.js").Mirror} mirror of the page, which the page's work reads */
  constructor(mirror) {
    this.#mirror = mirror;
  }

  open() {
    return this.#mirror.isAvailable ? NOTHING : null;
  }

  /**
   * Nobody reads reports of single answers here; the copy need not hold them.
   *
   * @param {import("./store.js").Snapshot} snapshot
   */
  save({ state }) {
    return this.#mirror.write({ state, acknowledged: false, interactions: [] });
  }

  wake() {}

  close() {}
}

/** @type {import("./store.js").Opened} what is known of a page where no store knows anything */
export const NOTHING = {
  status: "",
  score: null,
  mastery: null,
  state: "",
  interactions: null,
  launchData: "",
  copyOnly: true,
};

/** @type {import("./store.js").Opened} */
export const CLOSED_OPENED = { ...NOTHING, copyOnly: false };

/**
 * In place of an LMS that launched the page and does not answer, or not any more: nothing gets
 * there, so that all waits in the student's copy for the next launch.
 *
 * @type {import("./store.js").Store}
 */
export const CLOSED = {
  open: () => CLOSED_OPENED,
  save: () => false,
  wake() {},
  close() {},
};
