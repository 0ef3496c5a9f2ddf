/**
 * @file The answers a student gave, one after the other, for the LMS's reports (interactions).
 *
 * Moodle posts one field for each element that changed, and PHP drops those beyond 1,000; a
 * request that may outlive its page holds 65,536 bytes. Some LMSs post everything at every
 * commit. So all interactions of a visit together stay below 900 elements and 60,000 bytes,
 * less what the rest needs. What is left waits in the student's copy for the next visit, up to a
 * number; the newest are dropped first, as the state holds the latest answer anyway.
 */

import { SHORT } from "../lib/values.js";
import { PATTERNS } from "../state/interactions.js";

/** @typedef {import("../lms/store.js").Interaction} Interaction */

/**
 * @typedef {Omit<Interaction, "at"|"index">
 *   & {at: number, index: number|null, lost: boolean}} Entry `at` in milliseconds since 1970; `index` null until it was sent; `lost` where a save with
 *   it failed
 */

/** Elements and bytes of a visit; a page's other elements and its state take what is missing. */
const ALLOWANCE = { elements: 780, bytes: 44_000 };

/** Elements of an interaction beside its patterns, and bytes of one element's name. */
const ELEMENTS = 9;
const NAME = 60;

const MOST_WAITING = 100;

export class Journal {
  /** @type {Entry[]} */
  #entries = [];
  /** What is still to be sent in this visit. @type {Set<Entry>} */
  #due = new Set();
  /** What this visit has sent, so that its share is not taken twice. @type {Set<Entry>} */
  #sent = new Set();
  /** What was in a save of this visit that failed. @type {Set<Entry>} */
  #failed = new Set();
  #room = { ...ALLOWANCE };

  /** What the student's copy should hold. */
  get entries() {
    return this.#entries;
  }

  /**
   * Begins a visit with what earlier ones left.
   *
   * @param {Entry[]} entries
   * @param {boolean} proven does the LMS show all that it said to have taken?
   */
  begin(entries, proven) {
    this.#entries = entries.filter(({ index, lost }) => !proven || index === null || lost);
    this.#due = new Set(this.#entries);
  }

  /** @param {Omit<Entry, "index"|"lost">} answer */
  add(answer) {
    if (this.#entries.length === MOST_WAITING) return;
    const entry = { ...answer, index: null, lost: false };
    this.#entries.push(entry);
    this.#due.add(entry);
  }

  /** Keeps what another tab has sent or will send. @param {Entry[]} entries */
  adopt(entries) {
    const known = new Set(this.#entries.map(keyOf));
    const fresh = entries.filter((entry) => !known.has(keyOf(entry)));
    this.#entries = [...this.#entries, ...fresh].slice(0, MOST_WAITING);
  }

  /**
   * What is to be sent now, oldest first, numbered on from `next` where it has no number yet.
   *
   * @param {number} next
   * @returns {{interactions: Interaction[], next: number, settle: (kept: boolean) => void}}
   *   `settle` must be told whether the save succeeded. After a failure they are due again, in
   *   their old order, and once more in the next visit: Moodle does not send again what was in a
   *   commit that failed, unless it has another value.
   */
  take(next) {
    const sent = [];
    for (const entry of this.#due) {
      if (!this.#sent.has(entry) && !this.#fits(entry)) break;
      this.#due.delete(entry);
      this.#sent.add(entry);
      entry.index ??= next;
      next = Math.max(next, entry.index + 1);
      sent.push(entry);
    }
    const interactions = sent.map(({ lost, ...entry }) => ({ ...entry, at: new Date(entry.at) }));
    const settle = (kept) => {
      if (!kept) {
        for (const entry of sent) this.#failed.add(entry);
        this.#due = new Set([...sent, ...this.#due]);
      }
      for (const entry of sent) entry.lost = this.#failed.has(entry);
    };
    return { interactions, next, settle };
  }

  /** Takes the entry's share of what a visit may send, if there is enough left. */
  #fits({ label, response, correct, objective = "" }) {
    const texts = [label, response, objective, ...correct.slice(0, PATTERNS)];
    const elements = ELEMENTS + Math.min(correct.length, PATTERNS);
    const bytes = texts.reduce((sum, text) => sum + bytesOf(text), elements * NAME);
    if (elements > this.#room.elements || bytes > this.#room.bytes) return false;
    this.#room.elements -= elements;
    this.#room.bytes -= bytes;
    return true;
  }
}

/** The length in a form's encoding, with room for an identifier's escapes; texts are cut to 255. */
function bytesOf(text) {
  return new URLSearchParams([["", text.slice(0, SHORT)]]).toString().length * 2;
}

function keyOf({ at, label }) {
  return `${at} ${label}`;
}
