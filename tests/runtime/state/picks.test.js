import assert from "node:assert/strict";
import { test } from "node:test";

import { FULL, lettersOf, narrowed, picksOf } from "../../../scorm/runtime/state/picks.js";
import { blank, decode, encode, fitting } from "../../../scorm/runtime/state/page.js";
import { decodeCourse, encodeCourse } from "../../../scorm/runtime/state/course.js";
import { fnv1a } from "../../../scorm/runtime/lib/hash.js";
import { randomFrom } from "../generate.js";

const keyOf = (/** @type {string} */ text) => {
  const hash = fnv1a(`question\n${text}`);
  return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 0;
};
const keysOf = (/** @type {string[]} */ texts) => texts.map(keyOf);
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const textsOf = (/** @type {string|null} */ letters, /** @type {string[]} */ texts) =>
  letters === null ? null : letters.split(",").map((it) => texts[LETTERS.indexOf(it)]).sort();

test("are picks recognised whatever their place, and whichever width they were kept in?", () => {
  const texts = ["one", "three", "ten", "none"];
  const after = ["none", "a new one", "ten", "three", "one"];
  for (const response of ["a", "c", "a,c", "b,c,d", "a,b,c,d"]) {
    for (const width of [12, 16, 24, FULL]) {
      const picks = narrowed(/** @type {any} */ (picksOf(response, keysOf(texts))), width);
      const found = lettersOf(picks, keysOf(after));
      assert.deepEqual(textsOf(found, after), textsOf(response, texts), `${response}, ${width} bits`);
    }
  }
});

test("is an answer not recognised when a choice that was picked is gone, rather than in part?", () => {
  const picks = /** @type {any} */ (picksOf("a,c", keysOf(["one", "three", "ten"])));
  assert.equal(lettersOf(picks, keysOf(["one", "three", "eleven"])), null);
  assert.equal(lettersOf(picks, keysOf(["one"])), null);
  assert.equal(lettersOf(picks, []), null);
});

test("does nobody get an answer where two choices cannot be told apart?", () => {
  const [one, other] = [0x12345001, 0xabcde001];
  assert.equal(lettersOf({ count: 1, width: 12, bits: 1 }, [one, other]), null);
  assert.equal(lettersOf({ count: 1, width: 12, bits: 1 }, [one, 7]), "a");
  assert.equal(lettersOf({ count: 1, width: FULL, bits: other }, [one, other]), "b");
});

test("is a response that names no choice none, and a question of 26 choices understood?", () => {
  for (const response of ["", "z", "a,z", "typed"]) assert.equal(picksOf(response, [1, 2]), undefined);
  const keys = keysOf(LETTERS);
  const picks = /** @type {any} */ (picksOf("a,d,m,z", keys));
  assert.equal(lettersOf(narrowed(picks, 24), keys), "a,d,m,z");
});

/** A list of choices as an author may leave it after some edits. */
function edited(random, texts, fresh) {
  const list = [...texts];
  for (let edits = random.upTo(4); edits >= 0; edits -= 1) {
    const at = random.upTo(list.length - 1);
    const what = random.one(["move", "swap", "add", "remove", "reword", "replace"]);
    if (what === "move") list.splice(random.upTo(list.length - 1), 0, ...list.splice(at, 1));
    if (what === "swap") list.reverse();
    if (what === "add") list.splice(at, 0, fresh());
    if (what === "remove" && list.length > 2) list.splice(at, 1);
    if (what === "reword") list[at] = `${list[at]}!`;
    if (what === "replace") list[at] = fresh();
  }
  return list;
}

test("is no answer ever taken for another, whatever an author changes between two visits?", () => {
  let [known, changed] = [0, 0];
  for (let seed = 0; seed < 2000; seed += 1) {
    const random = randomFrom(seed);
    let made = 0;
    const fresh = () => `choice ${seed} ${(made += 1)}`;
    const before = Array.from({ length: 2 + random.upTo(6) }, fresh);
    const isMultiple = random.chance(0.5);
    const kind = isMultiple ? "multiple" : "single";
    const some = before.map((_, at) => LETTERS[at]).filter(() => random.chance(0.4));
    const response = isMultiple && some.length > 0 ? some.join(",") : random.one(LETTERS.slice(0, before.length));
    const picked = textsOf(response, before);
    const answer = { response, picks: picksOf(response, keysOf(before)), points: 0.5, tries: 1 };
    const state = { ...blank(), answers: new Map([["q", answer]]) };
    const inCourse = random.chance(0.5);
    const pages = [{ id: "page", questions: [{ label: "q" }] }];
    const text = inCourse
      ? encodeCourse({ own: blank(), pages: new Map([["page", state]]) }, pages)
      : encode(state);
    const kept = inCourse ? encode(/** @type {any} */ (decodeCourse(text, pages).pages.get("page"))) : text;
    const after = edited(random, before, fresh);
    const asked = [{ label: "q", kind: random.chance(0.1) ? "single" : kind, points: 1, choices: keysOf(after) }];
    const found = fitting(decode(kept), asked).answers.get("q");
    assert.equal(found?.points, 0.5, `seed ${seed}`);
    if (found?.isChanged) {
      changed += 1;
      assert.equal(found.response, "", `seed ${seed}`);
      const isThere = /** @type {string[]} */ (picked).every((text) => after.includes(text));
      const hasRoom = asked[0].kind === "multiple" || picked?.length === 1;
      assert.ok(!isThere || !hasRoom, `seed ${seed}: a choice that is there must be recognised`);
    } else {
      known += 1;
      assert.deepEqual(textsOf(/** @type {any} */ (found).response, after), picked, `seed ${seed}`);
    }
  }
  assert.ok(known > 250 && changed > 250, `${known} recognised, ${changed} not`);
});

test("does an answer that is not recognised come back when the author takes the change back?", () => {
  const before = ["one", "three"];
  const answer = { response: "a", picks: picksOf("a", keysOf(before)), points: 1, tries: 2 };
  const first = encode({ ...blank(), answers: new Map([["q", answer]]) });
  const asked = (/** @type {string[]} */ texts) => [{ label: "q", kind: "single", choices: keysOf(texts) }];
  const meanwhile = fitting(decode(first), asked(["uno", "three"]));
  assert.equal(meanwhile.answers.get("q")?.isChanged, true);
  const back = fitting(decode(encode(meanwhile)), asked(["three", "one"]));
  assert.equal(back.answers.get("q")?.response, "b");
});

test("is what was typed no pick, and a pick nothing that was typed, when the kind changes?", () => {
  const picked = { response: "a", picks: picksOf("a", [1, 2]), points: 1, tries: 1 };
  const typed = { response: "a", points: 1, tries: 1 };
  const read = (/** @type {any} */ answer, /** @type {any} */ question) =>
    fitting(decode(encode({ ...blank(), answers: new Map([["q", answer]]) })), [{ label: "q", ...question }])
      .answers.get("q");
  assert.equal(read(picked, { kind: "text", choices: [] })?.isChanged, true);
  assert.equal(read(typed, { kind: "single", choices: [1, 2] })?.isChanged, true);
  assert.equal(read(typed, { kind: "text", choices: [] })?.response, "a");
});

test("are points never more than the question has now, so that no score exceeds 100?", () => {
  const state = { ...blank(), answers: new Map([["q", { response: "a", points: 3, tries: 1 }]]) };
  assert.equal(fitting(state, [{ label: "q", points: 2 }]).answers.get("q")?.points, 2);
});
