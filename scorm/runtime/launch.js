/** @file Starts the work on a page: chooses the store, and listens to the page's life. */

import { SCORM12, SCORM2004, findApi } from "./lms/api.js";
import { Cmi5 } from "./lms/cmi5.js";
import { launchOf, learnerOf } from "./lms/cmi5-launch.js";
import { openOutside } from "./view/links.js";
import { CLOSED, CLOSED_OPENED, Local, NOTHING } from "./lms/local.js";
import { noMirror, openMirror } from "./work/mirror.js";
import { browserHost } from "./lib/host.js";
import { Scorm12 } from "./lms/scorm12.js";
import { Scorm2004 } from "./lms/scorm2004.js";
import { PageWork } from "./work/page.js";

/** @typedef {import("./lms/store.js").Store} Store */
/** @typedef {import("./lms/store.js").Opened} Opened */
/** @typedef {import("./work/mirror.js").Mirror} Mirror */
/** @typedef {import("./lib/host.js").Host} Host */

/**
 * @typedef {object} Launched where a page's work is kept
 * @property {boolean} inLms is the page shown by an LMS, even by one that does not record it?
 * @property {boolean} [isInShell] is the page in the course's shell, so that links to other pages
 *   of the course stay in the frame?
 * @property {import("./view/note.js").Place} place
 * @property {Store} store
 * @property {Opened} opened
 * @property {Mirror} mirror
 * @property {string} [returnUrl] where the LMS wants the student to go in the end
 */

/** Where an LMS, or the course's shell, shows the contents, the page need not. */
const HIDES_CONTENTS = ["lms", "preview", "over", "silent"];

const VERSIONS = [
  { version: SCORM2004, Adapter: Scorm2004 },
  { version: SCORM12, Adapter: Scorm12 },
];

/**
 * The LMS that launched this window, its session opened: cmi5, SCORM 2004 or SCORM 1.2.
 *
 * @param {Window} window
 * @param {Host} [host]
 * @returns {Promise<{isThere: boolean, store?: Store, opened?: Opened, returnUrl?: string,
 *   learner?: string, isSilent?: boolean}>} `store` and `opened` are missing where there is no LMS
 *   (`isThere` is false) or where it refuses. Of a cmi5 launch that failed, `learner` still names
 *   the student, and `isSilent` tells that the LMS did not answer
 */
