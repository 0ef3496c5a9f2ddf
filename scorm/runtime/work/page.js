/**
 * @file What pages and decks report to; decides what is kept.
 *
 * Status. A page is `incomplete` from its first opening and `completed` once it was read to its
 * end and each question answered (a deck: each slide seen). Where a mastery score applies, a
 * completed page is `passed` or `failed` instead, judged here with the LMS's own mastery score:
 * an LMS that applies it at LMSFinish (Moodle, scorm-again, RTE 3.4.4) comes to the same word,
 * and one that applies none, or never sees LMSFinish because the browser was killed, holds the
 * right word too. A quiz left half way is sent as `incomplete` with its score, and such an LMS
 * calls that `failed` until the student returns; it is `incomplete` again then. What was
 * `completed` or `passed` once is never taken back, nor is a better score, unless the course
 * says that the last answer counts.
 *
 * Keeping. Each change goes into the student's copy (mirror.js) at once and to the store soon
 * after (outbox.js): one commit for each answer, completion and leaving; moving about is
 * bundled. Before each save the copy is read, so that two tabs add to each other's work.
 */

import { covers, highest, merge } from "./merge.js";
import { browserHost } from "./outbox.js";
import { attemptsLeft, earnedOf, explains, scoreOf, scoringOf, statusOf } from "./score.js";
import { setOf } from "../state/slides.js";
import { blank, decode, encode, fitting } from "../state/page.js";
import { Visit } from "./visit.js";

/** @typedef {import("../view/grade.js").Grade} Grade */
/** @typedef {import("../lms/store.js").Store} Store */
/** @typedef {import("./outbox.js").Host} Host */

/** Moves are saved when the student has stayed this long (milliseconds). */
const SETTLED = 5000;

/**
 * @typedef {object} TrackedQuestion
 * @property {string} label
 * @property {number} points
 * @property {string} revision
 * @property {string} [objective]
 */

/**
 * @typedef {object} Page what the page says of itself
 * @property {string} course
 * @property {string} sco
 * @property {"lesson"|"slides"|"lab"|"quiz"} kind
 * @property {string} title
 * @property {Partial<import("./score.js").Scoring>} [scoring]
 */

/**
 * @typedef {object} Progress
 * @property {number} answered
 * @property {number} questions
 * @property {number|null} score
 * @property {string} status
 * @property {boolean} kept did the last save succeed?
 * @property {boolean} refused has the LMS refused a report for good?
 * @property {boolean} copied is all of it in this browser, for the next visit?
 * @property {boolean} earlier is there work, perhaps of another attempt, to decide about?
 */

/**
 * @typedef {object} Standing
 * @property {string} response the latest answer; "" where there is none, or no room to keep it
 * @property {number|null} points that count; null before the first answer
 * @property {number} left attempts, Infinity where there is no limit
 * @property {(correct: boolean) => boolean} explains may feedback and explanation be shown of an
 *   answer that is right, or not?
 */

export class Tracking {
  #page;
  #questions;
  #store;
  #mirror;
  #host;
  #scoring;
  #visit;
  #state = blank();
  /** What the store showed when it was opened: this much has surely arrived. */
  #proven = blank();
  /** What may be of another attempt. @type {import("./mirror.js").Copy|null} */
  #earlier = null;
  /** Does the LMS want the work recorded? */
  #records = true;
  /** Is the copy all there is? */
  #copyOnly = false;
  #mastery = null;
  /** The score that must not be lowered. @type {number|null} */
  #floor = null;
  #earned = "";
  #answeredAt = 0;
  #wall = 0;
  #copied = true;

