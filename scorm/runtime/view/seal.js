/** @file Undoes scorm/course/seal.py, which says what sealing is good for and what it is not. */

import { fnv1a } from "../lib/hash.js";

/**
 * @typedef {object} SealedChoice a choice, or an answer the author foresaw
 * @property {string} id one letter
 * @property {boolean} correct
 * @property {string} value plain text of the choice, or the answer to type
 * @property {string} feedback HTML, may be empty
 * @property {number} [key] by which a pick is kept (state/picks.js); of a choice
 * @property {string} [name] in reports that take more than a letter; of a choice
 */

/**
 * @typedef {object} Answers what a question keeps out of sight
 * @property {SealedChoice[]} choices
 * @property {string} explanation HTML, may be empty
 * @property {number} [tolerance] absolute, for numeric questions
 * @property {string} [unit] of a number
 * @property {string} [description] of the question, in reports
 * @property {string} [revision] of the list of choices, in reports that take letters only
 */

/**
 * The answers that scorm.course.seal.seal was given for this label.
 *
 * @param {string} label of the question
 * @param {string} sealed base64
 * @returns {Answers}
 * @throws {Error} when the text was not sealed for this label
 */
export function unseal(label, sealed) {
  const mixed = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
  const keys = keystream(label);
  const plain = mixed.map((byte) => byte ^ Number(keys.next().value));
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
}

/** Bytes of Marsaglia's xorshift32, seeded with the label's hash (`^` and `<<` give 32 bits). */
function* keystream(label) {
  let state = fnv1a(label) || 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state & 0xff;
  }
}
