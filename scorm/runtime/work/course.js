/**
 * @file The work of a student in a course that the LMS sees as one SCO (layout `single`).
 *
 * Each page in the frame tracks itself and saves into the store that storeFor gives it; here
 * this becomes one state, one status and one score, and one commit in the one session with the
 * LMS. A page that starts, reloads or leaves begins and ends no session.
 *
 * Status. `incomplete` until every page is done; then judged as a page is (score.js), by the
 * mastery score that the LMS names, or else by the course's where it has a quiz.
 *
 * Keeping. Each change goes into the student's copy (mirror.js) before it is sent, and stays
 * there until a later visit has read it back from the LMS; see tracking.js, which does the same
 * for a page that the LMS launches itself.
 */

import { decodeCourse, encodeCourse } from "../state/course.js";
import { better, covers, highest, merge } from "./merge.js";
import { earnedOf, statusOf } from "./score.js";
import { courseScore } from "./course-score.js";
import { blank, decode, encode, fitting } from "../state/page.js";
import { Visit } from "./visit.js";

/** @typedef {import("../lms/store.js").Opened} Opened */
/** @typedef {import("../lms/store.js").Store} Store */
/** @typedef {import("../lms/store.js").Snapshot} Snapshot */
/** @typedef {import("../lms/store.js").Interaction} Interaction */

/**
 * @typedef {object} ShellPage a page of the course
 * @property {string} id of its SCO
 * @property {string} title
 * @property {string} href in the package
 * @property {"lesson"|"slides"|"lab"|"quiz"} kind
 * @property {{label: string, points: number, revision: string}[]} questions
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
 * @property {boolean} kept did the last save succeed?
 * @property {boolean} refused has the LMS refused a report for good?
 * @property {boolean} copied is all of it in this browser, for the next visit?
 * @property {boolean} earlier is there work of what may be another attempt, to be decided about?
 */

const DONE = ["completed", "passed", "failed"];

export class CourseTracking {
  #pages;
  #scoring;
  #store;
  #mirror;
  #visit;
  /** What was handed over already; a page hands over again what it believes lost. */
  #noted = new Set();
  /** @type {import("../state/course.js").CourseState} */
  #state = { own: blank(), pages: new Map() };
  /** What may be of another attempt. @type {import("./mirror.js").Copy|null} */
  #earlier = null;
  /** What this tab wrote last; anything else is another tab's. */
  #written = "";
  #mastery = null;
  /** The score that must not be lowered. @type {number|null} */
  #floor = null;
  #earned = "";
  /** false where the LMS only shows the course (cmi.mode `browse`) */
  #records = true;
  #copyOnly = false;
  #copied = true;
  /** While the course leaves, what its page still brings goes with the course's own last save. */
  #gathering = false;

