/**
 * @file What a student left behind on a page, as one short text (suspend-data.js).
 *
 * Questions are kept under short keys, made of their labels, and choices under theirs (picks.js):
 * an answer is found again wherever its question stands, and whatever was changed in it. The text
 * holds keys only. So decode() gives the answers by their keys, and fitting(), which is told the
 * page's questions, gives them by the questions' labels, with the picks in letters.
 */

import { keyring } from "../lib/keys.js";
import { lettersOf } from "./picks.js";
import { named, widthsIn } from "./widths.js";
import { VERSION, read, write } from "./suspend-data.js";

/**
 * @typedef {object} Answer the student's work on one question
 * @property {string} response the latest: letters of this page's choices joined by commas, or what
 *   was typed; "" where there was no room to keep it, or where it is not recognised
 * @property {import("./picks.js").Picks} [picks] what was picked; missing where it was typed
 * @property {number} points that count so far
 * @property {number} tries
 * @property {boolean} [settled] was the solution shown, so that the points are final?
 * @property {boolean} [isChanged] was the question changed, so that the answer is not recognised?
 */

/**
 * @typedef {object} Asked a question, as far as its answers must fit it
 * @property {string} label
 * @property {number} [points]
 * @property {string} [kind]
 * @property {number[]} [choices] the keys of its choices in the order of their letters, none where
 *   answers are typed; missing where only the page itself knows them
 */

/**
 * @typedef {object} State
 * @property {Map<string, Answer>} answers oldest first, by the question's label; between decode()
 *   and fitting() by the question's key, named (widths.js)
 * @property {string} position in the page: text of view/position.js or of placeOf() in slides.js
 * @property {bigint} seen one bit for each slide seen (slides.js)
 * @property {boolean} read the page's end was reached; position and seen are then not kept
 * @property {number} interactions recorded so far
 * @property {string} status the last that was reported, "" if none was
 * @property {number|null} score the best that was reported
 * @property {string[]} labels of the page's questions, as fitting() was told them
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
    labels: [],
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
  const keyOf = keyring([...state.labels, ...state.answers.keys()]);
  const answers = [...state.answers].map(([label, answer]) => {
    return { ...answer, key: (/** @type {number} */ width) => keyOf(label, width) };
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
 * The answers to questions that the page still has, as they are to be understood now.
 *
 * @param {State} state
 * @param {Asked[]} questions of the page, all of them
 * @returns {State}
 */
export function fitting(state, questions) {
  const labels = questions.map(({ label }) => label);
  const keyOf = keyring(labels);
  /** @type {Map<string, Asked>} */
  const owners = new Map();
  const widths = widthsIn(state.answers.keys());
  for (const question of questions) {
    const { label } = question;
    owners.set(label, question);
    for (const width of widths) {
      const key = keyOf(label, width);
      if (key > 0) owners.set(named(width, key), question);
    }
  }
  const answers = new Map();
  for (const [name, answer] of state.answers) {
    const owner = owners.get(name);
    if (owner) answers.set(owner.label, understood(answer, owner));
  }
  return { ...state, answers, labels };
}

/** @param {Answer} answer @param {Asked} question @returns {Answer} */
function understood(answer, { choices, kind, points = Infinity }) {
  const { isChanged, ...kept } = answer;
  const capped = { ...kept, points: Math.min(answer.points, points) };
  if (!choices) return capped;
  const { picks } = answer;
  const isTyped = choices.length === 0;
  if (!picks) return !isTyped && answer.response !== "" ? { ...capped, isChanged: true } : capped;
  const fits = !isTyped && (picks.count === 1 || kind === "multiple");
  const response = fits ? lettersOf(picks, choices) : null;
  return response === null ? { ...capped, response: "", isChanged: true } : { ...capped, response };
}
