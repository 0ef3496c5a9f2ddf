/**
 * @file The work of a student in a course that the LMS sees as one SCO (layout `single`).
 *
 * Each page in the frame has its own work (page.js) and saves it into the store that storeFor
 * gives it; here this becomes one state, one status and one score, and one commit in the one
 * session with the LMS. That session goes on while pages are opened, loaded again and left.
 *
 * Status. `incomplete` until every page is done; then judged as a page is (score.js), by the
 * mastery score that the LMS names, or else by the course's where it has a quiz.
 *
 * standing.js says what is kept of the work and what is never lowered, visit.js when it is sent.
 */

import { encodeCourse } from "../state/course.js";
import { blank, decode, encode, fitting } from "../state/page.js";
import { courseScore } from "./course-score.js";
import { answersIn, courseForm } from "./forms.js";
import { better, merge } from "./merge.js";
import { earnedOf } from "./score.js";
import { Standing } from "./standing.js";
import { Visit } from "./visit.js";

/** @typedef {import("../lms/store.js").Opened} Opened */
/** @typedef {import("../lms/store.js").Store} Store */
/** @typedef {import("../lms/store.js").Snapshot} Snapshot */
/** @typedef {import("../lms/store.js").Account} Account */
/** @typedef {import("../lms/store.js").Interaction} Interaction */
/** @typedef {import("../state/page.js").State} State */
/** @typedef {import("../state/course.js").CourseState} CourseState */

/**
 * @typedef {object} CoursePage a page of the course
 * @property {string} id of its SCO
 * @property {string} title
 * @property {string} href in the package
 * @property {"lesson"|"slides"|"lab"|"quiz"} kind
 * @property {{label: string, points: number}[]} questions
 */

/** @typedef {import("./score.js").Scoring & {weights: "points"|"pages"}} CourseScoring */

/**
 * @typedef {object} CourseProgress
 * @property {Map<string, {status: string, score: number|null}>} pages those that were opened
 * @property {number} done
 * @property {number} total pages
 * @property {number|null} score
 * @property {string} status
 * @property {number} answered
 * @property {number} questions
 * @property {import("../view/note.js").Place} place where the work is kept
 * @property {boolean} kept did the last save succeed?
 * @property {boolean} confirmed is it known that it arrived, as far as anybody can know?
 * @property {boolean} refused has the LMS refused a report for good?
 * @property {boolean} copied is all of it safe in this browser, for the next visit?
 * @property {boolean} copying is that not known yet?
 * @property {boolean} earlier is there work of what may be another attempt, to be decided about?
 */

const DONE = ["completed", "passed", "failed"];

export class CourseWork {
  /** @type {Standing<CourseState>} */
  standing;
  /** @type {Visit} */
  visit;
  /** @type {CoursePage[]} */
  #pages;
  /** @type {CourseScoring} */
  #scoring;
  /** @type {import("./visit.js").Store} */
  #store;
  /** Names of the interactions that pages handed over; after a failed save they do so again. */
  #noted = new Set();
  /**
   * The page in the frame, and the function by which it takes in work from elsewhere.
   * @type {{page: CoursePage, reconcile: (theirs: Account) => Snapshot}|null}
   */
  #open = null;
  /** Is the course leaving? What its page still brings then goes with the course's last save. */
  #gathering = false;

