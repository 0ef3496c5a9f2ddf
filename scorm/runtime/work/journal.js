/**
 * @file The answers a student gave, one after the other, for the LMS's reports (interactions).
 *
 * The store says how many travel together (`room`, lms/store.js). What does not fit into one save
 * goes with the next ones of the same visit. The reasons for the limits stand in lms/session.js;
 * with cmi5, and between a page and the course's shell around it, there are none.
 *
 * What could not be sent waits in the student's copy for the next visit, up to MOST_WAITING; beyond
 * that the newest are dropped, as the state holds the latest answer anyway. What the LMS said that
 * it has taken stays in the copy, too, until a visit has read the work back; of these the oldest
 * are dropped beyond MOST_SENT.
 */

import { SHORT } from "../lib/values.js";
import { PATTERNS } from "../state/interactions.js";

/** @typedef {import("../lms/store.js").Interaction} Interaction */
/** @typedef {import("../lms/store.js").Size} Size */

/**
 * @typedef {object} Numbering what an entry has in place of an interaction's date and index
 * @property {number} at milliseconds since 1970
 * @property {number|null} index null until it was sent
 * @property {boolean} lost did a save with it fail, or has none with it been answered yet?
 */

/** @typedef {Omit<Interaction, "at"|"index"> & Numbering} Entry */

/** How many elements an interaction has beside its patterns, and the bytes of an element's name. */
const ELEMENTS = 10;
const NAME = 60;

/** How many wait to be sent, and how many that were sent are kept until they are proven. */
const MOST_WAITING = 100;
const MOST_SENT = 100;

/** @type {import("../lms/store.js").Room} */
const NO_LIMIT = { save: null, visit: null };

export class Journal {
  /** @type {Entry[]} */
  #entries = [];
  /** All that was ever among the entries, by keyOf. @type {Set<string>} */
  #known = new Set();
  /** What is still to be sent in this visit. @type {Set<Entry>} */
  #due = new Set();
  /** What has taken its share of this visit's room already. @type {Set<Entry>} */
  #counted = new Set();
  /** What was in a save of this visit that failed. @type {Set<Entry>} */
  #failed = new Set();
  /** The room in each save. @type {Size} */
  #ofSave;
  /** What is left of the room for this visit. @type {Size} */
  #ofVisit;

  /** @param {import("../lms/store.js").Room} [room] of the store */
  constructor({ save, visit } = NO_LIMIT) {
    this.#ofSave = sizeOf(save);
    this.#ofVisit = sizeOf(visit);
  }

  /** What the student's copy should hold. */
  get entries() {
    return this.#entries;
  }

