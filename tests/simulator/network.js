/**
 * @file What becomes of a request between a browser and the LMS. The weather says how likely each
 * fate is; a browser whose login is over gets the login page whatever the weather.
 */

/**
 * @typedef {"arrives"|"lost"|"unanswered"|"half"|"doubled"|"late"|"login"|"swallowed"} Fate
 *   `lost` before it reached the LMS; `unanswered` where it arrived and the answer got lost; `half`
 *   where the LMS stored a part and then failed; `doubled` where it arrives once more, later;
 *   `late` where it arrives after requests that were sent after it, and the browser does not wait for
 *   it; `login` where the LMS answers with its login page; `swallowed` where the LMS says that all is
 *   well and stores nothing
 */

/**
 * How many of 100 requests meet each fate; the rest arrive.
 * @type {Record<string, Partial<Record<Fate, number>>>}
 */
export const WEATHERS = {
  good: {},
  flaky: { lost: 25, unanswered: 15, half: 10, late: 10 },
  unruly: { late: 30, doubled: 20, half: 5 },
  down: { lost: 100 },
  deceitful: { swallowed: 60 },
};

/** How long a request takes that is not waited for, and one that is late (milliseconds). */
const BRISK = 40;
const LATE = 4000;

export class Network {
  weather = "good";
  /** How many requests met each fate. @type {Record<string, number>} */
  met = {};
  /** When the last of what keeps its order arrives. */
  #lastDue = 0;
  #clock;
  #random;

  /** @param {import("./clock.js").Clock} clock @param {import("./course.js").Random} random */
  constructor(clock, random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Makes what follows depend on this alone, so that a step left out changes no later one. */
  seed(/** @type {import("./course.js").Random} */ random) {
    this.#random = random;
  }

  /** @param {boolean} isLoggedIn @returns {Fate} */
  fate(isLoggedIn) {
    const fate = this.#fate(isLoggedIn);
    this.met[fate] = (this.met[fate] ?? 0) + 1;
    return fate;
  }

  #fate(/** @type {boolean} */ isLoggedIn) {
    let left = 100 * this.#random.next();
    const fates = /** @type {[Fate, number][]} */ (Object.entries(WEATHERS[this.weather]));
    for (const [fate, share] of fates) {
      left -= share;
      if (left < 0) return fate === "lost" || isLoggedIn ? fate : "login";
    }
    return isLoggedIn ? "arrives" : "login";
  }

  /** A part of what was sent, as an LMS keeps it that fails in the middle. @template T @param {T[]} entries */
  part(entries) {
    return entries.slice(0, this.#random.upTo(entries.length - 1));
  }

  /**
   * Lets something reach the LMS after a while; what is not late keeps its order.
   *
   * @param {() => void} action
   * @param {boolean} isLate
   */
  deliver(action, isLate) {
    const due = this.#clock.time + this.delay(isLate);
    if (!isLate) this.#lastDue = Math.max(this.#lastDue, due);
    this.#clock.later(action, (isLate ? due : this.#lastDue) - this.#clock.time);
  }

  /** How long an answer takes (milliseconds). @param {boolean} isLate */
  delay(isLate) {
    return 1 + this.#random.upTo(isLate ? LATE : BRISK);
  }
}
