/** @file Starts the work on a page: chooses the store, and listens to the page's life. */

import { SCORM12, SCORM2004, findApi } from "./lms/api.js";
import { Cmi5 } from "./lms/cmi5.js";
import { launchOf, learnerOf } from "./lms/cmi5-launch.js";
import { openOutside } from "./view/links.js";
import { Late } from "./lms/late.js";
import { seedOf } from "./view/order.js";
import { CLOSED, CLOSED_OPENED, Local, NOTHING } from "./lms/local.js";
import { noMirror, openMirror } from "./work/mirror.js";
import { browserHost } from "./lib/host.js";
import { watchRequests } from "./lms/requests.js";
import { Scorm12 } from "./lms/scorm12.js";
import { Scorm2004 } from "./lms/scorm2004.js";
import { PageWork } from "./work/page.js";

/** @typedef {import("./lms/store.js").Store} Store */
/** @typedef {import("./lms/store.js").Opened} Opened */
/** @typedef {import("./work/mirror.js").Mirror} Mirror */
/** @typedef {import("./work/visit.js").Visit} Visit */
/** @typedef {{course: string, sco: string}} Sco */
/** @typedef {import("./lib/host.js").Host} Host */

/**
 * @typedef {object} Launched where a page's work is kept
 * @property {boolean} inLms is the page shown by an LMS, even by one that does not record it?
 * @property {Shell} [shell] the course's shell around the page, in which links to other pages of the
 *   course stay in the frame
 * @property {import("./view/note.js").Place} place
 * @property {Store} store
 * @property {Opened} opened
 * @property {Mirror} mirror
 * @property {string|null} learner the LMS's name for the student, "" where it tells none, null where
 *   the work is not kept for an LMS
 * @property {Late} [late] the store, where the LMS has refused to begin a session
 * @property {string} [returnUrl] where the LMS wants the student to go in the end
 * @property {string} [seed] of the order of choices, where the shell knows the student
 */

/**
 * @typedef {object} Shell what the shell offers to the page in its frame (`window.scormShell`)
 * @property {() => Partial<import("./work/course.js").CourseProgress>} facts where the course's work
 *   is kept
 * @property {(listener: () => void) => void} listen tells the page when that changes
 * @property {(id: string) => Store|null} storeFor
 * @property {string} seed of the order of choices
 */

const VERSIONS = [
  { version: SCORM2004, Adapter: Scorm2004 },
  { version: SCORM12, Adapter: Scorm12 },
];

/**
 * @typedef {object} Lms the LMS that launched this window
 * @property {boolean} isThere
 * @property {Store} [store] this and `opened` are missing where there is no LMS, or where it refuses
 * @property {Opened} [opened]
 * @property {Late} [late] of an LMS that refuses
 * @property {string} [returnUrl]
 * @property {string} [learner] of a cmi5 launch that failed
 * @property {boolean} [isSilent] did that LMS not answer?
 */

/**
 * The LMS that launched this window, its session opened: cmi5, SCORM 2004 or SCORM 1.2.
 *
 * @param {Window} window
 * @param {string} sco
 * @param {Host} host
 * @returns {Promise<Lms>}
 */
async function openLms(window, sco, host) {
  const launch = launchOf(window.location?.search ?? "");
  if (launch) {
    const store = new Cmi5(launch, window, host);
    const opened = await store.open();
    const { returnUrl, isSilent } = store;
    if (opened) return { isThere: true, store, opened, returnUrl };
    return { isThere: true, returnUrl, isSilent, learner: learnerOf(launch) };
  }
  const stores = VERSIONS.flatMap(({ version, Adapter }) => {
    const found = findApi(window, version);
    return found ? [new Adapter(found.api, watchRequests(found.window, host))] : [];
  });
  if (stores.length === 0) return { isThere: false };
  const begun = begin(stores);
  if (begun) return { isThere: true, ...begun };
  const late = new Late(() => {
    const now = begin(stores);
    return now && isOf(now.opened, sco) ? now : null;
  });
  return { isThere: true, late };
}

/** The first that begins a session. @param {(Scorm12|Scorm2004)[]} stores */
function begin(stores) {
  for (const store of stores) {
    const opened = store.open();
    if (opened) return { store, opened };
  }
  return null;
}

