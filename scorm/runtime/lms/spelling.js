/** @file The same values in another spelling, which an LMS takes for new ones (see session.js). */

import { decimal } from "../lib/values.js";

/**
 * The state with a space behind it, or without, in turn: another text that reads as the same state.
 *
 * @param {string} text
 * @param {number} times how many commits with it have failed
 */
export function againState(text, times) {
  return times % 2 === 1 ? `${text} ` : text;
}

/** Scores have two decimals, so this many ten-thousandths more do not reach the next score. */
const MOST_TIMES = 40;

/** The smallest difference that decimal() writes, too small for any gradebook to show. */
const LEAST = 1e-7;

/**
 * A number very little above a score; null for the full score, which nothing may exceed.
 *
 * @param {string} text
 * @param {number} times how many commits with it have failed
 * @param {number} full
 */
export function againScore(text, times, full) {
  const more = ((1 + ((times - 1) % MOST_TIMES)) * full) / 1e6;
  return Number(text) < full ? decimal(Number(text) + more, 7) : null;
}

/** The number that the full score gives way to. @param {number} full */
export function almost(full) {
  return decimal(full - LEAST, 7);
}

/** The score that another spelling of it means. @param {number|null} score */
export function twoDecimals(score) {
  return score === null ? null : Math.round(100 * score) / 100;
}
