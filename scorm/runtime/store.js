/**
 * @file The words that tracking shares with the places that keep a student's work: scorm12.js
 * (an LMS) and local.js (this browser). Types only.
 */

/**
 * @typedef {object} Opened what a store held when the page was opened
 * @property {string} status "" where unknown
 * @property {number|null} score
 * @property {number|null} mastery the passing score that the LMS names
 * @property {string} state text of state.js
 * @property {number|null} interactions recorded so far, null where unknown
 * @property {string} launchData what the manifest says to the SCO that was launched
 */

/**
 * @typedef {object} Snapshot the student's work as a whole
 * @property {"incomplete"|"completed"|"passed"|"failed"} status
 * @property {number|null} score 0 … 100, null while there is none
 * @property {string} state
 * @property {string} position
 * @property {number} elapsed milliseconds since the page was opened
 */

/**
 * @typedef {object} Interaction one answer given
 * @property {number} index
 * @property {string} label of the question
 * @property {import("./grade.js").Kind} kind
 * @property {string} response ids joined by commas, a decimal, or what was typed
 * @property {string[]} correct right responses, in the same form
 * @property {number} points
 * @property {import("./grade.js").Grade} grade
 * @property {number} latency milliseconds
 * @property {Date} at
 */

/**
 * @typedef {object} Store nothing here throws
 * @property {() => Opened|null} open null where nothing can be kept
 * @property {(snapshot: Snapshot, interactions: Interaction[]) => boolean} save is all of it kept?
 *   Interactions are handed over once.
 * @property {() => void} wake after the browser brought the page back from its cache
 * @property {() => void} close for good
 */

export {};
