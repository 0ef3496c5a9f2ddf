/**
 * @file The work of a student on one page or deck, and the status that it comes to.
 *
 * Status. A page is `incomplete` from its first opening and `completed` once it was read to its
 * end and each question answered (a deck: each slide seen). Where a mastery score applies, a
 * completed page is `passed` or `failed` instead. That is judged here, so that an LMS that never
 * sees the end of the session, because the browser was killed, holds the right word too. A quiz
 * left half way is sent as `incomplete` with its score. Therefore a manifest of SCORM 1.2 names no
 * mastery score: an LMS that knows one may judge the half quiz when the student leaves (RTE 3.4.4),
 * and Moodle does. A mastery score that an LMS names all the same goes before the course's.
 *
 * standing.js says what is kept of the work and what is never lowered, visit.js when it is sent.
 */

import { browserHost } from "../lib/host.js";
import { encode } from "../state/page.js";
import { picksOf } from "../state/picks.js";
import { setOf } from "../state/slides.js";
import { pageForm } from "./forms.js";
import { isAlike } from "./merge.js";
import { attemptsLeft, scoreOf, scoringOf, shareOf, shown } from "./score.js";
import { Standing } from "./standing.js";
import { Visit } from "./visit.js";

/** @typedef {import("../view/grade.js").Grade} Grade */
/** @typedef {import("../view/grade.js").Kind} Kind */
/** @typedef {import("../lms/store.js").Store} Store */
/** @typedef {import("../lms/store.js").Account} Account */
/** @typedef {import("../lib/host.js").Host} Host */
/** @typedef {import("../state/page.js").State} State */

/** Points are rounded where they are kept, so a difference smaller than this is no difference. */
const ROUNDING = 0.005;

/** A move is saved when the student has stayed at one place this long (milliseconds). */
const SETTLED = 5000;

/**
 * @typedef {object} TrackedQuestion
 * @property {string} label
 * @property {number} points
 * @property {Kind} kind
 * @property {number[]} [choices] keys of the choices (state/page.js)
 * @property {number} [tolerance] of a number
 * @property {string} [objective]
 * @property {import("../lms/store.js").Told} [told] what reports say of the question
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
 * @property {import("../view/note.js").Place} place where the work is kept
 * @property {boolean} kept did the last save succeed?
 * @property {boolean} confirmed is it known that it arrived, as far as anybody can know?
 * @property {boolean} refused has the LMS refused a report for good?
 * @property {boolean} copied is all of it safe in this browser, for the next visit?
 * @property {boolean} copying is that not known yet?
 * @property {boolean} earlier is there work, perhaps of another attempt, to decide about?
 */

/**
 * @typedef {object} Attempts at one question
 * @property {string} response the latest answer; "" where there is none, or no room to keep it
 * @property {number|null} points that count; null before the first answer
 * @property {number} left attempts, Infinity where there is no limit
 * @property {boolean} isChanged was the question changed since, so that the answer is not known?
 * @property {boolean} isSettled was the solution shown?
 * @property {number} share of the points that the latest try is worth, 0 … 1
 * @property {number} nextShare what a further try would be worth
 * @property {(correct: boolean) => import("./score.js").Shown} shows what may be shown, which may
 *   depend on whether the answer is right
 */

export class PageWork {
  /** @type {Standing<State>} */
  standing;
  /** @type {Visit} */
  visit;
  /** @type {Page} */
  #page;
  /** @type {TrackedQuestion[]} */
  #questions;
  /** @type {Store} */
  #store;
  /** @type {Host} */
  #host;
  /** @type {import("./score.js").Scoring} */
  #scoring;
  /** How much of the visit had passed at the latest answer (milliseconds). */
  #answeredAt = 0;
  #wall = 0;
  /** The answers that the page shows, by label. @type {State["answers"]} */
  #shown = new Map();
  /** @type {(labels: string[]) => void} */
  #restore = () => {};

