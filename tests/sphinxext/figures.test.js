import assert from "node:assert/strict";
import { test } from "node:test";

import { glides, stepAfter } from "../../scorm/sphinxext/static/glides.js";

const thing = (key, x, y, from = null) => ({ key, from, x, y });

test("does a thing come from where it was, and a new one from what it is a copy of?", () => {
  const before = [thing("a", 10, 10), thing("gone", 0, 0)];
  const after = [thing("a", 50, 30), thing("b", 70, 10, "a"), thing("c", 0, 0, "nobody"), thing("d", 0, 0)];
  assert.deepEqual(glides(before, after), [{ x: -40, y: -20 }, { x: -60, y: 0 }, null, null]);
});

test("does a copy of a copy come from the first, when both are new, and a circle end?", () => {
  const chain = [thing("c", 9, 9, "b"), thing("b", 5, 5, "a"), thing("x", 1, 1, "y"), thing("y", 1, 1, "x")];
  assert.deepEqual(glides([thing("a", 1, 1)], chain), [{ x: -8, y: -8 }, { x: -4, y: -4 }, null, null]);
});

test("do the arrow keys, Home and End stay within the steps, and are other keys let through?", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "Home", "End"].map((key) => stepAfter(key, 1, 3)), [0, 2, 0, 2]);
  assert.equal(stepAfter("ArrowLeft", 0, 3), 0);
  assert.equal(stepAfter("ArrowRight", 2, 3), 2);
  assert.equal(stepAfter("Tab", 1, 3), null);
  assert.equal(stepAfter("toString", 1, 3), null);
});
