// The player page: launches SCOs into the frame, and shows what they tell the LMS.

import { createApi } from "./lms.js";

/** @typedef {import("./lms.js").Launch} Launch */
/** @typedef {import("./lms.js").CmiRecord} CmiRecord */

const ICONS = {
  "not attempted": "○",
  incomplete: "◐",
  browsed: "◐",
  completed: "✓",
  passed: "✓",
  failed: "✗",
};
const MAX_CALLS_SHOWN = 300;
// The browser refuses a larger body for a request that may outlive its page.
const MAX_KEEPALIVE = 60_000;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const frame = /** @type {HTMLIFrameElement} */ (byId("sco"));
const previous = /** @type {HTMLButtonElement} */ (byId("previous"));
const next = /** @type {HTMLButtonElement} */ (byId("next"));
/** @type {Launch[]} */
const launches = JSON.parse(byId("launches").textContent ?? "[]");

/** Requests under way: the next launch must see what the last SCO said. @type {Set<Promise<unknown>>} */
const pending = new Set();
/** @type {Launch | undefined} */
let playing;
let faults = 0;

/**
 * Tell the server; also while this page is going away.
 * @param {string} path
 * @param {object} message
 */
function tell(path, message) {
  const body = JSON.stringify(message);
  const request = fetch(path, { method: "POST", body, keepalive: body.length < MAX_KEEPALIVE })
    .catch(() => showFault(`the preview's server did not take ${path}; is it still running?`))
    .finally(() => pending.delete(request));
  pending.add(request);
}

/** @returns {Promise<Record<string, CmiRecord>>} */
async function records() {
  await Promise.all(pending);
  return (await fetch("/lms/records")).json();
}

/** @param {Launch} launch @param {CmiRecord} cmi */
function store(launch, cmi) {
  const stamp = performance.timeOrigin + performance.now();
  tell("/lms/records", { item: launch.identifier, stamp, cmi });
  showProgress(launch, cmi);
  showRecord(cmi);
}

/** @param {string} message */
function showFault(message) {
  faults += 1;
  const count = byId("fault-count");
  count.textContent = faults === 1 ? "1 fault" : `${faults} faults`;
  count.classList.add("fault");
  showCall(message, true);
}

/** @param {string} text @param {boolean} isFault */
function showCall(text, isFault) {
  const line = document.createElement("li");
  line.textContent = isFault ? `Fault: ${text}` : text;
  line.classList.toggle("fault", isFault);
  const calls = byId("calls");
  calls.prepend(line);
  calls.children[MAX_CALLS_SHOWN]?.remove();
}

/** @param {CmiRecord} cmi */
function showRecord(cmi) {
  const rows = Object.entries(cmi)
    .filter(([, value]) => typeof value === "string" && value !== "")
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([element, value]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      // A long name may break after a dot, and nowhere else.
      head.append(...element.split(/(?<=\.)/).flatMap((part) => [part, document.createElement("wbr")]));
      const cell = document.createElement("td");
      cell.textContent = value;
      row.append(head, cell);
      return row;
    });
  byId("recorded").replaceChildren(...rows);
}

/** @param {Launch} launch @param {CmiRecord} cmi */
function showProgress(launch, cmi) {
  const status = cmi["cmi.core.lesson_status"] ?? "not attempted";
  const score = cmi["cmi.core.score.raw"];
  const link = linkOf(launch);
  const mark = /** @type {HTMLElement} */ (link.querySelector(".status"));
  const detail = /** @type {HTMLElement} */ (link.querySelector(".detail"));
  const text = score ? `${status}, score ${score}` : status;
  mark.textContent = ICONS[/** @type {keyof typeof ICONS} */ (status)] ?? "?";
  if (mark.dataset.status !== status && launch === playing) {
    byId("announcement").textContent = `${launch.title}: ${text}`;
  }
  mark.dataset.status = status;
  detail.textContent = text;
}

/** @param {Launch} launch @returns {HTMLElement} */
const linkOf = (launch) =>
  /** @type {HTMLElement} */ (
    document.querySelector(`[data-item="${CSS.escape(launch.identifier)}"]`)
  );

/** @param {string} address @returns {Promise<void>} when the frame shows it */
function show(address) {
  return new Promise((resolve) => {
    frame.addEventListener("load", () => resolve(), { once: true });
    // Not `src`: the frame must add nothing to the history, or Back would leave the tree behind.
    frame.contentWindow?.location.replace(address);
  });
}

/** Let the SCO say goodbye, and wait until the LMS has it. */
async function leave() {
  await show("about:blank");
  delete (/** @type {any} */ (window).API);
  playing = undefined;
}

/** @param {Launch} launch */
async function play(launch) {
  await leave();
  const record = (await records())[launch.identifier];
  playing = launch;
  mark(launch);
  showRecord(record ?? {});
  if (launch.is_sco) {
    const { Scorm12API } = /** @type {any} */ (window);
    /** @type {any} */ (window).API = createApi(Scorm12API, launch, record, {
      called(name, args, result, fault) {
        const shown = args.map((arg) => JSON.stringify(arg)).join(", ");
        const text = `${name}(${shown}) → ${JSON.stringify(result)}`;
        if (fault) {
          showFault(`${text}, ${fault}`);
          tell("/lms/faults", { path: launch.identifier, message: `${text}, ${fault}` });
        } else {
          showCall(text, false);
        }
      },
      committed: (cmi) => store(launch, /** @type {CmiRecord} */ (cmi)),
    });
  } else {
    // An asset cannot report: to open it is to complete it, as in Moodle.
    store(launch, { "cmi.core.lesson_status": "completed" });
  }
  await show(`/course/${launch.href}`);
}

/** Show in the tree, the heading and the buttons which SCO is playing. @param {Launch} launch */
function mark(launch) {
  for (const link of document.querySelectorAll("nav a")) link.removeAttribute("aria-current");
  linkOf(launch).setAttribute("aria-current", "page");
  byId("playing").textContent = launch.title;
  frame.title = launch.title;
  const place = launches.indexOf(launch);
  previous.disabled = place <= 0;
  next.disabled = place >= launches.length - 1;
}

async function forget() {
  await leave();
  await Promise.all(pending);
  tell("/lms/forget", {});
  await Promise.all(pending);
  location.replace("/");
}

/** One thing after the other: a quick second click waits for the first. @type {Promise<void>} */
let turn = Promise.resolve();

function follow() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const launch = launches.find(({ identifier }) => identifier === wanted);
  if (launch) turn = turn.then(() => play(launch));
}

/** @param {number} step */
function go(step) {
  const place = launches.findIndex((launch) => launch === playing);
  const launch = launches[place + step];
  if (launch) location.hash = launch.identifier;
}

previous.addEventListener("click", () => go(-1));
next.addEventListener("click", () => go(1));
byId("forget").addEventListener("click", forget);
for (const input of document.querySelectorAll("input[name=width]")) {
  input.addEventListener("change", () => {
    frame.dataset.width = /** @type {HTMLInputElement} */ (input).value;
  });
}
addEventListener("hashchange", follow);

const known = await records();
for (const launch of launches) showProgress(launch, known[launch.identifier] ?? {});
next.disabled = launches.length === 0;
follow();
