/**
 * @file A student's visit to a page, or to the whole course in its shell: when what is new goes to
 * the store, how long the visit took, how it ends, and who is told.
 *
 * There is one save for each answer, for completion and for leaving; moves within the page are
 * bundled (outbox.js). Before each save, the student's copy in this browser is begun to be written.
 */

import { Outbox } from "./outbox.js";

/** @typedef {Omit<import("../lms/store.js").Store, "open">} Store that was opened before */
/** @typedef {Omit<import("../lms/store.js").Snapshot, "elapsed">} Snapshot */

/**
 * @typedef {object} Work what is visited: page.js or course.js
 * @property {import("./standing.js").Standing<any>} standing
 * @property {() => Snapshot} snapshot
 * @property {any} progress for the listeners
 */

/** A save without an answer after this long is not called recorded (milliseconds). */
const SLOW = 2000;

/** @typedef {import("../view/note.js").Place} Place */

/**
 * @typedef {object} Facts
 * @property {Place} place where the work is kept
 * @property {boolean} kept did the last save succeed?
 * @property {boolean} confirmed is it known that it arrived, as far as anybody can know?
 * @property {boolean} refused has the LMS refused a report for good?
 */

export class Visit {
  /** @type {Place} */
  place = "lms";
  /** What the shell around the page knows better. @type {() => Partial<Facts>} */
  around = () => ({});
  /** What the latest save came to. @type {boolean|Promise<boolean>} */
  result = true;
  /** @type {Work} */
  #work;
  /** @type {Store} */
  #store;
  /** @type {import("../lib/host.js").Host} */
  #host;
  /** @type {Outbox} */
  #outbox;
  #begun = 0;
  /** @type {number|null} */
  #asleepSince = null;
  /** What the last good save sent; "" after a failure, and when at least the time is to be sent. */
  #saved = "";
  #kept = true;
  #isSlow = false;
  #closed = false;
  /** @type {((progress: any) => void)[]} */
  #listeners = [];

  /**
   * @param {Work} work
   * @param {Store} store
   * @param {import("../lib/host.js").Host} host
   */
  constructor(work, store, host) {
    this.#work = work;
    this.#store = store;
    this.#host = host;
    const outbox = {
      send: () => (this.result = this.#send()),
      told: (/** @type {boolean} */ kept) => this.#told(kept),
      overlaps: () => store.overlaps ?? false,
    };
    this.#outbox = new Outbox(outbox, host);
  }

  begin() {
    this.#begun = this.#host.now();
  }

  /** How long the visit has taken (milliseconds), without the time in the browser's cache. */
  get elapsed() {
    return this.#host.now() - this.#begun;
  }

  get isClosed() {
    return this.#closed;
  }

  get facts() {
    const { confirmed = true, refused = 0 } = this.#store;
    const own = { place: this.place, kept: this.#kept, refused: refused > 0 };
    return { ...own, confirmed: confirmed && !this.#isSlow, ...this.around() };
  }

  /** From now on, calls `listener` after each change. @param {(progress: any) => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  tell() {
    const { progress } = this.#work;
    for (const listener of this.#listeners) listener(progress);
  }

  /** The student did something that must not be lost. */
  changed() {
    if (this.#closed) return;
    this.#keepCopy(false);
    this.#outbox.soon();
    this.tell();
  }

  /** The student moved, and may move on. @param {number} ms until it is worth a save */
  settle(ms) {
    if (!this.#closed) this.#outbox.settle(ms);
  }

  /** Saves at once; `result` tells what came of it. */
  now() {
    this.#outbox.now();
  }

  /** The student has decided whether to use the earlier copy. @param {boolean} isWanted */
  decideEarlier(isWanted) {
    this.#work.standing.decide(isWanted);
    this.changed();
  }

  /** Another tab has changed the copy; what this one adds to it stays in it. */
  shared() {
    const { standing } = this.#work;
    if (!standing.absorb()) return;
    const { isAhead } = standing;
    this.#keepCopy(false);
    if (isAhead) this.#outbox.soon();
    this.tell();
  }

  /** The network is back: what failed may succeed now. */
  retry() {
    if (!this.#kept) this.#outbox.soon();
  }

  /** The student looks elsewhere and may never come back: saves, as at least the time is new. */
  hidden() {
    this.#saved = "";
    this.#outbox.now();
  }

  /** The page leaves the window. @param {boolean} cached may the browser show it again? */
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

  /** The browser shows the page again from its cache. */
  cameBack() {
    if (this.#asleepSince === null) return;
    this.#begun += this.#host.now() - this.#asleepSince;
    this.#asleepSince = null;
    this.#store.wake();
    this.#saved = "";
    this.#outbox.soon();
  }

  /** Sends what is new, in one save; is all of it kept? @returns {boolean|Promise<boolean>} */
  #send() {
    const { standing } = this.#work;
    standing.absorb();
    const { interactions, next, settle } = standing.journal.take(standing.counted);
    standing.counted = next;
    const snapshot = this.#work.snapshot();
    const image = JSON.stringify(snapshot);
    if (image === this.#saved && interactions.length === 0) return true;
    this.#keepCopy(false);
    const ended = (/** @type {boolean} */ kept) => {
      settle(kept);
      this.#saved = kept ? image : "";
      this.#keepCopy(kept && image === JSON.stringify(this.#work.snapshot()));
      if (kept && standing.journal.isWaiting) this.#outbox.soon();
      return kept;
    };
    const result = this.#store.save({ ...snapshot, elapsed: this.elapsed }, interactions);
    if (typeof result === "boolean") return ended(result);
    // The page may be gone before anybody knows.
    this.#keepCopy(true);
    return this.#awaited(result).then(ended);
  }

  /** @param {Promise<boolean>} result */
  #awaited(result) {
    const timer = this.#host.later(() => {
      this.#isSlow = true;
      this.tell();
    }, SLOW);
    return result.finally(() => {
      this.#host.cancel(timer);
      this.#isSlow = false;
    });
  }

  /** @param {boolean} isSaid does the store say that it has it all? */
  #keepCopy(isSaid) {
    const { standing } = this.#work;
    standing.keepCopy(this.#work.snapshot().state, isSaid);
  }

  /** @param {boolean} kept */
  #told(kept) {
    this.#kept = kept;
    this.tell();
  }
}
