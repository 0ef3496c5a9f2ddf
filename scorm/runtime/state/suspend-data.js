/**
 * @file What a student left behind, as one short text for suspend_data: `2.BLOCK.BLOCK…`.
 *
 * Every player keeps 4,096 ASCII characters (CMIString4096); strict ones cut or refuse more, and
 * then nothing at all is restored. A block is some records (records.js) and their checksum, so
 * whatever became of the text, each block that is still whole is read. A block begins with the
 * widths of its keys (widths.js). Page and course have the same form: the
 * record with the key 0 is the state itself, the others are those of its pages.
 */

import { BitReader, BitWriter } from "../lib/bits.js";
import { fnv1a } from "../lib/hash.js";
import { MARK } from "./attempt.js";
import { FULL } from "./picks.js";
import { readRecord, writeRecord } from "./records.js";
import { WIDTHS, WIDTH_BITS, named } from "./widths.js";
import { LONG, SHORT } from "../lib/values.js";

export const VERSION = "2";

const OWN = 0;

/** A record holds this many answers at most. */
const ANSWERS = 16;

const CHECKSUM = 4;

/** Room is left for the attempt's mark and for the space that againState() adds (lms/spelling.js). */
const MOST = LONG - MARK - 1;

/**
 * What is left out, step by step, where the text would be too long even with the narrowest keys;
 * the least important goes first: long typed answers, places in pages, all typed answers. `typed` is
 * the number of characters up to which a typed answer is kept; of a longer one, points and tries
 * stay. After that the oldest picks, answers and pages are left out, a fifth at a time.
 */
const LADDER = [
  ...[true, false].map((places) => ({ typed: SHORT, places })),
  ...[80, 40, 20, 10, 0].map((typed) => ({ typed, places: false })),
];
const SHARE = 0.8;

/** A key is not so narrow that a page's answers have fewer than this many keys each. */
const CROWD = 8;

/**
 * @typedef {object} Entry a state under its key
 * @property {(width: number) => number} key of so many bits
 * @property {import("./page.js").State} state
 * @property {(import("./page.js").Answer & {key: (width: number) => number})[]} answers
 */

/**
 * @typedef {object} Plan what a text may hold
 * @property {import("./widths.js").Widths} widths
 * @property {number} typed the longest typed answer
 * @property {number} picks how many of the latest answers keep their picks
 * @property {number} answers how many of the latest answers are kept at all
 * @property {number} pages how many pages are kept, those worked on last
 * @property {boolean} places is the student's place in each page kept?
 * @property {boolean} ownPlace is the position of the state itself kept?
 */

/**
 * The text, whatever the states hold.
 *
 * @param {Omit<Entry, "key">} own
 * @param {Entry[]} pages oldest first
 * @returns {string} at most 4,089 ASCII characters
 */
export function write(own, pages = []) {
  const entries = [{ ...own, key: () => OWN }, ...pages];
  for (const plan of plans(entries)) {
    const text = [VERSION, ...blocks(entries, plan)].join(".");
    if (text.length <= MOST) return text;
  }
  return VERSION;
}

/** @returns {Generator<Plan>} each plan keeps less, from all to next to nothing */
function* plans(entries) {
  const count = entries.reduce((sum, { answers }) => sum + answers.length, 0);
  const all = { ownPlace: true, pages: entries.length - 1, answers: count, picks: count };
  const has = (/** @type {import("./widths.js").Widths} */ { question, pick }) =>
    entries.every(
      ({ answers }) =>
        answers.length <= 2 ** question / CROWD &&
        // Bits that an earlier text had no room for are gone.
        answers.every(({ picks }) => (picks?.width ?? FULL) >= pick),
    );
  const possible = WIDTHS.some(has) ? WIDTHS.filter(has) : WIDTHS.slice(-1);
  /** @type {Plan} */
  let plan = { ...all, typed: Infinity, places: true, widths: possible[0] };
  for (const widths of possible) yield (plan = { ...plan, widths });
  for (const rung of LADDER) yield (plan = { ...plan, ...rung });
  const bare = plan;
  for (const picks of fewer(count)) yield { ...bare, picks };
  for (const answers of fewer(count)) yield { ...bare, picks: 0, answers };
  for (const pages of fewer(all.pages)) yield { ...bare, picks: 0, answers: 0, pages };
  yield { ...bare, picks: 0, answers: 0, pages: 0, ownPlace: false };
}

