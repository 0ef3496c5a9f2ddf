import assert from "node:assert/strict";
import { test } from "node:test";

import { Cmi5 } from "../../../scorm/runtime/lms/cmi5.js";
import { launchOf } from "../../../scorm/runtime/lms/cmi5-launch.js";
import { Scorm12 } from "../../../scorm/runtime/lms/scorm12.js";
import { Scorm2004 } from "../../../scorm/runtime/lms/scorm2004.js";
import { fnv1a } from "../../../scorm/runtime/lib/hash.js";
import { grade } from "../../../scorm/runtime/view/grade.js";
import { CourseWork } from "../../../scorm/runtime/work/course.js";
import { blank } from "../../../scorm/runtime/state/page.js";
import { covers, merge } from "../../../scorm/runtime/work/merge.js";
import { PageWork } from "../../../scorm/runtime/work/page.js";
import { scoringOf } from "../../../scorm/runtime/work/score.js";
import { FakeHost, FakeLms, FakeStorage, fakeWindow, mirrorOf } from "../fakes.js";
import { randomFrom } from "../generate.js";

/** @type {import("../../../scorm/runtime/work/page.js").Page} */
const PAGE = { course: "c", sco: "quiz", kind: "lesson", title: "Quiz", scoring: { mastery: 70 } };
const SOON = 50;
const LETTERS = [..."abcdefgh"];

/** A question as its page has it, with what its choices say; the right ones begin with "right". */
function ask(/** @type {string} */ label, /** @type {string[]} */ texts, kind = "single", points = 1) {
  const keyOf = (/** @type {string} */ text) => Math.imul(fnv1a(`${text}\n${label}`), 0x9e3779b1) >>> 0;
  const choices = texts.map((value, n) => ({
    id: LETTERS[n], key: keyOf(value), value, correct: value.startsWith("right"), feedback: "",
    name: value.replaceAll(" ", "_"),
  }));
  const told = {
    revision: "k7f2", description: `What of ${label}?`, language: "en",
    choices: choices.map(({ id, name, value: text }) => ({ id, name, text })),
  };
  const it = { label, kind, points, choices: choices.map(({ key }) => key), told };
  return /** @type {any} */ ({ ...it, texts, answers: { choices, explanation: "" } });
}

/** An LRS that keeps documents and takes every statement. */
class Lrs {
  documents = new Map([["LMS.LaunchData", JSON.stringify({ launchMode: "Normal" })]]);
  statements = [];
  fetch = async (/** @type {string} */ address, /** @type {any} */ { method, body }) => {
    const url = new URL(address);
    if (url.pathname.startsWith("/fetch")) return Response.json({ "auth-token": "t" });
    if (method === "POST") this.statements.push(...JSON.parse(body));
    if (url.pathname.endsWith("statements")) return Response.json(method === "POST" ? [] : { statements: [] });
    const name = url.searchParams.get("stateId") ?? "";
    if (method === "PUT") this.documents.set(name, body);
    if (method === "PUT") return new Response(null, { status: 204 });
    if (name === "") return Response.json([...this.documents.keys()]);
    const text = this.documents.get(name);
    return text ? new Response(text) : Response.json({}, { status: 404 });
  };
}

const SEARCH = new URLSearchParams({
  endpoint: "https://lrs.example/xapi", fetch: "https://lms.example/fetch/1", registration: "r-1",
  activityId: "https://lms.example/a/1",
  actor: JSON.stringify({ account: { homePage: "https://x.example", name: "s1" } }),
});