  /**
   * @param {Page} page
   * @param {TrackedQuestion[]} questions
   * @param {Store} store
   * @param {import("./standing.js").Mirror} mirror
   * @param {Host} [host]
   */
  constructor(page, questions, store, mirror, host = browserHost()) {
    this.#page = page;
    this.#questions = questions;
    this.#store = store;
    this.#host = host;
    this.#scoring = scoringOf(page);
    const form = pageForm(questions, this.#scoring.keep);
    this.standing = new Standing(form, this.#scoring, mirror, store.room, () => this.#merged());
    this.visit = new Visit(this, store, host);
  }

  /**
   * Takes over what the store held and the copy adds to it, and reports the start.
   *
   * @param {import("../lms/store.js").Opened} opened
   */
  start(opened) {
    this.visit.begin();
    this.standing.open(opened, this.#mastery);
    this.#shown = new Map(this.#state.answers);
    this.#store.onOvertaken?.((theirs) => this.#reconcile(theirs));
    this.visit.changed();
  }

  /**
   * The LMS, which had refused to record, has begun a session after all.
   *
   * @param {import("../lms/store.js").Opened} opened
   * @param {import("./mirror.js").Mirror} mirror
   */
  startLate(opened, mirror) {
    this.standing.openLate(opened, this.#mastery, mirror);
    this.visit.changed();
  }

  get #mastery() {
    return this.#page.kind === "quiz" ? this.#scoring.mastery : null;
  }

  /** Calls `listener` with the labels whose answers came from elsewhere, and are to be shown. */
  onRestore(/** @type {(labels: string[]) => void} */ listener) {
    this.#restore = listener;
  }

  /** @returns {Progress} */
  get progress() {
    return {
      answered: this.#state.answers.size,
      questions: this.#questions.length,
      score: this.#score,
      status: this.#status,
      ...this.standing.facts,
      ...this.visit.facts,
    };
  }

  /** The student's work on a question. @param {string} label */
  answerTo(label) {
    return this.#state.answers.get(label);
  }

  /** How the student's attempts at a question went. @param {string} label @returns {Attempts} */
  attemptsAt(label) {
    const answer = this.answerTo(label);
    const { tries = 0, isChanged = false, settled = false } = answer ?? {};
    const left = attemptsLeft(this.#scoring, tries);
    return {
      response: answer?.response ?? "",
      points: answer?.points ?? null,
      // Nobody has answered the question as it is now.
      left: isChanged ? Math.max(1, left) : left,
      isChanged,
      isSettled: settled,
      share: shareOf(this.#scoring, tries),
      nextShare: shareOf(this.#scoring, isChanged ? 1 : tries + 1),
      shows: (correct) => shown(this.#scoring, { tries, correct, settled }),
    };
  }

  /** The student has asked for the solution: from now on the question's points are final. */
  showSolution(/** @type {string} */ label) {
    const answer = this.#state.answers.get(label);
    if (!answer || answer.settled) return;
    this.#put(label, { ...answer, settled: true });
    this.visit.changed();
  }

  /**
   * Counts an answer of an earlier visit again, as its question may have been mended since. That
   * never lowers its points.
   *
   * @param {TrackedQuestion} question
   * @param {Grade} grade of the answer as it is understood now
   */
  regrade({ label, points }, { fraction }) {
    const answer = this.#state.answers.get(label);
    if (!answer) return;
    const worth = points * fraction * shareOf(this.#scoring, answer.tries);
    if (worth < answer.points + ROUNDING) return;
    this.#put(label, { ...answer, points: worth });
    this.visit.changed();
  }

  #put(/** @type {string} */ label, /** @type {import("../state/page.js").Answer} */ answer) {
    this.#state.answers.set(label, answer);
    this.#shown.set(label, answer);
  }

  /** Where a student who left part-way was; "" at the first opening and once the end was read. */
  get returnTo() {
    return this.#state.read ? "" : this.#state.position;
  }

  /**
   * Takes an answer.
   *
   * @param {TrackedQuestion} question
   * @param {string} response
   * @param {Grade} grade
   * @param {string[]} correct right responses
   */
  answer(question, response, grade, correct) {
    const { label, kind, points, choices = [], tolerance, objective, told } = question;
    const before = this.#state.answers.get(label);
    const tries = (before?.tries ?? 0) + 1;
    const worth = points * grade.fraction * this.attemptsAt(label).nextShare;
    const settled = before?.settled ?? false;
    const picks = picksOf(response, choices);
    this.#put(label, { response, picks, points: this.#kept(before, worth), tries, settled });
    const said = grade.said ?? (grade.number === undefined ? response : String(grade.number));
    const latency = this.visit.elapsed - this.#answeredAt;
    this.#answeredAt += latency;
    const at = this.#time();
    const asked = { label, kind, points, tolerance, objective, told };
    this.standing.journal.add({ ...asked, response: said, correct, grade, latency, at });
    this.visit.changed();
  }

  /**
   * The points that count after a further answer.
   *
   * @param {import("../state/page.js").Answer|undefined} before
   * @param {number} worth of that answer
   */
  #kept(before, worth) {
    if (before?.settled && !before.isChanged) return before.points;
    return this.#scoring.keep === "best" ? Math.max(before?.points ?? 0, worth) : worth;
  }

  /** The time of an answer, never before the last one's, even where the clock was set back. */
  #time() {
    this.#wall = Math.max(this.#wall, this.#host.wall());
    return this.#wall;
  }

  /** The student is here now. @param {string} position */
  moved(position) {
    if (this.visit.isClosed || position === this.#state.position) return;
    this.#state.position = position;
    this.visit.settle(SETTLED);
  }

  /** The end of the page was reached. */
  readToEnd() {
    if (this.#state.read) return;
    this.#state.read = true;
    this.visit.changed();
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

  /** @returns {Omit<import("../lms/store.js").Snapshot, "elapsed">} */
  snapshot() {
    const state = this.#state;
    const [status, score] = [this.#status, this.#score];
    const text = this.standing.marked(encode({ ...state, status, score }));
    return { status, score, position: state.position, state: text };
  }

  /**
   * Merges what the store holds now, which is newer than what it held at the opening, into this
   * page's work; the store is to keep the result.
   *
   * @param {Account} theirs
   * @returns {import("../lms/store.js").Snapshot}
   */
  #reconcile({ state, status, score }) {
    this.standing.add(state, { status, score });
    this.visit.tell();
    return { ...this.snapshot(), elapsed: this.visit.elapsed };
  }

  /** Lets the page show what came from elsewhere, and leaves alone what the student works on. */
  #merged() {
    const { answers } = this.#state;
    const isNew = (/** @type {string} */ label) => {
      const now = answers.get(label);
      return now !== undefined && !isAlike(now, this.#shown.get(label));
    };
    const labels = this.#questions.map(({ label }) => label).filter(isNew);
    this.#shown = new Map(answers);
    this.#restore(labels);
  }

  get #state() {
    return this.standing.account;
  }

  get #score() {
    return scoreOf(this.#questions, this.#state.answers, this.standing.floor);
  }

  get #status() {
    const done = this.#state.read && this.#state.answers.size === this.#questions.length;
    return this.standing.judge(done, this.#score);
  }
}
