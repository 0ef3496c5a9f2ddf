/** @file Short keys that stand for pages and questions where every character counts. */

import { fnv1a } from "./hash.js";

/** Nearly every text has its key after three. */
const ROUNDS = 30;

/**
 * A number of 1 … 2^width - 1 for each of the texts: the same whatever their order, and, but for
 * a collision, whatever other texts there are.
 *
 * Where texts collide, each of them tries its next key, and none ever gets the key on which they
 * collided. So a new text that collides with an older one makes the older one's key void. What was
 * kept under that key is lost, but it is never taken for the work on another text.
 *
 * @param {Iterable<string>} texts
 * @param {number} width in bits
 * @returns {Map<string, number>} by text; where there are too many for the width, not of all
 */
export function keysOf(texts, width) {
  const keys = new Map();
  const seen = new Set();
  let waiting = [...new Set(texts)];
  for (let round = 0; waiting.length > 0 && round < ROUNDS; round += 1) {
    const claims = new Map();
    for (const text of waiting) {
      const key = keyOf(text, width, round);
      claims.set(key, [...(claims.get(key) ?? []), text]);
    }
    waiting = [];
    for (const [key, claimants] of claims) {
      if (claimants.length === 1 && !seen.has(key)) keys.set(claimants[0], key);
      else waiting.push(...claimants);
      seen.add(key);
    }
  }
  return keys;
}

/**
 * Keys of several widths for the same texts, each width made when it is first asked for.
 *
 * @param {Iterable<string>} texts
 * @returns {(text: string, width: number) => number} 0 where a text has no key
 */
export function keyring(texts) {
  /** @type {Map<number, Map<string, number>>} */
  const rings = new Map();
  return (text, width) => {
    const keys = rings.get(width) ?? keysOf(texts, width);
    rings.set(width, keys);
    return keys.get(text) ?? 0;
  };
}

/** The key that a text tries in a round; each round before it was lost to a collision. */
export function keyOf(text, width, round = 0) {
  const hash = fnv1a(`${text}\n${round}`);
  const folded = (hash ^ (hash >>> 16)) >>> 0;
  return 1 + (folded % (2 ** width - 1));
}
