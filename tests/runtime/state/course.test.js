import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeCourse, encodeCourse } from "../../../scorm/runtime/state/course.js";
import { blank } from "../../../scorm/runtime/state/page.js";
import { coursePages, randomFrom, stateOn, told, toldOf } from "../generate.js";

const OWN = { ...blank(), status: "incomplete", score: 71.23, interactions: 812, position: "docs.quiz" };

/** The work of a student on all of the pages. */
function workOn(pages, seed, options) {
  const random = randomFrom(seed);
  const states = pages.map(({ id, questions }) => [id, stateOn(random, questions, { ...options, counted: false })]);
  return { own: OWN, pages: new Map(states) };
}

const answersIn = ({ pages }) => [...pages.values()].flatMap(({ answers }) => [...answers.values()]);

test("do 500 answered questions and 200 completed pages fit 4,096 characters, responses too?", () => {
  const pages = coursePages(200, 500);
  for (const kinds of [["pick"], ["pick", "pick", "picks"], ["picks"]]) {
    for (let seed = 0; seed < 5; seed += 1) {
      const work = workOn(pages, seed, { kinds, done: true });
      const text = encodeCourse(work, pages);
      assert.ok(text.length <= 4096);
      assert.deepEqual(toldOf(decodeCourse(text, pages)), toldOf(work), `seed ${seed}, ${kinds}`);
    }
  }
});

test("is the page worked on last also the last when all is read again?", () => {
  const pages = coursePages(5, 10);
  const work = workOn(pages, 1);
  const first = work.pages.get(pages[0].id);
  work.pages.delete(pages[0].id);
  work.pages.set(pages[0].id, first);
  const found = decodeCourse(encodeCourse(work, pages), pages);
  assert.equal([...found.pages.keys()].at(-1), pages[0].id);
});

test("do thousands of courses come back whole?", () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const random = randomFrom(seed);
    const pages = coursePages(1 + random.upTo(6), random.upTo(12));
    const work = workOn(pages, seed);
    assert.deepEqual(toldOf(decodeCourse(encodeCourse(work, pages), pages)), toldOf(work), `seed ${seed}`);
  }
});

test("do typed answers stay while there is room, then only what they were worth?", () => {
  const small = coursePages(10, 40);
  const work = workOn(small, 1, { kinds: ["typed"], done: true });
  assert.deepEqual(toldOf(decodeCourse(encodeCourse(work, small), small)), toldOf(work));

  const pages = coursePages(200, 500);
  const large = workOn(pages, 1, { kinds: ["typed", "pick"], done: true });
  const found = answersIn(decodeCourse(encodeCourse(large, pages), pages));
  const worth = ({ points, tries }) => [points, tries];
  assert.deepEqual(found.map(worth), answersIn(large).map(worth));
  const lost = found.filter(({ picks, response }) => !picks && response === "").length;
  assert.ok(lost > 0 && lost < 300, `${lost} responses were lost`);
});

test("does work stay with its page when pages and questions come, go and move?", () => {
  const pages = coursePages(200, 500);
  const work = workOn(pages, 3, { kinds: ["pick"], done: true });
  const text = encodeCourse(work, pages);
  const added = coursePages(30, 60, "docs.new.page");
  const moved = pages
    .filter((_, n) => n % 7 !== 0)
    .map(({ id, questions }) => ({
      id,
      questions: [{ label: "another", points: 1 }, ...questions.slice(1).reverse()],
    }))
    .reverse();
  const found = decodeCourse(text, [...added, ...moved]);
  assert.equal(found.pages.size, moved.length);
  let lost = 0;
  for (const { id, questions } of moved) {
    const { answers, status } = told(found.pages.get(id));
    const before = told(work.pages.get(id));
    assert.equal(status, before.status);
    for (const [label, answer] of answers) assert.deepEqual(answer, before.answers.get(label));
    for (const { label } of questions.slice(1)) lost += Number(!answers.has(label));
  }
  assert.ok(lost <= 1, `${lost} answers were lost to newcomers of the same key`);
});

test("does a cut at any length keep the pages before it, unchanged?", () => {
  const pages = coursePages(60, 120);
  const work = workOn(pages, 4, { kinds: ["pick", "typed"], done: true });
  const text = encodeCourse(work, pages);
  const given = toldOf(work).pages;
  let least = 0;
  for (let length = 0; length <= text.length; length += 1) {
    const found = decodeCourse(text.slice(0, length), pages);
    const whole = [...found.pages].filter(([, { status }]) => status !== "");
    assert.ok(whole.length >= least, `cut to ${length}`);
    least = whole.length;
    for (const [id, state] of found.pages) {
      for (const [label, answer] of told(state).answers) {
        assert.deepEqual(answer, given.get(id).answers.get(label), `cut to ${length}`);
      }
    }
  }
  assert.equal(least, 60);
});

test("does a course too large for any text keep its score, its status and the latest pages?", () => {
  const pages = coursePages(1500, 3000);
  const work = workOn(pages, 5, { done: true });
  const text = encodeCourse(work, pages);
  assert.ok(text.length <= 4096);
  const found = decodeCourse(text, pages);
  assert.deepEqual([found.own.status, found.own.score], ["incomplete", 71.23]);
  assert.ok(found.pages.size > 300 && found.pages.has(pages.at(-1).id));
});

test("is the state of a page, or an older one, a clean start for a course?", () => {
  for (const text of ["", "1.x.{}", "3.AAAA", "2.AAAAAAAA"]) {
    assert.deepEqual(decodeCourse(text, coursePages(2, 2)), { own: blank(), pages: new Map() });
  }
});
