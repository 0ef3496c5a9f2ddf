/**
 * @file Where this browser keeps the copies of students' work: in IndexedDB, or else in
 * localStorage.
 *
 * An LMS may clear the localStorage of its whole site, as Moodle does at each new login. So what
 * lies there is not promised to last. A browser may also forbid both, fail at any call, or never
 * answer; each of these is a shelf that keeps nothing, never an error and never a page that waits.
 *
 * A copy lies under four names: course, SCO, student and attempt (mirror.js).
 */

/** @typedef {import("../lib/host.js").Host} Host */

/** @typedef {{text: string, at: number}} Slip a copy as it lies here; `at` is when it was written */

/**
 * Changes what lies in one place, in a single step that no other tab comes between.
 *
 * @callback Edit
 * @param {string|null} found what lies there now
 * @returns {string|null} what is to lie there from now on, null for nothing
 */

/**
 * @typedef {object} Shelf nothing here throws
 * @property {boolean} lasts does what lies here outlive a new login?
 * @property {(place: string[]) => Promise<Map<string, Slip>>} list by attempt, the oldest first, all
 *   copies of a course, a SCO and a student
 * @property {(place: string[], edit: Edit, at: number, done: (isKept: boolean) => void) => void} change
 *   `done` is called once it is sure what has become of it, perhaps at once
 * @property {(from: number, to: number) => void} sweep removes what was written between two times
 */

/** A database that has not answered after this long is not waited for (milliseconds). */
export const PATIENCE = 1000;

const DATABASE = "scorm.copies.1";
const COPIES = "copies";
const WRITTEN = "at";

/** Copies that nobody has touched for so long are dropped (milliseconds). */
const LIFETIME = 180 * 86_400_000;

/** Before this time this program did not exist: a clock that says so is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);

/**
 * The shelf of this browser. Where the database is slow, the page goes on without waiting for it.
 *
 * @param {Window} window
 * @param {Host} host
 * @returns {Promise<{shelf: Shelf|null, late: Promise<Shelf|null>|null}>} `shelf` null where there is
 *   none, or where it comes `late`, if ever
 */
export async function openShelf(window, host) {
  const opening = openDatabase(window);
  const first = await within(opening, host, /** @type {const} */ ("late"));
  if (first === "late") {
    const late = opening.then((database) => database && new Database(database, window));
    return { shelf: null, late };
  }
  if (first) return { shelf: new Database(first, window), late: null };
  const storage = attempt(() => window.localStorage);
  // Where there is none, the build's guard.js has put something in its place.
  const keeps = storage !== null && !("forgets" in storage);
  return { shelf: keeps ? new Items(storage) : null, late: null };
}

/** Drops what is old. @param {Shelf} shelf @param {Host} host */
export function tidy(shelf, host) {
  shelf.sweep(EARLIEST, host.wall() - LIFETIME);
}

/**
 * What a promise gives, or something else where that takes too long.
 *
 * @template T, E
 * @param {Promise<T>} promise
 * @param {Host} host
 * @param {E} otherwise
 * @returns {Promise<T|E>}
 */
export function within(promise, host, otherwise) {
  return new Promise((resolve) => {
    const timer = host.later(() => resolve(otherwise), PATIENCE);
    promise.then((value) => {
      host.cancel(timer);
      resolve(value);
    });
  });
}

/** @param {Window} window @returns {Promise<IDBDatabase|null>} null where there is none */
function openDatabase(window) {
  return new Promise((resolve) => {
    try {
      const request = window.indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        const copies = request.result.createObjectStore(COPIES);
        copies.createIndex(WRITTEN, WRITTEN);
      };
      request.onsuccess = () => {
        const { result } = request;
        // Whoever clears the browser's data must not have to wait for this page.
        result.onversionchange = () => result.close();
        resolve(result);
      };
      request.onerror = (event) => {
        event.preventDefault?.();
        resolve(null);
      };
    } catch {
      resolve(null);
    }
  });
}

/** @implements {Shelf} */
export class Database {
  lasts = true;
  #database;
  #ranges;

  /** @param {IDBDatabase} database @param {Window} window */
  constructor(database, window) {
    this.#database = database;
    this.#ranges = /** @type {typeof globalThis} */ (/** @type {unknown} */ (window)).IDBKeyRange;
  }

