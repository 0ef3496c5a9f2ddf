/** @file Computes what glides, and from where, when one frame of a figure replaces another. */

/**
 * A thing in a frame: its name, the name of the thing that it comes out of when it is new, and
 * where its middle is, in the units of the drawing.
 * @typedef {{key: string, from: string | null, x: number, y: number}} Thing
 */

/**
 * @param {Thing[]} before the things with a key in the frame that was shown
 * @param {Thing[]} after those of the frame that is shown now
 * @returns {({x: number, y: number} | null)[]} for each thing of `after` the way back to where it
 *   comes from; null if it is new and comes from nowhere
 */
export function glides(before, after) {
  const places = new Map(before.map((thing) => [thing.key, thing]));
  const now = new Map(after.map((thing) => [thing.key, thing]));
  return after.map((thing) => {
    const origin = originOf(thing, places, now);
    return origin ? { x: origin.x - thing.x, y: origin.y - thing.y } : null;
  });
}

/** Where a thing was or, if it is new, the thing that it comes from, which may be new itself. */
function originOf(thing, places, now, seen = new Set()) {
  if (places.has(thing.key)) return places.get(thing.key);
  if (thing.from === null || seen.has(thing.key)) return undefined;
  seen.add(thing.key);
  return originOf(now.get(thing.from) ?? { key: thing.from, from: null }, places, now, seen);
}

/**
 * The step that a key leads to, or null if the key is not for the figure.
 * @param {string} key
 * @param {number} step from 0
 * @param {number} count
 * @returns {number | null}
 */
export function stepAfter(key, step, count) {
  const last = count - 1;
  switch (key) {
    case "ArrowLeft": return Math.max(0, step - 1);
    case "ArrowRight": return Math.min(last, step + 1);
    case "Home": return 0;
    case "End": return last;
    default: return null;
  }
}
