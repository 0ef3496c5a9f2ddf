/** @file Brings two accounts of the same student's work on the same page together. */

/** @typedef {import("../state/page.js").State} State */
/** @typedef {import("../state/page.js").Answer} Answer */

/** Points are rounded where they are kept, so a difference smaller than this is no difference. */
const ROUNDING = 0.02;

const RANKS = ["", "incomplete", "failed", "completed", "passed"];

/**
 * All that either account knows. Nothing is lowered, except by a later answer where the last answer
 * counts.
 *
 * @param {State} ours wins where nothing tells which is later
 * @param {State} theirs
 * @param {"best"|"last"} keep
 * @returns {State}
 */
export function merge(ours, theirs, keep) {
  const answers = new Map(ours.answers);
  for (const [label, answer] of theirs.answers) {
    const own = answers.get(label);
    answers.set(label, own ? later(own, answer, keep) : answer);
  }
  return {
    ...ours,
    answers,
    position: ours.position || theirs.position,
    seen: ours.seen | theirs.seen,
    read: ours.read || theirs.read,
    interactions: Math.max(ours.interactions, theirs.interactions),
    status: better(ours.status, theirs.status),
    score: keep === "best" ? highest([ours.score, theirs.score]) : lastScore(ours, theirs),
  };
}

/**
 * The score of the account that has the later answers; null, so that it is computed from the
 * answers, where each account has some later ones. Where an account has lost its answers, its score
 * still counts.
 *
 * @param {State} ours
 * @param {State} theirs
 */
function lastScore(ours, theirs) {
  if (ours.answers.size === 0 || theirs.answers.size === 0) {
    return highest([ours.score, theirs.score]);
  }
  if (isLater(ours, theirs)) return ours.score;
  return isLater(theirs, ours) ? theirs.score : null;
}

/** @param {State} one @param {State} other */
function isLater(one, other) {
  return [...other.answers].every(
    ([label, { tries }]) => (one.answers.get(label)?.tries ?? 0) >= tries,
  );
}

/**
 * Of two answers to one question the one after more tries, with the points that count. Where the
 * solution was shown in either, it was shown.
 *
 * @param {Answer} own
 * @param {Answer} other
 * @param {"best"|"last"} keep
 * @returns {Answer}
 */
function later(own, other, keep) {
  const isLater = other.tries > own.tries;
  const settled = Boolean(own.settled || other.settled);
  const latest = { ...(isLater ? other : own), settled };
  return keep === "best" ? { ...latest, points: Math.max(own.points, other.points) } : latest;
}

/** Is it the same answer, as far as can be told? @param {Answer} one @param {Answer} [other] */
export function isAlike(one, other) {
  return one.tries === other?.tries &&
    Math.abs(one.points - other.points) < ROUNDING &&
    Boolean(one.settled) === Boolean(other.settled);
}

/**
 * Of two statuses the one of the higher rank; the first where they are equal.
 *
 * @template {string} A
 * @template {string} B
 * @param {A} one
 * @param {B} other
 * @returns {A|B}
 */
export function better(one, other) {
  return RANKS.indexOf(other) > RANKS.indexOf(one) ? other : one;
}

/** The highest score of those that there are, else null. @param {(number|null)[]} scores */
export function highest(scores) {
  const known = scores.filter((score) => score !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/**
 * Does the first account know all that matters of the second?
 *
 * @param {State} ours
 * @param {State} theirs
 */
export function covers(ours, theirs) {
  const knows = (/** @type {[string, Answer]} */ [label, answer]) => {
    const own = ours.answers.get(label);
    if (!own || (answer.settled && !own.settled)) return false;
    return own.tries > answer.tries ||
      (own.tries === answer.tries && own.points >= answer.points - ROUNDING);
  };
  return (
    (ours.read || !theirs.read) &&
    (ours.read || (theirs.seen & ~ours.seen) === 0n) &&
    (theirs.score === null || (ours.score ?? 0) >= theirs.score - ROUNDING) &&
    [...theirs.answers].every(knows)
  );
}
