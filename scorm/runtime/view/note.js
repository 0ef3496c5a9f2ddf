/** @file The quiet note that tells the student where the work is kept, and how far it is. */

import { decimal } from "../lib/values.js";

/** @typedef {"lms"|"preview"|"browser"|"foreign"|"refused"|"over"|"silent"|"nowhere"} Place */

const WHERE = {
  lms: "Your work is recorded in your learning platform.",
  preview:
    "Your learning platform shows this page as a preview: your answers are not being recorded.",
  browser:
    "Your progress is kept in this browser only; it is not being recorded in a learning platform.",
  foreign:
    "This page was opened from inside another page of the course. Your progress is kept in this " +
    "browser only; to have it recorded, open this page from the contents of your learning " +
    "platform.",
  refused:
    "Your learning platform is not recording this page. Your progress is kept in this browser " +
    "only; close this page and open it again from the contents of your learning platform.",
  over:
    "Your learning platform is not recording this page any more. Your work is kept in this " +
    "browser, and will be sent when you next open this page here from your learning platform.",
  silent:
    "Your learning platform did not answer when this page was opened. Your work is kept in this " +
    "browser, and will be sent when you next open this page here from your learning platform.",
  nowhere: "Your progress is not being kept: this browser does not allow pages to store data.",
};

/** When a save has failed: with a copy in this browser, without one, and where there is no LMS. */
const FAILED = {
  copied:
    "Your latest work is not recorded yet. It is kept in this browser, will be tried again, and " +
    "will be sent when you next open this page here. If this stays, check your connection and " +
    "log in to your learning platform again.",
  lms:
    "Your latest work could not be recorded. Keep this page open: it will be tried again. " +
    "If this stays, check your connection and log in to your learning platform again.",
  other: "Your latest work could not be kept in this browser.",
};

/** When the LMS has refused a report for good, so that trying again is no use. */
const REFUSED =
  "Your learning platform has refused a part of what this page reported. Your answers and your " +
  "score are kept; please tell your instructor, as your result may not show there.";

/**
 * Where the work is kept, in a sentence.
 *
 * @param {Place} place
 * @param {{kept: boolean, copied: boolean, refused: boolean}} progress
 */
export function whereText(place, { kept, copied, refused }) {
  if (place === "over" || place === "silent") return copied ? WHERE[place] : WHERE.nowhere;
  if (kept && refused) return REFUSED;
  if (kept || place === "nowhere" || place === "preview") return WHERE[place];
  if (place !== "lms") return FAILED.other;
  return copied ? FAILED.copied : FAILED.lms;
}

/**
 * How far the student is; "" where there is nothing to tell.
 *
 * @param {import("../work/page.js").Progress} progress
 */
export function progressText({ answered, questions, score, status }) {
  const parts = [];
  if (questions > 0) parts.push(`Questions answered: ${answered} of ${questions}.`);
  if (score !== null) parts.push(`Score: ${decimal(score)} of 100.`);
  const words = { completed: "Completed.", passed: "Passed.", failed: "Not passed yet." };
  return [...parts, words[status] ?? ""].join(" ").trim();
}

/**
 * Puts the note at the end of `parent`, and returns the function that brings it up to date. A
 * screen reader announces where the work is kept whenever that changes. It does not announce
 * progress, as it has just read out the result of the question.
 *
 * @param {Element} parent
 * @param {Place} place
 * @param {(isWanted: boolean) => void} decide told what the student wants done with work that
 *   may be of another attempt
 */
export function addNote(parent, place, decide) {
  const note = element(parent, "p", "scorm-note");
  note.dataset.place = place;
  const where = element(note, "span", "scorm-note-where");
  const progress = element(note, "span", "scorm-note-progress");
  where.setAttribute("role", "status");
  where.after(" ");
  /** @type {HTMLElement|null} */
  let question = null;
  return (/** @type {import("../work/page.js").Progress} */ now) => {
    const text = whereText(place, now);
    if (!now.copying && where.textContent !== text) where.textContent = text;
    progress.textContent = progressText(now);
    note.dataset.kept = String(now.kept && !now.refused);
    if (now.earlier) question ??= askAboutEarlier(parent, decide);
    else {
      question?.remove();
      question = null;
    }
  };
}

/** Asks whether work that is only in this browser belongs to this attempt. */
function askAboutEarlier(parent, decide) {
  const question = element(parent, "div", "scorm-earlier");
  question.setAttribute("role", "status");
  element(question, "p", "").textContent =
    "This browser holds earlier work of yours on this page, and your learning platform has none: " +
    "either it was lost on the way, or this is a new attempt.";
  for (const [words, isWanted] of [["Use my earlier work", true], ["Start afresh", false]]) {
    const button = element(question, "button", "");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => decide(isWanted));
  }
  return question;
}

function element(parent, name, className) {
  const child = parent.ownerDocument.createElement(name);
  if (className) child.className = className;
  parent.append(child);
  return child;
}
