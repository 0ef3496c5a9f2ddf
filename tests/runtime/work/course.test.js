import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeCourse, encodeCourse } from "../../../scorm/runtime/state/course.js";
import { CourseWork } from "../../../scorm/runtime/work/course.js";
import { courseScore } from "../../../scorm/runtime/work/course-score.js";
import { statusText, totalText } from "../../../scorm/runtime/view/contents.js";
import { blank, decode, encode, fitting } from "../../../scorm/runtime/state/page.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { noMirror } from "../../../scorm/runtime/work/mirror.js";
import { FakeHost, FakeStorage, copiesIn, listen, mirrorOf } from "../fakes.js";
import { coursePages } from "../generate.js";

const ask = (label, points = 1) => ({ label, points, kind: "single" });

/** @typedef {import("../../../scorm/runtime/work/course.js").CoursePage} CoursePage */
/** @typedef {import("../../../scorm/runtime/lms/store.js").Opened} Opened */

/** @type {CoursePage[]} */
const PAGES = [
  { id: "intro", title: "Intro", href: "intro.html", kind: "lesson", questions: [] },
  { id: "lesson", title: "Lesson", href: "l.html", kind: "lesson", questions: [ask("q0"), ask("q1")] },
  { id: "quiz", title: "Quiz", href: "q.html", kind: "quiz", questions: [ask("q2", 6), ask("q3", 2)] },
];
/** @type {import("../../../scorm/runtime/work/course.js").CourseScoring} */
const SCORING = {
  mastery: 70, attempts: 0, keep: "best", penalty: 0, explain: "answer", verdict: "pass-fail",
  weights: "points",
};
const OPENED = {
  status: "", score: null, mastery: null, state: "", interactions: null, launchData: "course",
};

/** Lessons with so many questions dealt out to them. @returns {CoursePage[]} */
function lessons(pages, questions) {
  return coursePages(pages, questions).map((it) => ({ ...it, title: "", href: "", kind: "lesson" }));
}

/** What the LMS took; `accepts` false makes it refuse. */
class FakeStore {
  saves = [];
  accepts = true;
  closed = 0;
  /** @type {(theirs: import("../../../scorm/runtime/lms/store.js").Account) => any} */
  reconcile;
  save(snapshot, interactions) {
    this.saves.push({ ...snapshot, interactions });
    return this.accepts;
  }
  wake() {}
  onOvertaken(reconcile) {
    this.reconcile = reconcile;
  }
  close() {
    this.closed += 1;
  }
  get last() {
    return this.saves.at(-1);
  }
}

/** One visit to the course. */
function visit({ opened = {}, scoring = {}, pages = PAGES, storage = new FakeStorage() } = {}) {
  const store = new FakeStore();
  const host = new FakeHost();
  const mirror = mirrorOf(storage, { course: "c", sco: "course" }, "s", host);
  const work = new CourseWork(pages, { ...SCORING, ...scoring }, store, mirror, host);
  work.start({ ...OPENED, ...opened });
  listen(storage, mirror, work);
  return { store, host, work, storage, page: (id) => new FakePage(work, pages, id) };
}

/** What a page in the frame gets, at once. @returns {Opened} */
const openedBy = (work, id) => work.storeFor(id).open();

/** What a page in the frame does with the store that it is given. */
class FakePage {
  #at = 0;
  tries = 1;
  constructor(work, pages, id) {
    this.store = work.storeFor(id);
    this.questions = pages.find((page) => page.id === id).questions;
    this.opened = this.store.open();
    this.state = fitting({ ...blank() }, this.questions);
    this.kept = this.save({ status: "incomplete" });
  }

