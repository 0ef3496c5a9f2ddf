/**
 * @file Runs in course.html, the one SCO of layout `single` (scorm/packages/shell.py): shows the
 * course's pages in a frame, and keeps their work together.
 */

import { openStore } from "./launch.js";
import { mirrorOf } from "./work/mirror.js";
import { addNote } from "./view/note.js";
import { browserHost } from "./work/outbox.js";
import { CourseTracking } from "./work/course.js";
import { ShellFrame } from "./view/frame.js";
import { ShellView } from "./view/contents.js";

/** The identifier of the shell's own SCO (scorm/packages/scope.py). */
const SCO = "course";

/** @returns {import("./work/course.js").ShellPage[]} of the tree, in reading order */
function pagesOf(items) {
  return items.flatMap((item) => (item.items ? pagesOf(item.items) : [item]));
}

async function run({ course, title, scoring, items }) {
  const pages = pagesOf(items);
  const { place, store, opened, learner } = await openStore({ course, sco: SCO }, window);
  const mirror = mirrorOf(window, { course, sco: SCO }, learner);
  const tracking = new CourseTracking(pages, scoring, store, mirror, browserHost());
  const view = new ShellView(document, title, pages, (id) => frame.show(id, { focus: true }));
  const frame = new ShellFrame(
    document.getElementById("scorm-shell-frame"),
    pages,
    (id, pageTitle) => view.show(id, pageTitle),
  );
  const note = document.getElementById("scorm-shell-note");
  tracking.onChange(addNote(note, place, (isWanted) => tracking.decideEarlier(isWanted)));
  tracking.onChange((progress) => view.update(progress));
  tracking.start(opened);
  window.scormShell = { place, storeFor: (id) => tracking.storeFor(id) };
  listen(tracking, frame, mirror);
  document.documentElement.dataset.scormShell = "true";
  frame.show(tracking.lastPage || pages[0].id, { focus: false });
}

/** See launch.js: `pagehide` and `hidden`, never `unload`. */
function listen(tracking, frame, mirror) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tracking.hidden();
  });
  window.addEventListener("pagehide", ({ persisted }) => {
    tracking.left(persisted, () => frame.sayGoodbye(persisted));
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) tracking.cameBack();
  });
  window.addEventListener("online", () => tracking.retry());
  mirror.watch(window, () => tracking.shared());
}

await run(JSON.parse(document.getElementById("scorm-course").textContent));
