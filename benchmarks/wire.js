/**
 * @file Plays a student who answers the first questions of a course, and counts what is sent to the
 * LMS. `node wire.js LAYOUT PAGES QUESTIONS ANSWERED` prints one JSON object, whose numbers are per
 * answered question. QUESTIONS is the number of questions on each page, ANSWERED that of the whole
 * course.
 *
 * The bytes are those of `element=value&`, as Moodle would send what changed since the last commit.
 */

import { Scorm12 } from "../scorm/runtime/lms/scorm12.js";
import { scoringOf } from "../scorm/runtime/work/score.js";
import { CourseWork } from "../scorm/runtime/work/course.js";
import { PageWork } from "../scorm/runtime/work/page.js";
import { FakeHost, FakeLms, FakeStorage, mirrorOf } from "../tests/runtime/fakes.js";

const [LAYOUT, PAGES, QUESTIONS, ANSWERED] = process.argv.slice(2);

const SOON = 1000;
const RIGHT = { fraction: 1, verdict: "correct", picks: ["b"] };
/** @type {import("../scorm/runtime/work/course.js").CourseScoring} */
const SCORING = { ...scoringOf({ scoring: { mastery: 70 } }), weights: "points" };

/** Four choices, and what reports say of them. */
const NAMES = ["A_nap", "Cloud_computing", "Data_distribution.7c1x", "The_subject_is_not_told_in_this_course"];
const SAID = {
  choices: NAMES.map((_, n) => 0x9e3779b1 >>> n),
  told: {
    revision: "k7f2",
    description: "What is the subject of this course, as its author understands it?",
    language: "en",
    choices: NAMES.map((name, n) => ({ id: "abcd"[n], name, text: name })),
  },
};

function makePages(pages, questions) {
  return Array.from({ length: pages }, (_page, page) => ({
    id: `docs.page-${page}`,
    kind: "quiz",
    title: `Page ${page}`,
    href: `docs/page-${page}.html`,
    questions: Array.from({ length: questions }, (_, place) => ({
      label: `question-${String(page).padStart(3, "0")}-${place}`, kind: "single", points: 1, ...SAID,
    })),
  }));
}

/** What an LMS was told since the last look. */
class Meter {
  constructor(lms, all = []) {
    this.lms = lms;
    this.all = all;
  }

  get isFull() {
    return this.all.length === Number(ANSWERED);
  }

  read() {
    const { calls } = this.lms;
    const sent = calls.filter(([method]) => method === "SetValue");
    const bytes = sent.reduce((sum, [, ...words]) => sum + Buffer.byteLength(`${words.join("=")}&`), 0);
    const commits = this.lms.count("Commit");
    this.all.push({ bytes, elements: sent.length, commits });
    this.lms.forget();
  }
}

function answer(page, work, host, meter) {
  for (const question of page.questions) {
    if (meter.isFull) return;
    host.pass(30_000);
    meter.lms.forget();
    work.answer(question, "b", RIGHT, ["b"]);
    host.pass(SOON);
    meter.read();
  }
}

function track(page, store, opened, host) {
  const about = { course: "c", sco: page.id, kind: page.kind, title: page.title, scoring: SCORING };
  const work = new PageWork(about, page.questions, store, mirrorOf(new FakeStorage(), about, "s", host), host);
  work.start(opened);
  host.pass(SOON);
  return work;
}

function multi(pages) {
  const all = [];
  for (const page of pages) {
    const [lms, host] = [new FakeLms(), new FakeHost()];
    const store = new Scorm12(lms.api);
    const meter = new Meter(lms, all);
    if (meter.isFull) break;
    answer(page, track(page, store, store.open(), host), host, meter);
  }
  return all;
}

function single(pages) {
  const [lms, host] = [new FakeLms(), new FakeHost()];
  const store = new Scorm12(lms.api);
  const mirror = mirrorOf(new FakeStorage(), { course: "c", sco: "course" }, "s", host);
  const course = new CourseWork(pages, SCORING, store, mirror, host);
  course.start(store.open());
  const meter = new Meter(lms);
  for (const page of pages) {
    if (meter.isFull) break;
    const place = course.storeFor(page.id);
    answer(page, track(page, place, place.open(), host), host, meter);
  }
  return meter.all;
}

function summary(all) {
  const of = (name) => all.map((it) => it[name]);
  const mean = (numbers) => numbers.reduce((sum, it) => sum + it, 0) / numbers.length;
  const names = ["bytes", "elements", "commits"];
  const entries = names.map((name) => [name, { mean: mean(of(name)), most: Math.max(...of(name)) }]);
  return { answers: all.length, ...Object.fromEntries(entries) };
}

const course = makePages(Number(PAGES), Number(QUESTIONS));
process.stdout.write(JSON.stringify(summary({ multi, single }[LAYOUT](course))));
