// What the player page shows: the contents with their progress, the record, the calls.

/** @typedef {import("./lms.js").Launch} Launch */

const ICONS = {
  "not attempted": "○",
  unknown: "○",
  incomplete: "◐",
  browsed: "◐",
  completed: "✓",
  passed: "✓",
  failed: "✗",
};
const MAX_CALLS_SHOWN = 300;

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

let faults = 0;

/** @param {string} message */
export function showFault(message) {
  faults += 1;
  const count = byId("fault-count");
  count.textContent = faults === 1 ? "1 fault" : `${faults} faults`;
  count.classList.add("fault");
  showCall(message, true);
}

/** @param {string} text @param {boolean} isFault */
export function showCall(text, isFault = false) {
  const line = document.createElement("li");
  line.textContent = isFault ? `Fault: ${text}` : text;
  line.classList.toggle("fault", isFault);
  const calls = byId("calls");
  calls.prepend(line);
  calls.children[MAX_CALLS_SHOWN]?.remove();
}

/** @param {Array<[string, string]>} rows names and values */
export function showRecord(rows) {
  byId("recorded").replaceChildren(
    ...rows.map(([name, value]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      // A long name may break after a dot, and nowhere else.
      head.append(...name.split(/(?<=\.)/).flatMap((part) => [part, document.createElement("wbr")]));
      const cell = document.createElement("td");
      cell.textContent = value;
      row.append(head, cell);
      return row;
    }),
  );
}

/**
 * @param {Launch} launch
 * @param {{status: string, score: string, satisfied?: boolean}} progress
 * @param {boolean} isPlaying is a change to be read out?
 */
export function showProgress(launch, { status, score, satisfied }, isPlaying) {
  const link = linkOf(launch);
  const mark = /** @type {HTMLElement} */ (link.querySelector(".status"));
  const detail = /** @type {HTMLElement} */ (link.querySelector(".detail"));
  const text = [status, score && `score ${score}`, satisfied && "satisfied"]
    .filter(Boolean)
    .join(", ");
  mark.textContent = ICONS[/** @type {keyof typeof ICONS} */ (status)] ?? "?";
  if (mark.dataset.status !== status && isPlaying) {
    byId("announcement").textContent = `${launch.title}: ${text}`;
  }
  mark.dataset.status = status;
  detail.textContent = text;
}

/** Show in the tree and the heading what is playing. @param {Launch} launch */
export function showPlaying(launch) {
  for (const link of document.querySelectorAll("nav a")) link.removeAttribute("aria-current");
  linkOf(launch).setAttribute("aria-current", "page");
  byId("playing").textContent = launch.title;
}

/** @param {Launch} launch @returns {HTMLElement} */
const linkOf = (launch) =>
  /** @type {HTMLElement} */ (
    document.querySelector(`[data-item="${CSS.escape(launch.identifier)}"]`)
  );
