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
 * - `overtaken`: the network brought an older commit after a newer one. Then the LMS may hold less
 *   for a while, but not in the end.
 * - `unaware`: SCORM tells a page nothing of what another session stores meanwhile. Where a page was
 *   opened before another device (or browser) stored work, and writes after it, it puts its own work
 *   in the place of the other's. The other device's copy brings it back, unless it was given up
 *   before, when a later visit there had read the work back.
 * - `changed`: the author changed a question so that an answer to it does not mean the same any
 *   more, or took it, or its page, out of the course.
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
 * @property {string} revision of the question
 * @property {number} tries
 * @property {number} points
 * @property {Given|null} before the answer that the page showed when this one was given
 * @property {any} browser
 * @property {any} sender the launch in which it was given
 * @property {boolean} isStored
 * @property {string} promised
 * @property {boolean} isExcused
 */

/** What is recorded of a student's work on a SCO: the best so far, and who brought it. */
class Record {
  score = -1;
  rank = 0;
  /** The posts that brought them. @type {{turn: number, sender: any}} */
  scoredBy = { turn: 0, sender: null };
  /** @type {{turn: number, sender: any}} */
  rankedBy = { turn: 0, sender: null };
  isExcused = false;
}

/** What a student has for good; all other words are 0. */
const RANKS = ["", "completed", "passed"];
const rankOf = (/** @type {string} */ status) => Math.max(0, RANKS.indexOf(status));

/** Points and scores are rounded where they are kept. */
const ROUNDING = 0.02;

export class Violation extends Error {
  /** @param {"lost"|"lowered"|"mistaken"|"broken"} invariant @param {string} words */
  constructor(invariant, words) {
    super(`${invariant}: ${words}`);
    this.invariant = invariant;
  }
}

export class Checker {
  /** By student and label. @type {Map<string, Given[]>} */
  #given = new Map();
  /** By student and SCO. @type {Map<string, Record>} */
  #records = new Map();
  /** How often each excuse was needed. @type {Record<string, number>} */
  excused = {};
  #keepsBest;
  #turn = 0;

  /** @param {boolean} keepsBest does the best answer count? */
  constructor(keepsBest) {
    this.#keepsBest = keepsBest;
  }

  /** The number of the next event. */
  nextTurn() {
    return (this.#turn += 1);
  }

  /** @param {Omit<Given, "turn"|"isStored"|"promised"|"isExcused">} answer */
  answered(answer) {
    const given = { ...answer, turn: this.nextTurn(), isStored: false, promised: "", isExcused: false };
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

  /** The answer that a page shows; throws where the student never gave it. */
  known(student, asked, { response, tries }, where) {
    const { label } = asked.tracked;
    const meaning = meaningOf(asked, response);
    const all = this.#of(student, label);
    const found = all.findLast((it) => it.tries === tries && (meaning === null || it.meaning === meaning));
    if (found) return found;
    const words = all.map((it) => `${it.meaning} (try ${it.tries})`).join(", ") || "nothing";
    throw new Violation("mistaken", `${where} says that ${student} answered ${label} with ${meaning} (try ${tries}); given: ${words}`);
  }

  /** The student looked at the note while the page showed these answers. */
  promised(/** @type {Given[]} */ answers, /** @type {string} */ by) {
    for (const answer of answers) answer.promised ||= by;
  }

  /** A browser lost all that it kept. @param {any} browser */
  wiped(browser) {
    for (const answers of this.#given.values()) {
      for (const it of answers) {
        if (it.browser !== browser || it.isStored || !it.promised) continue;
        it.isExcused = true;
        this.#excuse("wiped");
      }
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
    for (const [asked, answer] of answersIn(held.state, post.sco, release)) {
      this.known(post.student, asked, answer, "the LMS").isStored = true;
    }
    if (this.#keepsBest) this.#compare(post, held);
  }

  #compare(post, { status, score }) {
    const key = `${post.student}/${post.sco}`;
    if (!this.#records.has(key)) this.#records.set(key, new Record());
    const record = /** @type {Record} */ (this.#records.get(key));
    const [rank, points] = [rankOf(status), score ?? -1];
    if (points < record.score - ROUNDING) {
      this.#lowered(post, record, record.scoredBy, `the score ${record.score} became ${score}`);
    } else if (points > record.score) Object.assign(record, { score: points, scoredBy: post });
    if (rank < record.rank) {
      this.#lowered(post, record, record.rankedBy, `"${RANKS[record.rank]}" became "${status}"`);
    } else if (rank > record.rank) Object.assign(record, { rank, rankedBy: post });
  }

  /** Is it excused, at least for now, that this post took the place of a better one? */
  #lowered(post, record, better, words) {
    if (post.turn < better.turn) {
      this.#excuse("overtaken");
    } else if (post.sender !== better.sender && post.sender.openedAt < better.turn) {
      record.isExcused = true;
      this.#excuse("unaware");
    } else throw new Violation("lowered", `${words} (${post.student}, ${post.sco})`);
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
    if ((score ?? -1) < record.score - ROUNDING) {
      throw new Violation("lowered", `in the end the LMS holds a score of ${score} of ${student} on ${sco}, and held ${record.score}`);
    }
    if (rankOf(status) < record.rank) {
      throw new Violation("lowered", `in the end ${sco} is "${status}" for ${student}, and was "${RANKS[record.rank]}"`);
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
    const { label, revision } = asked.tracked;
    const found = shown && this.known(student, asked, shown, "in the end a page");
    for (const it of this.#of(student, label)) {
      if (it.page !== page || it.revision !== revision || it.isExcused) continue;
      if (!it.isStored && !it.promised) continue;
      const what = `${student} answered ${label} with ${it.meaning} (try ${it.tries}), ${it.isStored ? "stored" : `promised by the ${it.promised}`}`;
      if (!found) throw new Violation("lost", `${what}; in the end there is no answer`);
      if (isBefore(found, it)) throw new Violation("lost", `${what}; in the end there is the older ${found.meaning} (try ${found.tries})`);
      if (this.#keepsBest && shown.points < it.points - ROUNDING) {
        throw new Violation("lost", `${what} for ${it.points}; in the end it is worth ${shown.points}`);
      }
    }
  }

  /** @param {string} student @param {string} label */
  #of(student, label) {
    const key = `${student}/${label}`;
    if (!this.#given.has(key)) this.#given.set(key, []);
    return /** @type {Given[]} */ (this.#given.get(key));
  }

  /** @param {string} excuse */
  #excuse(excuse) {
    this.excused[excuse] = (this.excused[excuse] ?? 0) + 1;
  }
}

/** Was the first answer known when the second was given? @param {Given} first @param {Given} second */
function isBefore(first, second) {
  for (let it = second.before; it; it = it.before) if (it === first) return true;
  return false;
}

/** The answers in a state. @returns {[Asked, {response: string, tries: number}][]} */
function answersIn(state, sco, release) {
  const pages = sco === "course"
    ? decodeCourse(state, release.contents).pages
    : new Map([[sco, fitting(decode(state), (release.pages.get(sco)?.questions ?? []).map(({ tracked }) => tracked))]]);
  return [...pages].flatMap(([id, { answers }]) =>
    (release.pages.get(id)?.questions ?? []).flatMap((asked) => {
      const answer = answers.get(asked.tracked.label);
      return answer ? [/** @type {[Asked, any]} */ ([asked, answer])] : [];
    }),
  );
}
