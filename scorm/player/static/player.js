// The player page: launches what the package holds into the frame, and is its LMS.

import { createApi } from "./lms.js";
import { scorm12 } from "./scorm12.js";
import { scorm2004 } from "./scorm2004.js";
import { byId, showCall, showFault, showPlaying, showProgress, showRecord } from "./view.js";

/** @typedef {import("./lms.js").Launch} Launch */
/** @typedef {Record<string, any>} LmsRecord what the LMS holds of an item */

// The browser refuses a larger body for a request that may outlive its page.
const MAX_KEEPALIVE = 60_000;
/** In handlers of these events a synchronous request fails (WHATWG HTML, “page dismissal”). */
const LAST_EVENTS = ["beforeunload", "pagehide", "unload", "visibilitychange"];

const frame = /** @type {HTMLIFrameElement} */ (byId("sco"));
const previous = /** @type {HTMLButtonElement} */ (byId("previous"));
const next = /** @type {HTMLButtonElement} */ (byId("next"));
const failure = /** @type {HTMLSelectElement} */ (byId("failure"));
/** @type {{standard: string, launches: Launch[]}} */
const { standard, launches } = JSON.parse(byId("launches").textContent ?? "");
/** Undefined for cmi5, whose LMS is the server: the pages speak to it themselves. */
const dialect = { scorm12, scorm2004 }[standard];

/** Requests under way; the next launch waits for them. @type {Set<Promise<unknown>>} */
const pending = new Set();
/** @type {Launch | undefined} */
let playing;
/** The API of the SCO that plays. @type {Record<string, Function> | undefined} */
let api;

/**
 * Tell the server; also while this page is going away.
 * @param {string} path
 * @param {object} message
 */
function tell(path, message) {
  const body = JSON.stringify(message);
  const request = fetch(path, { method: "POST", body, keepalive: body.length < MAX_KEEPALIVE })
    .catch(() => {
      if (!failure.value) showFault(`the preview's server did not take ${path}; does it run?`);
    })
    .finally(() => pending.delete(request));
  pending.add(request);
  return request;
}

/** @returns {Promise<Record<string, LmsRecord>>} */
async function records() {
  await Promise.all(pending);
  return (await fetch("/lms/records")).json();
}

/**
 * Store a commit, as Moodle does: the SCO waits for the server's answer. While a page is being left
 * no browser allows that; then the data is sent, and nobody learns what becomes of it.
 *
 * @param {Launch} launch @param {LmsRecord} cmi
 * @returns {boolean}
 */
function commit(launch, cmi) {
  const stamp = performance.timeOrigin + performance.now();
  const message = { item: launch.identifier, stamp, cmi };
  const send = () => {
    tell("/lms/commit", message);
    show(launch, cmi);
    return true;
  };
  if (isLeaving(window) || (frame.contentWindow && isLeaving(frame.contentWindow))) return send();
  const request = new XMLHttpRequest();
  request.open("POST", "/lms/commit", false);
  try {
    request.send(JSON.stringify(message));
  } catch {
    // Unless a failure was asked for, the call came from a window that the SCO opened and that is
    // closing.
    return failure.value ? false : send();
  }
  // Like most LMSs, this one takes any answer without an error for a yes, even a login page.
  const isStored = request.status === 204;
  if (isStored) show(launch, cmi);
  return request.status < 400;
}

/** Is a window, or one inside it, being left? @param {Window} win @returns {boolean} */
function isLeaving(win) {
  try {
    const inside = Array.from({ length: win.length }, (_, index) => win[index]);
    const type = /** @type {any} */ (win).event?.type;
    return LAST_EVENTS.includes(type) || (win !== window && inside.some(isLeaving));
  } catch {
    return false;
  }
}

/** @param {Launch} launch @param {LmsRecord} record */
function show(launch, record) {
  const progress = dialect ? dialect.progress(record) : progressOfUnit(record);
  showProgress(launch, progress, launch === playing);
  if (launch === playing) showRecord(dialect ? elements(record) : facts(record));
}

/** @param {LmsRecord} record @returns {Array<[string, string]>} */
const elements = (record) =>
  Object.entries(record)
    .filter(([, value]) => typeof value === "string" && value !== "")
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));

/** @param {LmsRecord} record @returns {Array<[string, string]>} */
const facts = ({ status, score, verbs = [], state = {} }) => [
  ["status", status ?? ""],
  ["score", String(score ?? "")],
  ["statements", verbs.join(", ")],
  .../** @type {Array<[string, string]>} */ (Object.entries(state)),
];

/** @param {LmsRecord} record */
const progressOfUnit = ({ status = "not attempted", score = null, satisfied = false }) => ({
  status,
  // As people read it; the rounding hides what floating point adds.
  score: score === null ? "" : String(Math.round(10_000 * score) / 100),
  satisfied,
});

/** @param {string} address @returns {Promise<void>} when the frame shows it */
function navigate(address) {
  return new Promise((resolve) => {
    frame.addEventListener("load", () => resolve(), { once: true });
    // Not `src`, which adds to the history: Back would then change the frame, but not the tree.
    frame.contentWindow?.location.replace(address);
  });
}

