/**
 * @file The mark of an attempt: a few random characters in a student's state, by which the copy in
 * this browser (work/mirror.js) is known to be of the same attempt as what the LMS holds.
 *
 * It stands behind the version, as `2.~MARK.BLOCK…`. What reads a state takes it for a damaged
 * block, and leaves it out.
 */

/** How many random bytes; four characters say them. */
const BYTES = 3;

const MARKED = /^\w+\.~([\w-]{4})(?:\.|$)/;

/** So much longer is a text with its mark. */
export const MARK = ".~ABCD".length;

/** The mark of an attempt that begins now. */
export function newAttempt() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_");
}

/** The attempt that a state's text names, "" where it names none. @param {string} text */
export function attemptOf(text) {
  return MARKED.exec(text)?.[1] ?? "";
}

/** The text of a state with the mark of its attempt. @param {string} text @param {string} attempt */
export function marked(text, attempt) {
  return attempt === "" ? text : text.replace(/^\w+/, (version) => `${version}.~${attempt}`);
}
