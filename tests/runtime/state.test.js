import assert from "node:assert/strict";
import { test } from "node:test";

import { blank, decode, encode, fitting } from "../../scorm/runtime/state.js";

function withAnswers(count, response, label = (n) => `label-of-question-${n}`) {
  const answers = new Map();
  for (let n = 0; n < count; n += 1) {
    answers.set(label(n), { response, points: 1 / 3, tries: 2, revision: "1a2b" });
  }
  return { ...blank(), answers };
}

test("does everything come back?", () => {
  const state = {
    ...withAnswers(3, "a,c"),
    position: "partitions@40",
    seen: (1n << 130n) | 5n,
    read: true,
    interactions: 12,
    status: "passed",
    score: 66.67,
  };
  state.answers.get("label-of-question-1").response = "naïve – 数 😀\n\"quoted\"";
  const back = decode(encode(state));
  for (const answer of state.answers.values()) answer.points = 0.3333;
  assert.deepEqual(back, state);
});

test("is the text plain ASCII, so that no encoding lengthens it?", () => {
  assert.match(encode(withAnswers(2, "é😀\u2028")), /^[\x20-\x7e]*$/);
});

test("do 60 answered questions fit whole?", () => {
  const state = withAnswers(60, "a,c");
  assert.equal(decode(encode(state)).answers.size, 60);
  assert.equal(decode(encode(state)).answers.get("label-of-question-59").response, "a,c");
});

test("is 4,096 never exceeded, and what is lost the least?", () => {
  const typed = encode(withAnswers(20, "é".repeat(255)));
  assert.ok(typed.length <= 4096);
  assert.equal(decode(typed).answers.size, 20);
  assert.equal(decode(typed).answers.get("label-of-question-0").tries, 2);

  const many = encode({ ...withAnswers(500, "a"), read: true, score: 80, status: "passed" });
  assert.ok(many.length <= 4096);
  const back = decode(many);
  assert.ok(back.answers.has("label-of-question-499"), "the latest answers stay");
  assert.deepEqual([back.read, back.score, back.status], [true, 80, "passed"]);

  const wild = encode({ ...withAnswers(5, "\u0000".repeat(999), (n) => "数".repeat(300) + n),
    position: "数".repeat(999), seen: 1n << 3000n });
  assert.ok(wild.length <= 4096);
  assert.notDeepEqual(decode(wild), blank());
});

test("does a damaged, cut, foreign or empty text give a clean start?", () => {
  const text = encode(withAnswers(2, "a"));
  const bad = ["", text.slice(0, -1), text.replace("1a2b", "1a2c"), `2${text.slice(1)}`, "1.", "{}",
    "null", "1..{}"];
  for (const it of bad) assert.deepEqual(decode(it), blank(), it);
});

test("is an answer dropped, and only it, when its question changed or went?", () => {
  const state = withAnswers(3, "a");
  const page = [
    { label: "label-of-question-0", revision: "1a2b" },
    { label: "label-of-question-1", revision: "ffff" },
  ];
  assert.deepEqual([...fitting(state, page).answers.keys()], ["label-of-question-0"]);
});
