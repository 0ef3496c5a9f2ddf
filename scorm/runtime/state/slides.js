/**
 * @file Knows slides by their names, not by their numbers: a slide that an author inserts must not
 * change which of the slides behind it count as seen.
 *
 * Each slide has a short key, made of its name; a set of slides is a number with one bit for each
 * key.
 */

import { keysOf } from "../lib/keys.js";

/**
 * Width of a key in bits; a deck of more than MANY slides needs a wider one. With 9 bits a set
 * takes some 90 characters.
 */
const WIDTH = 9;
const MANY = 150;
const WIDTH_OF_MANY = 12;

/** The mark before a slide's key; like digits, it takes only four bits in a state (bits.js). */
const MARK = "+";

/**
 * The key of each slide.
 *
 * @param {string[]} names in order; slides that have none of their own repeat the one before, and
 *   of slides of one name each has its own key
 * @returns {number[]}
 */
export function slideKeys(names) {
  const met = new Map();
  const texts = names.map((name) => {
    met.set(name, (met.get(name) ?? 0) + 1);
    return `${name}\n${met.get(name)}`;
  });
  const keys = keysOf(texts, names.length > MANY ? WIDTH_OF_MANY : WIDTH);
  return texts.map((text) => /** @type {number} */ (keys.get(text)));
}

/** @param {number[]} keys @returns {bigint} the slides with these keys */
export function setOf(keys) {
  return keys.reduce((set, key) => set | (1n << BigInt(key)), 0n);
}

/** @param {number} key @returns {string} the place of a student who is at this slide */
export function placeOf(key) {
  return `${MARK}${key}`;
}

/**
 * The number of the slide at a place; -1 where the slide is gone, or the place is not in a deck.
 *
 * @param {string} place
 * @param {number[]} keys
 */
export function slideAt(place, keys) {
  return place.startsWith(MARK) ? keys.indexOf(Number(place.slice(MARK.length))) : -1;
}
