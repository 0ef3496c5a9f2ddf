/** @file Reads the first form of a page's state, `1.CHECKSUM.JSON`, which is no longer written. */

import { fnv1a } from "./hash.js";

/**
 * What the text holds, its answers by label; null where it is damaged.
 *
 * @param {string} text
 * @returns {Partial<import("./state.js").State>|null}
 */
export function decodeFirst(text) {
  const [version, sum = ""] = text.split(".", 2);
  const json = text.slice(version.length + sum.length + 2);
  if (version !== "1" || sum !== fnv1a(json).toString(36)) return null;
  const data = JSON.parse(json);
  const answers = data.a.map(([label, revision, response, points, tries]) => [
    label,
    { revision, response, points, tries },
  ]);
  return {
    answers: new Map(answers),
    position: data.p,
    seen: fromBase36(data.v),
    read: data.r === 1,
    interactions: data.i,
    status: data.s,
    score: data.b,
  };
}

function fromBase36(text) {
  return [...text].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
}
