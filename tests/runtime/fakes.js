/** @file What the tests put in the place of an LMS, a browser window and a clock. */

import { Mirror } from "../../scorm/runtime/work/mirror.js";
import { Items } from "../../scorm/runtime/work/shelf.js";

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
  /** Channels of the windows that have this storage. */
  channels = new Set();
  key = (n) => [...this.items.keys()][n] ?? null;

  get length() {
    return this.items.size;
  }

  /** A window whose channels reach the other windows of this storage at once. @returns {any} */
  get window() {
    const { channels } = this;
    class BroadcastChannel {
      listener = (/** @type {any} */ _event) => {};
      constructor(name) {
        this.name = name;
        channels.add(this);
      }
      addEventListener(_type, listener) {
        this.listener = listener;
      }
      postMessage(data) {
        for (const other of channels) {
          if (other !== this && other.name === this.name) other.listener({ data });
        }
      }
      close() {
        channels.delete(this);
      }
    }
    return { BroadcastChannel };
  }

  getItem = (key) => this.items.get(key) ?? null;
  setItem = (key, value) => void this.items.set(key, value);
  removeItem = (key) => void this.items.delete(key);
}

/**
 * A student's copies, kept at once in a storage that lasts, as a database that answers without
 * delay would.
 *
 * @param {FakeStorage} storage
 * @param {{course: string, sco: string}} page
 * @param {string} learner "" where nobody knows
 * @param {FakeHost} [host]
 */
export function mirrorOf(storage, { course, sco }, learner, host = new FakeHost()) {
  const shelf = new Items(storage);
  shelf.lasts = true;
  const found = shelf.listed([course, sco, learner]);
  return new Mirror(shelf, found, { course, sco, learner, isNamed: learner !== "" }, host);
}

/** Lets a visit hear, at once, of what other tabs at this storage write. */
export function listen(storage, mirror, { visit }) {
  mirror.watch(storage.window, () => visit.shared(), () => visit.tell());
}

/** All that is in the students' copies. @param {FakeStorage} storage */
export function copiesIn(storage) {
  return [...storage.items.values()].map((item) => JSON.parse(JSON.parse(item).text));
}

/** The window of a page, as far as the runtime asks for it. @returns {any} */
export function fakeWindow(parts = {}) {
  const storage = new FakeStorage();
  const window = { localStorage: storage, sessionStorage: storage };
  return Object.defineProperties(window, Object.getOwnPropertyDescriptors(parts));
}

/**
 * An LMS as Moodle does it (mod/scorm/datamodels/scorm_12.js, CollectData): values stay in the page
 * until a commit or the end, which send what changed since the last one whether that arrived or
 * not; numbers are compared as numbers.
 */
export class MoodleLms extends FakeLms {
  /** What has arrived. @type {Record<string, string>} */
  stored;
  largest = { elements: 0, bytes: 0 };
  /**
   * What becomes of the next commits; of those after them, `rest`.
   * @type {("arrives"|"lost"|"unanswered"|"silent"|"late")[]}
   */
  fates = [];
  rest = "arrives";
  /** Called with what is stored, each time that something arrived. */
  arrived = (/** @type {Record<string, string>} */ _stored) => {};
  #prefix;
  #committed;
  /** Commits that one of the same instant overtakes. */
  #delayed = [];

  /** @param {string} prefix as for FakeLms */
  constructor(prefix, stored = {}) {
    super(stored, prefix);
    this.#prefix = prefix;
    this.stored = { ...stored };
    this.#committed = { ...stored };
    this.errors = { commit: prefix ? "101" : "391" };
    for (const name of [`${prefix}Commit`, prefix ? "LMSFinish" : "Terminate"]) {
      const call = this.api[name];
      this.api[name] = (...values) => {
        const said = call(...values);
        if (name.endsWith("Commit") && (this.says.Commit || this.says.GetLastError)) this.lose();
        else if (said === "true") return this.#send(this.fates.shift() ?? this.rest);
        return said;
      };
    }
  }

  #send(fate) {
    const sent = this.#collect();
    if (fate === "late") {
      this.#delayed.push(sent);
      return "true";
    }
    if (fate === "arrives" || fate === "unanswered") this.#store(sent);
    this.deliver();
    return fate === "lost" || fate === "unanswered" ? "false" : "true";
  }

  /** What was overtaken arrives. */
  deliver() {
    for (const late of this.#delayed.splice(0)) this.#store(late);
  }

  #store(sent) {
    Object.assign(this.stored, sent);
    this.arrived(this.stored);
  }

  /** A commit's request goes, and gets lost. */
  lose(said = "false") {
    this.#collect();
    return said;
  }

  #collect() {
    const same = (a, b) => a === b || (a !== "" && Number(a) === Number(b));
    const changed = Object.entries(this.elements).filter(
      ([name, value]) => !same(value, this.#committed[name]),
    );
    this.#committed = { ...this.elements };
    const bytes = new URLSearchParams(changed).toString().length;
    this.largest.elements = Math.max(this.largest.elements, changed.length);
    this.largest.bytes = Math.max(this.largest.bytes, bytes);
    return Object.fromEntries(changed);
  }

  /** The same student's next launch. */
  again() {
    this.deliver();
    const count = Object.keys(this.stored).filter((name) => /^cmi\.interactions\.\d+\.id$/.test(name));
    const next = new MoodleLms(this.#prefix, this.stored);
    next.elements["cmi.interactions._count"] = String(count.length);
    return next;
  }
}