  /**
   * @param {Page} page
   * @param {TrackedQuestion[]} questions
   * @param {Store} store
   * @param {import("./mirror.js").Mirror} mirror
   * @param {Host} [host]
   */
  constructor(page, questions, store, mirror, host = browserHost()) {
    this.#page = page;
    this.#questions = questions;
    this.#store = store;
    this.#mirror = mirror;
    this.#host = host;
    this.#scoring = scoringOf(page);
    const work = {
      absorb: () => this.#absorb(),
      counted: (next = this.#state.interactions) => (this.#state.interactions = next),
      snapshot: () => this.#snapshot(),
      keepCopy: (acknowledged) => this.#keepCopy(acknowledged),
      progress: () => this.progress,
    };
    this.#visit = new Visit(work, store, host);
  }

  /**
   * Takes over what the store held and the copy adds to it, and reports the start.
   *
   * A copy beside an LMS that knows nothing at all of the page is either of a visit whose every
   * commit got lost or of an earlier attempt. Where the LMS never said that it had it, it is
   * the first; otherwise the student is asked.
   *
   * @param {import("../lms/store.js").Opened} opened
   */
  start(opened) {
    const { state, status, score, mastery, interactions } = opened;
    this.#visit.begin();
    this.#answeredAt = this.#host.now();
    this.#records = opened.records ?? true;
    this.#copyOnly = opened.copyOnly ?? false;
    const decoded = decode(state);
    const found = fitting(decoded, this.#questions);
    this.#proven = found;
    this.#state = { ...found, interactions: interactions ?? found.interactions };
    this.#adopt(opened.isNew ?? false);
    // Where the last answer counts, only an account of all answers may lower what is recorded.
    const isWhole = found.answers.size > 0 && found.answers.size === decoded.answers.size;
    const isFloored = this.#scoring.keep === "best" || !isWhole;
    this.#floor = isFloored ? highest([this.#state.score, score]) : null;
    this.#earned =
      earnedOf(this.#scoring, status) || earnedOf(this.#scoring, this.#state.status);
    this.#mastery = mastery ?? (this.#page.kind === "quiz" ? this.#scoring.mastery : null);
    this.#store.onOvertaken?.((theirs) => this.#reconcile(theirs));
    this.#changed();
  }

  #adopt(isNew) {
    const copy = this.#records ? this.#mirror.read() : null;
    if (!copy) return;
    const theirs = this.#stateOf(copy);
    if (isNew && copy.acknowledged && !covers(this.#state, theirs)) {
      this.#earlier = copy;
      return;
    }
    this.#earlier = copy.earlier ?? null;
    const isProven = covers(this.#proven, theirs);
    this.#visit.journal.begin(copy.interactions, isProven);
    if (isProven) this.#mirror.remove();
    this.#state = merge(this.#state, theirs, this.#scoring.keep);
  }

  /** Calls `listener` after each change, with the progress. */
  onChange(listener) {
    this.#visit.onChange(listener);
  }

  /** @returns {Progress} */
  get progress() {
    return {
      answered: this.#state.answers.size,
      questions: this.#questions.length,
      score: this.#score,
      status: this.#status,
      ...this.#visit.standing,
      copied: this.#copied,
      earlier: this.#earlier !== null,
    };
  }

  /** The student's work on a question. @returns {import("../state/page.js").Answer|undefined} */
  answerTo(label) {
    return this.#state.answers.get(label);
  }

  /** How the student stands with a question. @returns {Standing} */
  standing(label) {
    const answer = this.answerTo(label);
    const tries = answer?.tries ?? 0;
    return {
      response: answer?.response ?? "",
      points: answer?.points ?? null,
      left: attemptsLeft(this.#scoring, tries),
      explains: (correct) => explains(this.#scoring, tries, correct),
    };
  }

  /** Where a student who left part-way was; "" at the first opening and once the end was read. */
  get returnTo() {
    return this.#state.read ? "" : this.#state.position;
  }

  /**
   * Takes an answer.
   *
   * @param {TrackedQuestion & {kind: import("../view/grade.js").Kind}} question
   * @param {string} response
   * @param {Grade} grade
   * @param {string[]} correct right responses
   */
  answer(question, response, grade, correct) {
    const { label, kind, points, revision, objective } = question;
    const before = this.#state.answers.get(label);
    const worth = points * grade.fraction;
    const tries = (before?.tries ?? 0) + 1;
    const best = this.#scoring.keep === "best" ? Math.max(before?.points ?? 0, worth) : worth;
    this.#state.answers.set(label, { response, points: best, tries, revision });
    const said = grade.number === undefined ? response : String(grade.number);
    const now = this.#host.now();
    const latency = now - this.#answeredAt;
    this.#answeredAt = now;
    const at = this.#time();
    const what = { label, kind, points, objective, response: said, correct, grade };
    this.#visit.journal.add({ ...what, latency, at });
    this.#changed();
  }

  /** Never before the last: a clock that is set back must not turn the order of answers round. */
  #time() {
    this.#wall = Math.max(this.#wall, this.#host.wall());
    return this.#wall;
  }

  /** The student is here now. */
  moved(position) {
    if (this.#visit.isClosed || position === this.#state.position) return;
    this.#state.position = position;
    this.#visit.settle(SETTLED);
  }

  /** The end of the page was reached. */
  readToEnd() {
    if (this.#state.read) return;
    this.#state.read = true;
    this.#changed();
  }

  /**
   * A slide was seen; the last one missing completes the deck.
   *
   * @param {number} key of the slide
   * @param {number[]} keys of all slides of the deck (slides.js)
   */
  saw(key, keys) {
    const all = setOf(keys);
    this.#state.seen = (this.#state.seen & all) | setOf([key]);
    if (this.#state.seen === all) this.readToEnd();
  }

  /** The work of what may be another attempt is this one's; or it is not. */
  decideEarlier(isWanted) {
    const copy = this.#earlier;
    this.#earlier = null;
    if (copy && isWanted) {
      const theirs = this.#stateOf(copy);
      this.#state = merge(this.#state, theirs, this.#scoring.keep);
      this.#floor = highest([this.#floor, theirs.score]);
      this.#earned ||= earnedOf(this.#scoring, theirs.status);
    }
    this.#changed();
  }

  /** Another tab has changed the copy. */
  shared() {
    if (this.#visit.isClosed || !this.#absorb()) return;
    const copy = this.#mirror.read();
    if (copy && !covers(this.#stateOf(copy), this.#state)) this.#visit.soon();
    this.#visit.tell();
  }

  /** The network is back: what failed may succeed now. */
  retry() {
    this.#visit.retry();
  }

  /** The student looks elsewhere, and may never come back. */
  hidden() {
    this.#visit.hidden();
  }

  /** The page leaves the window; `cached` says that the browser may show it again. */
  left(cached) {
    this.#visit.left(cached);
  }

  /** The browser shows the page again from its cache. */
  cameBack() {
    this.#answeredAt += this.#visit.cameBack();
  }

  #changed() {
    if (this.#visit.isClosed) return;
    this.#keepCopy(false);
    this.#visit.soon();
    this.#visit.tell();
  }

  /** Takes in what another tab has written; is there anything new? */
  #absorb() {
    const copy = this.#records && this.#copied ? this.#mirror.read() : null;
    if (!copy) return false;
    const theirs = this.#stateOf(copy);
    this.#visit.journal.adopt(copy.interactions);
    if (covers(this.#state, theirs)) return false;
    this.#state = merge(this.#state, theirs, this.#scoring.keep);
    if (this.#scoring.keep === "best") this.#floor = highest([this.#floor, theirs.score]);
    return true;
  }

  /** Takes in what another browser has brought to the store; all of it is to be kept then. */
  #reconcile({ state, status, score }) {
    const theirs = fitting(decode(state), this.#questions);
    this.#state = merge(this.#state, theirs, this.#scoring.keep);
    if (this.#scoring.keep === "best") this.#floor = highest([this.#floor, theirs.score, score]);
    this.#earned ||= earnedOf(this.#scoring, status);
    this.#visit.tell();
    return { ...this.#snapshot(), elapsed: this.#visit.elapsed };
  }

  /** Writes down what the store has not shown us to have; nothing where it has all. */
  #keepCopy(acknowledged) {
    if (!this.#records) return;
    if (!this.#earlier) this.#absorb();
    const interactions = this.#copyOnly ? [] : this.#visit.journal.entries;
    const isProven = covers(this.#proven, this.#state) && interactions.length === 0;
    if (isProven && !this.#copyOnly && !this.#earlier) {
      this.#mirror.remove();
      return;
    }
    const { state, status, score } = this.#snapshot();
    const earlier = this.#earlier ?? undefined;
    const copy = { state, status, score, acknowledged, interactions, earlier };
    this.#copied = this.#mirror.write(copy);
  }

  #stateOf(copy) {
    return fitting(decode(copy.state), this.#questions);
  }

  #snapshot() {
    const state = this.#state;
    const [status, score] = [this.#status, this.#score];
    this.#earned = earnedOf(this.#scoring, status) || this.#earned;
    const text = encode({ ...state, status, score });
    return { status, score, position: state.position, state: text };
  }

  get #score() {
    return scoreOf(this.#questions, this.#state.answers, this.#floor);
  }

  get #status() {
    const done = this.#state.read && this.#state.answers.size === this.#questions.length;
    const [score, mastery, earned] = [this.#score, this.#mastery, this.#earned];
    return statusOf(this.#scoring, { done, score, mastery, earned });
  }
}
