/**
 * @file One state as bits. A record holds the state's key (of its page, or 0 for the state of the
 * text itself), its facts and some of its answers. Further records with the same key hold more
 * answers, so that a damage to the text costs few of them. In this grammar `name:n` is n bits, and
 * `first` says whether the facts follow:
 *
 *     record   = key:PAGE_BITS  first:1  [facts]  count(answers)  answer*
 *     facts    = count(status)  read:1  count(interactions)  score  [position  seen]
 *     score    = 0 | 1 0 ratio | 1 1 hundredths:14
 *     answer   = key:QUESTION_BITS  ratio(points)  count(tries - 1)  response
 *     response = 0 count(letter) | 1 0 count(letters - 1) | 1 1 0 | 1 1 1 text
 *
 * Position and slides seen lead a student back who left part-way; once the end was read they are
 * left out. BitWriter (lib/bits.js) says how `count` and `text` are written.
 */

/** @typedef {import("./page.js").State} State */

/** Width of a page's key: a page added to a course of 200 collides in one of 1,300 such courses. */
export const PAGE_BITS = 18;

/** Width of a question's key, which must differ only from those of the same page. */
export const QUESTION_BITS = 14;

/** The most frequent first, as small numbers take few bits. */
const STATUSES = ["completed", "passed", "failed", "incomplete", ""];

/** Fractions up to this denominator are kept exactly; others with four decimals. */
const SIMPLE = 31;
const DECIMALS = 10_000;

/** Scores up to this denominator are shorter as a fraction than as hundredths of 14 bits. */
const SHORT_SCORE = 15;

const LETTERS = 26;

/**
 * @typedef {object} Part what goes into one record
 * @property {number} key of the state
 * @property {State|null} facts the state whose facts it tells, null in further records
 * @property {boolean} hasPlace may the facts hold position and slides seen?
 * @property {{key: number, points: number, tries: number, response: string}[]} answers
 */

/** @param {import("../lib/bits.js").BitWriter} bits @param {Part} part */
export function writeRecord(bits, { key, facts, hasPlace, answers }) {
  bits.bits(key, PAGE_BITS);
  bits.flag(facts !== null);
  if (facts) writeFacts(bits, facts, hasPlace);
  bits.count(answers.length);
  for (const answer of answers) {
    bits.bits(answer.key, QUESTION_BITS);
    writeRatio(bits, answer.points);
    bits.count(answer.tries - 1);
    writeResponse(bits, answer.response);
  }
}

/**
 * @param {import("../lib/bits.js").BitReader} bits
 * @returns {{key: number, facts: object|null, answers: Map<number, object>}}
 * @throws {RangeError} where these bits are no record
 */
export function readRecord(bits) {
  const key = bits.bits(PAGE_BITS);
  const facts = bits.flag() ? readFacts(bits) : null;
  const answers = new Map();
  for (let left = bits.count(); left > 0; left -= 1) {
    const question = bits.bits(QUESTION_BITS);
    const points = readRatio(bits);
    const tries = bits.count() + 1;
    answers.set(question, { response: readResponse(bits), points, tries });
  }
  return { key, facts, answers };
}

function writeFacts(bits, { status, read, interactions, score, position, seen }, hasPlace) {
  bits.count(STATUSES.indexOf(STATUSES.includes(status) ? status : ""));
  bits.flag(read);
  bits.count(interactions);
  writeScore(bits, score);
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
  return { status, read, interactions, score, ...place };
}

/** A score of 0 … 100 with two decimals. */
function writeScore(bits, score) {
  bits.flag(score !== null);
  if (score === null) return;
  const fraction = fractionOf(score / 100, SHORT_SCORE);
  bits.flag(fraction === null);
  if (fraction) writeFraction(bits, fraction);
  else bits.bits(Math.round(100 * score), 14);
}

function readScore(bits) {
  if (!bits.flag()) return null;
  return bits.flag() ? bits.bits(14) / 100 : Math.round(DECIMALS * readRatio(bits)) / 100;
}

/** Points: a fraction of small numbers, as most are, or else with four decimals. */
function writeRatio(bits, number) {
  const decimals = { numerator: Math.round(DECIMALS * number), denominator: SIMPLE + 1 };
  writeFraction(bits, fractionOf(number, SIMPLE) ?? decimals);
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

/** Picks are letters in alphabetical order (scorm.course.model.Choice); all else was typed. */
export function isPicked(response) {
  return /^[a-z](,[a-z])*$/.test(response) && lettersOf(maskOf(response)) === response;
}

function writeResponse(bits, response) {
  const picked = isPicked(response);
  const single = picked && response.length === 1;
  bits.flag(!single);
  if (single) return bits.count(letter(response));
  bits.flag(!picked);
  if (picked) return bits.count(maskOf(response) - 1);
  bits.flag(response !== "");
  return response === "" ? undefined : bits.text(response);
}

function readResponse(bits) {
  if (!bits.flag()) return lettersOf(2 ** bits.count());
  if (!bits.flag()) return lettersOf(bits.count() + 1);
  return bits.flag() ? bits.text() : "";
}

const letter = (character) => character.charCodeAt(0) - 97;

function maskOf(response) {
  return response.split(",").reduce((mask, it) => mask | (1 << letter(it)), 0);
}

function lettersOf(mask) {
  const letters = Array.from({ length: LETTERS }, (_, n) => String.fromCharCode(97 + n));
  return letters.filter((_, n) => mask & (1 << n)).join(",");
}