export async function openLms(window, host = browserHost()) {
  const launch = launchOf(window.location?.search ?? "");
  if (launch) {
    const store = new Cmi5(launch, window, host);
    const opened = await store.open();
    const { returnUrl, isSilent } = store;
    if (opened) return { isThere: true, store, opened, returnUrl };
    return { isThere: true, returnUrl, isSilent, learner: learnerOf(launch) };
  }
  let isThere = false;
  for (const { version, Adapter } of VERSIONS) {
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
 * A page in the course's shell keeps it in the shell, which has the one session with the LMS. A
 * page that a student reaches by a link from another SCO, in the same frame, finds that SCO's
 * session. It knows this by the launch data: the manifest gives each SCO its own identifier there.
 * Nothing is sent into such a session, not even its end: that would complete a page that the
 * student has left.
 *
 * @param {{course: string, sco: string}} page
 * @param {Window} window
 * @param {Host} [host]
 * @returns {Promise<Launched>}
 */
export async function openStore(page, window, host = browserHost()) {
  const inShell = await openShell(page, window, host);
  if (inShell) return inShell;
  const { isThere, store, opened, returnUrl, learner, isSilent } = await openLms(window, host);
  const mirrorFor = (/** @type {string} */ name) => openMirror(window, ownerOf(page, name), host);
  if (store && opened && [page.sco, ""].includes(opened.launchData.trim())) {
    const place = opened.records === false ? "preview" : "lms";
    const mirror = await mirrorFor(opened.learner ?? "");
    return { inLms: true, place, store, opened, mirror, returnUrl };
  }
  if (learner) {
    const place = isSilent ? "silent" : "over";
    const mirror = await mirrorFor(learner);
    return { inLms: true, place, store: CLOSED, opened: CLOSED_OPENED, mirror, returnUrl };
  }
  const mirror = await localMirror(page, window, host, isThere, opened);
  const place = opened ? "foreign" : isThere ? "refused" : mirror.isAvailable ? "browser" : "nowhere";
  return { inLms: isThere, place, store: new Local(mirror), opened: NOTHING, mirror };
}

/**
 * The copy that is all there is. Beside an LMS it is the student's whom the LMS names. Where it
 * names none, nothing is kept beyond this page, as the next student would be shown it.
 *
 * @param {{course: string, sco: string}} page
 * @param {Window} window
 * @param {Host} host
 * @param {boolean} isThere is there an LMS?
 * @param {Opened} [opened] of another page
 */
async function localMirror({ course, sco }, window, host, isThere, opened) {
  const learner = opened?.learner ?? "";
  if (isThere && learner === "") return noMirror(host);
  const name = isThere ? `elsewhere ${learner}` : "";
  return openMirror(window, { course, sco, learner: name, isNamed: true }, host);
}

/**
 * Whose copies of a page they are. Where the LMS does not name the student, it may be anybody's.
 *
 * @param {{course: string, sco: string}} page
 * @param {string} learner
 */
function ownerOf({ course, sco }, learner) {
  return { course, sco, learner: learner === "" ? "" : `student ${learner}`, isNamed: learner !== "" };
}

/**
 * The store of the shell around this page, or null where there is no shell, or not this course's.
 *
 * @param {{sco: string}} page
 * @param {Window} window
 * @param {Host} host
 * @returns {Promise<Launched|null>}
 */
async function openShell(page, window, host) {
  try {
    const parent = /** @type {any} */ (window.parent);
    const shell = parent === window ? null : parent.scormShell;
    const store = shell?.storeFor(page.sco);
    const opened = await store?.open();
    if (!opened) return null;
    const { place } = shell;
    return { inLms: true, isInShell: true, place, store, opened, mirror: noMirror(host) };
  } catch {
    return null;
  }
}

/**
 * Begins the work on a page, which lasts until the page is left.
 *
 * @param {import("./work/page.js").Page} page
 * @param {import("./work/page.js").TrackedQuestion[]} questions
 * @param {Window} window
 * @param {Host} [host]
 */
export async function launch(page, questions, window, host = browserHost()) {
  const launched = await openStore(page, window, host);
  const { inLms, isInShell = false, place, store, opened, mirror, returnUrl = "" } = launched;
  const work = new PageWork(page, questions, store, mirror, host);
  const { document } = window;
  if (inLms) openOutside(document, isInShell);
  if (HIDES_CONTENTS.includes(place)) document.documentElement.dataset.scormLms = "true";
  const start = () => {
    work.start(opened);
    follow(window, work.visit, mirror);
  };
  return { place, returnUrl, work, start };
}

/**
 * Tells a visit when the window is hidden, left, shown again or back online. It does not listen to
 * `unload`, which browsers suppress: `pagehide` comes for every page that goes away, and on a phone
 * `visibilitychange` to `hidden` may be the last event of all.
 *
 * @param {Window} window
 * @param {import("./work/visit.js").Visit} visit
 * @param {Mirror} mirror
 * @param {(cached: boolean) => void} [leaves] called before the visit is told of `pagehide`
 */
export function follow(window, visit, mirror, leaves = () => {}) {
  const { document } = window;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") visit.hidden();
  });
  window.addEventListener("pagehide", ({ persisted }) => {
    leaves(persisted);
    visit.left(persisted);
    mirror.sleep();
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    mirror.wake();
    visit.cameBack();
  });
  window.addEventListener("online", () => visit.retry());
  mirror.watch(window, () => visit.shared(), () => visit.tell());
}
