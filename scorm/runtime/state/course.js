/**
 * @file What a student left behind in a whole course, as one short text (suspend-data.js): the
 * course's own state, whose position is the page that was open last, and that of each page.
 */

import { keyring } from "../lib/keys.js";
import { blank, entryOf, fitting } from "./page.js";
import { VERSION, read, write } from "./suspend-data.js";
import { named, widthsIn } from "./widths.js";

/** @typedef {import("./page.js").State} State */

/**
 * @typedef {object} CoursePage a page that the course has now
 * @property {string} id of its SCO
 * @property {import("./page.js").Asked[]} questions
 */

/**
 * @typedef {object} CourseState
 * @property {State} own the state of the course as a whole; it has no answers
 * @property {Map<string, State>} pages the states of pages by id, the one worked on last at the
 *   end; a page that was never opened has none
 */

/**
 * @param {CourseState} state
 * @param {CoursePage[]} pages all of the course's
 * @returns {string} at most 4,089 ASCII characters; suspend-data.js says what is left out
 */
export function encodeCourse({ own, pages: states }, pages) {
  const keyOf = keyring(pages.map(({ id }) => id));
  const entries = [...states].map(([id, state]) => {
    return { key: (/** @type {number} */ width) => keyOf(id, width), ...entryOf(state) };
  });
  return write(entryOf(own), entries);
}

/**
 * What the text holds of the pages and questions that the course still has.
 *
 * @param {string} text
 * @param {CoursePage[]} pages all of the course's
 * @returns {CourseState} a blank one where the text is empty or of another version
 */
export function decodeCourse(text, pages) {
  if (text.split(".", 1)[0] !== VERSION) return { own: blank(), pages: new Map() };
  const found = read(text);
  const keyOf = keyring(pages.map(({ id }) => id));
  const known = new Map(
    widthsIn(found.pages.keys()).flatMap((width) =>
      pages.map((page) => [named(width, keyOf(page.id, width)), page]),
    ),
  );
  const states = [...found.pages].flatMap(([key, state]) => {
    const page = known.get(key);
    if (!page) return [];
    const kept = fitting({ ...blank(), ...state }, page.questions);
    return [/** @type {[string, State]} */ ([page.id, kept])];
  });
  return { own: { ...blank(), ...found.own }, pages: new Map(states) };
}
