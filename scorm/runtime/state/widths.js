/**
 * @file How many bits stand for a page, a question and a pick in a state's text, and how long its
 * blocks are. The wider the keys, the less likely it is that two are taken for one; the shorter the
 * blocks, the less a damage costs. Narrow keys and long blocks let more fit.
 */

/**
 * @typedef {object} Widths
 * @property {number} page of its key
 * @property {number} question of its key, which must differ only from those of the same page
 * @property {number} pick of its key, which must differ only from those of the same question
 * @property {number} block characters, with which a block ends after the record that reaches them
 */

/** A text has the first of these in which all of it fits. @type {Widths[]} */
export const WIDTHS = [
  { page: 18, question: 14, pick: 20, block: 180 },
  { page: 18, question: 14, pick: 16, block: 180 },
  { page: 16, question: 10, pick: 16, block: 480 },
  { page: 15, question: 10, pick: 12, block: 480 },
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
