/**
 * @file Everything around one or two students in one session: browsers, the network, the LMS, the
 * course and its releases; and what can happen there. Nothing here is random but by a seed.
 */

import { Browser, OwnStorage, SimulatedWindow, Timeline, setStage } from "./browser.js";
import { Checker } from "./checker.js";
import { Clock } from "./clock.js";
import { edited, makeCourse } from "./course.js";
import { Cmi5Launch, Lrs } from "./lrs.js";
import { Network } from "./network.js";
import { choicesIn, meaningOf, releaseOf } from "./release.js";
import { DIALECTS, ScormApi, ScormServer } from "./scorm-lms.js";
import { CourseVisit, PageVisit, promiseOf } from "./visit.js";
import { randomFrom } from "../runtime/generate.js";

/** @typedef {import("./course.js").Random} Random */

/**
 * @typedef {object} Setting what a session has to do with
 * @property {"scorm12"|"scorm2004"|"cmi5"} format
 * @property {"multi"|"single"} layout
 * @property {"moodle"|"whole"} style of the LMS
 * @property {boolean} names does the LMS tell pages the student's name?
 * @property {boolean} overrides does the LMS judge by its mastery score at the end?
 * @property {import("./lrs.js").Tagging} tagging
 * @property {boolean} sees can a page see in the browser what became of the LMS's own requests?
 * @property {number} course the seed of the course
 */

/** A page opens within this time, or the student gives up (milliseconds). */
const PATIENCE = 60_000;

/** A tab of a browser, with the player of the LMS in it. */
class Tab {
  sessionStorage = new OwnStorage();
  /** The player's window, where a page looks for the API. @type {any} */
  player = {};
  /** Has the student clicked in the contents tree of this player? */
  isBeacon = false;
  isLeaving = false;
  /** @type {PageVisit|CourseVisit|null} */
  visit = null;
  /** @type {any} */
  launch = null;
  /** @type {ScormApi|null} */
  api = null;

  timeline;

  /** @param {Browser} browser @param {boolean} sees as in the setting */
  constructor(browser, sees) {
    this.browser = browser;
    this.timeline = new Timeline(browser.clock);
    Object.assign(this.player, { parent: this.player }, sees ? this.timeline.parts : {});
  }

  /** The page that the student sees. @returns {PageVisit|null} */
  get page() {
    const page = this.visit instanceof CourseVisit ? this.visit.inner : this.visit;
    return page?.work ? page : null;
  }
}

export class World {
  clock = new Clock();
  network;
  checker;
  setting;
  /** @type {import("./course.js").Course} */
  course;
  /** @type {import("./release.js").Release} */
  release;
  /** @type {Map<string, Browser>} */
  browsers = new Map();
  /** Browsers in which the LMS knows the student. @type {Set<Browser>} */
  #loggedIn = new Set();
  /** @type {Tab[]} */
  tabs = [];
  #server = new ScormServer();
  #lrs;
  #launches = 0;
  /** How often the LMS refuses to begin the next sessions. */
  refusals = 0;
  /** @type {string[]|null} */
  trace;