/** What keeps the work of each format, and a store of a new visit to it. */
const FORMATS = {
  scorm12() {
    const lms = new FakeLms();
    return () => new Scorm12(lms.api);
  },
  scorm2004() {
    const lms = new FakeLms({}, "");
    return () => new Scorm2004(lms.api);
  },
  cmi5() {
    const lrs = new Lrs();
    const launch = /** @type {any} */ (launchOf(`?${SEARCH}`));
    return () => new Cmi5(launch, fakeWindow({ fetch: lrs.fetch }));
  },
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A visit to the page, in a package of this layout, by a student whose browser forgets all. */
async function visit(store, layout, questions, scoring = {}) {
  const host = new FakeHost();
  const mirrorFor = (/** @type {any} */ sco) => mirrorOf(new FakeStorage(), sco, "s1", host);
  const opened = /** @type {any} */ (await store.open());
  const about = { ...PAGE, scoring: { ...PAGE.scoring, ...scoring } };
  let [inner, open, leave] = [store, opened, () => {}];
  if (layout === "single") {
    const counted = questions.map(({ label, points, kind }) => ({ label, points, kind }));
    const page = { id: PAGE.sco, title: "Quiz", href: "q.html", kind: PAGE.kind, questions: counted };
    const mirror = mirrorFor({ course: "c", sco: "course" });
    const course = new CourseWork([page], { ...scoringOf(about), weights: "points" }, store, mirror, host);
    course.start(opened);
    inner = course.storeFor(PAGE.sco);
    open = await inner.open();
    leave = () => course.visit.left(false);
  }
  const work = new PageWork(about, questions, inner, mirrorFor(PAGE), host);
  work.start(open);
  for (const question of questions) {
    const { isChanged, response } = work.attemptsAt(question.label);
    const outcome = isChanged ? null : grade(question.kind, question.answers, response);
    if (outcome) work.regrade(question, outcome);
  }
  const pass = async () => {
    host.pass(SOON);
    for (let n = 0; n < 20; n += 1) await settled();
  };
  await pass();
  return {
    work,
    async answer(question, ...texts) {
      const response = texts.map((text) => LETTERS[question.texts.indexOf(text)]).sort().join(",");
      const right = question.answers.choices.filter(({ correct }) => correct).map(({ id }) => id);
      const mark = /** @type {any} */ (grade(question.kind, question.answers, response));
      work.answer(question, response, mark, [right.join(",")]);
      await pass();
    },
    /** What the page shows as picked, in words; null where it says that the question was changed. */
    seen(question) {
      const { isChanged, response } = work.attemptsAt(question.label);
      return isChanged ? null : response.split(",").map((it) => question.texts[LETTERS.indexOf(it)]).sort();
    },
    async leave() {
      work.visit.left(false);
      await pass();
      leave();
      await pass();
    },
  };
}

const BEFORE = ["Cloud computing", "right: data distribution", "a nap", "right too: many machines"];
const REBUILDS = {
  reordered: ["a nap", "right: data distribution", "right too: many machines", "Cloud computing"],
  "with a choice more": ["new", ...BEFORE],
  "with a choice fewer": BEFORE.filter((text) => text !== "right too: many machines"),
  "with a reworded choice": BEFORE.map((text) => text.replace("a nap", "a short nap")),
  "with a replaced choice": BEFORE.map((text) => text.replace("Cloud computing", "Grid computing")),
};

for (const format of /** @type {(keyof typeof FORMATS)[]} */ (Object.keys(FORMATS))) {
  for (const layout of ["multi", "single"]) {
    test(`does an answer stay what was picked, or is it said to be unknown, in ${format}, ${layout}?`, async () => {
      for (const [what, after] of Object.entries(REBUILDS)) {
        const reopen = FORMATS[format]();
        const one = ask("one", BEFORE.slice(0, 3));
        const several = ask("several", BEFORE, "multiple");
        const first = await visit(reopen(), layout, [one, several]);
        await first.answer(one, "a nap");
        await first.answer(several, "Cloud computing", "right: data distribution", "right too: many machines");
        const [scoreBefore, pointsBefore] = [first.work.progress.score, first.work.attemptsAt("several").points];
        await first.leave();
        const now = [ask("one", after.slice(0, 4)), ask("several", after, "multiple")];
        const second = await visit(reopen(), layout, now);
        const picked = [["a nap"], ["Cloud computing", "right too: many machines", "right: data distribution"]];
        for (const [n, question] of now.entries()) {
          const isThere = picked[n].every((text) => question.texts.includes(text));
          assert.deepEqual(second.seen(question), isThere ? picked[n] : null, `${what}: ${question.label}`);
          assert.equal(second.work.progress.answered, 2, what);
        }
        const { points, isChanged } = second.work.attemptsAt("several");
        assert.ok(Number(points) >= Number(pointsBefore) - 0.001, `${what}: ${points} points`);
        assert.ok(Number(second.work.progress.score) >= Number(scoreBefore), `${what}: the score fell`);
        if (isChanged) await second.answer(now[1], "right: data distribution");
        await second.leave();
        const third = await visit(reopen(), layout, now);
        if (isChanged) assert.deepEqual(third.seen(now[1]), ["right: data distribution"], what);
      }
    });
  }
}

/** Visits of one student in SCORM 1.2 under a scoring policy. */
function studentOf(scoring = {}) {
  const lms = new FakeLms();
  return { lms, visit: (questions) => visit(new Scorm12(lms.api), "multi", questions, scoring) };
}

test("do points rise when a key is corrected, and does no correction lower them?", async () => {
  const { lms, visit: come } = studentOf();
  const wrong = ask("q", ["right: a", "b"]);
  const first = await come([wrong]);
  await first.answer(wrong, "b");
  assert.equal(lms.elements["cmi.core.score.raw"], "0");
  await first.leave();
  const choices = wrong.answers.choices.map((it) => ({ ...it, correct: !it.correct }));
  const corrected = { ...wrong, answers: { ...wrong.answers, choices } };
  const second = await come([corrected]);
  assert.deepEqual([second.seen(corrected), lms.elements["cmi.core.score.raw"]], [["b"], "100"]);
  await second.leave();
  const third = await come([wrong]);
  assert.deepEqual([third.work.attemptsAt("q").points, lms.elements["cmi.core.score.raw"]], [1, "100"]);
});

test("does a change of a question's points never make a score above 100?", async () => {
  const { lms, visit: come } = studentOf();
  const dear = ask("q", ["right", "b"], "single", 4);
  const first = await come([dear, ask("other", ["right", "b"])]);
  await first.answer(dear, "right");
  await first.leave();
  const second = await come([ask("q", ["right", "b"], "single", 1)]);
  assert.deepEqual([second.work.attemptsAt("q").points, lms.elements["cmi.core.score.raw"]], [1, "100"]);
});

test("is a solution that was shown shown for good, and its points final, in each window?", async () => {
  const { visit: come } = studentOf();
  const question = ask("q", ["right", "b", "c"]);
  const first = await come([question]);
  await first.answer(question, "b");
  assert.equal(first.work.attemptsAt("q").shows(false).offer, true);
  first.work.showSolution("q");
  const shows = first.work.attemptsAt("q").shows(false);
  assert.deepEqual([shows.solution, shows.explanation, shows.offer], [true, true, false]);
  await first.leave();
  const second = await come([question]);
  assert.equal(second.work.attemptsAt("q").isSettled, true);
  await second.answer(question, "right");
  assert.equal(second.work.attemptsAt("q").points, 0);
});

test("may a question that was changed be answered again, even after the last attempt?", async () => {
  const { visit: come } = studentOf({ attempts: 1 });
  const question = ask("q", ["right", "b"]);
  const first = await come([question]);
  await first.answer(question, "b");
  assert.equal(first.work.attemptsAt("q").left, 0);
  await first.leave();
  const changed = ask("q", ["right", "another"]);
  const second = await come([changed]);
  assert.deepEqual([second.seen(changed), second.work.attemptsAt("q").left], [null, 1]);
  await second.answer(changed, "right");
  assert.deepEqual([second.work.attemptsAt("q").points, second.work.attemptsAt("q").left], [1, 0]);
});

test("does a later try bring less where the course says so, and never lower what was reached?", async () => {
  const { visit: come } = studentOf({ penalty: 0.25 });
  const question = ask("q", ["right", "b", "c"], "single", 4);
  const first = await come([question]);
  await first.answer(question, "b");
  assert.equal(first.work.attemptsAt("q").nextShare, 0.75);
  await first.answer(question, "right");
  assert.equal(first.work.attemptsAt("q").points, 3);
  await first.leave();
  const second = await come([question]);
  assert.equal(second.work.attemptsAt("q").points, 3);
});

test("do several edits between several visits never turn an answer into another?", async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const random = randomFrom(seed);
    const { visit: come } = studentOf();
    let texts = ["right: data", "Cloud computing", "a nap", "a file"];
    let picked = null;
    let best = 0;
    for (let turn = 0; turn < 6; turn += 1) {
      const kind = random.one(["single", "multiple"]);
      const question = ask("q", texts, kind);
      const visitNow = await come([question]);
      const seen = visitNow.seen(question);
      if (picked && seen) assert.deepEqual(seen, picked, `seed ${seed}, turn ${turn}`);
      if (picked && !seen) {
        assert.ok(picked.some((it) => !texts.includes(it)) || (kind === "single" && picked.length > 1));
      }
      const score = Number(visitNow.work.progress.score ?? 0);
      assert.ok(score >= best, `seed ${seed}, turn ${turn}: ${score} after ${best}`);
      best = score;
      if (random.chance(0.6)) {
        picked = kind === "single" ? [random.one(texts)] : texts.filter(() => random.chance(0.5));
        if (picked.length === 0) picked = [texts[0]];
        picked.sort();
        await visitNow.answer(question, ...picked);
        best = Number(visitNow.work.progress.score ?? 0);
      }
      await visitNow.leave();
      const at = random.upTo(texts.length - 1);
      const edits = [
        () => [...texts].reverse(),
        () => [...texts.slice(at), ...texts.slice(0, at)],
        () => [...texts.slice(0, at), `new ${turn}`, ...texts.slice(at)],
        () => texts.map((text, n) => (n === at && !text.startsWith("right") ? `${text}!` : text)),
        () => texts.filter((text, n) => n !== at || text.startsWith("right") || texts.length < 4),
      ];
      texts = random.one(edits)().slice(0, 8);
      if (!texts.some((it) => it.startsWith("right"))) texts[0] = "right: data";
    }
  }
});

test("is a solution that was shown in one of two windows shown in what they make together?", () => {
  const account = (/** @type {number} */ tries, /** @type {boolean} */ isSettled) =>
    ({ ...blank(), answers: new Map([["q", { response: "a", points: 0, tries, settled: isSettled }]]) });
  for (const [ours, theirs] of [[account(2, true), account(3, false)], [account(3, false), account(2, true)]]) {
    assert.equal(merge(ours, theirs, "best").answers.get("q")?.settled, true);
  }
  assert.equal(covers(account(1, false), account(1, true)), false);
  assert.equal(covers(account(1, true), account(1, false)), true);
});
