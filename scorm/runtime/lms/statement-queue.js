/**
 * @file The statements that an LRS has not taken yet (see cmi5.js).
 *
 * They go in as few requests as may outlive the page, one after the other, each statement once.
 * When the page is left there is no time to wait: what is not under way is sent at once, with
 * `terminated` as the last. What is under way is not repeated: an LRS may refuse a whole request
 * because of one statement that it has already, and the page would be gone before it could send the
 * rest again.
 *
 * A statement that the LRS refuses for good is set aside, so that it holds up none behind it.
 */

import { MOST_KEEPALIVE, bytesOf } from "./xapi.js";

/** @typedef {{id: string, verb: {id: string}}} Statement */

export class StatementQueue {
  /** How many statements the LRS refuses for good. */
  refused = 0;
  /** @type {import("./xapi.js").Lrs} */
  #lrs;
  /** @type {(statement: Statement) => void} */
  #taken;
  /** @type {Statement[]} */
  #waiting = [];
  /** The ids of all statements ever added, to know one that comes again. @type {Set<string>} */
  #ids = new Set();
  /** Those in the request that has no answer yet. @type {Statement[]} */
  #underWay = [];
  /** @type {Promise<boolean>|null} */
  #sending = null;
  #closed = false;

  /**
   * @param {import("./xapi.js").Lrs} lrs
   * @param {(statement: Statement) => void} taken told each statement that the LRS has
   */
  constructor(lrs, taken) {
    this.#lrs = lrs;
    this.#taken = taken;
  }

  /**
   * Lets a statement wait to be sent. One that comes again, because another part of its save has
   * failed, is waiting already or was taken.
   *
   * @param {Statement} statement
   */
  add(statement) {
    if (this.#ids.has(statement.id)) return;
    this.#ids.add(statement.id);
    this.#waiting.push(statement);
  }

  /** Sends what waits, after what is under way; is nothing left? @returns {Promise<boolean>} */
  async flush() {
    while (this.#sending && !this.#closed) await this.#sending;
    if (this.#closed) return this.#sending ?? true;
    this.#sending = this.#sendWaiting();
    const isEmpty = await this.#sending;
    if (!this.#closed) this.#sending = null;
    return isEmpty;
  }

  /** The page is left: sends at once what is not under way; nothing is added after that. */
  close() {
    this.#closed = true;
    const left = this.#waiting.filter((statement) => !this.#underWay.includes(statement));
    this.#sending = this.#sendAll(batchesOf(left));
  }

  /** Sends all that waits, until a request fails or the page is left; is nothing left? */
  async #sendWaiting() {
    for (const batch of batchesOf(this.#waiting)) {
      if (this.#closed) return false;
      this.#underWay = batch;
      const isGone = await this.#sendBatch(batch);
      this.#underWay = [];
      if (!isGone) return false;
    }
    return true;
  }

  /** @param {Statement[][]} batches @returns {Promise<boolean>} */
  async #sendAll(batches) {
    for (const batch of batches) if (!(await this.#sendBatch(batch))) return false;
    return true;
  }

  /**
   * Sends a batch; is none of it left? A refused batch is sent again one by one, so that a single
   * bad statement does not hold up the others.
   *
   * @param {Statement[]} batch
   */
  async #sendBatch(batch) {
    const answer = await this.#lrs.send(batch);
    if (answer === "failed") return false;
    for (const statement of batch) {
      const alone = answer === "kept" || batch.length === 1;
      const single = alone ? answer : await this.#lrs.send([statement]);
      if (single !== "failed") await this.#settle(statement, single);
    }
    return !batch.some((statement) => this.#waiting.includes(statement));
  }

  /**
   * Notes what became of a statement. One that is there already, because the LRS's answer to an
   * earlier request was lost, is refused and yet kept.
   *
   * @param {Statement} statement
   * @param {"kept"|"refused"} answer
   */
  async #settle(statement, answer) {
    const isThere = answer === "kept" || (await this.#lrs.has(statement.id));
    if (!this.#waiting.includes(statement)) return;
    this.#waiting = this.#waiting.filter((other) => other !== statement);
    if (isThere) this.#taken(statement);
    else this.refused += 1;
  }
}

/**
 * Statements in as few requests as may outlive the page.
 *
 * @param {Statement[]} statements
 * @returns {Statement[][]}
 */
function batchesOf(statements) {
  /** @type {Statement[][]} */
  const batches = [];
  let room = 0;
  for (const statement of statements) {
    const bytes = bytesOf(JSON.stringify(statement)) + 1;
    if (bytes > room) {
      batches.push([]);
      room = MOST_KEEPALIVE - 2;
    }
    batches[batches.length - 1].push(statement);
    room -= bytes;
  }
  return batches;
}
