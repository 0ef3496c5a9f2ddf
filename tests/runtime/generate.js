/** @file Generated courses and the work of generated students, the same in every run. */

import { fnv1a } from "../../scorm/runtime/lib/hash.js";
import { blank, fitting } from "../../scorm/runtime/state/page.js";
import { lettersOf, picksOf } from "../../scorm/runtime/state/picks.js";

/** Numbers of 0 … 1 from a seed (Mulberry32). @param {number} seed */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (most) => Math.floor((most + 1) * next());
  const one = (items) => items[upTo(items.length - 1)];
  const chance = (share) => next() < share;
  return { next, upTo, one, chance };
}

const WORDS = ["128", "-3.5e4", "reduceByKey", "naïve", "数据 😀", '"a",b', "a,a", "b,a", "\n\t\u2028", ","];

/** `pages` pages with `questions` questions dealt out to them in turn. */
export function coursePages(pages, questions, prefix = "docs.module.page") {
  const made = Array.from({ length: pages }, (_, n) => ({ id: `${prefix}-${n}`, questions: [] }));
  for (let n = 0; n < questions; n += 1) {
    made[n % pages].questions.push({ label: `question-${n}`, points: 1 + (n % 3) });
  }
  return made;
}

const KEYS = new Map();

/** The keys of the five choices of each question. */
export function keysFor(label) {
  if (!KEYS.has(label)) {
    const keyOf = (letter) => Math.imul(fnv1a(`${letter} ${label}`), 0x9e3779b1) >>> 0;
    KEYS.set(label, [..."abcde"].map(keyOf));
  }
  return KEYS.get(label);
}

/** What a state tells: answers as they are recognised by the keys of their choices. */
export function told(state) {
  const answers = [...state.answers].map(([label, { picks, response, points, tries, settled }]) => {
    const said = picks ? lettersOf(picks, keysFor(label)) : response;
    return [label, { said, points, tries, settled }];
  });
  return { ...state, answers: new Map(/** @type {any} */ (answers)) };
}

/** The same of a course. */
export function toldOf({ own, pages }) {
  const states = [...pages].map(([id, state]) => [id, told(state)]);
  return { own: told(own), pages: new Map(/** @type {any} */ (states)) };
}

/** An answer as a student may give it. `kind`: "pick", "picks" or "typed". */
export function answerOf(random, kind, { label, points }) {
  const letters = "abcde".split("").filter(() => random.chance(0.4));
  const response = {
    pick: random.one(["a", "b", "c", "d"]),
    picks: letters.join(",") || "a,c",
    typed: Array.from({ length: random.upTo(3) + 1 }, () => random.one(WORDS)).join(" "),
  }[kind];
  const fraction = kind === "picks" ? random.one([0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1]) : random.upTo(1);
  const settled = fraction < 1 && random.chance(0.2);
  const picks = kind === "typed" ? undefined : picksOf(response, keysFor(label));
  const said = picks ? "" : response;
  return { response: said, picks, points: points * fraction, tries: 1 + random.upTo(3), settled };
}

/**
 * A student's state on a page. `done`: read, all answered, and scored by the answers. The shell
 * counts interactions for all pages together, so that `counted` is false for its pages.
 */
export function stateOn(
  random,
  questions,
  { kinds = ["pick", "picks", "typed"], done = false, counted = true } = {},
) {
  const state = fitting({ ...blank(), read: done || random.chance(0.5) }, questions);
  for (const question of questions) {
    if (!done && random.chance(0.3)) continue;
    state.answers.set(question.label, answerOf(random, random.one(kinds), question));
  }
  const place = state.read
    ? {}
    : { position: random.one(["", "intro@40", "12", "überblick@7"]), seen: BigInt(random.upTo(1e9)) };
  const statuses = done ? ["completed", "passed", "failed"] : ["", "incomplete", "completed"];
  const sum = (items) => [...items].reduce((total, { points }) => total + points, 0);
  const reached = Math.round((10_000 * sum(state.answers.values())) / sum(questions)) / 100;
  const score = done ? reached : random.upTo(10_000) / 100;
  return {
    ...state,
    ...place,
    status: random.one(statuses),
    score: state.answers.size > 0 ? score : null,
    interactions: counted ? random.upTo(200) : 0,
  };
}