/** Is it the session of this SCO, as far as the LMS tells? @param {Opened} opened @param {string} sco */
function isOf({ launchData }, sco) {
  return [sco, ""].includes(launchData.trim());
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
 * @param {Sco} page
 * @param {Window} window
 * @param {Host} [host]
 * @returns {Promise<Launched>}
 */
export async function openStore(page, window, host = browserHost()) {
  const inShell = await openShell(page, window, host);
  if (inShell) return inShell;
  const lms = await openLms(window, page.sco, host);
  const { isThere, store, opened, returnUrl, learner, isSilent, late } = lms;
  if (store && opened && isOf(opened, page.sco)) {
    const mirror = await mirrorFor(page, opened, window, host);
    const { learner = "" } = opened;
    return { inLms: true, place: placeOf(opened), store, opened, mirror, learner, returnUrl };
  }
  if (learner) {
    const place = isSilent ? "silent" : "over";
    const mirror = await mirrorFor(page, { learner }, window, host);
    return { inLms: true, place, store: CLOSED, opened: CLOSED_OPENED, mirror, learner, returnUrl };
  }
  const local = { inLms: isThere, opened: NOTHING, learner: null };
  if (late) return { ...local, place: "refused", store: late, mirror: noMirror(host), late };
  const mirror = await localMirror(page, window, host, opened);
  const place = isThere ? "foreign" : mirror.isAvailable ? "browser" : "nowhere";
  return { ...local, place, store: new Local(mirror), mirror };
}

/** @param {Opened} opened by the LMS */
function placeOf({ records }) {
  return records === false ? "preview" : "lms";
}

/**
 * A student's copies of a page. Where the LMS does not name the student, they may be anybody's.
 *
 * @param {Sco} page
 * @param {{learner?: string}} opened
 * @param {Window} window
 * @param {Host} host
 */
function mirrorFor({ course, sco }, { learner = "" }, window, host) {
  const isNamed = learner !== "";
  const owner = { course, sco, learner: isNamed ? `student ${learner}` : "", isNamed };
  return openMirror(window, owner, host);
}

/**
 * The copy that is all there is. On a page inside another page's session it is the student's whom
 * the LMS names. Where it names none, nothing is kept beyond this page, as the next student would be
 * shown it.
 *
 * @param {Sco} page
 * @param {Window} window
 * @param {Host} host
 * @param {Opened} [opened] of the other page
 */
async function localMirror({ course, sco }, window, host, opened) {
  if (opened && !opened.learner) return noMirror(host);
  const learner = opened ? `elsewhere ${opened.learner}` : "";
  return openMirror(window, { course, sco, learner, isNamed: true }, host);
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
    const { place } = shell.facts();
    const { learner = "" } = opened;
    const { seed } = shell;
    return { inLms: true, shell, seed, place, store, opened, mirror: noMirror(host), learner };
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
  const { inLms, shell, store, mirror, learner, returnUrl = "" } = launched;
  const work = new PageWork(page, questions, store, mirror, host);
  const { document } = window;
  if (inLms) openOutside(document, shell !== undefined);
  if (learner !== null) document.documentElement.dataset.scormLms = "true";
  if (shell) {
    work.visit.around = shell.facts;
    shell.listen(() => work.visit.tell());
  }
  const seed = launched.seed ?? seedOf(launched.learner);
  return { returnUrl, work, seed, start: (leaves = () => {}) => start(page, work, launched, window, host, leaves) };
}

/**
 * Begins the work with what its store has opened, or opens later.
 *
 * @param {Sco} page
 * @param {PageWork|import("./work/course.js").CourseWork} work
 * @param {Launched} launched
 * @param {Window} window
 * @param {Host} host
 * @param {(cached: boolean) => void} [leaves] see follow()
 */
export function start(page, work, { place, opened, mirror, late }, window, host, leaves) {
  const { visit } = work;
  visit.place = place;
  late?.onBegan(async (found) => {
    const copies = await mirrorFor(page, found, window, host);
    visit.place = placeOf(found);
    work.startLate(found, copies);
    listen(window, visit, copies);
  });
  work.start(opened);
  follow(window, visit, leaves);
  listen(window, visit, mirror);
}

/**
 * Offers the course's store to the pages in its frame.
 *
 * @param {Window} window
 * @param {import("./work/course.js").CourseWork} work
 * @param {string} seed of the order of choices
 */
export function offerShell(window, work, seed) {
  /** The page in the frame listens. */
  let tell = () => {};
  work.visit.onChange(() => tell());
  const facts = () => {
    const { place, confirmed, copied, copying } = work.progress;
    return { place, confirmed, copied, copying };
  };
  const listen = (/** @type {() => void} */ listener) => void (tell = listener);
  /** @type {Shell} */
  const shell = { seed, facts, listen, storeFor: (id) => work.storeFor(id) };
  Object.assign(window, { scormShell: shell });
}

/**
 * Tells a visit when the window is hidden, left, shown again or back online. It does not listen to
 * `unload`, which browsers suppress: `pagehide` comes for every page that goes away, and on a phone
 * `visibilitychange` to `hidden` may be the last event of all.
 *
 * @param {Window} window
 * @param {Visit} visit
 * @param {(cached: boolean) => void} [leaves] called before the visit is told of `pagehide`
 */
function follow(window, visit, leaves = () => {}) {
  const { document } = window;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") visit.hidden();
  });
  window.addEventListener("pagehide", ({ persisted }) => {
    leaves(persisted);
    visit.left(persisted);
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) visit.cameBack();
  });
  window.addEventListener("online", () => visit.retry());
}

/**
 * Tells a visit what other tabs do to its copy, and whether the copy is kept.
 *
 * @param {Window} window
 * @param {Visit} visit
 * @param {Mirror} mirror
 */
function listen(window, visit, mirror) {
  mirror.watch(window, () => visit.shared(), () => visit.tell());
  window.addEventListener("pagehide", () => mirror.sleep());
  window.addEventListener("pageshow", () => mirror.wake());
}