  /**
   * @param {CoursePage[]} pages in reading order
   * @param {CourseScoring} scoring
   * @param {import("./visit.js").Store} store
   * @param {import("./standing.js").Mirror} mirror
   * @param {import("../lib/host.js").Host} host
   */
  constructor(pages, scoring, store, mirror, host) {
    this.#pages = pages;
    this.#scoring = scoring;
    this.#store = store;
    const form = courseForm(pages, scoring.keep);
    this.standing = new Standing(form, scoring, mirror, store.room, () => this.#merged());
    this.visit = new Visit(this, store, host);
  }

  /** Takes over what the LMS and the student's copy hold. @param {Opened} opened */
  start(opened) {
    this.visit.begin();
    this.standing.open(opened, this.#mastery);
    this.#store.onOvertaken?.((theirs) => this.#reconcile(theirs));
    this.visit.now();
  }

  /**
   * The LMS, which had refused to record, has begun a session after all.
   *
   * @param {Opened} opened
   * @param {import("./mirror.js").Mirror} mirror
   */
  startLate(opened, mirror) {
    this.standing.openLate(opened, this.#mastery, mirror);
    this.visit.changed();
  }

  get #mastery() {
    const hasQuiz = this.#pages.some(({ kind, questions }) => kind === "quiz" && questions.length > 0);
    return hasQuiz ? this.#scoring.mastery : null;
  }

  /** The page to open: where the student was last, "" at the first visit. */
  get lastPage() {
    const { position } = this.#state.own;
    return this.#pageOf(position) ? position : "";
  }

  /** @returns {CourseProgress} */
  get progress() {
    const states = [...this.#state.pages];
    return {
      pages: new Map(states.map(([id, { status, score }]) => [id, { status, score }])),
      done: this.#done,
      total: this.#pages.length,
      score: this.#score,
      status: this.#status,
      answered: answersIn(this.#state),
      questions: this.#pages.reduce((sum, { questions }) => sum + questions.length, 0),
      ...this.standing.facts,
      ...this.visit.facts,
    };
  }

  /**
   * The store of a page in the frame, which stands for the LMS there; null for a page that is not
   * in this course. Once the page opens its store, it counts as the page where the student is.
   *
   * @param {string} id of the page's SCO
   * @returns {Store|null}
   */
  storeFor(id) {
    const page = this.#pageOf(id);
    if (!page) return null;
    return {
      open: () => this.#opened(id),
      save: (snapshot, interactions) => this.#take(page, snapshot, interactions),
      // What a page brings is in the copy from then on, whenever the LMS answers.
      overlaps: true,
      onOvertaken: (reconcile) => (this.#open = { page, reconcile }),
      wake: () => {},
      // The page has gone, the course has not.
      close: () => {},
    };
  }

  /** @param {string} id @returns {Opened} */
  #opened(id) {
    this.#state.own.position = id;
    this.#open = null;
    return {
      ...this.#accountOf(id),
      mastery: null,
      interactions: 0,
      launchData: id,
      learner: "",
      attempt: "",
    };
  }

  /** What the course knows of a page. @param {string} id @returns {Account} */
  #accountOf(id) {
    const state = this.#state.pages.get(id) ?? blank();
    const { status, score } = state;
    return { status, score, state: encode(state) };
  }

  /** @param {CoursePage} page @param {Snapshot} snapshot @param {Interaction[]} interactions */
  #take(page, snapshot, interactions) {
    if (this.visit.isClosed) return false;
    this.#put(page, snapshot);
    for (const interaction of interactions) this.#note(interaction);
    if (this.#gathering) return true;
    this.visit.now();
    return this.visit.result;
  }

  /** @param {CoursePage} page @param {Snapshot} snapshot */
  #put({ id, questions }, { state: text, status, score, position }) {
    const brought = { ...fitting(decode(text), questions), status, score, position };
    const { pages } = this.#state;
    const together = this.#together(brought, pages.get(id) ?? blank());
    // The page worked on last comes last, to be the last left out where the text gets too long.
    pages.delete(id);
    pages.set(id, { ...together, interactions: 0 });
  }

  /**
   * What the page brings counts, together with what another window of the same page has done
   * meanwhile.
   *
   * @param {State} brought
   * @param {State} held
   * @returns {State}
   */
  #together(brought, held) {
    const { keep } = this.#scoring;
    const merged = merge(brought, held, keep);
    return {
      ...merged,
      status: better(brought.status, earnedOf(this.#scoring, held.status)),
      score: keep === "best" ? merged.score : brought.score,
    };
  }

  /** @param {Interaction} interaction */
  #note({ index, at, ...answer }) {
    const name = `${at.getTime()} ${answer.label}`;
    if (this.#noted.has(name)) return;
    this.#noted.add(name);
    this.standing.journal.add({ ...answer, at: at.getTime() });
  }

  /**
   * Merges what the store holds now, which is newer than what it held at the opening, into the work on
   * the course; the store is to keep the result.
   *
   * @param {Account} theirs
   * @returns {Snapshot}
   */
  #reconcile({ state, status, score }) {
    this.standing.add(state, { status, score });
    this.visit.tell();
    return { ...this.snapshot(), elapsed: this.visit.elapsed };
  }

  /** Lets the page in the frame take in, and show, what came from elsewhere. */
  #merged() {
    if (!this.#open) return;
    const { page, reconcile } = this.#open;
    this.#put(page, reconcile(this.#accountOf(page.id)));
  }

  /**
   * The course is about to leave the window.
   *
   * @param {() => void} say makes the page in the frame save what it has not saved yet
   */
  gather(say) {
    this.#gathering = true;
    say();
    this.#gathering = false;
  }

  /** @returns {Omit<Snapshot, "elapsed">} */
  snapshot() {
    const { own } = this.#state;
    const [status, score] = [this.#status, this.#score];
    Object.assign(own, { status, score });
    const state = this.standing.marked(encodeCourse(this.#state, this.#pages));
    return { status, score, position: own.position, state };
  }

  /** @param {string} id */
  #pageOf(id) {
    return this.#pages.find((page) => page.id === id);
  }

  get #state() {
    return this.standing.account;
  }

  get #done() {
    const states = this.#pages.map(({ id }) => this.#state.pages.get(id));
    return states.filter((state) => state && DONE.includes(state.status)).length;
  }

  get #score() {
    return courseScore(this.#pages, this.#state.pages, this.#scoring, this.standing.floor);
  }

  get #status() {
    return this.standing.judge(this.#done === this.#pages.length, this.#score);
  }
}
