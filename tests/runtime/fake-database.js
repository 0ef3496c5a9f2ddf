/** @file A browser's IndexedDB, as far as the runtime asks for it (scorm/runtime/work/shelf.js). */

const order = (one, other) => {
  if (Array.isArray(one) !== Array.isArray(other)) return Array.isArray(one) ? 1 : -1;
  if (!Array.isArray(one)) return one < other ? -1 : Number(one > other);
  for (let n = 0; n < Math.min(one.length, other.length); n += 1) {
    const here = order(one[n], other[n]);
    if (here !== 0) return here;
  }
  return one.length - other.length;
};

/** Events come after what runs now, as in a browser. @type {(action: () => void) => void} */
const soon = (action) => void setImmediate(action);

/**
 * `ways` of failing, from now on: `absent` (there is none), `throws` and `refuses` (at opening),
 * `silent` (no answer at opening, until `answer()`), `hangs` (no answer to a change), `full` (each
 * change is undone), `closed` (no transaction can begin).
 */
export class FakeDatabase {
  /** @type {Map<string, any>} by the key as JSON */
  items = new Map();
  /** @type {string} */
  way = "";
  #silent = [];

  /** What a window has: nothing where the browser has no database. */
  get parts() {
    if (this.way === "absent") return {};
    const IDBKeyRange = { bound: (low, high) => ({ low, high }) };
    return { indexedDB: { open: () => this.#open() }, IDBKeyRange };
  }

  /** The database answers at last to those who have opened it. */
  answer() {
    this.way = "";
    for (const open of this.#silent.splice(0)) open();
  }

  /** The copies that lie here, by their place. */
  get copies() {
    return [...this.items].map(([key, { text }]) => ({ place: JSON.parse(key), ...JSON.parse(text) }));
  }

  #open() {
    if (this.way === "throws") throw new DOMException("denied", "SecurityError");
    const request = { result: this.#connection(), onsuccess: null, onerror: null };
    const open = () => soon(() => request.onsuccess?.());
    if (this.way === "silent") this.#silent.push(open);
    else if (this.way === "refuses") soon(() => request.onerror?.({ preventDefault() {} }));
    else open();
    return request;
  }

  #connection() {
    return { transaction: (_name, mode) => this.#begin(mode), close() {}, onversionchange: null };
  }

  #begin(mode) {
    if (this.way === "closed") throw new DOMException("closing", "InvalidStateError");
    const before = new Map(this.items);
    const transaction = { oncomplete: null, onabort: null, objectStore: () => store, commit() {} };
    let open = 0;
    const ended = () => {
      if (open > 0 || this.way === "hangs") return;
      const fails = this.way === "full" && mode === "readwrite";
      if (fails) this.items = before;
      (fails ? transaction.onabort : transaction.oncomplete)?.();
    };
    const ask = (answer) => {
      const request = { result: undefined, onsuccess: null };
      open += 1;
      soon(() => {
        if (this.way === "hangs") return;
        request.result = answer();
        request.onsuccess?.();
        open -= 1;
        soon(ended);
      });
      return request;
    };
    const cursor = (keyOf, { low, high }) => {
      const found = [...this.items].map(([key, value]) => ({ key: JSON.parse(key), value }))
        .filter((it) => order(keyOf(it), low) >= 0 && order(keyOf(it), high) <= 0)
        .sort((a, b) => order(keyOf(a), keyOf(b)));
      const request = { result: undefined, onsuccess: null };
      const next = () => {
        open += 1;
        soon(() => {
          const here = found.shift();
          request.result = here && {
            ...here, continue: next, delete: () => this.items.delete(JSON.stringify(here.key)),
          };
          request.onsuccess?.();
          open -= 1;
          soon(ended);
        });
      };
      next();
      return request;
    };
    const store = {
      get: (place) => ask(() => this.items.get(JSON.stringify(place))),
      put: (value, place) => ask(() => void this.items.set(JSON.stringify(place), value)),
      delete: (place) => ask(() => void this.items.delete(JSON.stringify(place))),
      openCursor: (range) => cursor(({ key }) => key, range),
      index: () => ({ openCursor: (range) => cursor(({ value }) => value.at, range) }),
    };
    return transaction;
  }
}

/** All that is under way in a database comes to its end. */
export async function settled() {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