function* fewer(count) {
  for (let left = count; left > 0; ) {
    left = Math.floor(SHARE * left);
    yield left;
  }
}

function* blocks(entries, plan) {
  let bits = begun(plan);
  const empty = bits.length;
  for (const part of parts(entries, plan)) {
    writeRecord(bits, part, plan.widths);
    if (bits.length < plan.widths.block) continue;
    yield sealed(bits);
    bits = begun(plan);
  }
  if (bits.length > empty) yield sealed(bits);
}

/** A new block. @param {Plan} plan */
function begun({ widths }) {
  const bits = new BitWriter();
  bits.bits(WIDTHS.indexOf(widths), WIDTH_BITS);
  return bits;
}

/**
 * @param {Entry[]} entries
 * @param {Plan} plan
 * @returns {Generator<import("./records.js").Part>}
 */
function* parts([own, ...pages], plan) {
  const kept = [own, ...pages.slice(pages.length - plan.pages)];
  let younger = kept.reduce((sum, { answers }) => sum + answers.length, 0);
  for (const { key: keyOf, state, answers } of kept) {
    const key = keyOf(plan.widths.page);
    const shown = [];
    for (const { picks, response, ...answer } of answers) {
      const stays = picks ? younger <= plan.picks : response.length <= plan.typed;
      const kept = stays ? { picks, response } : { response: "" };
      const question = answer.key(plan.widths.question);
      if (younger <= plan.answers) shown.push({ ...answer, ...kept, key: question });
      younger -= 1;
    }
    const hasPlace = key === OWN ? plan.ownPlace : plan.places;
    yield { key, facts: state, hasPlace, answers: shown.slice(0, ANSWERS) };
    for (let at = ANSWERS; at < shown.length; at += ANSWERS) {
      yield { key, facts: null, hasPlace, answers: shown.slice(at, at + ANSWERS) };
    }
  }
}

function sealed(bits) {
  const text = bits.toString();
  return text + checksum(text);
}

function checksum(text) {
  const bits = new BitWriter();
  bits.bits(fnv1a(text), 6 * CHECKSUM);
  return bits.toString();
}

/**
 * What can be read of a text: facts and answers by the key of their record.
 *
 * @param {string} text of this version
 * @returns {{own: object, pages: Map<string, object>}} by named(), each with the facts that were
 *   found, and `answers` by the question's key, named
 */
export function read(text) {
  /** @type {Map<string|number, any>} */
  const found = new Map([[OWN, { answers: new Map() }]]);
  for (const block of text.split(".").slice(1)) {
    for (const { key, facts, answers } of recordsIn(block)) {
      const before = found.get(key) ?? { answers: new Map() };
      const together = new Map([...before.answers, ...answers]);
      found.set(key, { ...before, ...facts, answers: together });
    }
  }
  const own = found.get(OWN);
  found.delete(OWN);
  return { own, pages: /** @type {Map<string, object>} */ (found) };
}

/** The records of a block; none where it is damaged. */
function recordsIn(block) {
  const text = block.slice(0, -CHECKSUM);
  if (checksum(text) !== block.slice(-CHECKSUM)) return [];
  const bits = new BitReader(text);
  const records = [];
  try {
    const widths = WIDTHS[bits.bits(WIDTH_BITS)];
    while (!bits.atEnd) {
      const { key, ...record } = readRecord(bits, widths);
      records.push({ ...record, key: key === OWN ? OWN : named(widths.page, key) });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [];
  }
  return records;
}
