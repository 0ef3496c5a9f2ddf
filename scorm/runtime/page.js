/** @file Runs on every tracked text page, notebook and quiz. */

import { fnv1a } from "./lib/hash.js";
import { launch } from "./launch.js";
import { readPage } from "./view/facts.js";
import { returnLink } from "./view/links.js";
import { addNote, addWarnings } from "./view/note.js";
import { distanceTo, positionAt } from "./view/position.js";
import { Question } from "./view/question.js";

/** The end counts as read when it was in sight this long (milliseconds). */
const READ = 1000;

/** Scrolling has ended after this long (milliseconds). */
const STILL = 200;

/** How far down the window a reader's eyes are assumed to be, as a fraction of its height. */
const EYES = 0.3;

const page = readPage(document);
if (page) await run(page);

/** @param {import("./work/page.js").Page} page */
async function run(page) {
  const questions = findQuestions();
  const { returnUrl, work, seed, start } = await launch(page, questions, window);
  for (const question of questions) question.shuffle(seed);
  tellKey(`${page.course}\n${page.sco}\n${seed}`);
  const parent = document.querySelector(".scorm-page-header") ?? document.body;
  const restore = (/** @type {Question} */ question) =>
    question.restore(work.attemptsAt(question.label));
  work.onRestore((labels) => {
    questions.filter(({ label }) => labels.includes(label)).forEach(restore);
  });
  /** The form of the question that was answered last. @type {HTMLFormElement|null} */
  let latest = null;
  work.visit.onChange(addWarnings(questions.map(({ form }) => form), () => latest));
  work.visit.onChange(addNote(parent, (isWanted) => work.visit.decideEarlier(isWanted)));
  let leave = () => {};
  start(() => leave());
  for (const question of questions) {
    const { label } = question;
    const outcome = question.gradeOfKept(work.attemptsAt(label));
    if (outcome) work.regrade(question, outcome);
    restore(question);
    question.enable(
      (response, grade) => {
        latest = question.form;
        work.answer(question, response, grade, question.correct);
        return work.attemptsAt(label);
      },
      () => {
        work.showSolution(label);
        return work.attemptsAt(label);
      },
    );
  }
  leave = followPosition(work);
  watchEnd(() => work.readToEnd());
  if (returnUrl) document.getElementById("scorm-end")?.before(returnLink(document, returnUrl));
}

/**
 * Tells other scripts of the page a key of this student's, which says nothing of the student, under
 * which they may keep things in this browser.
 */
function tellKey(/** @type {string} */ owner) {
  document.documentElement.dataset.scormKey = fnv1a(owner).toString(36);
  document.dispatchEvent(new Event("scorm-key"));
}

/** The page's questions. One that cannot be read is left out, and its form tells the student. */
function findQuestions() {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form.scorm-question");
  return [...forms].flatMap((form) => {
    try {
      return [new Question(form)];
    } catch {
      const words = "This question cannot be shown completely; please tell your instructor.";
      form.querySelector(".scorm-question-result")?.append(words);
      return [];
    }
  });
}

/**
 * Brings a student who left part-way back to the place, then notes where the student is.
 *
 * @param {import("./work/page.js").PageWork} work
 * @returns {() => void} to be called before the page is left: a student who scrolls and leaves at once
 *   was there, too
 */
function followPosition(work) {
  const eyes = () => window.innerHeight * EYES;
  const position = work.returnTo;
  if (position && !window.location.hash) {
    whenLoaded(() => {
      const top = distanceTo(sections(), position, eyes());
      window.scrollBy({ top, behavior: "instant" });
    });
  }
  /** @type {number|undefined} */
  let timer;
  const note = () => {
    timer = undefined;
    work.moved(window.scrollY > 0 ? positionAt(sections(), eyes()) : "");
  };
  const settle = () => {
    clearTimeout(timer);
    timer = window.setTimeout(note, STILL);
  };
  window.addEventListener("scroll", settle, { passive: true });
  return () => {
    if (timer === undefined || window.innerHeight === 0) return;
    clearTimeout(timer);
    note();
  };
}

/** Waits for the images, which move the text when they arrive. @param {() => void} action */
function whenLoaded(action) {
  if (document.readyState === "complete") action();
  else window.addEventListener("load", action, { once: true });
}

function sections() {
  return [...document.querySelectorAll("section[id]")].map((section) => {
    const { top, height } = section.getBoundingClientRect();
    return { id: section.id, top, height };
  });
}

/** Calls `read` once the end of the page was in sight for a while. @param {() => void} read */
function watchEnd(read) {
  const end = document.getElementById("scorm-end");
  if (!end) return;
  /** @type {number|undefined} */
  let timer;
  const observer = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (!entry.isIntersecting) return;
    timer = window.setTimeout(() => {
      observer.disconnect();
      read();
    }, READ);
  });
  observer.observe(end);
}
