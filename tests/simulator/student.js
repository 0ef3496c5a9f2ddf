/**
 * @file What happens in a session: a plan, made from a seed, of steps that a student, the world or
 * the author takes; and the end, in which all is well again and everything is looked at once more.
 *
 * A step brings its own seed, so a plan that leaves steps out goes on as before with the others:
 * that is how a failure is made short (run.js).
 */

import { CHOICE_EDITS, PAGE_EDITS } from "./course.js";
import { WEATHERS } from "./network.js";
import { World } from "./world.js";
import { randomFrom } from "../runtime/generate.js";

/** @typedef {import("./world.js").Setting} Setting */

/** @typedef {{what: string, seed: number}} Step */

/** @typedef {{seed: number, setting: Setting, steps: Step[]}} Plan */

/** How often each step is taken, in a session where its kind of fault happens at all. */
const COMMON = { answer: 10, open: 3, look: 3, wait: 3, read: 2, leave: 2, move: 1, solve: 1 };

/** Each session has some of these, all of them seeded. @type {Record<string, Record<string, number>>} */
const FAULTS = {
  weather: { weather: 4 },
  logins: { logout: 2, login: 1 },
  kills: { kill: 2, hide: 1 },
  caches: { sleep: 2 },
  tabs: { "new tab": 3 },
  devices: { device: 4 },
  clocks: { clock: 2 },
  wipes: { wipe: 1 },
  releases: { publish: 2 },
  databases: { database: 2 },
  refusals: { refuse: 2 },
  students: { "other student": 2 },
};

/** How likely a session has each of them. */
const SHARE = 0.25;

/** @param {number} seed @returns {Plan} */
export function planOf(seed) {
  const random = randomFrom(seed);
  const format = random.one(["scorm12", "scorm12", "scorm2004", "cmi5"]);
  const style = random.one(["moodle", "moodle", "whole"]);
  const setting = {
    format, style,
    // In Moodle, only the first SCO of a package of SCORM 2004 can record.
    layout: format === "scorm2004" && style === "moodle" ? "single" : random.one(["multi", "single"]),
    names: random.chance(0.9),
    overrides: random.chance(0.5),
    tagging: random.one(["hash", "count", "none"]),
    sees: random.chance(0.7),
    course: random.upTo(2 ** 31),
  };
  /** @type {Record<string, number>} */
  const weights = { ...COMMON };
  for (const [kind, steps] of Object.entries(FAULTS)) {
    if (random.chance(kind === "weather" ? 2 * SHARE : SHARE)) Object.assign(weights, steps);
  }
  const bag = Object.entries(weights).flatMap(([what, weight]) => Array(weight).fill(what));
  const step = (/** @type {string} */ what) => ({ what, seed: random.upTo(2 ** 31) });
  const steps = Array.from({ length: 2 + random.upTo(5) }, () => step(random.one(bag)));
  const first = [step("open"), ...(weights.weather ? [step("weather")] : [])];
  const begin = random.chance(0.5) ? first : first.reverse();
  return { seed, setting: /** @type {Setting} */ (setting), steps: [...begin, ...steps] };
}

/**
 * What each step does.
 * @type {Record<string, (session: Session, random: import("./course.js").Random) => unknown>}
 */
const STEPS = {
  open: (session, random) => session.open(random),
  "new tab": (session, random) => session.open(random, { isNewTab: true }),
  device: (session, random) => {
    session.device = random.one(["laptop", "phone"]);
    return session.open(random, { isNewTab: random.chance(0.3) });
  },
  "other student": (session, random) => {
    session.student = session.student === "ann" ? "bob" : "ann";
    return session.open(random, { isNewTab: random.chance(0.3) });
  },
  answer: ({ world, tab }, random) => tab && world.answer(tab, random),
  look: async ({ world, tab }) => {
    await world.clock.pass(300);
    if (tab) world.look(tab);
  },
  read: ({ tab }) => tab?.page?.work?.readToEnd(),
  solve: ({ tab }, random) => tab?.page?.solve(random.one(tab.page.page.questions)),
  move: ({ tab }, random) => tab?.page?.work?.moved(`section@${random.upTo(99)}`),
  wait: ({ world }, random) => world.clock.pass(random.one([10, 1000, 20_000, 300_000])),
  leave: ({ world, tab }) => tab && world.close(tab, false),
  kill: ({ world, tab }) => tab && world.close(tab, true),
  hide: async ({ world, tab }, random) => {
    if (!tab) return;
    world.turn(tab, "hidden");
    await world.clock.pass(500);
    if (random.chance(0.5)) world.close(tab, true);
    else world.turn(tab, "visible");
  },
  sleep: async ({ world, tab }, random) => {
    if (!tab?.visit) return;
    world.leave(tab, true);
    await world.clock.pass(random.one([100, 60_000]));
    if (random.chance(0.7)) world.comeBack(tab);
    else world.close(tab, true);
  },
  weather: ({ world }, random) => world.turnWeather(random.one(Object.keys(WEATHERS))),
  logout: ({ world, device }) => world.logout(world.browser(device)),
  login: ({ world, device, student }) => world.login(world.browser(device), student),
  clock: ({ world, device }, random) => {
    world.browser(device).shift = random.one([-86_400_000, -3_600_000, 0, 3_600_000]);
  },
  database: ({ world, device }, random) => {
    world.browser(device).database.state = random.one(["well", "absent", "slow", "full"]);
  },
  refuse: ({ world }, random) => {
    world.refusals = random.one([0, 0, 1, 3]);
  },
  wipe: ({ world, device }) => world.wipe(world.browser(device)),
  publish: ({ world }, random) => world.publish(random.one([...CHOICE_EDITS, ...PAGE_EDITS]), random),
};

