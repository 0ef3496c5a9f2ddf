/**
 * @file Says what must never happen, and notices when it does.
 *
 * The checker keeps its own account of each answer that a student gave: what was chosen (by
 * meanings, course.js), after how many tries, and in which visit. It knows whether the answer is
 * **protected**: the LMS came to store it, or the note promised that it is kept, at a moment when
 * the student looked.
 *
 * 1. **No protected answer is lost.** In the end, when the network is well again and the student has
 *    opened each page once more in each browser that was used, a browser that was never used before
 *    shows each protected answer, or one that the student gave after it, with at least its points
 *    (where the best answer counts).
 * 2. **Nothing that was recorded is lowered.** No commit takes a score, or the words `completed` and
 *    `passed`, out of the LMS and puts less in their place; and in the end the LMS holds at least
 *    the best that it ever held. (Where the course says that the last answer counts, a score may
 *    go down, and `passed` with it; then this is not asked.)
 * 3. **No answer becomes another one.** Whatever the LMS stores and a page shows as the student's
 *    answer to a question is what this student chose there, by meaning.
 *
 * What is excused, since nothing in a page can help it:
 *
 * - `wiped`: the student, or the browser, deleted all that the browser kept, while the LMS did not
 *   have the answer.
 * - `uncopied`: the browser could keep no copy (and the note did not promise one), and the LMS said
 *   that it had the answer, and had not.
 * - `nameless`: the LMS does not name the student, said that it had the answer, and had nothing of this
 *   attempt when the next page was opened. A copy in the browser could then be anybody's, and is shown
 *   to nobody.
 * - `overtaken`: the network brought an older commit after a newer one. Then the LMS may hold less
 *   for a while, but not in the end.
 * - `unaware`: SCORM tells a page nothing of what another session stores meanwhile. Where a page was
 *   opened before another device (or browser) stored work, and writes after it, it puts its own work
 *   in the place of the other's. So does a page of the same browser that was opened before the LMS had
 *   anything of the attempt, where the LMS does not name the student. The other device's copy brings it back, unless there is none any
 *   more, as a later visit there had read the work back, or none could be kept.
 * - `older`: a page of an older release, open all the time, puts its work in the place of answers to
 *   questions that it does not know.
 * - `repeated`: an LMS that sends all it has at each commit repeats a status that another tab has
 *   raised meanwhile, until the page's own word comes with the next commit.
 * - `for a moment`: what was lowered is raised again by the next commit of the same save.
 * - Where the author has changed a choice that was picked, or took it out, the page must still know
 *   that the question was answered, and for how much; it need not know with what. Where the question
 *   or its page was taken out, nothing is asked.
 */

import { decodeCourse } from "../../scorm/runtime/state/course.js";
import { decode, fitting } from "../../scorm/runtime/state/page.js";
import { meaningOf } from "./release.js";

/** @typedef {import("./release.js").Release} Release */
/** @typedef {import("./release.js").Asked} Asked */

/**
 * @typedef {object} Given an answer that a student gave
 * @property {number} turn which of all events it was
 * @property {string} student
 * @property {string} page
 * @property {string} label
 * @property {string} meaning
 * @property {number[]} choices the keys of what was picked, none where it was typed
 * @property {number} tries
 * @property {number} points
 * @property {Given|null} before the answer that the page showed when this one was given
 * @property {any} browser
 * @property {any} sender the launch in which it was given
 * @property {Bringer|null} storedBy the post that brought it last
 * @property {"kept"|"none"|"deleted"|"read back"} copy what may have become of the browser's copy: `none`
 *   where none could be kept; `read back` where a later visit has seen the work in the LMS
 * @property {string} promised
 * @property {boolean} isExcused
 */

/**
 * @typedef {object} Bringer a post that raised what is recorded
 * @property {string} student
 * @property {string} sco
 * @property {number} turn in which it was sent
 * @property {number} arrived the turn in which it arrived
 * @property {any} sender
 * @property {boolean} isCopied could the sender's browser keep a copy then?
 * @property {boolean} [isJudged] was it the LMS's own word?
 * @property {boolean} [repeats] does the LMS repeat a status that the page has not said this time?
 */

/** A score, or the rank of a status, that is recorded of a student's work on a SCO. */
class Mark {
  best = 0;
  now = 0;
  /** The post that raised it last. @type {Bringer} */
  raisedBy = { student: "", sco: "", turn: 0, sender: null, arrived: 0, isCopied: true };
  /** It was lowered; is that made good at once? @type {{from: number, at: number, words: string}|null} */
  fall = null;
}

/** What is recorded of a student's work on a SCO. */
class Standing {
  score = new Mark();
  rank = new Mark();
  isExcused = false;
}

