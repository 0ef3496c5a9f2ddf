import assert from "node:assert/strict";
import { test } from "node:test";

import { fnv1a } from "../../../scorm/runtime/lib/hash.js";
import { unseal } from "../../../scorm/runtime/view/seal.js";

test("does the browser read what scorm.course.seal wrote?", () => {
  // scorm.course.seal.seal("carré", {"choices": [], "explanation": "<p>naïve · 数</p>"})
  const sealed = "POxAWmhDXHmuXneX/e79mFZmqc16TLsPw7RjmFZ6aQQOsvWuZXqIMQFm7LHN7Q7EztpT";
  assert.deepEqual(unseal("carré", sealed), {
    choices: [],
    explanation: "<p>naïve · 数</p>",
  });
});

test("is a hash a whole number from 0, as its published examples are?", () => {
  assert.deepEqual([fnv1a(""), fnv1a("a"), fnv1a("foobar")], [0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});

test("is an answer sealed for another question refused?", () => {
  assert.throws(() => unseal("another", "POxAWmhDXHmuXneX/e79mFZmqc16TLsPw7RjmFZ6aQQOsvWuZXqIMQFm7LHN7Q7EztpT"));
});
