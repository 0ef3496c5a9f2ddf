/**
 * @file Decides when to send: after the page has shown what the student did, and in one save for
 * all that came meanwhile. After a failure it tries again, less and less often.
 */

/** Time for the browser to draw a click's result (milliseconds): a commit may block the page. */
const BREATH = 20;

/** A failed save is tried again after this long, then half as often each time (milliseconds). */
const RETRY = 15_000;
const LONGEST_RETRY = 240_000;

/** @typedef {import("../lib/host.js").Host} Host */

export class Outbox {
  #send;
  #told;
  #overlaps;
  /** @type {Host} */
  #host;
  /** @type {unknown} */
  #timer = null;
  /** Is what waits more than a move, so that no later move may put it off? */
  #isPressing = false;
  #retry = RETRY;
  /** The latest attempt, until its answer is there. @type {symbol|null} */
  #awaited = null;
  #again = false;
  #stopped = false;

  /**
   * @param {object} way
   * @param {() => boolean|Promise<boolean>} way.send everything that is new, whenever it is called
   * @param {(kept: boolean) => void} way.told told after each attempt
   * @param {() => boolean} way.overlaps may it send before the last answer is there?
   * @param {Host} host
   */
  constructor({ send, told, overlaps }, host) {
    this.#send = send;
    this.#told = told;
    this.#overlaps = overlaps;
    this.#host = host;
  }

  /** Something happened that must not be lost. */
  soon() {
    this.#schedule(BREATH, true);
  }

  /** Something changed that may soon change again; a save can wait. @param {number} ms */
  settle(ms) {
    if (!this.#isPressing) this.#schedule(ms, false);
  }

  /** The page may go away: sends now, even where an answer is still awaited. */
  now() {
    if (this.#stopped) return;
    this.#cancel();
    this.#again = false;
    const turn = Symbol("turn");
    this.#awaited = turn;
    const result = this.#send();
    if (typeof result === "boolean") this.#ended(turn, result);
    else result.then((kept) => this.#ended(turn, kept));
  }

  stop() {
    this.#stopped = true;
    this.#cancel();
  }

  /**
   * The result of an attempt counts only while no later one has begun.
   *
   * @param {symbol} turn
   * @param {boolean} kept
   */
  #ended(turn, kept) {
    if (turn !== this.#awaited) return;
    this.#awaited = null;
    if (this.#again) this.soon();
    else if (!kept && this.#timer === null) this.#schedule(this.#retry, true);
    this.#retry = kept ? RETRY : Math.min(2 * this.#retry, LONGEST_RETRY);
    this.#told(kept);
  }

  /** @param {number} ms @param {boolean} isPressing */
  #schedule(ms, isPressing) {
    if (this.#stopped) return;
    this.#cancel();
    this.#isPressing = isPressing;
    this.#timer = this.#host.later(() => this.#due(), ms);
  }

  #due() {
    this.#cancel();
    if (this.#awaited && !this.#overlaps()) this.#again = true;
    else this.now();
  }

  #cancel() {
    if (this.#timer !== null) this.#host.cancel(this.#timer);
    this.#timer = null;
    this.#isPressing = false;
  }
}
