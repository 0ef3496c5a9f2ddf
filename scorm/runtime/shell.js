/**
 * @file Runs in course.html, the one SCO of layout `single` (scorm/packages/shell.py): shows the
 * course's pages in a frame, and keeps their work together.
 */

import { offerShell, openStore, start } from "./launch.js";
import { browserHost } from "./lib/host.js";
import { Contents } from "./view/contents.js";
import { addNote } from "./view/note.js";
import { seedOf } from "./view/order.js";
import { PageFrame } from "./view/page-frame.js";
import { CourseWork } from "./work/course.js";

/** @typedef {import("./work/course.js").CoursePage} CoursePage */

/**
 * @typedef {object} CourseFacts what scorm/packages/shell.py writes into the page
 * @property {string} course
 * @property {string} title
 * @property {import("./work/course.js").CourseScoring} scoring
 * @property {Entry[]} items
 */

/** @typedef {CoursePage & {items?: Entry[]}} Entry a page, or a module with `items` */

/** The identifier of the shell's own SCO (scorm/packages/scope.py). */
const SCO = "course";

/** The pages in the tree, in reading order. @param {Entry[]} items @returns {CoursePage[]} */
function pagesOf(items) {
  return items.flatMap((item) => (item.items ? pagesOf(item.items) : [item]));
}

/** @param {CourseFacts} facts */
async function run({ course, title, scoring, items }) {
  const pages = pagesOf(items);
  const sco = { course, sco: SCO };
  const host = browserHost();
  const launched = await openStore(sco, window, host);
  const work = new CourseWork(pages, scoring, launched.store, launched.mirror, host);
  const contents = new Contents(document, title, pages, (id) => frame.show(id, { focus: true }));
  const frame = new PageFrame(
    /** @type {HTMLIFrameElement} */ (document.getElementById("scorm-shell-frame")),
    pages,
    (id, pageTitle) => contents.show(id, pageTitle),
  );
  const note = /** @type {HTMLElement} */ (document.getElementById("scorm-shell-note"));
  const { visit } = work;
  visit.onChange(addNote(note, (isWanted) => visit.decideEarlier(isWanted)));
  visit.onChange((progress) => contents.update(progress));
  start(sco, work, launched, window, host, (cached) => work.gather(() => frame.sayGoodbye(cached)));
  offerShell(window, work, seedOf(launched.learner));
  document.documentElement.dataset.scormShell = "true";
  frame.show(work.lastPage || pages[0].id, { focus: false });
}

await run(JSON.parse(document.getElementById("scorm-course")?.textContent ?? ""));
