/** @file Finds what somebody meant who wrote a word that does not exist. */

/**
 * The word of `known` that is nearest, if any is near enough to be meant.
 * @param {string} word
 * @param {Iterable<string>} known
 */
export function nearest(word, known) {
  const wanted = word.toLowerCase();
  let found;
  let least = Math.max(1, Math.ceil(wanted.length / 3)) + 0.5;
  for (const candidate of known) {
    const away = distance(wanted, candidate.toLowerCase());
    if (away < least) [found, least] = [candidate, away];
  }
  return found;
}

/** How many letters have to be changed, added, left out or swapped to make one word of the other. */
function distance(one, other) {
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(one[i - 1] !== other[j - 1]));
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwap) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}
