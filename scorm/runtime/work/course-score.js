/** @file The score of a whole course, computed from its pages. */

import { highest } from "./merge.js";

/** @typedef {Pick<import("./course.js").CoursePage, "id"|"questions">} Page */
/** @typedef {{score: number|null, answers: Map<unknown, {points: number}>}} Work on a page */

/** Scores are kept with two decimals, so a difference smaller than this is no difference. */
const ROUNDING = 0.006;

/**
 * The course's score of 100, two decimals, weighted by points or with each page that asks
 * something alike; null while nothing was answered anywhere, as 0 would be a grade.
 *
 * @param {Page[]} pages
 * @param {Map<string, Work>} states by the pages' ids
 * @param {{weights: "points"|"pages"}} scoring
 * @param {number|null} floor what is recorded and must not be lowered
 * @returns {number|null}
 */
export function courseScore(pages, states, { weights }, floor) {
  const asking = pages.filter(({ questions }) => questions.length > 0);
  const scores = asking.map((page) => pageScore(page, states.get(page.id)));
  if (asking.length === 0) return null;
  if (scores.every((score) => score === null)) return floor;
  const weightOf = (/** @type {Page} */ { questions }) => (weights === "pages" ? 1 : sumOf(questions));
  const total = asking.reduce((sum, page) => sum + weightOf(page), 0);
  const reached = asking.reduce((sum, page, n) => sum + weightOf(page) * (scores[n] ?? 0), 0);
  return highest([floor, Math.round((100 * reached) / total) / 100]);
}

/**
 * The page's score of 100, unrounded: what the answers are worth, unless the page has reported
 * more. null where nothing was answered.
 *
 * @param {Page} page
 * @param {Work} [state]
 */
function pageScore({ questions }, state) {
  if (!state || (state.answers.size === 0 && state.score === null)) return null;
  const exact = (100 * sumOf([...state.answers.values()])) / sumOf(questions);
  return state.score !== null && state.score > exact + ROUNDING ? state.score : exact;
}

/** @param {{points: number}[]} holders */
function sumOf(holders) {
  return holders.reduce((sum, { points }) => sum + points, 0);
}