/** Leave the SCO, which saves as it goes. Its requests may still be under way (see pending). */
async function leave() {
  await navigate("about:blank");
  api = undefined;
  offerApi();
  playing = undefined;
}

/** Put the API where a SCO looks for it; take it away while the failure `gone` is chosen. */
function offerApi() {
  if (!dialect) return;
  const place = /** @type {any} */ (window);
  if (api && failure.value !== "gone") place[dialect.global] = api;
  else delete place[dialect.global];
}

/** @param {Launch} launch */
async function play(launch) {
  await leave();
  const record = (await records())[launch.identifier];
  playing = launch;
  mark(launch);
  showRecord([]);
  show(launch, record ?? {});
  let address = `/course/${launch.href}`;
  if (!dialect) {
    address = await (await tell("/lms/launch", { identifier: launch.identifier }))?.json();
  } else if (launch.is_sco) {
    api = mortal(createApi(dialect, launch, record, listeners(launch)));
    offerApi();
  } else {
    // An asset cannot report: to open it is to complete it, as in Moodle.
    const stamp = performance.timeOrigin + performance.now();
    tell("/lms/records", { item: launch.identifier, stamp, cmi: dialect.opened });
    show(launch, dialect.opened);
  }
  await navigate(address);
}

/** The API, whose methods vanish even for a SCO that has found it, while the failure is `gone`. */
const mortal = (/** @type {Record<string, Function>} */ methods) =>
  new Proxy(methods, {
    get: (target, name) =>
      failure.value === "gone" ? undefined : target[/** @type {string} */ (name)],
  });

/** @param {Launch} launch @returns {import("./lms.js").Listeners} */
const listeners = (launch) => ({
  called(name, args, result, fault) {
    const shown = args.map((arg) => JSON.stringify(arg)).join(", ");
    const text = `${name}(${shown}) → ${JSON.stringify(result)}`;
    if (fault) {
      showFault(`${text}, ${fault}`);
      tell("/lms/faults", { path: launch.identifier, message: `${text}, ${fault}` });
    } else {
      showCall(text);
    }
  },
  commit: (cmi) => commit(launch, cmi),
  failure: () => failure.value,
});

/** Show in the tree, the heading and the buttons what is playing. @param {Launch} launch */
function mark(launch) {
  showPlaying(launch);
  frame.title = launch.title;
  const place = launches.indexOf(launch);
  previous.disabled = place <= 0;
  next.disabled = place >= launches.length - 1;
  for (const button of document.querySelectorAll(".return")) {
    /** @type {HTMLButtonElement} */ (button).disabled = false;
  }
}

/** Remove all that pages have kept in this browser. */
async function emptyBrowser() {
  localStorage.clear();
  for (const { name = "" } of await indexedDB.databases()) {
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  }
}

async function forget() {
  await leave();
  await Promise.all(pending);
  await tell("/lms/forget", {});
  await emptyBrowser();
  location.replace("/");
}

/** The actions so far: a quick second click waits for the first. @type {Promise<void>} */
let turn = Promise.resolve();

/** @param {() => Promise<void>} action */
function queue(action) {
  turn = turn.then(action);
}

function follow() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const launch = launches.find(({ identifier }) => identifier === wanted);
  if (launch) queue(() => play(launch));
}

/** @param {number} step */
function go(step) {
  const place = launches.findIndex((launch) => launch === playing);
  const launch = launches[place + step];
  if (launch) location.hash = encodeURIComponent(launch.identifier);
}

/** Leave what plays and come back to it, the same student. @param {boolean} toAnEmptyBrowser */
function comeBack(toAnEmptyBrowser) {
  queue(async () => {
    const launch = playing;
    if (!launch) return;
    await leave();
    if (toAnEmptyBrowser) await emptyBrowser();
    await play(launch);
  });
}

previous.addEventListener("click", () => go(-1));
next.addEventListener("click", () => go(1));
byId("return").addEventListener("click", () => comeBack(false));
byId("return-elsewhere").addEventListener("click", () => comeBack(true));
byId("forget").addEventListener("click", () => queue(forget));
failure.addEventListener("change", () => tell("/lms/fail", { failure: failure.value || null }));
for (const input of document.querySelectorAll("input[name=width]")) {
  input.addEventListener("change", () => {
    frame.dataset.width = /** @type {HTMLInputElement} */ (input).value;
  });
}
addEventListener("hashchange", follow);

const events = new EventSource("/lms/events");
/** @param {string} kind @param {(values: any) => void} listener */
const onEvent = (kind, listener) =>
  events.addEventListener(kind, ({ data }) => listener(JSON.parse(data)));
onEvent("failure", (values) => {
  failure.value = values.failure ?? "";
  failure.classList.toggle("fault", failure.value !== "");
  offerApi();
});
/** What the server has noticed is told again to a page that opens. @type {Set<string>} */
const noticed = new Set();
onEvent("fault", ({ message }) => {
  if (!noticed.has(message)) showFault(message);
  noticed.add(message);
});
onEvent("request", ({ text, fault }) => (fault ? showFault(text) : showCall(text)));
onEvent("records", (values) => {
  for (const launch of launches) show(launch, values.records[launch.identifier] ?? {});
});

const known = await records();
for (const launch of launches) show(launch, known[launch.identifier] ?? {});
next.disabled = launches.length === 0;
follow();
