/**
 * @file The one interface to the places that keep a student's work: scorm12.js, scorm2004.js
 * and cmi5.js (an LMS), local.js (this browser), and the course's shell, which gives each page
 * in its frame such a store (`scormShell.storeFor`). Types only.
 *
 * An LMS that speaks SCORM answers at once, one that speaks cmi5 later. So a store may answer with
 * a value or with a promise; the caller uses `await`, except where the page is going away.
 */

/**
 * @typedef {object} Account what a keeper of a student's work knows of it
 * @property {string} state text of state/page.js or state/course.js
 * @property {string} status "" where unknown
 * @property {number|null} score
 */

/**
 * @typedef {object} Size of interactions
 * @property {number} elements
 * @property {number} bytes
 */

/**
 * @typedef {object} Room how many interactions may be sent; null is without limit
 * @property {Size|null} save in each save
 * @property {Size|null} visit in all saves of a visit together
 */

/**
 * @typedef {object} Opened what a store held when the page was opened
 * @property {string} status "" where unknown
 * @property {number|null} score
 * @property {number|null} mastery the passing score that the LMS names, 0 … 100
 * @property {string} state text of state/page.js or state/course.js
 * @property {number|null} interactions recorded so far, null where unknown
 * @property {string} launchData what the manifest tells the SCO that was launched
 * @property {string} [learner] the LMS's name for the student, "" where unknown
 * @property {string} [attempt] its name, where it need not be looked for in the state: "" where the
 *   learner's name tells the attempt as well, and where there is no LMS
 * @property {boolean} [copyOnly] there is no LMS: the student's copy is all there is
 * @property {boolean} [records] false where the LMS wants nothing kept: in SCORM, mode
 *   `browse`; in cmi5, launch mode `Browse` or `Review`
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
 * @typedef {object} Told what reports say of a question (scorm/course/choices.py)
 * @property {string} revision of the list of choices, "" where no letters are sent
 * @property {string} description one line
 * @property {string} language of the description and the choices' texts, as a BCP 47 tag
 * @property {{id: string, name: string, text: string}[]} choices by letter (`id`), each with its
 *   name for reports that take more than a letter
 */

/**
 * @typedef {object} Interaction one answer given
 * @property {number} index
 * @property {string} label of the question
 * @property {import("../view/grade.js").Kind} kind
 * @property {string} response ids joined by commas, a decimal, or what was typed
 * @property {string[]} correct right responses, in the same form
 * @property {number} [tolerance] by how much a number may differ from the right one
 * @property {number} points
 * @property {Pick<import("../view/grade.js").Grade, "fraction"|"verdict">} grade
 * @property {number} latency milliseconds
 * @property {Date} at
 * @property {string} [objective] label of the objective that the question asks about
 * @property {Told} [told]
 */

/**
 * @typedef {object} Store nothing here throws or rejects
 * @property {() => Opened|null|Promise<Opened|null>} open null where nothing can be kept
 * @property {(snapshot: Snapshot, interactions: Interaction[]) => boolean|Promise<boolean>} save
 *   is all of it kept, as far as the LMS says? After a failure the same interactions come again,
 *   with the same index, and once more in the next visit where they may have been lost. Whatever
 *   must be sent before the page is gone is sent before `save` returns, or in the same task.
 * @property {Room} [room] how many interactions a save may bring; any number where it is missing
 * @property {(reconcile: (theirs: Account) => Snapshot) => void} [onOvertaken] takes, before
 *   the first save, the function that merges into the page's work what the store has got from
 *   elsewhere since it was opened (another browser, an earlier attempt). The store saves what that
 *   function returns instead of what it was given
 * @property {number} [refused] how many reports the LMS refuses for good; the student is told
 * @property {boolean} [overlaps] may a save begin before the last one's answer is there?
 * @property {boolean} [confirmed] has what was saved last arrived, as far as anybody can know? true
 *   where it is missing
 * @property {() => void} wake called when the browser has brought the page back from its cache
 * @property {() => void} close called when the page is left for good
 */

export {};
