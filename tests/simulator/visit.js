/**
 * @file A student's visit: the real modules of the runtime on a page, or on a course in its shell,
 * put together as the entries page.js and shell.js do, without what draws. All that the simulator
 * asks of the runtime goes through here.
 */

import { launch, offerShell, openStore, start } from "../../scorm/runtime/launch.js";
import { grade } from "../../scorm/runtime/view/grade.js";
import { whereText } from "../../scorm/runtime/view/note.js";
import { CourseWork } from "../../scorm/runtime/work/course.js";
import { COURSE } from "./release.js";
import { SimulatedWindow } from "./browser.js";

/** @typedef {import("./release.js").Asked} Asked */
/** @typedef {import("./release.js").Release} Release */
/** @typedef {import("./release.js").ReleasedPage} ReleasedPage */

/** What the note promises, by the first words of its sentence. */
const PROMISES = [
  ["lms", /^Your work is recorded in your learning platform/],
  ["lms", /^Your learning platform has refused a part/],
  ["browser", /(It is|progress is|work is) kept in this browser/],
];

/** Who has the work, as the sentence in the note promises; null for nobody. @param {string} sentence */
export function promiseOf(sentence) {
  const found = PROMISES.find(([, words]) => /** @type {RegExp} */ (words).test(sentence));
  return found ? /** @type {"lms"|"browser"} */ (found[0]) : null;
}

/** The sentence of a note, as addNote() (view/note.js) brings it up to date. */
class Note {
  sentence = "";

  tell(/** @type {any} */ progress) {
    if (!progress.copying) this.sentence = whereText(progress);
  }
}

/** A page that is open, alone or in the shell's frame. */
export class PageVisit {
  window;
  page;
  note = new Note();
  /** The page's work; null until it is open. @type {import("../../scorm/runtime/work/page.js").PageWork|null} */
  work = null;

  /** @param {SimulatedWindow} window @param {ReleasedPage} page */
  constructor(window, page) {
    this.window = window;
    this.page = page;
  }

  async open() {
    const { facts, questions } = this.page;
    const tracked = questions.map((asked) => asked.tracked);
    const window = /** @type {any} */ (this.window);
    const { work, start } = await launch(facts, tracked, window, this.window.host);
    work.visit.onChange((progress) => this.note.tell(progress));
    start();
    this.work = work;
    for (const { tracked, answers } of questions) {
      const { isChanged, response } = work.attemptsAt(tracked.label);
      const mark = isChanged ? null : grade(tracked.kind, answers, response);
      if (mark) work.regrade(tracked, mark);
    }
  }

  /** @param {Asked} asked @param {string} response @returns {boolean} was it taken? */
  answer({ tracked, answers }, response) {
    const { left = 0, isSettled = true } = this.work?.attemptsAt(tracked.label) ?? {};
    if (!this.work || left === 0 || isSettled) return false;
    const mark = grade(tracked.kind, answers, response);
    if (!mark) return false;
    const right = answers.choices.filter(({ correct }) => correct);
    const isTyped = tracked.kind === "text";
    const correct = isTyped ? right.map(({ value }) => value) : [right.map(({ id }) => id).join(",")];
    this.work.answer(tracked, response, mark, correct);
    return true;
  }

  /** The student asks for the solution of a question. @param {Asked} asked */
  solve({ tracked }) {
    this.work?.showSolution(tracked.label);
  }

  /** How a question stands on this page: null where it shows no answer. @param {Asked} asked */
  shown({ tracked }) {
    const answer = this.work?.answerTo(tracked.label);
    return answer ? { response: answer.response, points: answer.points, tries: answer.tries } : null;
  }

  /** @param {boolean} cached */
  sayGoodbye(cached) {
    this.window.dispatch("pagehide", { persisted: cached });
  }
}

/** A course that is open in its shell, with one of its pages in the frame. */
export class CourseVisit {
  window;
  release;
  note = new Note();
  /** @type {PageVisit|null} */
  inner = null;
  /** @type {CourseWork|null} */
  work = null;
  #browser;

  /** @param {import("./browser.js").Browser} browser @param {SimulatedWindow} window @param {Release} release */
  constructor(browser, window, release) {
    this.#browser = browser;
    this.window = window;
    this.release = release;
  }

  async open() {
    const window = /** @type {any} */ (this.window);
    const { host } = this.window;
    const facts = { course: COURSE, sco: "course" };
    const launched = await openStore(facts, window, host);
    const { contents, scoring } = this.release;
    const work = new CourseWork(contents, scoring, launched.store, launched.mirror, host);
    work.visit.onChange((progress) => this.note.tell(progress));
    const leaves = (/** @type {boolean} */ cached) => work.gather(() => this.inner?.sayGoodbye(cached));
    start(facts, work, launched, window, host, leaves);
    offerShell(window, work, launched.learner ?? "");
    this.work = work;
  }

  /** Shows another page in the frame. @param {string} id */
  async show(id) {
    const page = this.release.pages.get(id);
    if (!this.work || !page) return;
    this.closeFrame();
    const window = new SimulatedWindow(this.#browser, this.window.sessionStorage, this.window);
    this.inner = new PageVisit(window, page);
    await this.inner.open();
  }

  closeFrame() {
    const inner = this.inner;
    this.inner = null;
    if (!inner) return;
    inner.sayGoodbye(false);
    inner.window.die();
  }
}
