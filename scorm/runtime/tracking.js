/**
 * @file What pages and decks report to; decides what is kept, and when.
 *
 * Status. A page is `incomplete` from its first opening and `completed` once it was read to its
 * end and each question answered (a deck: each slide seen). Where a mastery score applies, a
 * completed page is `passed` or `failed` instead, judged here with the LMS's own mastery score:
 * an LMS that applies it at LMSFinish (Moodle, scorm-again, RTE 3.4.4) comes to the same word,
 * and one that applies none, or never sees LMSFinish because the browser was killed, holds the
 * right word too. A quiz left half way is sent as `incomplete` with its score, and such an LMS
 * calls that `failed` until the student returns; it is `incomplete` again then. What was
 * `completed` or `passed` once is never taken back, nor is a better score.
 *
 * Commits. One for each answer, completion and leaving; moving about is bundled. A commit may
 * block the page for a round trip (Moodle asks synchronously).
 */

import { blank, decode, encode, fitting } from "./state.js";

/** @typedef {import("./grade.js").Grade} Grade */
/** @typedef {import("./store.js").Store} Store */

/** Moves are saved when the student has stayed this long (milliseconds). */
const SETTLED = 5000;

/** A failed save is tried again after this long, then half as often each time (milliseconds). */
const RETRY = 15_000;
const LONGEST_RETRY = 240_000;

/**
 * Moodle posts one field for each element that changed and PHP drops those beyond 1,000; after
 * this many answers in one sitting only the best of each question is still kept.
 */
const MOST_INTERACTIONS = 80;

/**
 * @typedef {object} TrackedQuestion
 * @property {string} label
 * @property {number} points
 * @property {string} revision
 */

/**
 * @typedef {object} Page what the page says of itself
 * @property {string} course
 * @property {string} sco
 * @property {"lesson"|"slides"|"lab"|"quiz"} kind
 * @property {string} title
 * @property {number} [mastery] 0 … 100
 */

/**
 * @typedef {object} Progress
 * @property {number} answered
 * @property {number} questions
 * @property {number|null} score
 * @property {string} status
 * @property {boolean} kept is all of it recorded?
 */

export class Tracking {
  #page;
  #questions;
  #store;
  #clock;
  #timers;
  #state = blank();
  #mastery = null;
  #begun = 0;
  #answeredAt = 0;
  #asleepSince = null;
  /** @type {import("./store.js").Interaction[]} */
  #interactions = [];
  #offered = 0;
  #saved = "";
  #kept = true;
  #retry = RETRY;
  #closed = false;
  #timer = null;
  #listeners = [];

  /**
   * @param {Page} page
   * @param {TrackedQuestion[]} questions
   * @param {Store} store
   * @param {{now: () => number, later: (action: () => void, ms: number) => unknown,
   *   cancel: (timer: any) => void}} [host] the clock and the timers
   */
  constructor(page, questions, store, host = browserHost()) {
    this.#page = page;
    this.#questions = questions;
    this.#store = store;
    this.#clock = host.now;
    this.#timers = host;
  }

  /**
   * Takes over what the store held, and reports the start.
   *
   * @param {import("./store.js").Opened} opened
   */
  start(opened) {
    this.#begun = this.#answeredAt = this.#clock();
    const state = fitting(decode(opened.state), this.#questions);
    const scores = [state.score, opened.score].filter((score) => score !== null);
    this.#state = {
      ...state,
      status: earned(opened.status) || earned(state.status),
      score: scores.length > 0 ? Math.max(...scores) : null,
      interactions: opened.interactions ?? state.interactions,
    };
    const own = this.#page.kind === "quiz" ? this.#page.mastery : null;
    this.#mastery = opened.mastery ?? own ?? null;
    this.#save();
  }

  /** Calls `listener` after each change, with the progress. */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @returns {Progress} */
  get progress() {
    return {
      answered: this.#state.answers.size,
      questions: this.#questions.length,
      score: this.#score(),
      status: this.#status(),
      kept: this.#kept,
    };
  }

  /** The student's work on a question. @returns {import("./state.js").Answer|undefined} */
  answerTo(label) {
    return this.#state.answers.get(label);
  }

  /** Where a student who left part-way was; "" at the first opening and once the end was read. */
  get returnTo() {
    return this.#state.read ? "" : this.#state.position;
  }

