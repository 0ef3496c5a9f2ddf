/**
 * @file A task: it is done in something else on the page, such as a simulated cluster, whose own
 * script judges it. The two meet in an event: the form of the question dispatches `scorm-check`,
 * and who judges the task calls `event.detail.respond` with what was found, or with a promise of it.
 */

/**
 * @typedef {object} Found what the script says of the task
 * @property {number} fraction of the task that is done, 0 … 1
 * @property {string} response a few words of what was found, for reports
 * @property {string} words what the student is told
 */

/**
 * Asks whoever judges the task of this form; null where nobody does, or cannot now.
 *
 * @param {HTMLFormElement} form
 * @returns {Promise<Found|null>}
 */
export async function ask(form) {
  let given = /** @type {Found|Promise<Found>|null} */ (null);
  const respond = (/** @type {Found|Promise<Found>} */ found) => void (given = found);
  form.dispatchEvent(new CustomEvent("scorm-check", { bubbles: true, detail: { respond } }));
  try {
    const found = await given;
    return found && Number.isFinite(found.fraction) ? found : null;
  } catch {
    return null;
  }
}

/**
 * The response that is kept of a task, `67%`, and the one that is reported, `67% two of three`. What
 * is not quite done is less than 100%.
 *
 * @param {Found} found
 */
export function responsesOf({ fraction, response }) {
  const kept = `${Math.floor(100 * Math.min(1, Math.max(0, fraction)))}%`;
  return { kept, said: `${kept} ${response}`.trim() };
}
