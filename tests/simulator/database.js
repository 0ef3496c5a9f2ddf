/**
 * @file A model of a browser's IndexedDB, as far as the runtime asks for it: one store, whose
 * transactions come one after the other, and end when their page is gone before they are through.
 */

/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {import("./clock.js").Owner} Owner */

/** How long each answer takes (milliseconds). */
const BRISK = 1;

/** How long a slow database needs to open (milliseconds). */
const SLOW = 2500;

/** How keys are ordered: by their parts, a list behind all texts. */
function order(one, other) {
  if (Array.isArray(one) !== Array.isArray(other)) return Array.isArray(one) ? 1 : -1;
  if (!Array.isArray(one)) return one < other ? -1 : Number(one > other);
  const at = one.findIndex((part, n) => n >= other.length || order(part, other[n]) !== 0);
  if (at < 0) return one.length - other.length;
  return at >= other.length ? 1 : order(one[at], other[at]);
}

export class SimulatedDatabase {
  /** What is kept, by the key as JSON. @type {Map<string, any>} */
  items = new Map();
  /** @type {"well"|"absent"|"slow"|"full"} */
  state = "well";
  clock;
  /** @type {Transaction[]} */
  #waiting = [];

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  /** What a window has of it. @param {Owner} owner @returns {any} */
  partsFor(owner) {
    if (this.state === "absent") return {};
    return {
      indexedDB: { open: () => this.#open(owner) },
      IDBKeyRange: { bound: (/** @type {any} */ low, /** @type {any} */ high) => ({ low, high }) },
    };
  }

  /** @param {Owner} owner */
  #open(owner) {
    const connection = { transaction: () => this.#begin(owner), close() {} };
    const request = { result: connection, onsuccess: () => {} };
    this.clock.later(() => request.onsuccess(), this.state === "slow" ? SLOW : BRISK, owner);
    return request;
  }

  /** @param {Owner} owner */
  #begin(owner) {
    const transaction = new Transaction(this, owner);
    this.#waiting.push(transaction);
    if (this.#waiting.length === 1) this.clock.later(() => transaction.go(), 0);
    return transaction;
  }

  /** The first transaction is through; the next one may go. */
  next() {
    this.#waiting.shift();
    this.#waiting[0]?.go();
  }
}

class Transaction {
  oncomplete = () => {};
  onabort = () => {};
  #database;
  #owner;
  /** What it changes: null for what it deletes. @type {Map<string, any>} */
  #changes = new Map();
  /** @type {(() => void)[]} */
  #requests = [];
  #isCommitted = false;

  /** @param {SimulatedDatabase} database @param {Owner} owner */
  constructor(database, owner) {
    this.#database = database;
    this.#owner = owner;
  }

  commit() {
    this.#isCommitted = true;
  }

  objectStore() {
    return {
      get: (key) => this.#ask(() => this.#read(JSON.stringify(key))),
      put: (value, key) => this.#ask(() => this.#changes.set(JSON.stringify(key), value)),
      delete: (key) => this.#ask(() => this.#changes.set(JSON.stringify(key), null)),
      openCursor: (range) => this.#walk(range, ({ key }) => key),
      index: (name) => ({ openCursor: (range) => this.#walk(range, ({ value }) => value[name]) }),
    };
  }

  /** Takes its turn: one request after the other, until there is none. */
  go() {
    const { clock } = this.#database;
    const isGone = this.#owner.isDead && !this.#isCommitted;
    if (isGone || this.#requests.length === 0) this.#end(!isGone);
    else clock.later(() => {
      if (!this.#owner.isDead || this.#isCommitted) this.#requests.shift()?.();
      // What the page does upon the answer comes before the next turn.
      clock.later(() => this.go(), 0);
    }, BRISK);
  }

  /** @param {boolean} isWhole */
  #end(isWhole) {
    const { clock, items, state } = this.#database;
    const isKept = isWhole && (state !== "full" || this.#changes.size === 0);
    if (isKept) {
      for (const [key, value] of this.#changes) {
        if (value === null) items.delete(key);
        else items.set(key, value);
      }
    }
    clock.later(() => (isKept ? this.oncomplete : this.onabort)(), 0, this.#owner);
    this.#database.next();
  }

  /** @param {() => any} act */
  #ask(act) {
    const request = { result: /** @type {any} */ (undefined), onsuccess: () => {} };
    this.#requests.push(() => {
      request.result = act();
      if (!this.#owner.isDead) request.onsuccess();
    });
    return request;
  }

  /** @param {string} key */
  #read(key) {
    const changed = this.#changes.get(key);
    return changed === undefined ? this.#database.items.get(key) : (changed ?? undefined);
  }

  /** @param {{low: any, high: any}} range @param {(item: {key: any, value: any}) => any} by */
  #walk({ low, high }, by) {
    const request = { result: /** @type {any} */ (null), onsuccess: () => {} };
    const found = [...this.#database.items]
      .map(([key, value]) => ({ key: JSON.parse(key), value }))
      .filter((item) => order(by(item), low) >= 0 && order(by(item), high) <= 0)
      .sort((one, other) => order(by(one), by(other)));
    const step = () => this.#requests.push(() => {
      const item = found.shift();
      request.result = item ? this.#cursor(item, step) : null;
      if (!this.#owner.isDead) request.onsuccess();
    });
    step();
    return request;
  }

  #cursor({ key, value }, step) {
    return { key, value, continue: step, delete: () => this.#changes.set(JSON.stringify(key), null) };
  }
}