/** What a student has for good; all other words are 0. */
const RANKS = ["", "completed", "passed"];
const rankOf = (/** @type {string} */ status) => Math.max(0, RANKS.indexOf(status));

/** Points and scores are rounded where they are kept. */
const ROUNDING = 0.02;

/** What is lowered and made good in the same save, commit after commit, takes so long at most (milliseconds). */
const MOMENT = 100;

export class Violation extends Error {
  /** @param {"lost"|"lowered"|"mistaken"} invariant @param {string} words */
  constructor(invariant, words) {
    super(`${invariant}: ${words}`);
    this.invariant = invariant;
  }
}

export class Checker {
  /** By student and label. @type {Map<string, Given[]>} */
  #given = new Map();
  /** By student and SCO. @type {Map<string, Standing>} */
  #records = new Map();
  /** The answers that the LMS holds, by student and SCO. @type {Map<string, Given[]>} */
  #held = new Map();
  /**
   * The states that were read last, by student and SCO.
   * @type {Map<string, {state: string, release: Release, answers: (Given|null)[]}>}
   */
  #read = new Map();
  /** How often each excuse was needed. @type {Record<string, number>} */
  excused = {};
  /** The first thing that happened and must not. A page would swallow an exception. @type {Violation|null} */
  violation = null;
  #keepsBest;
  #turn = 0;

  #tellsChanges;
  #time;

  /**
   * @param {{keepsBest: boolean, tellsChanges: boolean}} options does the best answer count? Does the LMS
   *   tell a page that writes of what others wrote?
   * @param {() => number} time
   */
  constructor({ keepsBest, tellsChanges }, time) {
    this.#keepsBest = keepsBest;
    this.#tellsChanges = tellsChanges;
    this.#time = time;
  }