  /** Answers each question with this share of its points. */
  answer(...shares) {
    for (const [n, share] of shares.entries()) {
      if (share === null) continue;
      const { label, points, kind } = this.questions[n];
      this.state.answers.set(label, { response: "a", points: points * share, tries: this.tries });
      this.#at += 1;
      const at = new Date(1_000_000 + this.#at);
      const grade = { fraction: share, verdict: "correct", picks: ["a"] };
      const said = { label, kind, points, grade, response: "a", correct: ["a"], latency: 1000, at };
      this.kept = this.save({ status: "incomplete" }, [{ index: this.#at - 1, ...said }]);
    }
    return this;
  }

  finish(status = "completed") {
    this.state.read = true;
    this.kept = this.save({ status });
    return this;
  }

  save({ status }, interactions = []) {
    const sum = (holders) => holders.reduce((total, { points }) => total + points, 0);
    const share = sum([...this.state.answers.values()]) / sum(this.questions);
    const score = this.state.answers.size > 0 ? Math.round(10_000 * share) / 100 : null;
    Object.assign(this.state, { status, score });
    const { position } = this.state;
    const state = encode(this.state);
    return this.store.save({ status, score, state, position, elapsed: 0 }, interactions);
  }
}

test("is an opened course incomplete, without a score, with one commit?", () => {
  const { store } = visit();
  assert.equal(store.saves.length, 1);
  assert.deepEqual([store.last.status, store.last.score], ["incomplete", null]);
});

test("is a course completed by its last page, and judged by its score over all questions?", () => {
  const { store, page, work } = visit();
  page("intro").finish();
  page("lesson").answer(1, 0).finish();
  assert.deepEqual([store.last.status, store.last.score], ["incomplete", 10]);
  const quiz = page("quiz").answer(1, 0).finish("passed");
  assert.deepEqual([store.last.status, store.last.score], ["passed", 70]);
  assert.equal(work.progress.done, 3);
  quiz.answer(null, 1);
  assert.equal(store.last.score, 90);
});

test("is a course below the mastery score failed, and one without a verdict completed?", () => {
  for (const [scoring, opened, expected] of [
    [{}, {}, "failed"],
    [{ verdict: "completion" }, {}, "completed"],
    [{ mastery: 10 }, {}, "passed"],
    [{}, { mastery: 20 }, "passed"],
    [{ mastery: 10 }, { mastery: 90 }, "failed"],
  ]) {
    const { store, page } = visit({ scoring, opened });
    page("intro").finish();
    page("lesson").answer(1, 1).finish();
    page("quiz").answer(0, 0).finish("failed");
    assert.equal(store.last.status, expected, JSON.stringify([scoring, opened]));
  }
});

test("is a course without a quiz completed, whatever the score?", () => {
  const { store, page } = visit({ pages: PAGES.slice(0, 2) });
  page("intro").finish();
  page("lesson").answer(0, 0).finish();
  assert.deepEqual([store.last.status, store.last.score], ["completed", 0]);
});

test("do pages count alike where the course says so?", () => {
  const { store, page } = visit({ scoring: { weights: "pages" } });
  page("lesson").answer(1, 1);
  page("quiz").answer(0, 1);
  assert.equal(store.last.score, 62.5);
});

test("is the score exact where the pages' own were rounded?", () => {
  const pages = Array.from({ length: 3 }, (_, n) => ({
    ...PAGES[1], id: `p${n}`, questions: [ask(`a${n}`), ask(`b${n}`), ask(`c${n}`)],
  }));
  const answers = (n) => new Map([[`a${n}`, { points: 1 }], [`b${n}`, { points: 1.1 }]]);
  const states = new Map(pages.map(({ id }, n) => [id, { score: 70, answers: answers(n) }]));
  assert.equal(courseScore(pages, states, { weights: "points" }, null), 70);
});

test("is the score of a page whose answers were lost not lost?", () => {
  const states = new Map([["lesson", { ...blank(), score: 50 }]]);
  assert.equal(courseScore(PAGES, states, { weights: "points" }, null), 10);
  assert.equal(courseScore(PAGES, new Map(), { weights: "points" }, null), null);
  assert.equal(courseScore(PAGES.slice(0, 1), new Map(), { weights: "points" }, 5), null);
});

test("is a recorded score or status never lowered?", () => {
  const { store, page } = visit({ opened: { status: "passed", score: 90 } });
  assert.deepEqual([store.last.status, store.last.score], ["passed", 90]);
  page("quiz").answer(0, 0);
  assert.deepEqual([store.last.status, store.last.score], ["passed", 90]);
});

test("does a later, worse answer count where the course says so?", () => {
  const { store, page } = visit({ scoring: { keep: "last" } });
  page("quiz").answer(1, 1);
  assert.equal(store.last.score, 80);
  page("quiz").answer(0, 1);
  assert.equal(store.last.score, 20);
});

test("may a later answer lower what an earlier visit recorded, where the last counts?", () => {
  const first = visit({ scoring: { keep: "last" } });
  first.page("quiz").answer(1, 1);
  const opened = { state: first.store.last.state, score: 80 };
  const second = visit({ scoring: { keep: "last" }, opened });
  second.page("quiz").answer(0, 0);
  assert.equal(second.store.last.score, 0);
});

test("is the page worked on last the last to be left out where room gets short?", () => {
  const { store, page } = visit();
  page("lesson").answer(1);
  page("quiz");
  page("lesson").answer(null, 1);
  assert.equal([...decodeCourse(store.last.state, PAGES).pages.keys()].at(-1), "lesson");
});

test("does a page find its own work again, in this visit and in the next?", () => {
  const first = visit();
  const page = first.page("lesson").answer(0.5);
  page.state.position = "intro@40";
  page.save({ status: "incomplete" });
  const { state } = first.store.last;
  const second = visit({ opened: { state } });
  for (const { work } of [first, second]) {
    const opened = openedBy(work, "lesson");
    const found = decodeCourse(state, PAGES).pages.get("lesson");
    assert.equal(opened.state, encode(found));
    assert.deepEqual([opened.status, opened.score], ["incomplete", 25]);
    assert.equal(found.position, "intro@40");
    assert.deepEqual(openedBy(work, "quiz").score, null);
  }
});

test("is the last page remembered, and a page that went away not opened?", () => {
  const { store, page } = visit();
  page("lesson");
  page("intro");
  assert.equal(store.last.position, "intro");
  const { state } = store.last;
  assert.equal(visit({ opened: { state } }).work.lastPage, "intro");
  assert.equal(visit({ opened: { state }, pages: PAGES.slice(1) }).work.lastPage, "");
  assert.equal(visit().work.lastPage, "");
});

test("are interactions numbered through the whole course, and on from what the LMS has?", () => {
  const { store, page } = visit({ opened: { interactions: 7 } });
  page("lesson").answer(1, 1);
  page("quiz").answer(1);
  const sent = store.saves.flatMap(({ interactions }) => interactions);
  assert.deepEqual(sent.map(({ index, label }) => [index, label]), [[7, "q0"], [8, "q1"], [9, "q2"]]);
  const next = visit({ opened: { state: store.last.state } });
  next.page("quiz").answer(null, 1);
  assert.deepEqual(next.store.last.interactions.map(({ index }) => index), [10]);
});

test("is an interaction that a page hands over again not counted twice?", () => {
  const { store, page } = visit();
  const lesson = page("lesson").answer(1);
  const again = store.last.interactions;
  lesson.save({ status: "incomplete" }, again);
  page("lesson").answer(null, 1).save({ status: "incomplete" }, again);
  const sent = store.saves.flatMap(({ interactions }) => interactions);
  assert.deepEqual(sent.map(({ label }) => label), ["q0", "q1"]);
});

test("does an answer cost one commit, in a course of any size?", () => {
  for (const size of [3, 200]) {
    const pages = lessons(size, size * 2);
    const { store, page } = visit({ pages });
    const first = page(pages[0].id);
    const before = store.saves.length;
    first.answer(1);
    assert.equal(store.saves.length, before + 1);
    assert.equal(store.last.interactions.length, 1);
    assert.ok(store.last.state.length <= 4096);
  }
});

test("does the same work cost the same bytes, in a course of any size?", () => {
  const sizes = [10, 50, 200].map((count) => {
    const pages = lessons(count, count * 3);
    const { store, page } = visit({ pages });
    for (const { id } of pages.slice(0, 8)) page(id).answer(1, 0, 1);
    return store.last.state.length;
  });
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 3, String(sizes));
});

test("does a page that leaves with nothing new, or begins again, cost nothing and end nothing?", () => {
  const { store, page } = visit();
  const lesson = page("lesson").answer(1);
  const before = store.saves.length;
  assert.equal(lesson.save({ status: "incomplete" }), true);
  lesson.store.close();
  assert.equal(page("lesson").kept, true);
  assert.deepEqual([store.saves.length, store.closed], [before, 0]);
});

test("does a page that starts empty in a second window lose nothing of the first?", () => {
  const { store, page } = visit();
  page("lesson").answer(1, 1).finish();
  const second = page("lesson");
  assert.equal(store.last.score, 20);
  second.answer(0);
  assert.equal(store.last.score, 20);
  assert.equal(decodeCourse(store.last.state, PAGES).pages.get("lesson").status, "completed");
});

test("is a page that is not in the course given no store?", () => {
  assert.equal(visit().work.storeFor("other"), null);
});

test("is the time of the whole visit told, without that in the browser's cache?", () => {
  const { store, host, work } = visit();
  host.pass(60_000);
  work.visit.hidden();
  assert.equal(store.last.elapsed, 60_000);
  work.visit.left(true);
  host.pass(500_000);
  work.visit.cameBack();
  host.pass(1000);
  work.visit.hidden();
  assert.equal(store.last.elapsed, 61_000);
  assert.equal(store.closed, 0);
});

test("does what a page has not saved yet go with the course's one last commit, before the end?", () => {
  const { store, page, work } = visit();
  const lesson = page("lesson");
  const before = store.saves.length;
  work.gather(() => {
    lesson.state.position = "there@50";
    lesson.save({ status: "incomplete" });
  });
  work.visit.left(false);
  assert.deepEqual([store.saves.length, store.closed], [before + 1, 1]);
  const found = decodeCourse(store.last.state, PAGES).pages.get("lesson");
  assert.equal(found.position, "there@50");
  assert.equal(lesson.save({ status: "completed" }), false);
  work.visit.left(false);
  assert.equal(store.closed, 1);
});

test("is a failed save told to page and student, and tried again until it is kept?", () => {
  const { store, host, page, work } = visit();
  const lesson = page("lesson");
  store.accepts = false;
  assert.equal(lesson.answer(1).kept, false);
  assert.equal(work.progress.kept, false);
  assert.equal(work.progress.copied, true);
  store.accepts = true;
  const before = store.saves.length;
  host.pass(20_000);
  assert.equal(store.saves.length, before + 1);
  assert.equal(work.progress.kept, true);
  assert.equal(store.last.score, 10);
});

test("is work that no commit brought to the LMS sent at the next visit, with its interactions?", () => {
  const first = visit();
  const lesson = first.page("lesson");
  first.store.accepts = false;
  lesson.answer(1);
  const second = visit({ storage: first.storage });
  assert.equal(second.store.saves[0].score, 10);
  assert.deepEqual(second.store.saves[0].interactions.map(({ label }) => label), ["q0"]);
  assert.equal(second.work.progress.earlier, false);
});

test("is the student asked about work that may be of another attempt, and obeyed?", () => {
  const first = visit();
  first.page("lesson").answer(1);
  for (const [wanted, score] of /** @type {const} */ ([[true, 10], [false, null]])) {
    const storage = new FakeStorage();
    storage.items = new Map(first.storage.items);
    const second = visit({ storage });
    assert.equal(second.store.last.score, null);
    assert.equal(second.work.progress.earlier, true);
    second.work.visit.decideEarlier(wanted);
    second.host.pass(50);
    assert.equal(second.store.last.score, score);
    const third = visit({ storage });
    assert.equal(third.work.progress.earlier, wanted, "what was given up is gone");
  }
});

test("does a later wrong answer to earlier work count where the course says so?", () => {
  for (const [keep, score] of [["last", 0], ["best", 80]]) {
    const first = visit({ scoring: { keep } });
    first.page("quiz").answer(1, 1);
    const second = visit({ scoring: { keep }, storage: first.storage });
    second.work.visit.decideEarlier(true);
    second.host.pass(50);
    assert.equal(second.store.last.score, 80);
    const quiz = second.page("quiz");
    for (const answer of decode(quiz.opened.state).answers.values()) assert.equal(answer.tries, 1);
    quiz.tries = 2;
    quiz.answer(0, 0);
    assert.equal(second.store.last.score, score);
  }
});

test("does the page in the frame take in the earlier work, and only that page?", () => {
  const first = visit();
  first.page("lesson").answer(1, 0.5);
  const { work, store, host, page } = visit({ storage: first.storage });
  const told = [];
  const listen = (id) => page(id).store.onOvertaken((theirs) => {
    told.push([id, theirs.score, decode(theirs.state).answers.size]);
    return { ...theirs, position: "", elapsed: 0 };
  });
  listen("quiz");
  listen("lesson");
  work.visit.decideEarlier(true);
  host.pass(50);
  assert.deepEqual(told, [["lesson", 75, 2]]);
  assert.equal(store.last.score, 15);
});

test("do two windows with the same course add to each other's work?", () => {
  const storage = new FakeStorage();
  const [one, two] = [visit({ storage }), visit({ storage })];
  one.page("lesson").answer(1);
  two.page("quiz").answer(1);
  assert.equal(two.store.last.score, 70);
  assert.equal(one.work.progress.score, 70);
});

test("is what a page brings in the student's copy, though the LMS has not answered yet?", () => {
  const { storage, store, work, host } = visit();
  store.accepts = /** @type {any} */ (new Promise(() => {}));
  /** @type {import("../../../scorm/runtime/work/page.js").Page} */
  const page = { course: "c", sco: "lesson", kind: "lesson", title: "Lesson" };
  const questions = PAGES[1].questions.map((it) => ({ ...it, kind: /** @type {const} */ ("single"), choices: [11] }));
  const inner = new PageWork(page, questions, work.storeFor("lesson"), noMirror(host), host);
  inner.start(openedBy(work, "lesson"));
  host.pass(50);
  for (const question of questions) {
    inner.answer(question, "a", { fraction: 1, verdict: "correct", picks: ["a"] }, ["a"]);
    host.pass(50);
  }
  const [{ state }] = copiesIn(storage);
  assert.equal(decodeCourse(state, PAGES).pages.get("lesson").answers.size, 2);
});

test("is what another browser has stored meanwhile merged into the course, and not replaced?", () => {
  const theirs = visit();
  theirs.page("quiz").answer(1);
  const ours = visit();
  ours.page("lesson").answer(1);
  const { state, status, score } = theirs.store.last;
  const together = ours.store.reconcile({ state, status, score });
  assert.equal(together.score, 70);
  assert.deepEqual([...decodeCourse(together.state, PAGES).pages.keys()].sort(), ["lesson", "quiz"]);
  assert.equal(ours.work.progress.score, 70);
});

test("is nothing kept in the browser where the LMS only shows the course?", () => {
  const { storage, page } = visit({ opened: { records: false } });
  page("lesson").answer(1);
  assert.equal(storage.items.size, 0);
});

test("does a damaged state cost what is damaged, and never the recorded score?", () => {
  const states = new Map([["lesson", { ...fitting(blank(), PAGES[1].questions), score: 50 }]]);
  const text = encodeCourse({ own: { ...blank(), score: 10, status: "incomplete" }, pages: states }, PAGES);
  for (let length = 0; length < text.length; length += 1) {
    const opened = { state: text.slice(0, length), score: 10 };
    assert.equal(visit({ opened }).store.last.score, 10);
  }
});

test("are statuses and totals told in words?", () => {
  assert.equal(statusText(), "not started");
  assert.equal(statusText({ status: "incomplete", score: null }), "in progress");
  assert.equal(statusText({ status: "passed", score: 87.5 }), "passed, 87.5 of 100");
  assert.equal(statusText({ status: "strange", score: null }), "not started");
  assert.equal(totalText({ done: 1, total: 1, score: null }), "1 of 1 page done");
  assert.equal(totalText({ done: 1, total: 3, score: 40 }), "1 of 3 pages done, score 40 of 100");
});
