import assert from "node:assert/strict";
import { test } from "node:test";

import { picksOf } from "../../../scorm/runtime/state/picks.js";
import { blank, decode, encode, fitting } from "../../../scorm/runtime/state/page.js";
import { keysFor, randomFrom, stateOn, told } from "../generate.js";

const LABEL = (n) => `label-of-question-${n}`;

function withAnswers(count, response, label = LABEL) {
  const answers = new Map();
  for (let n = 0; n < count; n += 1) {
    const picks = picksOf(response, keysFor(label(n)));
    const said = picks ? "" : response;
    answers.set(label(n), { response: said, picks, points: 1 / 3, tries: 2, settled: n % 2 === 0 });
  }
  return { ...blank(), answers };
}

function questions(count, label = LABEL) {
  return Array.from({ length: count }, (_, n) => ({ label: label(n), points: 1 }));
}

/** What the page gets that wrote this state before. */
const back = (state, asked) => fitting(decode(encode(state)), asked);

test("does everything come back?", () => {
  const state = {
    ...fitting(withAnswers(3, "a,c"), questions(3)),
    position: "partitions@40",
    seen: (1n << 130n) | 5n,
    interactions: 12,
    status: "passed",
    score: 66.67,
  };
  state.answers.set(LABEL(1), { ...state.answers.get(LABEL(1)), picks: undefined, response: 'naïve – 数 😀\n"quoted"' });
  assert.deepEqual(told(back(state, questions(3))), told(state));
});

test("does what thousands of students leave come back, in plain ASCII of 4,096 at most?", () => {
  for (let seed = 0; seed < 2000; seed += 1) {
    const random = randomFrom(seed);
    const asked = questions(random.upTo(25));
    const state = stateOn(random, asked);
    const text = encode(state);
    assert.match(text, /^[A-Za-z0-9._-]{1,4096}$/);
    assert.deepEqual(told(fitting(decode(text), asked)), told(state), `seed ${seed}`);
    assert.equal(encode(fitting(decode(text), asked)), text, `seed ${seed}`);
  }
});

test("is a page that was read to its end opened at its top?", () => {
  const state = { ...blank(), read: true, position: "end@99", seen: 7n };
  assert.deepEqual(decode(encode(state)), { ...blank(), read: true });
});

test("do 60 answered questions fit whole?", () => {
  const found = back(withAnswers(60, "a,c"), questions(60));
  assert.equal(found.answers.size, 60);
  assert.equal(told(found).answers.get(LABEL(59)).said, "a,c");
});

test("is 4,096 never exceeded, and what is lost the least?", () => {
  const typed = encode(withAnswers(20, "é".repeat(255)));
  assert.ok(typed.length <= 4096);
  const found = fitting(decode(typed), questions(20));
  assert.equal(found.answers.size, 20);
  assert.deepEqual(found.answers.get(LABEL(0)), {
    response: "", points: 1 / 3, tries: 2, settled: true,
  });

  const state = { ...withAnswers(2000, "a"), read: true, score: 80, status: "passed" };
  const many = encode(state);
  assert.ok(many.length <= 4096);
  const kept = fitting(decode(many), questions(2000));
  assert.ok(kept.answers.size > 400, "as many answers as fit stay");
  assert.ok(kept.answers.has(LABEL(1999)), "the latest answers stay");
  assert.deepEqual([kept.read, kept.score, kept.status], [true, 80, "passed"]);

  const wild = { ...withAnswers(5, "\u0000".repeat(9999), (n) => "数".repeat(300) + n),
    position: "数".repeat(9999), seen: 1n << 30_000n, status: "incomplete", interactions: 2 ** 40 };
  assert.ok(encode(wild).length <= 4096);
  assert.equal(decode(encode(wild)).status, "incomplete");
});

test("does short typed text stay where long text must go, and never half of it?", () => {
  const state = withAnswers(30, "x".repeat(200));
  state.answers.get(LABEL(3)).response = "shuffle";
  const found = back(state, questions(30));
  assert.equal(found.answers.get(LABEL(3)).response, "shuffle");
  for (const { response } of found.answers.values()) assert.ok(["", "shuffle"].includes(response));
});

test("does an empty, foreign or newer text give a clean start?", () => {
  for (const it of ["", "2", "2.", "2.AAAA", "3.AAAAAAAA", "1.", "{}", "null", "1..{}", "2.é😀"]) {
    assert.deepEqual(decode(it), blank(), it);
  }
});

test("does a text that was cut anywhere give what stood before the cut, and nothing else?", () => {
  const asked = questions(80);
  for (let seed = 0; seed < 3; seed += 1) {
    const state = { ...stateOn(randomFrom(seed), asked, { kinds: ["pick"], done: true }) };
    const text = encode(state);
    const given = told(state).answers;
    let least = 0;
    for (let length = 0; length <= text.length; length += 1) {
      const found = fitting(decode(text.slice(0, length)), asked);
      assert.ok(found.answers.size >= least, `seed ${seed}, cut to ${length}`);
      least = found.answers.size;
      assert.ok(found.status === "" || found.status === state.status);
      for (const [label, answer] of told(found).answers) {
        assert.deepEqual(answer, given.get(label), `seed ${seed}, cut to ${length}`);
      }
    }
    assert.equal(least, 80);
  }
});

test("does one wrong character cost two blocks at most, and bring no answer nobody gave?", () => {
  const asked = questions(200);
  const state = stateOn(randomFrom(7), asked, { kinds: ["pick"], done: true });
  const text = encode(state);
  const given = told(state).answers;
  for (let at = 2; at < text.length; at += 1) {
    const wrong = text[at] === "x" ? "y" : "x";
    const found = fitting(decode(text.slice(0, at) + wrong + text.slice(at + 1)), asked);
    assert.ok(found.answers.size >= 70, `a wrong character at ${at}: ${found.answers.size}`);
    for (const [label, answer] of told(found).answers) {
      assert.deepEqual(answer, given.get(label), `a wrong character at ${at}`);
    }
  }
});

test("is an answer dropped, and only it, when its question went?", () => {
  const state = withAnswers(3, "a");
  const page = [{ label: "new-question" }, { label: LABEL(2) }, { label: LABEL(0) }];
  assert.deepEqual([...back(state, page).answers.keys()], [LABEL(0), LABEL(2)]);
});

test("is a text of another version, or of none, the state of a first opening?", () => {
  for (const text of ["", "1.abc.{}", "3.AAAA", "nonsense"]) assert.deepEqual(decode(text), blank());
});
