/** @file Keeps a student's work in this browser, where no LMS does. */

/** @implements {import("./store.js").Store} */
export class Local {
  #storage;
  #key;

  /**
   * @param {() => Storage} storage a function, as a browser may forbid even to look at it
   * @param {{course: string, sco: string}} page
   */
  constructor(storage, { course, sco }) {
    this.#storage = attempt(storage);
    this.#key = `scorm:${course}:${sco}`;
  }

  open() {
    if (!this.#storage) return null;
    const text = attempt(() => this.#storage.getItem(this.#key)) ?? "";
    const { status = "", score = null, state = "" } = attempt(() => JSON.parse(text)) ?? {};
    return { status, score, state, mastery: null, interactions: null, launchData: "" };
  }

  save({ status, score, state }) {
    const text = JSON.stringify({ status, score, state });
    const kept = attempt(() => {
      this.#storage.setItem(this.#key, text);
      return true;
    });
    return kept ?? false;
  }

  wake() {}

  close() {}
}

/** What the action gives, or null where the browser forbids it. */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
