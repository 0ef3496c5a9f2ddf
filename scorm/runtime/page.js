/** @file Runs on every tracked text page, notebook and quiz. */

import { launch } from "./launch.js";
import { readPage } from "./view/facts.js";
import { returnLink } from "./view/links.js";
import { addNote } from "./view/note.js";
import { distanceTo, positionAt } from "./view/position.js";
import { Question } from "./view/question.js";

/** The end counts as read when it was in sight this long (milliseconds). */
const READ = 1000;

/** Scrolling has ended after this long (milliseconds). */
const STILL = 200;

/** The line of the window at which a reader's eyes are taken to be. */
const EYES = 0.3;

const page = readPage(document);
if (page) await run(page);

async function run(page) {
  const questions = findQuestions();
  const { place, returnUrl, tracking, start } = await launch(page, questions, window);
  const parent = document.querySelector(".scorm-page-header") ?? document.body;
  const restore = () => {
    for (const question of questions) question.restore(tracking.standing(question.label));
  };
  tracking.onChange(addNote(parent, place, (isWanted) => {
    tracking.decideEarlier(isWanted);
    restore();
  }));
  start();
  restore();
  for (const question of questions) {
    question.enable((response, grade) => {
      tracking.answer(question, response, grade, question.correct);
      return tracking.standing(question.label);
    });
  }
  followPosition(tracking);
  watchEnd(() => tracking.readToEnd());
  if (returnUrl) document.getElementById("scorm-end")?.before(returnLink(document, returnUrl));
}

/** The page's questions; one that cannot be read is left out, and says so. */
function findQuestions() {
  return [...document.querySelectorAll("form.scorm-question")].flatMap((form) => {
    try {
      return [new Question(form)];
    } catch {
      form.querySelector(".scorm-question-result").textContent =
        "This question cannot be shown completely; please tell your instructor.";
      return [];
    }
  });
}

/** Brings a student who left part-way back to the place, then notes where the student is. */
function followPosition(tracking) {
  const eyes = () => window.innerHeight * EYES;
  const position = tracking.returnTo;
  if (position && !window.location.hash) {
    whenLoaded(() => {
      const top = distanceTo(sections(), position, eyes());
      window.scrollBy({ top, behavior: "instant" });
    });
  }
  let timer;
  const note = () => tracking.moved(window.scrollY > 0 ? positionAt(sections(), eyes()) : "");
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(note, STILL);
  };
  window.addEventListener("scroll", settle, { passive: true });
}

/** Images push the text down until they are there. */
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

/** Calls `read` once the end of the page was in sight for a while. */
function watchEnd(read) {
  const end = document.getElementById("scorm-end");
  if (!end) return;
  let timer;
  const observer = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (!entry.isIntersecting) return;
    timer = setTimeout(() => {
      observer.disconnect();
      read();
    }, READ);
  });
  observer.observe(end);
}
