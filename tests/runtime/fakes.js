/** @file What the tests put in the place of an LMS, a browser window and a clock. */

/** An LMS that notes each call; `elements` is what it holds, `says` overrules its answers. */
export class FakeLms {
  calls = [];
  elements;
  says = {};
  api = {};

  /**
   * @param {Record<string, string>} elements
   * @param {string} prefix of its methods, "LMS" or, for SCORM 2004, ""
   */
  constructor(elements = {}, prefix = "LMS") {
    this.elements = { "cmi.core.student_id": "s1", "cmi.learner_id": "s1", ...elements };
    this.elements["cmi.core.lesson_status"] ??= "not attempted";
    const methods = ["Initialize", "GetValue", "SetValue", "Commit", "GetLastError"];
    for (const method of [...methods, prefix ? "Finish" : "Terminate"]) {
      this.api[`${prefix}${method}`] = (...values) => this.#take(method, values);
    }
  }

  #take(method, values) {
    if (["SetValue", "Commit", "Finish", "Terminate", "Initialize"].includes(method)) {
      this.calls.push([method, ...values]);
    }
    const said = this.says[method]?.(...values);
    if (said !== undefined) return said;
    if (method === "GetValue") return this.elements[values[0]] ?? "";
    if (method === "SetValue") this.elements[values[0]] = values[1];
    return method === "GetLastError" ? "0" : "true";
  }

  count(method) {
    return this.calls.filter(([name]) => name === method).length;
  }

  /** Elements set since the last call of forget(), in order. */
  get sets() {
    return this.calls.filter(([name]) => name === "SetValue").map(([, element]) => element);
  }

  forget() {
    this.calls.length = 0;
  }
}

/** A clock that the test moves, and the timers that hang on it. */
export class FakeHost {
  time = 1000;
  timers = new Map();
  #last = 0;

  clock = Date.UTC(2026, 10, 22, 9);

  now = () => this.time;

  wall = () => this.clock + this.time;

  later = (action, ms) => {
    this.#last += 1;
    this.timers.set(this.#last, { action, due: this.time + ms });
    return this.#last;
  };

  cancel = (timer) => this.timers.delete(timer);

  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.timers].sort(([, a], [, b]) => a.due - b.due)[0];
      if (!next || next[1].due > end) break;
      this.timers.delete(next[0]);
      this.time = Math.max(this.time, next[1].due);
      next[1].action();
    }
    this.time = end;
  }
}

/** A browser's storage. */
export class FakeStorage {
  items = new Map();
  getItem = (key) => this.items.get(key) ?? null;
  setItem = (key, value) => void this.items.set(key, value);
  removeItem = (key) => void this.items.delete(key);
}

/** The window of a page, as far as the runtime asks for it. */
export function fakeWindow(parts = {}) {
  const storage = new FakeStorage();
  const window = { localStorage: storage, sessionStorage: storage };
  return Object.defineProperties(window, Object.getOwnPropertyDescriptors(parts));
}

/**
 * An LMS as Moodle does it: values stay in the page until a commit, a commit sends what changed
 * since the last one whether that arrived or not, and numbers are compared as numbers.
 */
export class MoodleLms extends FakeLms {
  /** What has arrived. @type {Record<string, string>} */
  stored;
  largest = { elements: 0, bytes: 0 };
  #prefix;
  #committed;

  /** @param {string} prefix as for FakeLms */
  constructor(prefix, stored = {}) {
    super(stored, prefix);
    this.#prefix = prefix;
    this.stored = { ...stored };
    this.#committed = { ...stored };
    this.errors = { commit: prefix ? "101" : "391" };
    const name = `${prefix}Commit`;
    const commit = this.api[name];
    this.api[name] = (...values) => {
      const said = commit(...values);
      if (this.says.Commit || this.says.GetLastError || said !== "true") this.lose();
      else Object.assign(this.stored, this.lose("true") && this.#sent);
      return said;
    };
  }

  #sent = {};

  /** A commit's request goes, and gets lost. */
  lose(said = "false") {
    const same = (a, b) => a === b || (a !== "" && Number(a) === Number(b));
    const changed = Object.entries(this.elements).filter(
      ([name, value]) => !same(value, this.#committed[name]),
    );
    this.#sent = Object.fromEntries(changed);
    this.#committed = { ...this.elements };
    const bytes = new URLSearchParams(changed).toString().length;
    this.largest.elements = Math.max(this.largest.elements, changed.length);
    this.largest.bytes = Math.max(this.largest.bytes, bytes);
    return said;
  }

  /** The same student's next launch. */
  again() {
    const count = Object.keys(this.stored).filter((name) => /^cmi\.interactions\.\d+\.id$/.test(name));
    const next = new MoodleLms(this.#prefix, this.stored);
    next.elements["cmi.interactions._count"] = String(count.length);
    return next;
  }
}
