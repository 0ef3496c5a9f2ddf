/**
 * @file A student's visit to a page, or to the whole course in its shell: when what is new goes to
 * the store, what of it is kept, how long it took, how it ends, and who is told.
 *
 * What the work is, its owner knows: tracking.js for a page, shell-course.js for a course.
 */

import { Journal } from "./journal.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("../lms/store.js").Store} Store */
/** @typedef {Omit<import("../lms/store.js").Snapshot, "elapsed">} Snapshot */

/**
 * @typedef {object} Work what is visited
 * @property {() => void} absorb takes in what another tab has written
 * @property {(next?: number) => number} counted how many interactions there are; `next` sets it
 * @property {() => Snapshot} snapshot
 * @property {(acknowledged: boolean) => void} keepCopy writes the student's copy (mirror.js)
 * @property {() => object} progress for the listeners
 */

export class Visit {
  journal = new Journal();
  /** What the latest save came to. @type {boolean|Promise<boolean>} */
  result = true;
  #work;
  #store;
  #host;
  #outbox;
  #begun = 0;
  #asleepSince = null;
  /** What the last good save sent; "" after a failure, and where the time at least is new. */
  #saved = "";
  #kept = true;
  #closed = false;
  #listeners = [];

  /**
   * @param {Work} work
   * @param {Store} store
   * @param {import("./outbox.js").Host} host
   */
  constructor(work, store, host) {
    this.#work = work;
    this.#store = store;
    this.#host = host;
    this.#outbox = new Outbox(() => (this.result = this.#send()), (kept) => this.#told(kept), host);
  }

  begin() {
    this.#begun = this.#host.now();
  }

  /** Milliseconds, without those that the page lay in the browser's cache. */
  get elapsed() {
    return this.#host.now() - this.#begun;
  }

  get isClosed() {
    return this.#closed;
  }

  /** Did the last save succeed, and has the LMS refused nothing for good? */
  get standing() {
    return { kept: this.#kept, refused: (this.#store.refused ?? 0) > 0 };
  }

  /** Calls `listener` after each change, with the progress. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  tell() {
    const progress = this.#work.progress();
    for (const listener of this.#listeners) listener(progress);
  }

  /** See Outbox. */
  soon() {
    this.#outbox.soon();
  }

  /** See Outbox. @param {number} ms */
  settle(ms) {
    if (!this.#closed) this.#outbox.settle(ms);
  }

  /** See Outbox. */
  now() {
    this.#outbox.now();
  }

  /** The network is back: what failed may succeed now. */
  retry() {
    if (!this.#kept) this.#outbox.soon();
  }

  /** The student looks elsewhere, and may never come back: the time at least is new. */
  hidden() {
    this.#saved = "";
    this.#outbox.now();
  }

  /** The page leaves the window; `cached` says that the browser may show it again. */
  left(cached) {
    if (this.#closed) return;
    this.hidden();
    if (cached) {
      this.#asleepSince = this.#host.now();
      return;
    }
    this.#closed = true;
    this.#outbox.stop();
    this.#store.close();
  }

  /** The browser shows the page again from its cache. @returns {number} milliseconds it was away */
  cameBack() {
    if (this.#asleepSince === null) return 0;
    const away = this.#host.now() - this.#asleepSince;
    this.#begun += away;
    this.#asleepSince = null;
    this.#store.wake();
    this.#saved = "";
    this.#outbox.soon();
    return away;
  }

  /** Sends what is new, in one commit; is all of it kept? */
  #send() {
    const work = this.#work;
    work.absorb();
    const { interactions, next, settle } = this.journal.take(work.counted());
    work.counted(next);
    const snapshot = work.snapshot();
    const image = JSON.stringify(snapshot);
    if (image === this.#saved && interactions.length === 0) return true;
    work.keepCopy(false);
    const ended = (/** @type {boolean} */ kept) => {
      settle(kept);
      this.#saved = kept ? image : "";
      work.keepCopy(kept && image === JSON.stringify(work.snapshot()));
      return kept;
    };
    const result = this.#store.save({ ...snapshot, elapsed: this.elapsed }, interactions);
    return typeof result === "boolean" ? ended(result) : result.then(ended);
  }

  #told(kept) {
    this.#kept = kept;
    this.tell();
  }
}
