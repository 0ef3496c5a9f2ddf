/** @file Stores for a page whose work no LMS keeps: the copy in this browser is all there is. */

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
    return NOTHING;
  }

  /**
   * No LMS will ever report single answers here, so the copy need not hold them.
   *
   * @param {import("./store.js").Snapshot} snapshot
   */
  save({ state }) {
    this.#mirror.write({ state, acknowledged: false, interactions: [] });
    return this.#mirror.result();
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
  attempt: "",
  copyOnly: true,
};

/** What CLOSED gives: the copy waits for an LMS. @type {import("./store.js").Opened} */
export const CLOSED_OPENED = { ...NOTHING, copyOnly: false };

/**
 * Stands for an LMS that launched the page but does not answer, or whose session is over. Nothing
 * reaches it, so all work waits in the student's copy for the next launch.
 *
 * @type {import("./store.js").Store}
 */
export const CLOSED = {
  open: () => CLOSED_OPENED,
  save: () => false,
  wake() {},
  close() {},
};
