/**
 * @file Stands for an LMS that has refused to begin a session, and may begin one later: each save
 * tries once more. Until then the work is in the page only.
 */

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Opened} Opened */

/** @implements {Store} */
export class Late {
  /** @type {() => {store: Store, opened: Opened}|null} */
  #open;
  /** @type {(opened: Opened) => Promise<void>} */
  #began = async () => {};
  /** The store whose session has begun. @type {Store|null} */
  #begun = null;
  /** The same, once the page's work was brought together with what it holds. @type {Store|null} */
  #store = null;

  /** @param {() => {store: Store, opened: Opened}|null} open tries to begin a session */
  constructor(open) {
    this.#open = open;
  }

  /** @param {(opened: Opened) => Promise<void>} began told once what the LMS holds */
  onBegan(began) {
    this.#began = began;
  }

  open() {
    return null;
  }

  get refused() {
    return this.#store?.refused ?? 0;
  }

  get overlaps() {
    return this.#store?.overlaps ?? false;
  }

  get confirmed() {
    return this.#store?.confirmed ?? true;
  }

  /** @param {import("./store.js").Snapshot} snapshot @param {import("./store.js").Interaction[]} interactions */
  save(snapshot, interactions) {
    if (this.#store) return this.#store.save(snapshot, interactions);
    if (!this.#begun) this.#begin();
    return false;
  }

  async #begin() {
    const begun = this.#open();
    if (!begun) return;
    this.#begun = begun.store;
    await this.#began(begun.opened);
    this.#store = begun.store;
  }

  wake() {
    this.#store?.wake();
  }

  close() {
    this.#begun?.close();
  }
}
