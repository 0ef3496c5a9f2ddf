/**
 * @file One state as bits. A record holds the state's key (of its page, or 0 for the state of the
 * text itself), its facts and some of its answers. Further records with the same key hold more
 * answers, so that a damage to the text costs few of them. In this grammar `name:n` is n bits, and
 * `first` says whether the facts follow:
 *
 *     record   = key:page  first:1  [facts]  count(answers)  answer*
 *     facts    = count(status)  read:1  count(interactions)  score  [position  seen]
 *     score    = 0 | 1 0 count(points - 1) | 1 1 0 ratio | 1 1 1 hundredths:14
 *     answer   = key:question  ratio(points)  count(tries - 1)  settled:1  response
 *     response = 0 pick | 1 0 count(picks - 2) picks | 1 1 0 | 1 1 1 text
 *
 * A score that the record's own answers come to is told by the points that there are in all.
 * Position and slides seen lead a student back who left part-way; once the end was read they are
 * left out. BitWriter (lib/bits.js) says how `count` and `text` are written, widths.js how many
 * bits keys have, and picks.js how many picks have.
 */

import { bitsOf, narrowed } from "./picks.js";
import { named } from "./widths.js";

/** @typedef {import("./page.js").State} State */

/** @typedef {import("./widths.js").Widths} Widths */

/** The most frequent first, as small numbers take few bits. */
const STATUSES = ["completed", "passed", "failed", "incomplete", ""];

/** Fractions up to this denominator are kept exactly; others with four decimals. */
const SIMPLE = 31;
const DECIMALS = 10_000;

/** Scores up to this denominator are shorter as a fraction than as hundredths of 14 bits. */
const SHORT_SCORE = 15;

/** Up to so many points in all, a score is told by them. */
const MOST_POINTS = 255;

/**
 * @typedef {object} Part what goes into one record
 * @property {number} key of the state
 * @property {State|null} facts the state whose facts it tells, null in further records
 * @property {boolean} hasPlace may the facts hold position and slides seen?
 * @property {Entered[]} answers
 */

/** @typedef {import("./page.js").Answer} Answer */
/** @typedef {Omit<Answer, "isChanged"> & {key: number}} Entered under its question's key */

/**
 * @param {import("../lib/bits.js").BitWriter} bits
 * @param {Part} part
 * @param {Widths} widths
 */
export function writeRecord(bits, { key, facts, hasPlace, answers }, widths) {
  bits.bits(key, widths.page);
  bits.flag(facts !== null);
  if (facts) writeFacts(bits, facts, hasPlace, sumOf(answers));
  bits.count(answers.length);
  for (const answer of answers) {
    bits.bits(answer.key, widths.question);
    writeRatio(bits, answer.points);
    bits.count(answer.tries - 1);
    bits.flag(answer.settled ?? false);
    writeResponse(bits, answer, widths.pick);
  }
}

/**
 * @param {import("../lib/bits.js").BitReader} bits
 * @param {Widths} widths
 * @returns {{key: number, facts: object|null, answers: Map<number, object>}}
 * @throws {RangeError} where these bits are no record
 */
export function readRecord(bits, widths) {
  const key = bits.bits(widths.page);
  const facts = bits.flag() ? readFacts(bits) : null;
  const answers = new Map();
  for (let left = bits.count(); left > 0; left -= 1) {
    const question = named(widths.question, bits.bits(widths.question));
    const points = readRatio(bits);
    const tries = bits.count() + 1;
    const settled = bits.flag();
    answers.set(question, { points, tries, settled, ...readResponse(bits, widths.pick) });
  }
  if (facts?.total) facts.score = percent(sumOf([...answers.values()]), facts.total);
  delete facts?.total;
  return { key, facts, answers };
}

function writeFacts(bits, { status, read, interactions, score, position, seen }, hasPlace, sum) {
  bits.count(STATUSES.indexOf(STATUSES.includes(status) ? status : ""));
  bits.flag(read);
  bits.count(interactions);
  writeScore(bits, score, sum);
  if (read) return;
  bits.text(hasPlace ? position : "");
  bits.set(hasPlace ? seen : 0n);
}

