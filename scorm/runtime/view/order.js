/**
 * @file The order in which a student sees the choices of a question: another for each student, and
 * always the same for one. It hangs on what the choices say (their keys), so a choice that is added
 * or removed leaves the others in their order. Slides, paper and pages without JavaScript show the
 * choices as they were written.
 */

import { fnv1a } from "../lib/hash.js";

/**
 * What the order hangs on beside the question. Where there is no LMS, or one that does not tell who
 * the student is, all see one order, which is not that of the source.
 *
 * @param {string|null|undefined} learner the LMS's name for the student
 */
export function seedOf(learner) {
  return learner ?? "";
}

/**
 * The places of the choices, in the order in which they are to be shown.
 *
 * @param {number[]} keys of the choices
 * @param {string} seed
 */
export function shuffled(keys, seed) {
  const ranks = keys.map((key) => mixed(fnv1a(`${seed}\n${key}`)));
  return keys.map((_, place) => place).sort((one, other) => ranks[one] - ranks[other]);
}

/** Spreads a hash over all bits (the end of MurmurHash3), as its last step moves the low ones. */
function mixed(/** @type {number} */ hash) {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * Moves the choices of a form to where the student is to see them; keyboard and screen reader
 * follow. On paper the style sheet puts them back.
 *
 * @param {HTMLElement} form
 * @param {number[]} keys of the choices, in the order of the source
 * @param {string} seed
 */
export function shuffle(form, keys, seed) {
  if (form.dataset.shuffled !== undefined) {
    const choices = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".scorm-choice")]);
    choices.forEach((choice, place) => choice.style.setProperty("--scorm-place", String(place)));
    const places = shuffled(keys, seed);
    choices[0]?.parentElement?.append(...places.map((place) => choices[place]));
  }
  form.dataset.ordered = "true";
}