  /** @param {Setting} setting @param {boolean} [traces] is what happens to be written down? */
  constructor(setting, traces = false) {
    setStage(setting.course);
    this.setting = setting;
    this.trace = traces ? [] : null;
    this.network = new Network(this.clock, randomFrom(setting.course));
    this.course = makeCourse(randomFrom(setting.course));
    this.release = releaseOf(this.course);
    const keepsBest = this.course.scoring.keep === "best";
    const tellsChanges = setting.format === "cmi5" && setting.tagging !== "none";
    this.log(`release 1: ${wordsOf(this.course)}`);
    this.checker = new Checker({ keepsBest, tellsChanges }, () => this.clock.time);
    this.#lrs = new Lrs(setting.tagging);
    this.#server.stored = (post, rows) => {
      this.log(`post ${post.turn} is stored: ${JSON.stringify(this.#held(rows))}`);
      this.checker.stored(post, this.#held(rows), post.sender.release);
    };
    this.#lrs.stored = (writing) => {
      this.log(`LRS stores ${writing.text} of request ${writing.turn}`);
      this.checker.stored(writing, workOf(writing.text), writing.sender.release);
    };
  }

  /** @param {string} words */
  log(words) {
    this.trace?.push(`${String(Math.round(this.clock.time)).padStart(8)} ms  ${words}`);
  }

  /** @param {string} name @returns {Browser} */
  browser(name) {
    const browser = this.browsers.get(name) ?? new Browser(name, this.clock);
    this.browsers.set(name, browser);
    return browser;
  }

  /** Was there one browser only, from which everything arrived? */
  get isUndisturbed() {
    return this.browsers.size === 1 && Object.keys(this.network.met).every((fate) => fate === "arrives");
  }

  /** The latest tab of a browser, or null. @param {string} name */
  tab(name) {
    return this.tabs.filter(({ browser }) => browser.name === name).at(-1) ?? null;
  }

  isLoggedIn(/** @type {Browser} */ browser, /** @type {string} */ student) {
    return this.#loggedIn.has(browser) && browser.student === student;
  }

  /** Moodle deletes all that its site keeps in localStorage at each login. */
  login(/** @type {Browser} */ browser, /** @type {string} */ student) {
    browser.student = student;
    this.#loggedIn.add(browser);
    if (this.setting.style === "moodle" && this.setting.format !== "cmi5") browser.clearLocalStorage();
  }

  logout(/** @type {Browser} */ browser) {
    this.#loggedIn.delete(browser);
  }

  /**
   * A student opens a page from the LMS, in a tab of the browser.
   *
   * @param {string} name of the browser
   * @param {string} student
   * @param {string} page
   * @param {{isNewTab?: boolean}} [options]
   */
  async open(name, student, page, { isNewTab = false } = {}) {
    if (this.network.weather === "down") return;
    const browser = this.browser(name);
    if (!this.isLoggedIn(browser, student)) this.login(browser, student);
    let tab = isNewTab ? null : this.tab(name);
    if (!tab) this.tabs.push((tab = new Tab(browser, this.setting.sees)));
    const { visit } = tab;
    const isGoingOn = visit instanceof CourseVisit && tab.launch.student === student && visit.work;
    if (isGoingOn) await this.#within(visit.show(page));
    else await this.#launch(tab, student, page);
    this.log(`${student} sees ${page} in ${name}: ${this.#view(tab)}`);
  }

  /** @param {Tab} tab @param {string} student @param {string} page */
  async #launch(tab, student, page) {
    if (tab.visit) {
      this.leave(tab);
      tab.isBeacon = true;
    }
    const isSingle = this.setting.layout === "single";
    const released = this.release.pages.get(page);
    if (!released) return;
    const window = new SimulatedWindow(tab.browser, tab.sessionStorage, tab.player);
    const quiz = isSingle || released.facts.kind === "quiz";
    this.#launches += 1;
    tab.launch = {
      student, sco: isSingle ? "course" : page, release: this.release,
      mastery: quiz ? this.release.scoring.mastery : null,
      number: this.#launches, openedAt: this.checker.nextTurn(), browser: tab.browser,
      hasCopies: tab.browser.database.state === "well",
      named: this.setting.names || this.setting.format === "cmi5" ? student : "",
    };
    this.checker.opened(tab.launch);
    this.#connect(tab, window);
    const visit = isSingle ? new CourseVisit(tab.browser, window, this.release) : new PageVisit(window, released);
    tab.visit = visit;
    const isOpen = await this.#within(visit.open());
    if (isOpen && visit instanceof CourseVisit) await this.#within(visit.show(page));
  }

  /** Gives a window what the page in it finds of the LMS. @param {Tab} tab @param {SimulatedWindow} window */
  #connect(tab, window) {
    const { format, style, overrides } = this.setting;
    const { student } = tab.launch;
    const { browser } = tab;
    const line = {
      network: this.network,
      isLoggedIn: () => this.isLoggedIn(browser, student),
      isLeaving: () => tab.isLeaving,
      later: (/** @type {() => void} */ action, /** @type {number} */ ms) =>
        this.clock.later(action, ms, window.life),
      nextTurn: () => this.checker.nextTurn(),
      log: (/** @type {string} */ words) => this.log(`${browser.name}: ${words}`),
      note: (/** @type {import("./browser.js").Noted} */ noted) => tab.timeline.note(noted),
      now: () => this.clock.time,
      sent: (/** @type {import("./scorm-lms.js").Post} */ { turn, entries }) =>
        this.log(`${browser.name} sends post ${turn}: ${JSON.stringify(entries)}`),
    };
    if (format === "cmi5") {
      const launch = new Cmi5Launch(this.#lrs, line, tab.launch);
      window.location.search = launch.search;
      Object.assign(window, { fetch: launch.fetch });
      return;
    }
    Object.assign(tab.launch, {
      dialect: format, style, overrides,
      isBeacon: style === "moodle" && tab.isBeacon, refusals: this.refusals,
    });
    tab.api = new ScormApi(this.#server, line, tab.launch);
    tab.player[DIALECTS[format].prefix === "" ? "API_1484_11" : "API"] = tab.api.api;
  }

  /** Waits until something has happened, as long as a student would. @param {Promise<void>} promise */
  async #within(promise) {
    /** @type {unknown} */
    let fault = null;
    const isDone = await this.clock.until(promise.catch((error) => (fault = error)), PATIENCE);
    if (fault) throw fault;
    return isDone;
  }

  /**
   * The student answers a question of the page, as `random` wants.
   *
   * @param {Tab} tab
   * @param {Random} random
   */
  answer(tab, random) {
    const { page, launch } = tab;
    if (!page) return;
    const asked = random.one(page.page.questions);
    const before = page.shown(asked);
    const known = before && this.checker.known(launch.student, asked, before, "a page");
    const response = this.#response(asked, random);
    if (!page.answer(asked, response)) return;
    const after = page.shown(asked);
    const { label } = asked.tracked;
    const meaning = meaningOf(asked, response) ?? "";
    const { tries = 0, points = 0 } = after ?? {};
    const { browser } = tab;
    this.log(`${launch.student} answers ${label} with ${response} = ${meaning} (try ${tries}, ${points} points)`);
    this.checker.answered({
      student: launch.student, page: page.page.facts.sco, label, meaning, tries, points, browser,
      choices: choicesIn(asked, response), before: known, sender: launch,
      copy: browser.database.state === "well" ? "kept" : "none",
    });
  }

  /** @param {import("./release.js").Asked} asked @param {Random} random */
  #response({ tracked: { kind }, answers: { choices } }, random) {
    if (kind === "text") return random.chance(0.5) ? random.one(choices).value : `typed ${random.upTo(99)}`;
    const ids = choices.map(({ id }) => id);
    if (kind === "single") return random.one(ids);
    const picked = ids.filter(() => random.chance(0.5));
    return (picked.length > 0 ? picked : [random.one(ids)]).join(",");
  }

  /** The student looks at page and note: what is shown is the student's own, and what is told is a promise. */
  look(/** @type {Tab} */ tab) {
    const { page, launch, visit } = tab;
    if (!page || !visit) return;
    const shown = page.page.questions.flatMap((asked) => {
      const answer = page.shown(asked);
      return answer ? [this.checker.known(launch.student, asked, answer, "a page")] : [];
    });
    for (const note of new Set([page.note, visit.note])) {
      const promise = promiseOf(note.sentence);
      this.log(`${launch.student} reads: ${note.sentence}`);
      if (promise) this.checker.promised(shown, promise);
    }
  }

  /** The page or course leaves its window, in an orderly way. */
  leave(/** @type {Tab} */ tab, cached = false) {
    const { visit } = tab;
    if (!visit) return;
    tab.isLeaving = true;
    visit.window.dispatch("pagehide", { persisted: cached });
    if (visit instanceof CourseVisit) visit.inner?.sayGoodbye(cached);
    tab.isLeaving = false;
    if (cached) visit.window.life.isFrozen = true;
    else {
      if (visit instanceof CourseVisit) visit.closeFrame();
      visit.window.die();
      tab.visit = null;
    }
  }

  /** The browser shows again what it has kept in its cache. */
  comeBack(/** @type {Tab} */ tab) {
    const { visit } = tab;
    if (!visit?.window.life.isFrozen) return;
    visit.window.life.isFrozen = false;
    tab.api?.forget();
    for (const window of windowsOf(visit)) window.dispatch("pageshow", { persisted: true });
  }

  /** The student looks at another tab or program, or back at this one. @param {Tab} tab @param {"visible"|"hidden"} state */
  turn(tab, state) {
    if (tab.visit) for (const window of windowsOf(tab.visit)) window.document.turn(state);
  }

  /** A tab goes away. @param {Tab} tab @param {boolean} isKilled without being told */
  close(tab, isKilled) {
    if (isKilled && tab.visit) for (const window of windowsOf(tab.visit)) window.die();
    else this.leave(tab);
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }

  /** All that a browser keeps is deleted. */
  wipe(/** @type {Browser} */ browser) {
    browser.clearAll();
    this.checker.wiped(browser);
    // What is open there shares no copy any more with what is opened later.
    for (const tab of this.tabs) if (tab.browser === browser && tab.launch) tab.launch.hasCopies = false;
  }

  /** The author brings out another release. @param {string} edit @param {Random} random */
  publish(edit, random) {
    this.course = edited(this.course, edit, random);
    this.release = releaseOf(this.course);
    this.log(`release ${this.release.number} (${edit}): ${wordsOf(this.course)}`);
    if (this.setting.layout === "single") return;
    const scos = [...this.release.pages.keys()];
    this.#server.keepOnly(scos);
    this.checker.keepOnly(scos);
  }

  /** The connection is there again, and the browsers notice. @param {string} weather */
  turnWeather(weather) {
    const wasDown = this.network.weather === "down";
    this.network.weather = weather;
    if (!wasDown || weather === "down") return;
    for (const { visit } of this.tabs) {
      if (visit) for (const window of windowsOf(visit)) window.dispatch("online");
    }
  }

  /** The student decides to use what only the browser holds, where a page asks. */
  async decide(/** @type {Tab} */ tab) {
    for (const work of [tab.page?.work, tab.visit?.work]) {
      if (work?.progress.earlier) work.visit.decideEarlier(true);
    }
    await this.clock.pass(100);
  }

  /** What the LMS holds of a student, by SCO. @param {string} student @returns {[string, ReturnType<typeof workOf>][]} */
  heldOf(student) {
    if (this.setting.format === "cmi5") {
      const isWork = (/** @type {string} */ key) => key.startsWith(`${student}/`) && key.endsWith("/scorm.work");
      const documents = [...this.#lrs.documents].filter(([key]) => isWork(key));
      return documents.map(([key, { text }]) => [key.split("/")[1], workOf(text)]);
    }
    const rows = [...this.#server.rows].filter(([key]) => key.startsWith(`${student}/`));
    return rows.map(([key, it]) => [key.split("/")[1], this.#held(it)]);
  }

  /** @param {import("./scorm-lms.js").Rows} rows */
  #held(rows) {
    const score = rows.get(DIALECTS[this.setting.format].score);
    const isPassed = rows.get("cmi.success_status") === "passed";
    const word = isPassed ? "passed" : rows.get("cmi.completion_status");
    return {
      state: (rows.get("cmi.suspend_data") ?? "").trim(),
      status: (this.setting.format === "scorm12" ? rows.get("cmi.core.lesson_status") : word) ?? "",
      score: score === undefined || score === "" ? null : Math.round(100 * Number(score)) / 100,
    };
  }

  #view(/** @type {Tab} */ tab) {
    const { page } = tab;
    if (!page) return "nothing";
    const shown = page.page.questions.map((asked) => [asked.tracked.label, page.shown(asked)]);
    return JSON.stringify(Object.fromEntries(shown));
  }
}

/** A course in short. @param {import("./course.js").Course} course */
function wordsOf({ pages }) {
  const choice = (/** @type {import("./course.js").Choice} */ { meaning, words, correct }) =>
    `${correct ? "*" : ""}${meaning} "${words}"`;
  const question = (/** @type {import("./course.js").Question} */ { label, kind, choices }) =>
    `${label} (${kind}) ${choices.map(choice).join(", ")}`;
  return pages.map(({ id, questions }) => `${id}: ${questions.map(question).join("; ")}`).join(" | ");
}

/** @param {PageVisit|CourseVisit} visit @returns {SimulatedWindow[]} */
function windowsOf(visit) {
  return visit instanceof CourseVisit && visit.inner ? [visit.window, visit.inner.window] : [visit.window];
}

/** The work in a document of the record store. @param {string} text */
function workOf(text) {
  const { state = "", status = "", score = null } = JSON.parse(text);
  return { state, status, score };
}