function readFacts(bits) {
  const status = STATUSES[bits.count()];
  if (status === undefined) throw new RangeError("no status");
  const read = bits.flag();
  const interactions = bits.count();
  const score = readScore(bits);
  const place = read ? { position: "", seen: 0n } : { position: bits.text(), seen: bits.set() };
  return { status, read, interactions, ...score, ...place };
}

/** A score of 0 … 100 with two decimals; `sum` is that of the record's answers. */
function writeScore(bits, score, sum) {
  bits.flag(score !== null);
  if (score === null) return;
  const total = Math.max(1, Math.round((100 * sum) / score) || 0);
  const isTold = total <= MOST_POINTS && percent(sum, total) === score;
  bits.flag(!isTold);
  if (isTold) bits.count(total - 1);
  else writeAlone(bits, score);
}

/** A score that the answers of its record do not tell. */
function writeAlone(bits, score) {
  const fraction = fractionOf(score / 100, SHORT_SCORE);
  bits.flag(fraction === null);
  if (fraction) writeFraction(bits, fraction);
  else bits.bits(Math.round(100 * score), 14);
}

/** The score, or the points in all by which the answers tell it. */
function readScore(bits) {
  if (!bits.flag()) return { score: null };
  if (!bits.flag()) return { score: null, total: bits.count() + 1 };
  if (bits.flag()) return { score: bits.bits(14) / 100 };
  return { score: Math.round(DECIMALS * readRatio(bits)) / 100 };
}

function percent(sum, total) {
  return Math.round((10_000 * sum) / total) / 100;
}

/** The points of the answers, as they are read again. */
function sumOf(answers) {
  return answers.reduce((sum, { points }) => sum + rounded(points), 0);
}

/** Points: a fraction of small numbers, as most are, or else with four decimals. */
function writeRatio(bits, number) {
  writeFraction(bits, ratioOf(number));
}

function ratioOf(number) {
  const decimals = { numerator: Math.round(DECIMALS * number), denominator: SIMPLE + 1 };
  return fractionOf(number, SIMPLE) ?? decimals;
}

/** What readRatio() gives of a number that writeRatio() wrote. */
function rounded(number) {
  const { numerator, denominator } = ratioOf(number);
  return numerator / (denominator > SIMPLE ? DECIMALS : denominator);
}

function writeFraction(bits, { numerator, denominator }) {
  bits.count(denominator - 1);
  bits.count(numerator);
}

function readRatio(bits) {
  const denominator = bits.count() + 1;
  return bits.count() / (denominator > SIMPLE ? DECIMALS : denominator);
}

/** The simplest fraction that is the number in its first four decimals, or null. */
function fractionOf(number, largest) {
  for (let denominator = 1; denominator <= largest; denominator += 1) {
    const numerator = Math.round(number * denominator);
    const same = Math.round((DECIMALS * numerator) / denominator) === Math.round(DECIMALS * number);
    if (same) return { numerator, denominator };
  }
  return null;
}

/**
 * @param {import("../lib/bits.js").BitWriter} bits
 * @param {Entered} answer
 * @param {number} width of a pick
 */
function writeResponse(bits, { picks, response }, width) {
  bits.flag(picks?.count !== 1);
  if (picks) {
    if (picks.count > 1) {
      bits.flag(false);
      bits.count(picks.count - 2);
    }
    return bits.bits(narrowed(picks, width).bits, bitsOf(picks.count, width));
  }
  bits.flag(true);
  bits.flag(response !== "");
  return response === "" ? undefined : bits.text(response);
}

function readResponse(bits, width) {
  const isOne = !bits.flag();
  if (isOne || !bits.flag()) {
    const count = isOne ? 1 : bits.count() + 2;
    return { response: "", picks: { count, width, bits: bits.bits(bitsOf(count, width)) } };
  }
  return { response: bits.flag() ? bits.text() : "" };
}
