/**
 * @file Knows the choices that a student picked by what they say, not by their letters: these
 * change when an author reorders, adds or removes choices.
 *
 * Each choice has a key of 32 bits, made of the question's label and the choice's text
 * (scorm/course/choices.py). Of an answer the exclusive or of the keys picked is kept, cut to some
 * bits, and how many there were. It is recognised where exactly one set of so many of the present
 * choices gives the same bits. Where none does, a choice was removed or reworded; where several do,
 * nobody can tell. Then the answer is not recognised, rather than taken for another.
 */

/**
 * @typedef {object} Picks
 * @property {number} count
 * @property {number} width of one pick for which the bits were cut (widths.js), or FULL
 * @property {number} bits
 */

/** An answer that was given on this page still has all bits of its keys. */
export const FULL = 32;

/**
 * How many bits an answer of so many picks has: one more for each further pick, as there are more
 * sets of choices to tell apart.
 */
export function bitsOf(/** @type {number} */ count, /** @type {number} */ width) {
  return Math.min(FULL, width + count - 1);
}

/**
 * @param {string} response letters joined by commas
 * @param {number[]} keys of the question's choices, in the order of their letters
 * @returns {Picks|undefined} undefined where the response names no choice, or one that is not there
 */
export function picksOf(response, keys) {
  const places = response.split(",").map((letter) => LETTERS.indexOf(letter));
  if (places.some((place) => place < 0 || place >= keys.length)) return undefined;
  const bits = places.reduce((sum, place) => sum ^ keys[place], 0) >>> 0;
  return { count: places.length, width: FULL, bits };
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

/** The same picks in no more bits than a text of this width has. @param {Picks} picks */
export function narrowed({ count, width: had, bits }, /** @type {number} */ width) {
  const narrow = Math.min(had, width);
  return { count, width: narrow, bits: cut(bits, bitsOf(count, narrow)) };
}

/**
 * The letters of the choices that were picked, joined by commas; null where they are not
 * recognised.
 *
 * @param {Picks} picks
 * @param {number[]} keys of the question's choices, in the order of their letters
 * @returns {string|null}
 */
export function lettersOf({ count, width, bits }, keys) {
  const kept = bitsOf(count, width);
  /** @type {number[][]} */
  const found = [];
  /** @type {number[]} */
  const chosen = [];
  const search = (/** @type {number} */ from, /** @type {number} */ rest) => {
    if (chosen.length === count) {
      if (cut(rest, kept) === 0) found.push([...chosen]);
      return;
    }
    for (let at = from; at <= keys.length - (count - chosen.length); at += 1) {
      chosen.push(at);
      search(at + 1, rest ^ keys[at]);
      chosen.pop();
      if (found.length > 1) return;
    }
  };
  search(0, bits);
  return found.length === 1 ? found[0].map((at) => LETTERS[at]).join(",") : null;
}

/** The lowest bits of a number of 32. */
function cut(/** @type {number} */ bits, /** @type {number} */ count) {
  return count >= FULL ? bits >>> 0 : (bits & (2 ** count - 1)) >>> 0;
}
