/** @file Starts the tracking of a page: chooses the store, and listens to the page's life. */

import { findApi } from "./api.js";
import { openOutside } from "./links.js";
import { Local } from "./local.js";
import { Scorm12 } from "./scorm12.js";
import { Tracking } from "./tracking.js";

/** @type {import("./store.js").Opened} */
const NOTHING = {
  status: "",
  score: null,
  mastery: null,
  state: "",
  interactions: null,
  launchData: "",
};

/**
 * What the page says of itself, or null where it is not tracked.
 *
 * @param {Document} document
 * @returns {import("./tracking.js").Page|null}
 */
export function readPage(document) {
  const element = document.getElementById("scorm-page");
  return element ? JSON.parse(element.textContent) : null;
}

/**
 * Where this page's work can be kept, opened.
 *
 * A page that a student reaches from inside another SCO's frame finds that SCO's session; the
 * launch data, which the manifest gives to each SCO, tells. Nothing is sent into such a session,
 * not even its end: that would complete a page that the student has left.
 *
 * @param {import("./tracking.js").Page} page
 * @param {Window} window
 * @returns {{inLms: boolean, place: import("./note.js").Place,
 *   store: import("./store.js").Store, opened: import("./store.js").Opened}}
 */
export function openStore(page, window) {
  const api = findApi(window);
  const inLms = api !== null;
  let place = "browser";
  if (api) {
    const store = new Scorm12(api);
    const opened = store.open();
    const isOurs = opened && [page.sco, ""].includes(opened.launchData.trim());
    if (isOurs) return { inLms, place: "lms", store, opened };
    place = opened ? "foreign" : "refused";
  }
  const store = new Local(() => window.localStorage, page);
  const opened = store.open();
  return opened
    ? { inLms, place, store, opened }
    : { inLms, place: "nowhere", store, opened: NOTHING };
}

/**
 * Tracks the page until it is left. Never `unload`: browsers suppress it; `pagehide` comes for
 * every page that goes away, and `hidden` is the last that a phone may tell.
 *
 * @param {import("./tracking.js").Page} page
 * @param {import("./tracking.js").TrackedQuestion[]} questions
 * @param {Window} window
 */
export function launch(page, questions, window) {
  const { inLms, place, store, opened } = openStore(page, window);
  const tracking = new Tracking(page, questions, store);
  const { document } = window;
  if (inLms) openOutside(document);
  if (place === "lms") document.documentElement.dataset.scormLms = "true";
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tracking.hidden();
  });
  window.addEventListener("pagehide", (event) => tracking.left(event.persisted));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) tracking.cameBack();
  });
  return { place, tracking, start: () => tracking.start(opened) };
}