  /**
   * @param {ShellPage[]} pages in reading order
   * @param {CourseScoring} scoring
   * @param {Store} store
   * @param {import("./mirror.js").Mirror} mirror
   * @param {import("./outbox.js").Host} host
   */
  constructor(pages, scoring, store, mirror, host) {
    this.#pages = new Map(pages.map((page) => [page.id, page]));
    this.#scoring = scoring;
    this.#store = store;
    this.#mirror = mirror;
    const work = {
      absorb: () => this.#adoptFromOtherTab(),
      counted: (next = this.#state.own.interactions) => (this.#state.own.interactions = next),
      snapshot: () => this.#snapshot(),
      keepCopy: (acknowledged) => this.#keepCopy(acknowledged),
      progress: () => this.progress,
    };
    this.#visit = new Visit(work, store, host);
  }

  /** Takes over what the LMS and the student's copy hold. @param {Opened} opened */
  start(opened) {
    this.#visit.begin();
    this.#records = opened.records ?? true;
    this.#copyOnly = opened.copyOnly ?? false;
    this.#state = this.#decoded(opened.state);
    const { own } = this.#state;
    own.interactions = opened.interactions ?? own.interactions;
    this.#earned = earnedOf(this.#scoring, opened.status) || earnedOf(this.#scoring, own.status);
    const hasAnswers = answersIn(this.#state.pages.values()) > 0;
    const isFloored = this.#scoring.keep === "best" || !hasAnswers;
    this.#floor = isFloored ? highest([own.score, opened.score]) : null;
    this.#mastery = opened.mastery ?? (this.#hasQuiz ? this.#scoring.mastery : null);
    this.#adopt(opened);
    this.#visit.now();
  }

  /** Calls `listener` after each change, with the progress. */
  onChange(listener) {
    this.#visit.onChange(listener);
  }

  /** The page to open: where the student was last, "" at the first visit. */
  get lastPage() {
    const { position } = this.#state.own;
    return this.#pages.has(position) ? position : "";
  }

  /** @returns {CourseProgress} */
  get progress() {
    const states = [...this.#state.pages];
    return {
      pages: new Map(states.map(([id, { status, score }]) => [id, { status, score }])),
      done: this.#done,
      total: this.#pages.size,
      score: this.#score,
      status: this.#status,
      answered: answersIn(this.#state.pages.values()),
      questions: [...this.#pages.values()].reduce((sum, it) => sum + it.questions.length, 0),
      ...this.#visit.standing,
      copied: this.#copied,
      earlier: this.#earlier !== null,
    };
  }

  /**
   * What a page in the frame takes for its LMS; null for a page that is not in this course. The
   * page is then where the student is.
   *
   * @param {string} id of the page's SCO
   * @returns {Store|null}
   */
  storeFor(id) {
    if (!this.#pages.has(id)) return null;
    return {
      open: () => this.#open(id),
      save: (snapshot, interactions) => this.#take(id, snapshot, interactions),
      wake: () => {},
      // The page has gone, the course has not.
      close: () => {},
    };
  }

  /** @returns {Opened} */
  #open(id) {
    this.#state.own.position = id;
    const { status, score, ...state } = this.#state.pages.get(id) ?? blank();
    return {
      status,
      score,
      mastery: null,
      state: encode({ ...state, status, score }),
      interactions: 0,
      launchData: id,
      learner: "",
    };
  }

  /** @param {string} id @param {Snapshot} snapshot @param {Interaction[]} interactions */
  #take(id, { state: text, status, score, position }, interactions) {
    if (this.#visit.isClosed) return false;
    const { questions } = this.#pages.get(id);
    const brought = { ...fitting(decode(text), questions), status, score, position };
    const { pages } = this.#state;
    const together = this.#together(brought, pages.get(id) ?? blank());
    // The page worked on last is the last to be left out where room gets short.
    pages.delete(id);
    pages.set(id, { ...together, interactions: 0 });
    for (const interaction of interactions) this.#note(interaction);
    if (this.#gathering) return true;
    this.#visit.now();
    return this.#visit.result;
  }

  /** The page knows best, but for what another window of the same page has done meanwhile. */
  #together(brought, held) {
    const { keep } = this.#scoring;
    const merged = merge(brought, held, keep);
    const earned = earnedOf(this.#scoring, held.status);
    return {
      ...merged,
      status: earned ? better(brought.status, earned) : brought.status,
      score: keep === "best" ? merged.score : brought.score,
    };
  }

  #note({ index, at, ...answer }) {
    const name = `${at.getTime()} ${answer.label}`;
    if (this.#noted.has(name)) return;
    this.#noted.add(name);
    this.#visit.journal.add({ ...answer, at: at.getTime() });
  }

  /** The work of what may be another attempt is this one's; or it is not. */
  decideEarlier(isWanted) {
    const copy = this.#earlier;
    this.#earlier = null;
    if (copy && isWanted) {
      const theirs = this.#decoded(copy.state);
      this.#merge(theirs);
      this.#floor = highest([this.#floor, theirs.own.score]);
      this.#earned ||= earnedOf(this.#scoring, theirs.own.status);
    }
    this.#visit.hidden();
  }

  /** Another tab has changed the copy. */
  shared() {
    if (this.#visit.isClosed) return;
    this.#adoptFromOtherTab();
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

  /**
   * The course leaves the window.
   *
   * @param {boolean} cached may the browser show it again?
   * @param {() => void} gather makes the page in the frame save what it has not saved yet
   */
  left(cached, gather) {
    if (this.#visit.isClosed) return;
    this.#gathering = true;
    gather();
    this.#gathering = false;
    this.#visit.left(cached);
  }

  /** The browser shows the course again from its cache. */
  cameBack() {
    this.#visit.cameBack();
  }

  #snapshot() {
    const { own } = this.#state;
    own.score = this.#score;
    own.status = this.#status;
    const { status, score, position } = own;
    const pages = [...this.#pages.values()];
    return { status, score, position, state: encodeCourse(this.#state, pages) };
  }

  /**
   * Takes over the student's copy. Beside an LMS that knows nothing at all, a copy that it once
   * acknowledged may be of an earlier attempt: the student is asked.
   */
  #adopt({ isNew = false }) {
    const copy = this.#records ? this.#mirror.read() : null;
    if (!copy) return;
    const theirs = this.#decoded(copy.state);
    if (isNew && copy.acknowledged && theirs.pages.size > 0) {
      this.#earlier = copy;
      return;
    }
    const { pages } = this.#state;
    const isProven = [...theirs.pages].every(([id, state]) => covers(pages.get(id) ?? blank(), state));
    this.#visit.journal.begin(copy.interactions, isProven);
    this.#earlier = copy.earlier ?? null;
    this.#merge(theirs);
  }

  /** Two tabs with the same course add to each other's work. */
  #adoptFromOtherTab() {
    const copy = this.#written === "" ? null : this.#mirror.read();
    if (!copy || copy.state === this.#written) return;
    this.#visit.journal.adopt(copy.interactions);
    this.#merge(this.#decoded(copy.state));
  }

  #merge(theirs) {
    const { own, pages } = this.#state;
    for (const [id, state] of theirs.pages) {
      pages.set(id, pages.has(id) ? merge(pages.get(id), state, this.#scoring.keep) : state);
    }
    own.position ||= theirs.own.position;
    own.interactions = Math.max(own.interactions, theirs.own.interactions);
  }

  #keepCopy(acknowledged) {
    if (!this.#records) return;
    const { state, status, score } = this.#snapshot();
    const earlier = this.#earlier ?? undefined;
    const interactions = this.#copyOnly ? [] : this.#visit.journal.entries;
    this.#written = state;
    const copy = { state, status, score, acknowledged, interactions, earlier };
    this.#copied = this.#mirror.write(copy);
  }

  #decoded(text) {
    return decodeCourse(text, [...this.#pages.values()]);
  }

  get #done() {
    const states = [...this.#pages.keys()].map((id) => this.#state.pages.get(id));
    return states.filter((state) => state && DONE.includes(state.status)).length;
  }

  get #hasQuiz() {
    const pages = [...this.#pages.values()];
    return pages.some(({ kind, questions }) => kind === "quiz" && questions.length > 0);
  }

  get #score() {
    const pages = [...this.#pages.values()];
    return courseScore(pages, this.#state.pages, this.#scoring, this.#floor);
  }

  get #status() {
    const work = {
      done: this.#done === this.#pages.size,
      score: this.#score,
      mastery: this.#mastery,
      earned: this.#earned,
    };
    const status = statusOf(this.#scoring, work);
    this.#earned = earnedOf(this.#scoring, status) || this.#earned;
    return status;
  }
}

function answersIn(states) {
  return [...states].reduce((sum, { answers }) => sum + answers.size, 0);
}
