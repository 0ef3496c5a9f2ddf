/**
 * @file How a student stands with a page, or with a whole course: the work itself, what was earned
 * for good, and the student's copy in this browser.
 *
 * **Earned.** What was `completed` or `passed` once is never taken back, nor is a better score
 * (the floor), whoever knows of it: the LMS, the copy, another tab, another browser. Where the
 * course says that the last answer counts, `passed` may be failed again, and an account of the work
 * lowers the score, provided that it holds all the answers that its own score came from.
 *
 * **The copy.** Each change goes into it before it is sent, and stays there until a later visit has
 * read it back from the LMS (mirror.js). A copy beside an LMS that knows nothing of the work at all
 * is either of a visit whose every commit got lost or of an earlier attempt. Where the LMS never
 * said that it had it, it is the first; otherwise the student is asked.
 *
 * What an account of the work consists of, the form says (forms.js).
 */

import { Journal } from "./journal.js";
import { better, highest } from "./merge.js";
import { earnedOf, statusOf } from "./score.js";

/** @typedef {import("./mirror.js").Copy} Copy */
/** @typedef {Pick<import("./mirror.js").Mirror, "read"|"write"|"remove">} Mirror */
/** @typedef {import("../state/page.js").State} State */

/**
 * @template T
 * @typedef {object} Form how an account of the work is handled
 * @property {() => T} blank
 * @property {(text: string) => {account: T, isWhole: boolean}} read `isWhole` where all answers
 *   are there that the account's score came from
 * @property {(account: T) => State} own the state that tells status, score and interactions
 * @property {(ours: T, theirs: T) => T} merge
 * @property {(ours: T, theirs: T) => boolean} covers does the first know all that matters of the
 *   second?
 */

/** @template T */
export class Standing {
  /** @type {T} */
  account;
  /** Answers that the LMS has not proven to hold. @type {Journal} */
  journal;
  /** The score that makes a finished quiz passed, null where there is none. @type {number|null} */
  mastery = null;
  /** The score that must not be lowered. @type {number|null} */
  floor = null;
  /** @type {Form<T>} */
  #form;
  /** @type {import("./score.js").Scoring} */
  #scoring;
  /** @type {Mirror} */
  #mirror;
  /** @type {() => void} */
  #merged;
  /** The status that must not be lowered. @type {import("./score.js").Earned} */
  #earned = "";
  /** What the store showed when it was opened: this much has surely arrived. @type {T} */
  #proven;
  /** What may be of another attempt. @type {Copy|null} */
  #earlier = null;
  /** What this tab wrote last; anything else is another tab's. */
  #written = "";
  /** Does the LMS want the work recorded? */
  #records = true;
  /** Is the copy all there is? */
  #copyOnly = false;
  #copied = true;

  /**
   * @param {Form<T>} form
   * @param {import("./score.js").Scoring} scoring
   * @param {Mirror} mirror
   * @param {import("../lms/store.js").Room|undefined} room of the store
   * @param {() => void} merged told when work from elsewhere has come into the account
   */
  constructor(form, scoring, mirror, room, merged) {
    this.#form = form;
    this.#scoring = scoring;
    this.#mirror = mirror;
    this.#merged = merged;
    this.journal = new Journal(room);
    this.account = this.#proven = form.blank();
  }

  /**
   * Takes over what the store held, and what the copy adds to it.
   *
   * @param {import("../lms/store.js").Opened} opened
   * @param {number|null} mastery that applies where the LMS names none
   */
  open(opened, mastery) {
    this.#records = opened.records ?? true;
    this.#copyOnly = opened.copyOnly ?? false;
    this.mastery = opened.mastery ?? mastery;
    const { account, isWhole } = this.#form.read(opened.state);
    this.account = account;
    this.#proven = this.#form.read(opened.state).account;
    const own = this.#form.own(account);
    this.#learn(own, isWhole);
    this.#learn(opened, isWhole);
    own.interactions = opened.interactions ?? own.interactions;
    this.#adopt(opened.isNew ?? false);
  }

