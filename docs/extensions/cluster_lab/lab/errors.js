/** @file What a student is told when something cannot be done: words, never a trace of calls. */

export class LabError extends Error {
  name = "LabError";
}

/**
 * The API server's own words of a refusal, or what else went wrong.
 * @param {any} error
 */
export function wordsOf(error) {
  return String(error?.body?.message ?? error?.message ?? error);
}

/** Whether the API server says that there is no such object. */
export function isNotThere(error) {
  return error?.code === 404 || error?.name === "NotFound";
}
