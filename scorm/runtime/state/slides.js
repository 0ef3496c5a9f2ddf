/**
 * @file Slides by what they are called, not by their number: one that an author inserts must not
 * shift the marks of those behind it.
 *
 * Each slide has a short key, made of its name; a set of slides is a number with one bit for each
 * key.
 */

import { keysOf } from "../lib/keys.js";

/** Width of a key in bits, by how many slides there are: some 90 characters for a set of 30. */
const WIDTH = 9;
const MANY = 150;
const WIDTH_OF_MANY = 12;

/** A place by its key, written in what a state keeps in four bits a character (bits.js). */
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
  return texts.map((text) => keys.get(text));
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
 * The number of the slide at a place; -1 where the slide is gone, or the place is none of a deck.
 *
 * @param {string} place
 * @param {number[]} keys
 */
export function slideAt(place, keys) {
  return place.startsWith(MARK) ? keys.indexOf(Number(place.slice(MARK.length))) : -1;
}
