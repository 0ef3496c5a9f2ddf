/**
 * @file How a student stands with a page, or with a whole course: the work itself, what was earned
 * for good, and the student's copy in this browser.
 *
 * **Earned.** What was `completed` or `passed` once is never taken back, nor is a better score
 * (the floor), whoever knows of it: the LMS, the copy, another tab, another browser. There is one
 * exception. Where the course says that the last answer counts, a passed quiz may be failed again
 * and the score may go down, provided that all the answers are known that the score came from.
 *
 * **The copy.** Each change goes into it before it is sent, and stays there until a later visit has
 * read it back from the LMS (mirror.js). A copy of the attempt that the LMS shows is used. Where the
 * LMS shows no attempt, it has either lost all that it was sent, or this is a new attempt: a copy
 * that it never acknowledged got lost, and is used. About any other copy of this student with work
 * that the LMS does not show, the student is asked.
 *
 * An account is the work as somebody knows it: this page, the LMS, the copy, another tab. What it
 * consists of, on a page or in a course, the form says (forms.js).
 */

import { attemptOf, marked, newAttempt } from "../state/attempt.js";
import { Journal } from "./journal.js";
import { better, highest } from "./merge.js";
import { earnedOf, statusOf } from "./score.js";

/** @typedef {import("./mirror.js").Copy} Copy */
/** @typedef {import("./mirror.js").Mirror} Mirror */
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
  /**
   * A copy that may be of another attempt, until the student decides.
   * @type {{attempt: string, copy: Copy}|null}
   */
  #earlier = null;
  /** Another attempt whose copy was taken in, and is to go once this one's holds it. @type {string|null} */
  #used = null;
  /** The mark that the state bears; "" where the store knows the attempt without. */
  #mark = "";
  /** Does the LMS show this attempt? */
  #isShown = false;
  /** The state that this tab wrote into the copy last; any other one is another tab's. */
  #written = "";
  /** Does the LMS want the work recorded? */
  #records = true;
  /** Is there no LMS, so that the copy is all there is? */
  #copyOnly = false;

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
    // Read once more, as `account` changes while the student works, and this must not.
    this.#proven = this.#form.read(opened.state).account;
    const own = this.#form.own(account);
    this.#learn(own, isWhole);
    this.#learn(opened, isWhole);
    own.interactions = opened.interactions ?? own.interactions;
    if (this.#records) this.#adopt(opened);
  }

  /**
   * Takes over what a store holds that has opened only now, while the student worked.
   *
   * @param {import("../lms/store.js").Opened} opened
   * @param {number|null} mastery that applies where the LMS names none
   * @param {Mirror} mirror of that store
   */
  openLate(opened, mastery, mirror) {
    const { account } = this;
    this.#mirror = mirror;
    this.open(opened, mastery);
    const { counted } = this;
    this.account = this.#form.merge(this.account, account);
    this.counted = counted;
    this.journal.renumber();
    this.#merged();
  }

  /** @param {import("../lms/store.js").Opened} opened */
  #adopt({ state, attempt }) {
    const shown = attempt ?? attemptOf(state);
    this.#isShown = attempt !== undefined || shown !== "";
    const name = this.#isShown ? shown : (this.#lost() ?? newAttempt());
    this.#mark = attempt === undefined ? name : "";
    this.#mirror.take(name, this.#isShown);
    this.#sortOut();
    const copy = this.#mirror.read();
    if (!copy) return;
    const isProven = this.#isShown && this.#form.covers(this.#proven, this.#accountOf(copy));
    this.journal.resume(copy.interactions, isProven);
    if (isProven) this.#mirror.remove();
    this.add(copy.state);
  }

  /** The attempt of which the LMS has got nothing yet, as far as this browser knows. */
  #lost() {
    const isOpen = (/** @type {Copy} */ copy) =>
      !copy.acknowledged || this.#form.covers(this.account, this.#accountOf(copy));
    return [...this.#mirror.others].reverse().find(([, copy]) => isOpen(copy))?.[0];
  }

  /** Drops copies of other attempts that hold nothing new; the latest other one is to decide on. */
  #sortOut() {
    for (const [attempt, copy] of this.#mirror.others) {
      if (!this.#form.covers(this.#proven, this.#accountOf(copy))) this.#earlier = { attempt, copy };
      else this.#mirror.drop(attempt);
    }
  }

  /** @param {Copy} copy */
  #accountOf({ state }) {
    return this.#form.read(state).account;
  }

  /** Is all work safe in this browser, and is there a copy that the student must decide about? */
  get facts() {
    const { isSafe, isWriting } = this.#mirror;
    return { copied: isSafe, copying: isWriting, earlier: this.#earlier !== null };
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
   * @param {{status: string, score: number|null}} [report] what the store says of that work
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
    const copy = this.#records ? this.#mirror.read() : null;
    if (!copy) return false;
    const hasReports = this.journal.adopt(copy.interactions);
    if (copy.state === this.#written) return hasReports;
    if (this.#form.covers(this.account, this.#accountOf(copy))) return hasReports;
    this.add(copy.state);
    return true;
  }

  /** Does the copy, which another tab has written, lack work of this one? */
  get isAhead() {
    const copy = this.#mirror.read();
    return copy !== null && !this.#form.covers(this.#accountOf(copy), this.account);
  }

  /** The student has decided whether the earlier copy is to be used. @param {boolean} isWanted */
  decide(isWanted) {
    const earlier = this.#earlier;
    this.#earlier = null;
    if (!earlier) return;
    if (!isWanted) {
      this.#mirror.drop(earlier.attempt);
      return;
    }
    this.#used = earlier.attempt;
    const { state, interactions } = earlier.copy;
    // In the other attempt the reports had other numbers.
    this.journal.resume(interactions.map((entry) => ({ ...entry, index: null })), false);
    const { counted } = this;
    this.add(state);
    this.counted = counted;
  }

  /** The text of a state, with the mark of this attempt. @param {string} state */
  marked(state) {
    return marked(state, this.#mark);
  }

  /**
   * Writes the copy, or removes it where the store has shown that it has all the work.
   *
   * @param {string} state the work as it is now
   * @param {boolean} isSaid does the store say that it has it all?
   */
  keepCopy(state, isSaid) {
    if (!this.#records) return;
    const interactions = this.#copyOnly ? [] : this.journal.entries;
    const isProven = interactions.length === 0 && this.#form.covers(this.#proven, this.account);
    if (isProven && this.#isShown && !this.#copyOnly) {
      this.#mirror.remove();
      return;
    }
    this.#written = state;
    const acknowledged = isSaid || this.#isShown;
    this.#mirror.write({ state, acknowledged, interactions });
    if (this.#used !== null) this.#dropUsed(this.#used);
  }

  /** @param {string} attempt */
  async #dropUsed(attempt) {
    this.#used = null;
    if (await this.#mirror.result()) this.#mirror.drop(attempt);
  }

  /**
   * Notes what was earned and must not be lowered.
   *
   * @param {{status: string, score: number|null}} report
   * @param {boolean} isWhole are all answers known that the score came from?
   */
  #learn({ status, score }, isWhole) {
    this.#earned = better(this.#earned, earnedOf(this.#scoring, status));
    if (this.#scoring.keep === "best" || !isWhole) this.floor = highest([this.floor, score]);
  }
}
