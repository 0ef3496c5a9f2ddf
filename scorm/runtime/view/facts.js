/** @file What a page says of itself to the runtime, in its head. */

/**
 * What the page says of itself, or null where it is not tracked.
 *
 * @param {Document} document
 * @returns {import("../work/page.js").Page|null}
 */
export function readPage(document) {
  const element = document.getElementById("scorm-page");
  return element ? JSON.parse(element.textContent) : null;
}
