/** @file Starts the tracking of a page: chooses the store, and listens to the page's life. */

import { SCORM12, SCORM2004, findApi } from "./lms/api.js";
import { Cmi5, launchOf, learnerOf } from "./lms/cmi5.js";
import { openOutside } from "./view/links.js";
import { CLOSED, Local, NOTHING } from "./lms/local.js";
import { NO_MIRROR, mirrorOf } from "./work/mirror.js";
import { Scorm12 } from "./lms/scorm12.js";
import { Scorm2004 } from "./lms/scorm2004.js";
import { Tracking } from "./work/page.js";

/** @typedef {import("./lms/store.js").Store} Store */
/** @typedef {import("./lms/store.js").Opened} Opened */

/**
 * @typedef {object} Launched where a page's work is kept
 * @property {boolean} inLms
 * @property {boolean} [isInShell] do links to other pages of the course stay in the frame?
 * @property {import("./view/note.js").Place} place
 * @property {Store} store
 * @property {Opened} opened
 * @property {string|null} learner the LMS's name for the student, null where the work is not the
 *   LMS's; see mirrorOf
 * @property {string} [returnUrl] where the LMS wants the student to go in the end
 */

/**
 * The LMS that launched this window, its session opened: cmi5, SCORM 2004 or SCORM 1.2.
 *
 * @param {Window} window
 * @returns {Promise<{isThere: boolean, store?: Store, opened?: Opened, returnUrl?: string,
 *   learner?: string}>} `store` and `opened` are missing where there is no LMS, or it refuses;
 *   `isThere` tells which, and `learner` whose work it would be, where it is told even then
 */
export async function openLms(window) {
  const launch = launchOf(window.location?.search ?? "");
  if (launch) {
    const store = new Cmi5(launch, window);
    const opened = await store.open();
    const { returnUrl } = store;
    if (opened) return { isThere: true, store, opened, returnUrl };
    return { isThere: true, returnUrl, learner: learnerOf(launch) };
  }
  let isThere = false;
  for (const [version, Adapter] of [[SCORM2004, Scorm2004], [SCORM12, Scorm12]]) {
    const api = findApi(window, version);
    if (!api) continue;
    isThere = true;
    const store = new Adapter(api);
    const opened = store.open();
    if (opened) return { isThere, store, opened };
  }
  return { isThere };
}

/**
 * Where this page's work can be kept, opened.
 *
 * In the course's shell that is the shell, which has the one session with the LMS. A page that a
 * student reaches from inside another SCO's frame finds that SCO's session; the launch data,
 * which the manifest gives to each SCO, tells. Nothing is sent into such a session, not even its
 * end: that would complete a page that the student has left.
 *
 * @param {import("./work/page.js").Page} page
 * @param {Window} window
 * @returns {Promise<Launched>}
 */
export async function openStore(page, window) {
  const inShell = await openShell(page, window);
  if (inShell) return inShell;
  const { isThere, store, opened, returnUrl, learner } = await openLms(window);
  if (opened && [page.sco, ""].includes(opened.launchData.trim())) {
    const place = opened.records === false ? "preview" : "lms";
    return { inLms: true, place, store, opened, returnUrl, learner: opened.learner ?? "" };
  }
  if (learner) {
    return { inLms: true, place: "over", store: CLOSED, opened: CLOSED.open(), learner, returnUrl };
  }
  const local = new Local(mirrorOf(window, page, null));
  const found = local.open();
  const place = opened ? "foreign" : isThere ? "refused" : "browser";
  return found
    ? { inLms: isThere, place, store: local, opened: found, learner: null }
    : { inLms: isThere, place: "nowhere", store: local, opened: NOTHING, learner: null };
}

/** The store of the shell around this page, or null where there is none, or it is not ours. */
async function openShell(page, window) {
  try {
    const shell = window.parent === window ? null : window.parent.scormShell;
    const store = shell?.storeFor(page.sco);
    const opened = await store?.open();
    if (!opened) return null;
    const place = shell.place ?? "lms";
    return { inLms: true, isInShell: true, place, store, opened, learner: opened.learner };
  } catch {
    return null;
  }
}

/**
 * Tracks the page until it is left. Never `unload`: browsers suppress it; `pagehide` comes for
 * every page that goes away, and `hidden` is the last that a phone may tell.
 *
 * @param {import("./work/page.js").Page} page
 * @param {import("./work/page.js").TrackedQuestion[]} questions
 * @param {Window} window
 */
export async function launch(page, questions, window) {
  const launched = await openStore(page, window);
  const { inLms, isInShell = false, place, store, opened, learner, returnUrl = "" } = launched;
  const mirror = isInShell ? NO_MIRROR : mirrorOf(window, page, learner);
  const tracking = new Tracking(page, questions, store, mirror);
  const { document } = window;
  if (inLms) openOutside(document, isInShell);
  if (learner !== null) document.documentElement.dataset.scormLms = "true";
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tracking.hidden();
  });
  window.addEventListener("pagehide", (event) => tracking.left(event.persisted));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) tracking.cameBack();
  });
  window.addEventListener("online", () => tracking.retry());
  mirror.watch(window, () => tracking.shared());
  return { place, returnUrl, tracking, start: () => tracking.start(opened) };
}
