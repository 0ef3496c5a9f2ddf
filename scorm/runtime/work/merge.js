/** @file Brings two accounts of the same student's work on the same page together. */

/** @typedef {import("../state/page.js").State} State */
/** @typedef {import("../state/page.js").Answer} Answer */

/** Points are rounded where they are kept; a smaller difference is none. */
const ROUNDING = 0.02;

const RANKS = ["", "incomplete", "failed", "completed", "passed"];

/**
 * All that either account knows; nothing is lowered but, where the last answer counts, by a later
 * answer.
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
    score: highest([ours.score, theirs.score]),
  };
}

/** Of two answers to one question the one after more tries, with what counts. */
function later(own, other, keep) {
  const latest = other.tries > own.tries ? other : own;
  return keep === "best" ? { ...latest, points: Math.max(own.points, other.points) } : latest;
}

/** Of two statuses the one that the student worked longer for. */
export function better(one, other) {
  return RANKS.indexOf(other) > RANKS.indexOf(one) ? other : one;
}

/** The highest score of those that there are, else null. */
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
  const knows = ([label, answer]) => {
    const own = ours.answers.get(label);
    if (!own) return false;
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
