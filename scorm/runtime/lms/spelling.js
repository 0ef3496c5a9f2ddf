/** @file Values in another spelling, which an LMS takes for new ones (see session.js). */

import { decimal } from "../lib/values.js";

/** Another text, which reads as the same state. @param {string} text @param {number} times */
export function againState(text, times) {
  return times % 2 === 1 ? `${text} ` : text;
}

/** Scores have two decimals: so many ten-thousandths more are still less than the next one. */
const MOST_TIMES = 40;

/** The least that is sent (decimal()); no gradebook tells the full score from one less by this. */
const LEAST = 1e-7;

/**
 * The next number above a score; null for the full one, above which is none.
 *
 * @param {string} text
 * @param {number} times
 * @param {number} full
 */
export function againScore(text, times, full) {
  const more = ((1 + ((times - 1) % MOST_TIMES)) * full) / 1e6;
  return Number(text) < full ? decimal(Number(text) + more, 7) : null;
}

/** What the full score gives way to. @param {number} full */
export function almost(full) {
  return decimal(full - LEAST, 7);
}

/** A score as it is meant, in whatever spelling. @param {number|null} score */
export function twoDecimals(score) {
  return score === null ? null : Math.round(100 * score) / 100;
}