  /** @param {string[]} place */
  list(place) {
    return new Promise((resolve) => {
      /** @type {[string, Slip][]} */
      const found = [];
      const transaction = this.#begin("readonly", () => resolve(sorted(found)));
      // A list comes behind all texts, so this is all that lies there for any attempt.
      const all = this.#ranges.bound(place, [...place, []]);
      const request = transaction?.objectStore(COPIES).openCursor(all);
      if (!request) return;
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) return;
        const attempt = /** @type {string[]} */ (cursor.key).at(-1) ?? "";
        found.push([attempt, cursor.value]);
        cursor.continue();
      };
    });
  }

  /** @param {string[]} place @param {Edit} edit @param {number} at @param {(isKept: boolean) => void} done */
  change(place, edit, at, done) {
    const transaction = this.#begin("readwrite", done);
    if (!transaction) return;
    const copies = transaction.objectStore(COPIES);
    const request = copies.get(place);
    request.onsuccess = () => {
      const text = edit(request.result?.text ?? null);
      if (text === null) copies.delete(place);
      else copies.put({ text, at }, place);
      // Else the browser would wait for this page, which may be about to send, and be gone.
      transaction.commit?.();
    };
  }

  /** @param {number} from @param {number} to */
  sweep(from, to) {
    const transaction = this.#begin("readwrite", () => {});
    if (!transaction || from > to) return;
    const old = transaction.objectStore(COPIES).index(WRITTEN);
    const request = old.openCursor(this.#ranges.bound(from, to));
    request.onsuccess = () => {
      request.result?.delete();
      request.result?.continue();
    };
  }

  /** @param {IDBTransactionMode} mode @param {(isDone: boolean) => void} ended */
  #begin(mode, ended) {
    try {
      const transaction = this.#database.transaction(COPIES, mode);
      transaction.oncomplete = () => ended(true);
      transaction.onabort = () => ended(false);
      return transaction;
    } catch {
      ended(false);
      return null;
    }
  }
}

/** @typedef {Pick<Storage, "getItem"|"setItem"|"removeItem"|"key"|"length">} Keeper */

const PREFIX = "scorm:";

/** @implements {Shelf} */
export class Items {
  lasts = false;
  #storage;

  /** @param {Keeper} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {string[]} place */
  async list(place) {
    return this.listed(place);
  }

  /** @param {string[]} place */
  listed(place) {
    const here = this.#all().filter(([key]) => place.every((name, n) => name === key[n]));
    return sorted(here.map(([key, slip]) => [key.at(-1) ?? "", slip]));
  }

  /** @param {string[]} place @param {Edit} edit @param {number} at @param {(isKept: boolean) => void} done */
  change(place, edit, at, done) {
    const key = PREFIX + JSON.stringify(place);
    const isKept = attempt(() => {
      const text = edit(this.#read(key)?.text ?? null);
      if (text === null) this.#storage.removeItem(key);
      else this.#storage.setItem(key, JSON.stringify({ text, at }));
      return true;
    });
    done(isKept ?? false);
  }

  /** @param {number} from @param {number} to */
  sweep(from, to) {
    for (const [key, { at }] of this.#all()) {
      if (at >= from && at <= to) attempt(() => this.#storage.removeItem(PREFIX + JSON.stringify(key)));
    }
  }

  /** @returns {[string[], Slip][]} */
  #all() {
    const count = attempt(() => this.#storage.length) ?? 0;
    const keys = Array.from({ length: count }, (_, n) => attempt(() => this.#storage.key(n)) ?? "");
    return keys.flatMap((key) => {
      const place = key.startsWith(PREFIX) ? attempt(() => JSON.parse(key.slice(PREFIX.length))) : null;
      const slip = this.#read(key);
      return Array.isArray(place) && slip ? [/** @type {[string[], Slip]} */ ([place, slip])] : [];
    });
  }

  /** @param {string} key @returns {Slip|null} */
  #read(key) {
    const slip = attempt(() => JSON.parse(this.#storage.getItem(key) ?? "null"));
    return typeof slip?.text === "string" ? { text: slip.text, at: Number(slip.at) } : null;
  }
}

/** @param {[string, Slip][]} found */
function sorted(found) {
  return new Map(found.sort(([, one], [, other]) => one.at - other.at));
}

/**
 * What the action gives, or null where the browser forbids it.
 *
 * @template T
 * @param {() => T} action
 * @returns {T|null}
 */
export function attempt(action) {
  try {
    return action() ?? null;
  } catch {
    return null;
  }
}
