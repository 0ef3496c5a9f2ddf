/**
 * @file What the build makes of a made-up course, as far as the runtime sees it: the facts of its pages,
 * letters of choices and the keys by which picks are kept. It says the same as the build itself
 * (scorm/course/choices.py, scorm/packages/shell.py).
 */

import { createHash } from "node:crypto";

/** @typedef {import("./course.js").Course} Course */
/** @typedef {import("./course.js").Question} Question */

/**
 * @typedef {object} Asked a question of a release
 * @property {import("../../scorm/runtime/work/page.js").TrackedQuestion} tracked
 * @property {import("../../scorm/runtime/view/seal.js").Answers} answers
 * @property {Map<string, string>} meanings of its choices, by their ids
 */

/**
 * @typedef {object} ReleasedPage
 * @property {import("../../scorm/runtime/work/page.js").Page} facts
 * @property {Asked[]} questions
 */

/**
 * @typedef {object} Release
 * @property {number} number
 * @property {Map<string, ReleasedPage>} pages by id
 * @property {import("../../scorm/runtime/work/course.js").CoursePage[]} contents
 * @property {import("../../scorm/runtime/work/course.js").CourseScoring} scoring
 */

/** The course's name, part of what a browser keeps the student's copy under. */
export const COURSE = "course";

/** @param {Course} course @returns {Release} */
export function releaseOf(course) {
  const scoring = {
    ...course.scoring,
    explain: /** @type {const} */ ("request"), verdict: /** @type {const} */ ("pass-fail"),
  };
  const pages = course.pages.map(({ id, kind, questions }) => {
    const facts = { course: COURSE, sco: id, kind, title: id, scoring };
    return { facts, questions: questions.map(asked) };
  });
  const contents = pages.map(({ facts, questions }) => ({
    id: facts.sco, title: facts.title, href: `${facts.sco}.html`, kind: facts.kind,
    questions: questions.map(({ tracked: { label, kind, points } }) => ({ label, kind, points })),
  }));
  return {
    number: course.release,
    pages: new Map(pages.map((page) => [page.facts.sco, page])),
    contents,
    scoring: { ...scoring, weights: "points" },
  };
}

/** @param {Question} question @returns {Asked} */
function asked({ label, kind, points, choices }) {
  const ids = choices.map((_, n) => String.fromCharCode(97 + n));
  const keys = choices.map(({ words, was }, place) => BUILD.keyOf(label, was ?? words, place));
  return {
    tracked: { label, kind, points, choices: kind === "text" ? [] : keys },
    answers: {
      choices: choices.map(({ words, correct }, n) =>
        ({ id: ids[n], correct, value: words, feedback: "", key: keys[n] })),
      explanation: "",
    },
    meanings: new Map(choices.map(({ meaning }, n) => [ids[n], meaning])),
  };
}

/** What a test may do otherwise. */
export const BUILD = {
  /** The key of a choice (key_of in scorm/course/choices.py). */
  keyOf: (/** @type {string} */ label, /** @type {string} */ words, /** @type {number} */ _place) =>
    createHash("sha256").update(`${label}\0${words}`).digest().readUInt32BE(0),
};

/** The keys of the choices that a response names. @param {Asked} asked @param {string} response @returns {number[]} */
export function choicesIn({ tracked: { choices = [] } }, response) {
  return choices.length === 0 ? [] : response.split(",").map((id) => choices[id.charCodeAt(0) - 97]);
}

/**
 * What a response means, whatever the release: the meanings of its choices, or what was typed; null
 * where the page shows no response.
 *
 * @param {Asked} asked
 * @param {string} response
 */
export function meaningOf({ tracked, meanings }, response) {
  if (response === "") return null;
  if (tracked.kind === "text") return response;
  return response.split(",").map((id) => meanings.get(id) ?? `unknown ${id}`).sort().join(" + ");
}