  /** Is there more to be sent in this visit? */
  get isWaiting() {
    const [next] = this.#due;
    return next !== undefined && (this.#counted.has(next) || fits(costOf(next), this.#ofVisit));
  }

  /**
   * Takes up what earlier visits left.
   *
   * @param {Entry[]} entries
   * @param {boolean} proven does the LMS show all that it said it had taken?
   */
  resume(entries, proven) {
    const left = entries.filter(({ index, lost }) => !proven || index === null || lost);
    for (const entry of entries) this.#known.add(keyOf(entry));
    for (const entry of left) this.#due.add(entry);
    this.#entries = [...this.#entries, ...left];
  }

  /** What has not been sent yet gets new numbers, as there is a new store. */
  renumber() {
    for (const entry of this.#failed) entry.index = null;
    this.#failed.clear();
  }

  /** @param {Omit<Entry, "index"|"lost">} answer */
  add(answer) {
    if (this.#entries.filter((entry) => !this.#isSent(entry)).length >= MOST_WAITING) return;
    const entry = { ...answer, index: null, lost: false };
    this.#entries.push(entry);
    this.#known.add(keyOf(entry));
    this.#due.add(entry);
  }

  /**
   * Keeps what another tab has sent or will send. What it has sent, this tab sends as well, under
   * the same number: some LMSs take the last tab's list for the whole, and strict ones take no
   * number before the one below it.
   *
   * @param {Entry[]} entries
   * @returns {boolean} is anything new among them?
   */
  adopt(entries) {
    const isNew = entries.map((entry) => this.#adoptOne({ ...entry }));
    this.#entries = this.#entries.slice(0, MOST_WAITING + MOST_SENT);
    return isNew.includes(true);
  }

  /** @param {Entry} entry */
  #adoptOne(entry) {
    const key = keyOf(entry);
    const own = this.#entries.find((other) => keyOf(other) === key);
    if (own ? own.index !== null || entry.index === null : this.#known.has(key)) return false;
    const rival = this.#entries.find(({ index }) => index !== null && index === entry.index);
    if (rival && isEarlier(rival, entry)) entry.index = null;
    else if (rival) {
      rival.index = null;
      this.#due.add(rival);
    }
    const kept = own ?? entry;
    kept.index = entry.index;
    if (!own) this.#entries.push(kept);
    this.#known.add(key);
    if (kept.index !== null) this.#due.add(kept);
    return true;
  }

  /**
   * What is to be sent now, what has a number first, numbered on from `next` where it has none yet.
   *
   * @param {number} next
   * @returns {{interactions: Interaction[], next: number, settle: (kept: boolean) => void}}
   *   `settle` must be told whether the save succeeded. After a failure the interactions are due
   *   again, in their old order, and once more in the next visit: Moodle does not send again what
   *   was in a commit that failed, unless it has another value.
   */
  take(next) {
    const left = { ...this.#ofSave };
    /** @type {Entry[]} */
    const sent = [];
    for (const { index } of this.#entries) next = Math.max(next, (index ?? -1) + 1);
    for (const entry of [...this.#due].sort(byIndex)) {
      if (!this.#allows(entry, left)) break;
      this.#due.delete(entry);
      entry.index ??= next;
      next = Math.max(next, entry.index + 1);
      // Until the store has answered: the page may be gone before that.
      entry.lost = true;
      sent.push(entry);
    }
    const interactions = sent.map(({ lost, ...entry }) => ({
      ...entry, index: entry.index ?? 0, at: new Date(entry.at),
    }));
    return { interactions, next, settle: (kept) => this.#settle(sent, kept) };
  }

  /** @param {Entry[]} sent @param {boolean} kept */
  #settle(sent, kept) {
    if (!kept) {
      for (const entry of sent) this.#failed.add(entry);
      this.#due = new Set([...sent, ...this.#due]);
    }
    for (const entry of sent) entry.lost = this.#failed.has(entry);
    let surplus = this.#entries.filter((entry) => this.#isSent(entry)).length - MOST_SENT;
    this.#entries = this.#entries.filter((entry) => !this.#isSent(entry) || (surplus -= 1) < 0);
  }

  /** Takes the entry's share of what this save and this visit may send, where enough is left. */
  #allows(/** @type {Entry} */ entry, /** @type {Size} */ left) {
    const cost = costOf(entry);
    const isNew = !this.#counted.has(entry);
    if (!fits(cost, left) || (isNew && !fits(cost, this.#ofVisit))) return false;
    for (const room of isNew ? [left, this.#ofVisit] : [left]) {
      room.elements -= cost.elements;
      room.bytes -= cost.bytes;
    }
    this.#counted.add(entry);
    return true;
  }

  /** Has the LMS said that it has taken the entry? @param {Entry} entry */
  #isSent(entry) {
    return entry.index !== null && !entry.lost && !this.#due.has(entry);
  }
}

/** @param {Size|null} limit @returns {Size} */
function sizeOf(limit) {
  return { ...(limit ?? { elements: Infinity, bytes: Infinity }) };
}

/** @param {Entry} entry @returns {Size} */
function costOf({ label, response, correct, objective = "", told }) {
  const texts = [label, response, objective, ...correct.slice(0, PATTERNS), ...saidBy(told)];
  const elements = ELEMENTS + Math.min(correct.length, PATTERNS);
  const bytes = texts.reduce((sum, text) => sum + bytesOf(text), elements * NAME);
  return { elements, bytes };
}

/** The description, and as many names of choices as response and pattern may hold together. */
function saidBy(/** @type {Entry["told"]} */ told) {
  return told ? [told.description, ...told.choices.map(({ name }) => name)] : [];
}

/** @param {Size} cost @param {Size} room */
function fits(cost, room) {
  return cost.elements <= room.elements && cost.bytes <= room.bytes;
}

/**
 * The length of a text in a form's encoding, doubled as identifiers grow by their escapes. Texts
 * are cut to 255 characters before they are sent.
 *
 * @param {string} text
 */
function bytesOf(text) {
  return new URLSearchParams([["", text.slice(0, SHORT)]]).toString().length * 2;
}

/** @param {{at: number, label: string}} entry */
function keyOf({ at, label }) {
  return `${at} ${label}`;
}

/** Of two answers with one number, the earlier keeps it, in every tab. @param {Entry} one @param {Entry} other */
function isEarlier(one, other) {
  return one.at < other.at || (one.at === other.at && one.label < other.label);
}

/** What has no number yet comes last. @param {Entry} one @param {Entry} other */
function byIndex({ index: one }, { index: other }) {
  return (one ?? Infinity) === (other ?? Infinity) ? 0 : (one ?? Infinity) - (other ?? Infinity);
}
