/**
 * @file What a student left behind on a page, as one short text (suspend-data.js).
 *
 * Questions are kept under short keys, made of label and revision: an answer to a question that
 * has changed since is no longer found, and an answer to one that has moved on its page still is.
 * The text holds keys only, no labels. So decode() gives the answers by their keys, and fitting(),
 * which is told the page's questions, gives them by the questions' labels.
 */

import { keyOf, keysOf } from "../lib/keys.js";
import { QUESTION_BITS } from "./records.js";
import { VERSION, read, write } from "./suspend-data.js";

/**
 * @typedef {object} Answer the student's work on one question
 * @property {string} response the latest: ids joined by commas, or what was typed; "" where there
 *   was no room to keep it
 * @property {number} points that count so far
 * @property {number} tries
 * @property {string} [revision] of the question that was answered; unknown until fitting()
 */

/**
 * @typedef {object} State
 * @property {Map<string|number, Answer>} answers oldest first, by the question's label; between
 *   decode() and fitting() by the question's key
 * @property {string} position in the page: text of view/position.js or of placeOf() in slides.js
 * @property {bigint} seen one bit for each slide seen (slides.js)
 * @property {boolean} read the page's end was reached; position and seen are then not kept
 * @property {number} interactions recorded so far
 * @property {string} status the last that was reported, "" if none was
 * @property {number|null} score the best that was reported
 * @property {Map<string, number>} keys of the page's questions by label, as fitting gave them
 */

/** @returns {State} of a student who opens the page for the first time */
export function blank() {
  return {
    answers: new Map(),
    position: "",
    seen: 0n,
    read: false,
    interactions: 0,
    status: "",
    score: null,
    keys: new Map(),
  };
}

/**
 * The state as text of at most 4,089 ASCII characters, whatever it holds; suspend-data.js says
 * what is left out where that is not enough. Status and score stay in any case.
 *
 * @param {State} state
 * @returns {string}
 */
export function encode(state) {
  return write(entryOf(state));
}

/** A state, and its answers as a list with their keys, oldest first. @param {State} state */
export function entryOf(state) {
  const answers = [...state.answers].map(([label, { response, points, tries, revision }]) => {
    const known = typeof label === "number" ? label : state.keys.get(label);
    return { key: known ?? keyOf(named(label, revision), QUESTION_BITS), response, points, tries };
  });
  return { state, answers };
}

/**
 * The state in a text, or what a damage left of it; a blank one where the text is empty or of
 * another version.
 *
 * @param {string} text
 * @returns {State}
 */
export function decode(text) {
  const [version] = text.split(".", 1);
  return version === VERSION ? { ...blank(), ...read(text).own } : blank();
}

/**
 * The answers that still mean something: to questions of this page, unchanged since.
 *
 * @param {State} state
 * @param {{label: string, revision: string}[]} questions of the page, all of them
 * @returns {State}
 */
export function fitting(state, questions) {
  const texts = questions.map(({ label, revision }) => named(label, revision));
  const found = keysOf(texts, QUESTION_BITS);
  const key = (/** @type {number} */ n) => /** @type {number} */ (found.get(texts[n]));
  const keys = new Map(questions.map(({ label }, n) => [label, key(n)]));
  /** @type {Map<string | number, typeof questions[number]>} */
  const owners = new Map(questions.map((question, n) => [key(n), question]));
  /** @type {Map<string | number, string>} */
  const revisions = new Map(questions.map(({ label, revision }) => [label, revision]));
  /** @type {[string | number, Answer][]} */
  const answers = [...state.answers].flatMap(([name, answer]) => {
    const owner = owners.get(name);
    if (owner) return [[owner.label, { ...answer, revision: owner.revision }]];
    return answer.revision !== undefined && revisions.get(name) === answer.revision
      ? [[name, answer]]
      : [];
  });
  return { ...state, answers: new Map(answers), keys };
}

/** The text that a question's key is made of; no label holds a line break. */
function named(label, revision) {
  return `${label}\n${revision}`;
}
