/**
 * @file A model of a browser, as far as the runtime asks for it: windows with their documents and
 * events, and what a browser keeps of a site.
 */

import { createHash } from "node:crypto";

import { SimulatedDatabase } from "./database.js";
import { randomFrom } from "../runtime/generate.js";

/** @typedef {import("./clock.js").Clock} Clock */

/** How long another tab takes to be told of a change (milliseconds). */
const TOLD_AFTER = 3;

/** localStorage, which tells the browser's other windows of each change. */
class SharedStorage {
  /** @type {Map<string, string>} */
  items = new Map();
  #browser;

  /** @param {Browser} browser */
  constructor(browser) {
    this.#browser = browser;
  }

  /** As a window sees it. @param {SimulatedWindow} window @returns {any} */
  seenBy(window) {
    const { items } = this;
    return {
      key: (/** @type {number} */ n) => [...items.keys()][n] ?? null,
      get length() {
        return items.size;
      },
      getItem: (/** @type {string} */ key) => items.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
        if (this.items.get(key) === value) return;
        this.items.set(key, value);
        this.#browser.tell(window, key);
      },
      removeItem: (/** @type {string} */ key) => {
        if (this.items.delete(key)) this.#browser.tell(window, key);
      },
    };
  }
}

/** sessionStorage of a tab. */
export class OwnStorage {
  /** @type {Map<string, string>} */
  items = new Map();
  getItem = (/** @type {string} */ key) => this.items.get(key) ?? null;
  setItem = (/** @type {string} */ key, /** @type {string} */ value) => void this.items.set(key, value);
  removeItem = (/** @type {string} */ key) => void this.items.delete(key);
}

export class Browser {
  localStorage = new SharedStorage(this);
  database;
  /** Channels that are open. @type {Set<Channel>} */
  channels = new Set();
  /** Windows that are open. @type {Set<SimulatedWindow>} */
  windows = new Set();
  /** How far the clock on the wall is off (milliseconds). */
  shift = 0;
  /** Who is logged in, null for nobody. @type {string|null} */
  student = null;
  /** @type {Clock} */
  clock;
  name;

  /** @param {string} name @param {Clock} clock */
  constructor(name, clock) {
    this.name = name;
    this.clock = clock;
    this.database = new SimulatedDatabase(clock);
  }

  /** @param {SimulatedWindow} from @param {string} key */
  tell(from, key) {
    for (const window of this.windows) {
      if (window === from) continue;
      this.clock.later(() => window.dispatch("storage", { key }), TOLD_AFTER, window.life);
    }
  }

  /** What an LMS may do at a new login. */
  clearLocalStorage() {
    this.localStorage.items.clear();
  }

  /** What a student may do, or a browser that is short of space. */
  clearAll() {
    this.clearLocalStorage();
    this.database.items.clear();
  }
}

/** A BroadcastChannel of a window. */
class Channel {
  name;
  #browser;
  #window;
  #listener = (/** @type {any} */ _event) => {};

  /** @param {Browser} browser @param {SimulatedWindow} window @param {string} name */
  constructor(browser, window, name) {
    this.#browser = browser;
    this.#window = window;
    this.name = name;
    browser.channels.add(this);
  }

  addEventListener(/** @type {string} */ _type, /** @type {(event: any) => void} */ listener) {
    this.#listener = listener;
  }

  postMessage(/** @type {any} */ data) {
    const { channels, clock } = this.#browser;
    for (const other of channels) {
      if (other === this || other.name !== this.name) continue;
      clock.later(() => channels.has(other) && other.#listener({ data }), TOLD_AFTER, other.#window.life);
    }
  }

  close() {
    this.#browser.channels.delete(this);
  }
}

/**
 * @typedef {object} Noted what a browser notes of a request (Resource Timing)
 * @property {number} startTime
 * @property {number} status
 * @property {boolean} isHtml
 * @property {number} size of the answer (bytes)
 * @property {boolean} isMoved was it led elsewhere?
 */

/** Notes the requests of the player's window, for whoever observes them there. */
export class Timeline {
  /** @type {Set<{take: (entries: any[]) => void}>} */
  #observers = new Set();
  #clock;

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** What a window has of it. */
  get parts() {
    const observers = this.#observers;
    const clock = this.#clock;
    class PerformanceObserver {
      /** @type {any[]} */
      #entries = [];

      /** @param {(list: {getEntries: () => any[]}) => void} told */
      constructor(told) {
        this.told = told;
      }

      observe() {
        observers.add(this);
      }

      disconnect() {
        observers.delete(this);
      }

      takeRecords() {
        return this.#entries.splice(0);
      }

      take(/** @type {any[]} */ entries) {
        this.#entries.push(...entries);
        clock.later(() => {
          const list = this.takeRecords();
          if (list.length > 0 && observers.has(this)) this.told({ getEntries: () => list });
        }, 0);
      }
    }
    const location = { origin: "https://lms.test" };
    return { PerformanceObserver, performance: { now: () => clock.time }, location };
  }

