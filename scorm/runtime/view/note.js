/** @file The quiet note that tells the student where the work is kept, and how far it is. */

import { decimal } from "../lib/values.js";

/** @typedef {import("../work/page.js").Progress} Progress */
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
  over:
    "Your learning platform is not recording this page any more. Your work is kept in this " +
    "browser, and will be sent when you next open this page here from your learning platform.",
  silent:
    "Your learning platform did not answer when this page was opened. Your work is kept in this " +
    "browser, and will be sent when you next open this page here from your learning platform.",
  nowhere: "Your progress is not being kept: this browser does not allow pages to store data.",
};

/** Where the LMS does not record, and the browser does not keep the work for sure either. */
const UNSAFE = {
  foreign:
    "This page was opened from inside another page of the course, and your progress is not being " +
    "kept. To have it recorded, open this page from the contents of your learning platform.",
  refused:
    "Your learning platform is not recording this page. Your answers are lost when you close it. " +
    "Keep it open: recording will be tried again. If this stays, close the page and open it again " +
    "from the contents of your learning platform.",
  over:
    "Your learning platform is not recording this page any more, and this browser does not keep " +
    "your work safely. Open this page again from your learning platform.",
  silent:
    "Your learning platform did not answer when this page was opened, and this browser does not " +
    "keep your work safely. Open this page again from your learning platform.",
};

/** When nobody can say yet that the LMS has what it was sent; with a safe copy, and without. */
const UNCONFIRMED = {
  copied:
    "Your latest work was sent to your learning platform, which has not confirmed it yet. It is " +
    "kept in this browser until your learning platform shows it.",
  alone: "Your latest work was sent to your learning platform, which has not confirmed it yet.",
};

/** When a save has failed: with a safe copy in this browser, without one, and without an LMS. */
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

/** @typedef {Pick<import("../work/page.js").Progress, "place"|"kept"|"confirmed"|"copied"|"refused">} Kept */

/**
 * Where the work is kept, in a sentence.
 *
 * @param {Kept} progress
 */
export function whereText(progress) {
  return warningText(progress) || calmText(progress);
}

/** @param {Kept} progress */
function calmText({ place, confirmed, copied }) {
  if (place === "lms" && !confirmed) return copied ? UNCONFIRMED.copied : UNCONFIRMED.alone;
  return WHERE[place];
}

/**
 * What the student must know because the work is not where it should be; "" where all is well.
 *
 * @param {Kept} progress
 */
export function warningText({ place, kept, copied, refused }) {
  if (place === "over" || place === "silent") return copied ? WHERE[place] : UNSAFE[place];
  if (place === "refused" || (place === "foreign" && !kept)) return UNSAFE[place];
  if (place === "foreign" || place === "nowhere") return WHERE[place];
  if (kept && refused) return REFUSED;
  if (kept || place === "preview") return "";
  if (place === "browser") return FAILED.other;
  return copied ? FAILED.copied : FAILED.lms;
}

/**
 * How far the student is; "" where there is nothing to tell.
 *
 * @param {Progress} progress
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
 * screen reader announces where the work is kept whenever that changes, unless it is told at a
 * question (addWarnings). It does not announce progress, as it has just read out the result of the
 * question.
 *
 * @param {Element} parent
 * @param {(isWanted: boolean) => void} decide told what the student wants done with work that
 *   may be of another attempt
 */
export function addNote(parent, decide) {
  const note = element(parent, "p", "scorm-note");
  const where = element(note, "span", "scorm-note-where");
  const progress = element(note, "span", "scorm-note-progress");
  where.setAttribute("role", "status");
  where.after(" ");
  /** @type {HTMLElement|null} */
  let question = null;
  return (/** @type {Progress} */ now) => {
    note.dataset.place = now.place;
    if (!now.copying) {
      const isTold = parent.ownerDocument.querySelector(".scorm-warning:not(:empty)");
      where.setAttribute("aria-live", isTold ? "off" : "polite");
      setText(where, whereText(now));
      note.dataset.kept = String(now.kept && !now.refused);
    }
    progress.textContent = progressText(now);
    if (now.earlier) question ??= askAboutEarlier(parent, decide);
    else {
      question?.remove();
      question = null;
    }
  };
}

/**
 * Says at the question that was answered last what is wrong with recording, as the note may be far
 * from there; a screen reader announces it. Returns the function that brings it up to date.
 *
 * @param {HTMLFormElement[]} forms of all questions
 * @param {() => HTMLFormElement|null} latest the form of that question
 */
export function addWarnings(forms, latest) {
  // Before there is anything to tell: some screen readers overlook what comes with its text.
  const warnings = forms.map((form) => {
    const warning = element(form, "p", "scorm-warning");
    warning.setAttribute("role", "status");
    form.querySelector(".scorm-question-result")?.before(warning);
    return { form, warning };
  });
  return (/** @type {Progress} */ now) => {
    if (now.copying) return;
    for (const { form, warning } of warnings) {
      setText(warning, form === latest() ? warningText(now) : "");
    }
  };
}

/** @param {HTMLElement} place @param {string} text */
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Asks whether work that is only in this browser belongs to this attempt. */
function askAboutEarlier(parent, decide) {
  const question = element(parent, "div", "scorm-earlier");
  question.setAttribute("role", "status");
  element(question, "p", "").textContent =
    "This browser holds earlier work of yours on this page that your learning platform does not " +
    "show: either it was lost on the way, or it is of another attempt.";
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
