/**
 * @file How many bits stand for a page, a question and a pick in a state's text. The more, the less
 * likely it is that two are taken for one; the fewer, the more fits.
 */

/**
 * @typedef {object} Widths
 * @property {number} page of its key
 * @property {number} question of its key, which must differ only from those of the same page
 * @property {number} pick of its key, which must differ only from those of the same question
 */

/** A text has the first of these in which all of it fits. @type {Widths[]} */
export const WIDTHS = [
  { page: 18, question: 16, pick: 24 },
  { page: 18, question: 16, pick: 16 },
  { page: 16, question: 10, pick: 16 },
  { page: 15, question: 10, pick: 12 },
];

/** The bits in which a text tells which of WIDTHS it has. */
export const WIDTH_BITS = 2;

/**
 * The name of a key that was read: keys of other widths are other keys.
 *
 * @param {number} width in bits
 * @param {number} key
 */
export function named(width, key) {
  return `${width}/${key}`;
}

/** The widths of the keys among these names. @param {Iterable<string>} names @returns {number[]} */
export function widthsIn(names) {
  const widths = [...names].map((name) => Number(/^(\d+)\//.exec(name)?.[1] ?? 0));
  return [...new Set(widths)].filter((width) => width > 0);
}