/** A session as it goes on. */
export class Session {
  world;
  student = "ann";
  device = "laptop";

  /** @param {Plan} plan @param {boolean} [traces] */
  constructor(plan, traces) {
    this.plan = plan;
    this.world = new World(plan.setting, traces);
  }

  get tab() {
    const tab = this.world.tab(this.device);
    return tab && tab.launch?.student === this.student ? tab : null;
  }

  /** @param {import("./course.js").Random} random @param {{isNewTab?: boolean}} [options] */
  async open(random, options) {
    const page = random.one([...this.world.release.pages.keys()]);
    await this.world.open(this.device, this.student, page, options);
    if (this.tab) await this.world.decide(this.tab);
  }

  /** Plays the whole plan, and its end. */
  async play() {
    for (const { what, seed } of this.plan.steps) {
      const random = randomFrom(seed);
      this.world.network.seed(random);
      this.world.log(`— ${what}`);
      await STEPS[what](this, random);
      await this.#pass(30 + random.upTo(2000));
    }
    await this.#settle();
    await this.#examine();
  }

  /** Lets time go by, and stops where something happened that must not. @param {number} ms */
  async #pass(ms) {
    await this.world.clock.pass(ms);
    const { checker } = this.world;
    checker.settle();
    const { violation } = checker;
    if (violation) throw violation;
  }

  /**
   * The network is well; open pages try again, and are left; each browser opens all once more, unless
   * nothing went wrong at all.
   */
  async #settle() {
    const { world } = this;
    world.log("— all is well again");
    world.network.seed(randomFrom(this.plan.seed));
    world.turnWeather("good");
    world.refusals = 0;
    for (const { database } of world.browsers.values()) database.state = "well";
    for (const tab of world.tabs) world.comeBack(tab);
    await this.#pass(600_000);
    for (const tab of [...world.tabs]) {
      world.close(tab, false);
      await this.#pass(10_000);
    }
    if (world.isUndisturbed) return;
    for (const name of [...world.browsers.keys()]) {
      for (const student of world.checker.students) {
        await this.#visitAll(name, student);
        const tab = world.tab(name);
        if (tab) world.close(tab, false);
        await this.#pass(10_000);
      }
    }
  }

  /** A browser that was never used shows what the LMS holds. */
  async #examine() {
    const { world } = this;
    const { checker } = world;
    world.log("— a new browser");
    for (const student of checker.students) {
      await this.#visitAll(`new browser of ${student}`, student, (tab, page) => {
        if (!tab.page) throw new Error(`${page} does not open`);
        for (const asked of tab.page.page.questions) {
          checker.showed(student, page, asked, tab.page.shown(asked));
        }
      });
      for (const [sco, held] of world.heldOf(student)) checker.ended(student, sco, held);
      await this.#pass(1);
    }
  }

  /**
   * Opens each page on which the student has answered.
   *
   * @param {string} name of the browser
   * @param {string} student
   * @param {(tab: any, page: string) => void} [look]
   */
  async #visitAll(name, student, look = () => {}) {
    const { world } = this;
    for (const page of world.release.pages.keys()) {
      if (!world.checker.hasAnswered(student, page)) continue;
      await world.open(name, student, page);
      const tab = /** @type {any} */ (world.tab(name));
      await world.decide(tab);
      await this.#pass(1000);
      look(tab, page);
      await this.#pass(1);
    }
  }
}
