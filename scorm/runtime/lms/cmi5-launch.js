/** @file What cmi5 tells a page in its address when it launches it (8.1). */

/**
 * @typedef {object} Launch the launch's parameters (8.1)
 * @property {string} endpoint
 * @property {string} fetch
 * @property {{account?: {homePage: string, name: string}}} actor
 * @property {string} registration
 * @property {string} activityId
 */

/**
 * The launch's parameters in a page's address, or null where cmi5 has not launched it.
 *
 * @param {string} search
 * @returns {Launch|null}
 */
export function launchOf(search) {
  const values = Object.fromEntries(new URLSearchParams(search));
  const { endpoint, fetch, registration, activityId } = values;
  if (!endpoint || !fetch || !registration || !activityId) return null;
  try {
    return { endpoint, fetch, registration, activityId, actor: JSON.parse(values.actor) };
  } catch {
    return null;
  }
}

/**
 * The launch's name for the student and the attempt; in cmi5 each attempt is a registration. The
 * student's copy is kept under this name (work/mirror.js), so no other student or attempt gets it.
 *
 * @param {Launch} launch
 */
export function learnerOf({ actor, registration }) {
  const { name = "", homePage = "" } = actor.account ?? {};
  return [homePage, name, registration].join(" ");
}