  /** The number of the next event. */
  nextTurn() {
    return (this.#turn += 1);
  }

  /** @param {Omit<Given, "turn"|"storedBy"|"promised"|"isExcused">} answer */
  answered(answer) {
    const given = { ...answer, turn: this.nextTurn(), storedBy: null, promised: "", isExcused: false };
    this.#of(answer.student, answer.label).push(given);
    return given;
  }

  /** Those who have answered anything. */
  get students() {
    return [...new Set([...this.#given.values()].flat().map(({ student }) => student))];
  }

  /** @param {string} student @param {string} page */
  hasAnswered(student, page) {
    return [...this.#given.values()].flat().some((it) => it.student === student && it.page === page);
  }

  /** The answer that a page shows; null, and a violation, where the student never gave it. @returns {Given|null} */
  known(student, asked, { response, tries }, where) {
    const { label } = asked.tracked;
    const meaning = meaningOf(asked, response);
    const all = this.#of(student, label);
    const found = all.filter((it) => it.tries === tries && (meaning === null || it.meaning === meaning)).at(-1);
    if (found) return found;
    const words = all.map((it) => `${it.meaning} (try ${it.tries})`).join(", ") || "nothing";
    const said = `${where} says that ${student} answered ${label} with ${meaning} (try ${tries})`;
    this.#fail("mistaken", `${said}; given: ${words}`);
    return null;
  }

  /** The student looked at the note while the page showed these answers. */
  promised(/** @type {(Given|null)[]} */ answers, /** @type {string} */ by) {
    for (const answer of answers) if (answer) answer.promised ||= by;
  }

  /** A browser lost all that it kept. @param {any} browser */
  wiped(browser) {
    for (const answers of this.#given.values()) {
      for (const it of answers) {
        if (it.browser !== browser) continue;
        it.copy = "deleted";
        if ((it.storedBy || it.promised) && !this.#isHeld(it)) this.#excuseAnswer(it, "wiped");
      }
    }
    for (const record of this.#records.values()) {
      if (![record.score, record.rank].some(({ now, best }) => now < best - ROUNDING)) continue;
      record.isExcused = true;
      this.#excuse("wiped");
    }
  }

  /**
   * The LMS came to hold this.
   *
   * @param {{student: string, sco: string, turn: number, sender: any}} post
   * @param {{state: string, status: string, score: number|null}} held
   * @param {Release} release of the page that sent it
   */
  stored(post, held, release) {
    const by = { ...post, arrived: this.nextTurn(), isCopied: isCopied(post.sender) };
    if (held.state !== "") post.sender.isShown = true;
    const now = this.#answersIn(held.state, post, release);
    for (const given of now) if (given) given.storedBy = by;
    this.#overwritten(post, now);
    if (this.#keepsBest) this.#compare(by, held);
  }

  /** The answers that a state holds; what is stored without a change is not read once more. */
  #answersIn(state, { student, sco }, release) {
    const key = `${student}/${sco}`;
    const last = this.#read.get(key);
    if (last && last.state === state && last.release === release) return last.answers;
    const answers = answersIn(state, sco, release)
      .map(([asked, answer]) => this.known(student, asked, answer, "the LMS"));
    this.#read.set(key, { state, release, answers });
    return answers;
  }

  /** Which answers are not there any more, as their page could not know of them? */
  #overwritten(post, now) {
    for (const it of this.#held.get(`${post.student}/${post.sco}`) ?? []) {
      const isThere = now.some((other) => other && (other === it || isBefore(it, other)));
      const isOlder = !post.sender.release.pages.get(it.page)?.questions.some(
        ({ tracked }) => tracked.label === it.label);
      if (!isThere && isOlder) this.#excuseAnswer(it, "older");
      if (!isThere && post.sender.named === "" && !post.sender.wasShown) this.#excuseAnswer(it, "nameless");
      if (isThere || it.copy === "kept" || !it.storedBy) continue;
      const isLate = it.copy !== "read back" && post.sender.openedAt < it.storedBy.arrived;
      if (post.turn < it.storedBy.turn) this.#excuseAnswer(it, "overtaken");
      else if (isLate || this.#isUnaware(post.sender, it.storedBy)) this.#excuseAnswer(it, "unaware");
    }
    this.#held.set(`${post.student}/${post.sco}`, now.filter((it) => it !== null));
  }

  /** A page, or course, is opened: what the LMS has, its browser may delete. @param {any} launch */
  opened(launch) {
    const { student, sco, browser } = launch;
    launch.isShown = launch.wasShown = this.#read.has(`${student}/${sco}`);
    for (const it of this.#held.get(`${student}/${sco}`) ?? []) {
      if (it.browser === browser && it.copy === "kept") it.copy = "read back";
    }
  }

  /** @param {Bringer} by @param {{status: string, score: number|null}} held */
  #compare(by, { status, score }) {
    const key = `${by.student}/${by.sco}`;
    if (!this.#records.has(key)) this.#records.set(key, new Standing());
    const record = /** @type {Standing} */ (this.#records.get(key));
    this.#mark(record, record.score, score ?? 0, by, `the score of ${by.student} on ${by.sco}`);
    this.#mark(record, record.rank, rankOf(status), by, `the status of ${by.student} on ${by.sco}`);
  }

  /**
   * @param {Standing} record
   * @param {Mark} mark
   * @param {number} value that the LMS has now
   * @param {Bringer} by
   * @param {string} what
   */
  #mark(record, mark, value, by, what) {
    const before = mark.now;
    mark.now = value;
    mark.best = Math.max(mark.best, value);
    if (mark.fall && value >= mark.fall.from - ROUNDING) {
      mark.fall = null;
      this.#excuse("for a moment");
    }
    if (value > before) mark.raisedBy = by;
    if (value >= before - ROUNDING) return;
    if (by.turn < mark.raisedBy.turn) {
      record.isExcused ||= this.#lacksCopy(by);
      this.#excuse("overtaken");
    } else if (this.#isUnaware(by.sender, mark.raisedBy)) {
      record.isExcused = true;
      this.#excuse("unaware");
    } else if (by.repeats && mark === record.rank) this.#excuse("repeated");
    else mark.fall ??= { from: before, at: this.#time(), words: `${what} went from ${before} to ${value}` };
  }

  /** Has a browser no copy of an answer that the student gave there? */
  #lacksCopy({ student, sco }) {
    const isThere = (/** @type {Given} */ it) =>
      it.student === student && ["course", it.page].includes(sco) && it.copy !== "kept";
    return [...this.#given.values()].flat().some(isThere);
  }

  /**
   * Could a page not know what another one had brought to the LMS? In the same browser it could, by
   * the student's copy, unless the word was the LMS's own, or the LMS names no student and had
   * nothing of the attempt when the page was opened; and everywhere where the LMS tells ETags.
   *
   * @param {any} sender
   * @param {Bringer} other
   */
  #isUnaware(sender, other) {
    if (sender.openedAt >= other.arrived) return false;
    const hasCopies = sender.hasCopies && other.sender.hasCopies && isCopied(sender) && other.isCopied;
    const isKnown = sender.named !== "" || sender.wasShown;
    const sharesCopies = hasCopies && isKnown && sender.browser === other.sender.browser;
    return other.isJudged === true || (!sharesCopies && !this.#tellsChanges);
  }

  /** What has not been made good at once was lowered. */
  settle() {
    for (const { score, rank } of this.#records.values()) {
      for (const { fall } of [score, rank]) {
        if (fall && this.#time() - fall.at > MOMENT) this.#fail("lowered", fall.words);
      }
    }
  }

  /** Pages that are not in the course any more take their records along. @param {string[]} scos */
  keepOnly(scos) {
    for (const key of this.#records.keys()) if (!scos.includes(key.split("/")[1])) this.#records.delete(key);
  }

  /**
   * What the LMS holds in the end.
   *
   * @param {string} student
   * @param {string} sco
   * @param {{status: string, score: number|null}} held
   */
  ended(student, sco, { status, score }) {
    const record = this.#records.get(`${student}/${sco}`);
    if (!record || record.isExcused) return;
    if ((score ?? 0) < record.score.best - ROUNDING) {
      const words = `in the end the LMS holds a score of ${score} of ${student} on ${sco}`;
      this.#fail("lowered", `${words}, and held ${record.score.best}`);
    }
    if (rankOf(status) < record.rank.best) {
      this.#fail("lowered", `in the end ${sco} is "${status}" for ${student}, and was "${RANKS[record.rank.best]}"`);
    }
  }

  /**
   * What a new browser shows of a question in the end.
   *
   * @param {string} student
   * @param {string} page
   * @param {Asked} asked
   * @param {{response: string, points: number, tries: number}|null} shown
   */
  showed(student, page, asked, shown) {
    const { label, choices = [] } = asked.tracked;
    const found = shown && this.known(student, asked, shown, "in the end a page");
    for (const it of this.#of(student, label)) {
      if (it.page !== page || this.#isExcused(it)) continue;
      if (!it.storedBy && !it.promised) continue;
      const excuse = it.storedBy ? "" : this.#deceived(it);
      if (excuse) {
        this.#excuseAnswer(it, excuse);
        continue;
      }
      const why = it.storedBy ? "stored" : `promised by the ${it.promised}`;
      const what = `${student} answered ${label} with ${it.meaning} (try ${it.tries}), ${why}`;
      if (!found) this.#fail("lost", `${what}; in the end there is no answer`);
      else if (isBefore(found, it)) {
        this.#fail("lost", `${what}; in the end there is the older ${found.meaning} (try ${found.tries})`);
      } else if (shown.response === "" && found.choices.every((key) => choices.includes(key))) {
        this.#fail("lost", `${what}; in the end the page does not know with what, though it could`);
      } else if (this.#keepsBest && shown.points < it.points - ROUNDING) {
        this.#fail("lost", `${what} for ${it.points}; in the end it is worth ${shown.points}`);
      }
    }
  }

  /** @param {string} student @param {string} label */
  #of(student, label) {
    const key = `${student}/${label}`;
    if (!this.#given.has(key)) this.#given.set(key, []);
    return /** @type {Given[]} */ (this.#given.get(key));
  }

  /** @param {Violation["invariant"]} invariant @param {string} words */
  #fail(invariant, words) {
    this.violation ??= new Violation(invariant, words);
  }

  /** Has the LMS the answer, or one that took its place? @param {Given} answer */
  #isHeld(answer) {
    const held = ["course", answer.page].flatMap((sco) => this.#held.get(`${answer.student}/${sco}`) ?? []);
    return held.some((it) => it === answer || isBefore(answer, it));
  }

  /** Why nobody could keep what was promised; "" where somebody could. @param {Given} answer */
  #deceived({ copy, sender, promised }) {
    if (copy === "deleted") return "wiped";
    if (promised !== "lms") return "";
    if (copy === "none") return "uncopied";
    return sender.named === "" && !sender.isShown ? "nameless" : "";
  }

  /** Is it excused that the answer, or one that took its place, is lost? @param {Given} answer */
  #isExcused(answer) {
    return this.#of(answer.student, answer.label).some(
      (it) => it.isExcused && (it === answer || isBefore(answer, it)));
  }

  /** @param {Given} answer @param {string} excuse */
  #excuseAnswer(answer, excuse) {
    if (!answer.isExcused) this.#excuse(excuse);
    answer.isExcused = true;
  }

  /** @param {string} excuse */
  #excuse(excuse) {
    this.excused[excuse] = (this.excused[excuse] ?? 0) + 1;
  }
}

/** Can the browser of a launch keep a copy now? */
function isCopied(/** @type {any} */ launch) {
  return launch.browser.database.state === "well";
}

/** Was the first answer known when the second was given? @param {Given} first @param {Given} second */
function isBefore(first, second) {
  for (let it = second.before; it; it = it.before) if (it === first) return true;
  return false;
}

/** The answers in a state. @returns {[Asked, {response: string, tries: number}][]} */
function answersIn(state, sco, release) {
  const pages = sco === "course" ? decodeCourse(state, release.contents).pages : new Map([[sco, decode(state)]]);
  return [...pages].flatMap(([id, page]) => {
    const questions = release.pages.get(id)?.questions ?? [];
    const { answers } = fitting(page, questions.map(({ tracked }) => tracked));
    return questions.flatMap((asked) => {
      const answer = answers.get(asked.tracked.label);
      return answer ? [/** @type {[Asked, any]} */ ([asked, answer])] : [];
    });
  });
}
