/** @file The quiet note that tells the student where the work is kept, and how far it is. */

import { decimal } from "./values.js";

/** @typedef {"lms"|"browser"|"foreign"|"refused"|"nowhere"} Place */

const WHERE = {
  lms: "Your work is recorded in your learning platform.",
  browser:
    "Your progress is kept in this browser only; it is not being recorded in a learning platform.",
  foreign:
    "This page was opened from inside another page of the course. Your progress is kept in this " +
    "browser only; to have it recorded, open this page from the contents of your learning " +
    "platform.",
  refused:
    "Your learning platform is not recording this page. Your progress is kept in this browser " +
    "only; close this page and open it again from the contents of your learning platform.",
  nowhere: "Your progress is not being kept: this browser does not allow pages to store data.",
};

const FAILED = {
  lms:
    "Your latest work could not be recorded. Keep this page open: it will be tried again. " +
    "If this stays, check your connection and log in to your learning platform again.",
  other: "Your latest work could not be kept in this browser.",
};

/**
 * Where the work is kept, in a sentence.
 *
 * @param {Place} place
 * @param {boolean} kept did the last save succeed?
 */
export function whereText(place, kept) {
  if (kept || place === "nowhere") return WHERE[place];
  return FAILED[place] ?? FAILED.other;
}

/**
 * How far the student is; "" where there is nothing to tell.
 *
 * @param {import("./tracking.js").Progress} progress
 */
export function progressText({ answered, questions, score, status }) {
  const parts = [];
  if (questions > 0) parts.push(`Questions answered: ${answered} of ${questions}.`);
  if (score !== null) parts.push(`Score: ${decimal(score)} of 100.`);
  const words = { completed: "Completed.", passed: "Passed.", failed: "Not passed yet." };
  return [...parts, words[status] ?? ""].join(" ").trim();
}

/**
 * Puts the note at the end of `parent`; returns how to bring it up to date. A change of where
 * the work is kept is announced, progress is not: the question's own result was just read out.
 *
 * @param {Element} parent
 * @param {Place} place
 */
export function addNote(parent, place) {
  const note = parent.ownerDocument.createElement("p");
  note.className = "scorm-note";
  note.dataset.place = place;
  const [where, progress] = ["scorm-note-where", "scorm-note-progress"].map((name) => {
    const span = parent.ownerDocument.createElement("span");
    span.className = name;
    return span;
  });
  where.setAttribute("role", "status");
  note.append(where, " ", progress);
  parent.append(note);
  return (/** @type {import("./tracking.js").Progress} */ now) => {
    const text = whereText(place, now.kept);
    if (where.textContent !== text) where.textContent = text;
    progress.textContent = progressText(now);
    note.dataset.kept = String(now.kept);
  };
}
