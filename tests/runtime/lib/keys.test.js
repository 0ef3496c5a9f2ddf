import assert from "node:assert/strict";
import { test } from "node:test";

import { keyOf, keysOf } from "../../../scorm/runtime/lib/keys.js";

const TEXTS = Array.from({ length: 300 }, (_, n) => `question-${n}`);

/** Two texts that share their first key of 8 bits, and a third that does not. */
function colliding() {
  const first = TEXTS[0];
  const second = TEXTS.slice(1).find((text) => keyOf(text, 8) === keyOf(first, 8));
  const third = TEXTS.slice(1).find((text) => keyOf(text, 8) !== keyOf(first, 8));
  return [first, second, third];
}

test("has every text a key of its own, also where many collide?", () => {
  const keys = keysOf(TEXTS.slice(0, 120), 8);
  assert.equal(new Set(keys.values()).size, 120);
  for (const key of keys.values()) assert.ok(key >= 1 && key <= 255);
});

test("are keys the same in any order, and with other texts beside them?", () => {
  const keys = keysOf(TEXTS, 20);
  assert.deepEqual([...keysOf([...TEXTS].reverse(), 20)].sort(), [...keys].sort());
  const some = keysOf(TEXTS.filter((_, n) => n % 2), 20);
  for (const [text, key] of some) assert.equal(key, keys.get(text));
});

test("is the key that two texts share given to neither?", () => {
  const [first, second, third] = colliding();
  const alone = keysOf([first, third], 8);
  const keys = keysOf([third, second, first], 8);
  assert.equal(keys.get(third), alone.get(third));
  assert.ok(![...keys.values()].includes(alone.get(first)));
});
