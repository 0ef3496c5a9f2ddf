/** @file Where a reader is in a text page, written so that it holds at another window's width. */

/**
 * The section at a height of the window, and the percentage of it that is above: `intro@40`.
 *
 * @param {{id: string, top: number, height: number}[]} sections in reading order, in the window's
 *   coordinates
 * @param {number} height
 * @returns {string} "" above the first section
 */
export function positionAt(sections, height) {
  const current = sections.filter(({ top }) => top <= height).at(-1);
  if (!current) return "";
  const share = (height - current.top) / Math.max(1, current.height);
  return `${current.id}@${Math.round(100 * Math.min(1, share))}`;
}

/**
 * How far to scroll so that the position comes to a height of the window; 0 where its section is
 * gone.
 *
 * @param {{id: string, top: number, height: number}[]} sections
 * @param {string} position
 * @param {number} height
 */
export function distanceTo(sections, position, height) {
  const [id, percent] = position.split("@");
  const section = sections.find((it) => it.id === id);
  return section ? section.top + (section.height * Number(percent)) / 100 - height : 0;
}