  /**
   * Takes an answer; the best of all counts.
   *
   * @param {TrackedQuestion & {kind: import("./grade.js").Kind}} question
   * @param {string} response
   * @param {Grade} grade
   * @param {string[]} correct right responses
   */
  answer(question, response, grade, correct) {
    const { label, points, revision } = question;
    const before = this.#state.answers.get(label);
    this.#state.answers.set(label, {
      response,
      points: Math.max(before?.points ?? 0, points * grade.fraction),
      tries: (before?.tries ?? 0) + 1,
      revision,
    });
    const said = grade.number === undefined ? response : String(grade.number);
    this.#note(question, said, grade, correct);
    this.#save();
  }

  #note({ label, kind, points }, response, grade, correct) {
    const now = this.#clock();
    const latency = now - this.#answeredAt;
    this.#answeredAt = now;
    if (this.#offered === MOST_INTERACTIONS) return;
    this.#offered += 1;
    const index = this.#state.interactions++;
    const at = new Date();
    this.#interactions.push({ index, label, kind, response, correct, points, grade, latency, at });
  }

  /** The student is here now. */
  moved(position) {
    if (position === this.#state.position) return;
    this.#state.position = position;
    this.#saveLater(SETTLED);
  }

  /** The end of the page was reached. */
  readToEnd() {
    if (this.#state.read) return;
    this.#state.read = true;
    this.#save();
  }

  /** A slide of `count` slides was seen; the last one missing completes the deck. */
  saw(index, count) {
    this.#state.seen |= 1n << BigInt(index);
    const all = (1n << BigInt(count)) - 1n;
    if ((this.#state.seen & all) === all) this.readToEnd();
  }

  /** The student looks elsewhere, and may never come back: the time at least is new. */
  hidden() {
    this.#save({ always: true });
  }

  /** The page leaves the window; `cached` says that the browser may show it again. */
  left(cached) {
    this.#save({ always: true });
    if (cached) {
      this.#asleepSince = this.#clock();
    } else if (!this.#closed) {
      this.#closed = true;
      this.#cancel();
      this.#store.close();
    }
  }

  /** The browser shows the page again from its cache. */
  cameBack() {
    if (this.#asleepSince === null) return;
    const away = this.#clock() - this.#asleepSince;
    this.#begun += away;
    this.#answeredAt += away;
    this.#asleepSince = null;
    this.#store.wake();
    this.#save({ always: true });
  }

  /** Sends what is new; a failure is shown and tried again, and never stops the student. */
  #save({ always = false } = {}) {
    if (this.#closed) return;
    this.#cancel();
    const snapshot = this.#snapshot();
    const image = JSON.stringify(snapshot);
    if (always || image !== this.#saved) {
      const elapsed = this.#clock() - this.#begun;
      const interactions = this.#interactions.splice(0);
      this.#kept = this.#store.save({ ...snapshot, elapsed }, interactions);
      this.#saved = this.#kept ? image : "";
      if (!this.#kept) this.#saveLater(this.#retry);
      this.#retry = this.#kept ? RETRY : Math.min(2 * this.#retry, LONGEST_RETRY);
    }
    for (const listener of this.#listeners) listener(this.progress);
  }

  #saveLater(ms) {
    if (this.#closed) return;
    this.#cancel();
    this.#timer = this.#timers.later(() => this.#save(), ms);
  }

  #cancel() {
    if (this.#timer !== null) this.#timers.cancel(this.#timer);
    this.#timer = null;
  }

  #snapshot() {
    const state = this.#state;
    state.score = this.#score();
    state.status = this.#status();
    const { status, score, position } = state;
    return { status, score, position, state: encode(state) };
  }

  get #isDone() {
    return this.#state.read && this.#state.answers.size === this.#questions.length;
  }

  /** Of 100, two decimals; null while nothing was answered, as 0 would be a grade. */
  #score() {
    const { answers, score: best } = this.#state;
    if (this.#questions.length === 0) return null;
    if (answers.size === 0) return best;
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    const possible = sum(this.#questions.map(({ points }) => points));
    const reached = sum([...answers.values()].map(({ points }) => points));
    return Math.max(best ?? 0, Math.round((10_000 * reached) / possible) / 100);
  }

  #status() {
    const { status } = this.#state;
    const judged = this.#isDone ? this.#judge() : "incomplete";
    return status === "passed" || (status === "completed" && judged !== "passed") ? status : judged;
  }

  #judge() {
    const score = this.#score();
    if (this.#mastery === null || score === null) return "completed";
    return score >= this.#mastery ? "passed" : "failed";
  }
}

/** What the student has earned for good. */
function earned(status) {
  return status === "passed" || status === "completed" ? status : "";
}

function browserHost() {
  return {
    now: () => performance.now(),
    later: (action, ms) => setTimeout(action, ms),
    cancel: (timer) => clearTimeout(timer),
  };
}