  /** @param {Noted} noted */
  note({ startTime, status, isHtml, size, isMoved }) {
    const entry = {
      initiatorType: "xmlhttprequest", name: "https://lms.test/store", startTime,
      responseStatus: status, redirectEnd: isMoved ? startTime + 1 : 0,
      contentType: isHtml ? "text/html" : "text/plain", decodedBodySize: size,
    };
    for (const observer of this.#observers) observer.take([entry]);
  }
}

/** When the simulated sessions take place. */
const BEGIN = Date.UTC(2026, 10, 22, 9);

/** Is a window closed, or its process killed; is it in the browser's cache? A frame goes with its window. */
class Life {
  #around;
  #isDead = false;
  #isFrozen = false;

  /** @param {Life|null} around the life of the window around a frame */
  constructor(around) {
    this.#around = around;
  }

  get isDead() {
    return this.#isDead || (this.#around?.isDead ?? false);
  }

  get isFrozen() {
    return this.#isFrozen || (this.#around?.isFrozen ?? false);
  }

  set isFrozen(is) {
    this.#isFrozen = is;
  }

  end() {
    this.#isDead = true;
  }
}

export class SimulatedWindow {
  life;
  location = { search: "", hash: "", href: "https://lms.test/page.html" };
  opener = null;
  parent;
  document;
  localStorage;
  sessionStorage;
  /** @type {Map<string, ((event: any) => void)[]>} */
  #listeners = new Map();
  #browser;

  /**
   * @param {Browser} browser
   * @param {OwnStorage} sessionStorage of its tab
   * @param {any} parent what is around it: the player, or the window of the shell
   */
  constructor(browser, sessionStorage, parent) {
    this.#browser = browser;
    this.parent = parent;
    this.life = new Life(parent instanceof SimulatedWindow ? parent.life : null);
    this.localStorage = browser.localStorage.seenBy(this);
    this.sessionStorage = sessionStorage;
    this.document = new SimulatedDocument(this);
    browser.windows.add(this);
    const window = this;
    Object.assign(this, browser.database.partsFor(this.life), {
      BroadcastChannel: class extends Channel {
        constructor(/** @type {string} */ name) {
          super(browser, window, name);
        }
      },
    });
  }

  /** The clocks and timers of this window. @returns {import("../../scorm/runtime/lib/host.js").Host} */
  get host() {
    const { clock } = this.#browser;
    return {
      now: () => clock.time,
      wall: () => BEGIN + clock.time + this.#browser.shift,
      later: (action, ms) => clock.later(action, ms, this.life),
      cancel: (timer) => clock.cancel(timer),
    };
  }

  addEventListener(/** @type {string} */ type, /** @type {(event: any) => void} */ listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  dispatch(/** @type {string} */ type, /** @type {any} */ event = {}) {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  /** It is gone; nothing of it ever runs again. */
  die() {
    this.life.end();
    this.#browser.windows.delete(this);
  }
}

class SimulatedDocument {
  visibilityState = "visible";
  documentElement = { dataset: {} };
  body = {};
  location;
  /** @type {Map<string, ((event: any) => void)[]>} */
  #listeners = new Map();

  /** @param {SimulatedWindow} window */
  constructor(window) {
    this.location = window.location;
  }

  addEventListener(/** @type {string} */ type, /** @type {(event: any) => void} */ listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  querySelectorAll() {
    return [];
  }

  /** The window is looked at, or not any more. @param {"visible"|"hidden"} state */
  turn(state) {
    if (this.visibilityState === state) return;
    this.visibilityState = state;
    for (const listener of this.#listeners.get("visibilitychange") ?? []) listener({});
  }
}

/**
 * Puts what the runtime takes from the browser itself, beside its window, under the rule of a seed.
 *
 * @param {number} seed
 */
export function setStage(seed) {
  const random = randomFrom(seed);
  const crypto = {
    getRandomValues: (/** @type {Uint8Array} */ bytes) => bytes.map(() => random.upTo(255)),
    subtle: {
      digest: async (/** @type {string} */ _name, /** @type {Uint8Array} */ bytes) =>
        Uint8Array.from(createHash("sha1").update(bytes).digest()).buffer,
    },
  };
  Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
  Object.assign(globalThis, { MutationObserver: class { observe() {} } });
  // Requests fail by the simulated clock, so that no real timer is needed for it.
  AbortSignal.timeout = () => /** @type {any} */ (undefined);
}
