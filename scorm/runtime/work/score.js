/**
 * @file What a page's answers are worth, and what that makes of its status, under the course's
 * scoring policy (`scoring` in the page's element #scorm-page; scorm.course.model.Scoring).
 *
 * The default serves practice in Moodle: as many attempts as the student likes, the best
 * counts, feedback after each, the solution when it is found or asked for, which ends the attempts,
 * and a quiz is passed or failed.
 */

import { highest } from "./merge.js";

/**
 * @typedef {object} Scoring
 * @property {number|null} mastery 0 … 100, of a quiz
 * @property {number} attempts how often a question may be answered, 0 for without limit
 * @property {"best"|"last"} keep which of several answers counts
 * @property {number} penalty the share of the points, 0 … 1, that each try before costs
 * @property {"request"|"answer"|"last-attempt"|"never"} explain when feedback and explanation are
 *   shown
 * @property {"pass-fail"|"completion"} verdict what a quiz reports at its end
 */

/** @typedef {"incomplete"|"completed"|"passed"|"failed"} Status */
/** @typedef {"completed"|"passed"|""} Earned what a student has for good */

/** @type {Scoring} */
const DEFAULTS = {
  mastery: null,
  attempts: 0,
  keep: "best",
  penalty: 0,
  explain: "request",
  verdict: "pass-fail",
};

/** @param {{scoring?: Partial<Scoring>}} page @returns {Scoring} */
export function scoringOf(page) {
  return { ...DEFAULTS, ...page.scoring };
}

/**
 * @typedef {object} Shown what of the author's words a student sees of an answered question
 * @property {boolean} feedback on the picks, and whether each is right
 * @property {boolean} explanation
 * @property {boolean} solution which answers are right
 * @property {boolean} offer may the student ask for the solution?
 */

/**
 * @param {Pick<Scoring, "explain"|"attempts">} scoring
 * @param {{tries: number, correct: boolean, settled: boolean}} work `correct`: is the latest answer
 *   right? `settled`: was the solution shown?
 * @returns {Shown}
 */
export function shown({ explain, attempts }, { tries, correct, settled }) {
  const isOver = attempts > 0 && tries >= attempts;
  const isEnd = correct || settled || isOver;
  if (explain === "request") {
    return { feedback: true, explanation: isEnd, solution: isEnd && !correct, offer: !isEnd };
  }
  const all = explain === "answer" || (explain === "last-attempt" && isEnd);
  return { feedback: all, explanation: all, solution: false, offer: false };
}

/**
 * The share of a question's points that a try is worth.
 *
 * @param {Pick<Scoring, "penalty">} scoring
 * @param {number} number of the try, from 1
 */
export function shareOf({ penalty }, number) {
  return Math.max(0, 1 - penalty * Math.max(0, number - 1));
}

/**
 * Attempts that are left, Infinity where there is no limit.
 *
 * @param {Pick<Scoring, "attempts">} scoring
 * @param {number} tries so far
 */
export function attemptsLeft({ attempts }, tries) {
  return attempts > 0 ? Math.max(0, attempts - tries) : Infinity;
}

/**
 * The score of 100, two decimals; null while nothing was answered, as 0 would be a grade.
 *
 * @param {{points: number}[]} questions
 * @param {Map<unknown, {points: number}>} answers
 * @param {number|null} floor what is recorded and must not be lowered
 */
export function scoreOf(questions, answers, floor) {
  if (questions.length === 0) return null;
  if (answers.size === 0) return floor;
  const sum = (/** @type {{points: number}[]} */ holders) => holders.reduce((total, { points }) => total + points, 0);
  const share = sum([...answers.values()]) / sum(questions);
  return highest([floor, Math.round(10_000 * share) / 100]);
}

/**
 * The status after what the student did, never less than was earned for good.
 *
 * @param {Pick<Scoring, "verdict">} scoring
 * @param {{done: boolean, score: number|null, mastery: number|null, earned: Earned}} work
 *   `mastery` of the page, null where there is none
 * @returns {Status}
 */
export function statusOf({ verdict }, { done, score, mastery, earned }) {
  if (!done) return earned || "incomplete";
  if (verdict === "completion" || mastery === null || score === null) {
    return earned === "passed" ? earned : "completed";
  }
  if (score >= mastery) return "passed";
  return earned || "failed";
}

/**
 * What of a status the student has for good: `completed`, and `passed` unless the last answer
 * counts, as then a passed quiz may be failed again.
 *
 * @param {Pick<Scoring, "keep">} scoring
 * @param {string} status
 * @returns {Earned}
 */
export function earnedOf({ keep }, status) {
  if (status === "completed" || (status === "passed" && keep === "best")) return status;
  return "";
}
