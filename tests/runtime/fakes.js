/** @file What the tests put in the place of an LMS, a browser window and a clock. */

/** An LMS that notes each call; `elements` is what it holds, `says` overrules its answers. */
export class FakeLms {
  calls = [];
  elements;
  says = {};

  constructor(elements = {}) {
    this.elements = { "cmi.core.lesson_status": "not attempted", ...elements };
    this.api = {};
    const methods = ["Initialize", "Finish", "GetValue", "SetValue", "Commit", "GetLastError"];
    for (const method of methods) {
      this.api[`LMS${method}`] = (...values) => this.#take(method, values);
    }
  }

  #take(method, values) {
    if (["SetValue", "Commit", "Finish", "Initialize"].includes(method)) {
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

  now = () => this.time;

  later = (action, ms) => {
    this.#last += 1;
    this.timers.set(this.#last, { action, due: this.time + ms });
    return this.#last;
  };

  cancel = (timer) => this.timers.delete(timer);

  pass(ms) {
    this.time += ms;
    for (const [timer, { action, due }] of [...this.timers]) {
      if (due <= this.time && this.timers.delete(timer)) action();
    }
  }
}

/** A browser's storage. */
export class FakeStorage {
  items = new Map();
  getItem = (key) => this.items.get(key) ?? null;
  setItem = (key, value) => void this.items.set(key, value);
}