  /** @param {boolean} isNew does the LMS know nothing of the work? */
  #adopt(isNew) {
    const copy = this.#records ? this.#mirror.read() : null;
    if (!copy) return;
    const { account } = this.#form.read(copy.state);
    if (isNew && copy.acknowledged && !this.#form.covers(this.account, account)) {
      this.#earlier = copy;
      return;
    }
    this.#earlier = copy.earlier ?? null;
    const isProven = this.#form.covers(this.#proven, account);
    this.journal.begin(copy.interactions, isProven);
    if (isProven) this.#mirror.remove();
    this.add(copy.state);
  }

  /** Is there work of what may be another attempt, and is all work in this browser? */
  get facts() {
    return { copied: this.#copied, earlier: this.#earlier !== null };
  }

  /** How many interactions there are; the next one has this number. */
  get counted() {
    return this.#form.own(this.account).interactions;
  }

  set counted(count) {
    this.#form.own(this.account).interactions = count;
  }

  /**
   * The status that the work comes to; what it earns is earned from now on.
   *
   * @param {boolean} done was everything read and answered?
   * @param {number|null} score
   */
  judge(done, score) {
    const work = { done, score, mastery: this.mastery, earned: this.#earned };
    const status = statusOf(this.#scoring, work);
    this.#earned = better(this.#earned, earnedOf(this.#scoring, status));
    return status;
  }

  /**
   * Adds another account of the same student's work to this one.
   *
   * @param {string} state
   * @param {{status: string, score: number|null}} [report] what its keeper says of it
   */
  add(state, report) {
    const { account, isWhole } = this.#form.read(state);
    this.account = this.#form.merge(this.account, account);
    this.#learn(this.#form.own(account), isWhole);
    if (report) this.#learn(report, isWhole);
    this.#merged();
  }

  /** Takes in what another tab has written; is there anything new? */
  absorb() {
    const isUndecided = this.#earlier !== null && this.#written === "";
    const copy = this.#records && !isUndecided ? this.#mirror.read() : null;
    if (!copy) return false;
    this.journal.adopt(copy.interactions);
    if (copy.state === this.#written) return false;
    const { account } = this.#form.read(copy.state);
    if (this.#form.covers(this.account, account)) return false;
    this.add(copy.state);
    return true;
  }

  /** Does the copy, which another tab has written, lack work of this one? */
  get isAhead() {
    const copy = this.#mirror.read();
    return copy !== null && !this.#form.covers(this.#form.read(copy.state).account, this.account);
  }

  /** The work of what may be another attempt is this one's; or it is not. @param {boolean} isWanted */
  decide(isWanted) {
    const copy = this.#earlier;
    this.#earlier = null;
    if (copy && isWanted) this.add(copy.state);
  }

  /**
   * Writes down what the store has not shown us to have; nothing where it has all.
   *
   * @param {string} state the work as it is now
   * @param {boolean} acknowledged does the store say that it has it all?
   */
  keepCopy(state, acknowledged) {
    if (!this.#records) return;
    const interactions = this.#copyOnly ? [] : this.journal.entries;
    const isProven = interactions.length === 0 && this.#form.covers(this.#proven, this.account);
    if (isProven && !this.#copyOnly && !this.#earlier) {
      this.#mirror.remove();
      return;
    }
    const earlier = this.#earlier ?? undefined;
    this.#written = state;
    this.#copied = this.#mirror.write({ state, acknowledged, interactions, earlier });
  }

  /** @param {{status: string, score: number|null}} report @param {boolean} isWhole */
  #learn({ status, score }, isWhole) {
    this.#earned = better(this.#earned, earnedOf(this.#scoring, status));
    if (this.#scoring.keep === "best" || !isWhole) this.floor = highest([this.floor, score]);
  }
}
