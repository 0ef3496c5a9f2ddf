/** @file Tells one act after the other: several at once could not be followed. */

/** Between two acts, where they do not wait in a queue; and the longest queue may take (milliseconds). */
const APART = 450;
const AT_MOST = 1800;

/** @typedef {import("./acts.js").Act} Act */

export class Teller {
  /** @type {Act[]} */
  #queue = [];
  #timer = 0;

  /** @param {(act: Act) => void} show */
  constructor(show) {
    this.show = show;
  }

  /** @param {Act[]} acts */
  add(acts) {
    this.#queue.push(...acts);
    if (!this.#timer) this.#next();
  }

  clear() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#queue = [];
  }

  #next() {
    const act = this.#queue.shift();
    this.#timer = 0;
    if (!act) return;
    this.show(act);
    this.#timer = window.setTimeout(() => this.#next(), Math.min(APART, AT_MOST / (this.#queue.length + 1)));
  }
}
