/** @file A question's form: checks the answer, shows what it is worth and why, and restores it. */

import { grade, withUnit, withoutUnit } from "./grade.js";
import { shuffle } from "./order.js";
import { unseal } from "./seal.js";
import { ask, responsesOf } from "./task.js";
import { decimal } from "../lib/values.js";

/** @typedef {import("../work/page.js").Attempts} Attempts */

const TRY_AGAIN = "Try again";
const LOOKING = "Your work is being checked …";
const SOLUTION = "Show the solution";
const FINAL = "Your points for this question are then final.";
const USED_UP = "You have used all attempts at this question.";
const SETTLED = "You have seen the solution, so your points for this question are final.";
const HINT = "The hint above may help.";
const MARKS = { true: "✓ right", false: "✗ not right" };
const VERDICTS = { correct: "Correct.", partly: "Partly correct.", wrong: "Not correct." };

export class Question {
  #form;
  #answers;
  #unit;
  #button;
  #check;
  #result;
  #checked = false;
  #isLooking = false;
  /** What is kept of a task that was checked. */
  #done = "";
  #locked = false;
  /** @type {() => Attempts|null} */
  #settle = () => null;

  /**
   * @param {HTMLFormElement} form
   * @throws {Error} when its answers cannot be read
   */
  constructor(form) {
    this.form = this.#form = form;
    const { question: label = "", sealed = "" } = form.dataset;
    this.label = label;
    this.kind = /** @type {import("./grade.js").Kind} */ (form.dataset.kind);
    this.points = Number(form.dataset.points);
    this.objective = form.dataset.objective ?? "";
    this.#answers = unseal(label, sealed);
    this.tolerance = this.#answers.tolerance;
    this.#unit = form.querySelector(".scorm-unit")?.textContent.trim() ?? "";
    this.#button = form.querySelector("button[type=submit]");
    this.#check = this.#button.textContent;
    this.#result = form.querySelector(".scorm-question-result");
  }

  /** The keys of the choices (state/picks.js); none where the answer is typed. */
  get choices() {
    return this.#hasChoices ? this.#answers.choices.map(({ key = 0 }) => key) : [];
  }

  /** What reports say of the question. @returns {import("../lms/store.js").Told} */
  get told() {
    const { revision = "", description = "", choices } = this.#answers;
    const language = this.#form.closest("[lang]")?.getAttribute("lang") ?? "";
    const named = this.#hasChoices ? choices : [];
    const told = named.map(({ id, name = id, value }) => ({ id, name, text: value }));
    return { revision, description, language, choices: told };
  }

  /** Right responses, as reports want them: all right picks as one, or each answer to be typed. */
  get correct() {
    const right = this.#answers.choices.filter((choice) => choice.correct);
    if (!this.#hasChoices) return right.map((choice) => choice.value);
    return [right.map((choice) => choice.id).join(",")];
  }

  /** Puts the choices in the order that this student sees. @param {string} seed */
  shuffle(seed) {
    shuffle(this.#form, this.choices, seed);
  }

  /** The grade of an earlier answer; null where it is not understood, or not known, any more. */
  gradeOfKept(/** @type {Pick<Attempts, "isChanged"|"response">} */ { isChanged, response }) {
    return isChanged ? null : this.#gradeOf(response);
  }

  #gradeOf(/** @type {string} */ response) {
    return grade(this.kind, this.#answers, response, this.#unit);
  }

  /**
   * Lets the student answer.
   *
   * @param {(response: string, grade: import("./grade.js").Grade) => Attempts} take told each
   *   answer; returns how the attempts have gone so far
   * @param {() => Attempts} settle told when the student asks for the solution
   */
  enable(take, settle) {
    this.#settle = settle;
    // Not `submit`, which a frame without `allow-forms` never fires. Enter in a field clicks, too.
    this.#button.addEventListener("click", (event) => {
      event.preventDefault();
      if (this.#locked) return;
      if (this.#isTask) this.#look(take);
      else if (this.#checked) this.#tryAgain();
      else this.#submit(take);
    });
    this.#form.addEventListener("input", () => {
      if (!this.#locked) this.#clear();
    });
    this.#button.disabled = this.#locked;
  }

  /**
   * Shows an earlier answer as it was left; a screen reader does not read it out.
   *
   * @param {Attempts} attempts
   */
  restore(attempts) {
    if (attempts.points === null) return;
    const outcome = this.gradeOfKept(attempts);
    const isLost = attempts.isChanged || (!outcome && attempts.response !== "");
    const response = outcome ? attempts.response : "";
    if (this.#entry) this.#entry.value = withoutUnit(response, this.#unit);
    this.#done = this.#isTask ? response : "";
    const picks = response.split(",");
    for (const input of this.#inputs) input.checked = picks.includes(input.value);
    this.#result.setAttribute("aria-live", "off");
    if (outcome) this.#show(outcome, attempts);
    else this.#tell(isLost ? this.#changed(attempts) : this.#known(attempts));
    if (!isLost) this.#limit(attempts);
  }

  get #hasChoices() {
    return !["numeric", "text", "task"].includes(this.kind);
  }

  get #isTask() {
    return this.kind === "task";
  }

  get #entry() {
    return this.#form.querySelector(".scorm-question-entry input");
  }

  /** @returns {HTMLInputElement[]} */
  get #inputs() {
    return [...this.#form.querySelectorAll(".scorm-choice input")];
  }

  get #response() {
    if (this.#isTask) return this.#done;
    if (this.#entry) return withUnit(this.#entry.value.trim(), this.kind, this.#unit);
    const picked = this.#inputs.filter((input) => input.checked);
    return picked.map((input) => input.value).sort().join(",");
  }

  #submit(take) {
    this.#result.removeAttribute("aria-live");
    const outcome = this.#gradeOf(this.#response);
    if (outcome) {
      const attempts = take(this.#response, outcome);
      this.#show(outcome, attempts);
      this.#limit(attempts);
    } else this.#result.replaceChildren(this.#element("p", "scorm-prompt", this.#prompt()));
  }

  /** Has the work on a task judged, and shows what was found; it can be checked again at once. */
  async #look(take) {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#result.removeAttribute("aria-live");
    this.#tell(LOOKING);
    const found = await ask(this.#form);
    this.#isLooking = false;
    if (!found) {
      this.#result.replaceChildren(this.#element("p", "scorm-prompt", this.#prompt()));
      return;
    }
    const { kept, said } = responsesOf(found);
    this.#done = kept;
    const outcome = { .../** @type {import("./grade.js").Grade} */ (this.#gradeOf(kept)), said };
    const attempts = take(kept, outcome);
    this.#show(outcome, attempts);
    this.#result.firstElementChild?.after(this.#element("p", "scorm-found", found.words));
    this.#limit(attempts);
  }

  #prompt() {
    if (this.#isTask) return "Start the exercise and do what the task says, then check it here.";
    if (this.kind === "multiple") return "Choose one or more answers first.";
    if (this.#hasChoices) return "Choose an answer first.";
    if (this.kind === "text" || this.#response === "") return "Type an answer first.";
    const unit = this.#unit ? `, in ${this.#unit}` : "";
    return `This is not understood as a number. Type one such as 3.5${unit}.`;
  }

  /** Takes the picks back; what was typed stays, to be corrected. Focus stays on the button. */
  #tryAgain() {
    for (const input of this.#inputs) input.checked = false;
    this.#clear();
  }

  #clear() {
    this.#checked = false;
    this.#button.textContent = this.#check;
    delete this.#form.dataset.verdict;
    this.#result.replaceChildren();
    for (const mark of this.#form.querySelectorAll(".scorm-choice-mark")) mark.remove();
    for (const input of this.#inputs) {
      input.removeAttribute("aria-describedby");
      delete choiceOf(input).dataset.result;
    }
  }

  /** What is left of an answer where there was no room to keep its text (state/suspend-data.js). */
  #known({ points }) {
    return `You answered this before, for ${decimal(points)} of ${this.#points(this.points)}.`;
  }

  /** What is said of an answer to a question that was not yet as it is now. */
  #changed({ points }) {
    const kept = `You keep your points: ${decimal(points)} of ${this.#points(this.points)}.`;
    return `This question was changed after you answered it. ${kept} You can answer it again.`;
  }

  /** One sentence in place of a result. */
  #tell(words) {
    this.#clear();
    this.#result.replaceChildren(this.#element("p", "scorm-verdict", words));
  }

  /** Says how many attempts are left, if they are limited, and takes no more after the last. */
  #limit({ left, isSettled }) {
    if (left === Infinity && !isSettled) return;
    const words = isSettled ? SETTLED : left === 0 ? USED_UP : `Attempts left: ${left}.`;
    this.#result.append(this.#element("p", "scorm-attempts", words));
    if (left > 0 && !isSettled) return;
    this.#locked = true;
    this.#button.disabled = true;
    for (const input of [...this.#inputs, this.#entry]) if (input) input.disabled = true;
  }

  #points(number) {
    return `${decimal(number)} ${number === 1 ? "point" : "points"}`;
  }

  #show(outcome, attempts) {
    this.#clear();
    this.#checked = !this.#isTask;
    if (this.#checked) this.#button.textContent = TRY_AGAIN;
    this.#form.dataset.verdict = outcome.verdict;
    const isRight = outcome.verdict === "correct";
    const shows = attempts.shows(isRight);
    // Where all choices were picked, what is said of each would be the solution.
    const tellsAll = this.#hasChoices && outcome.picks.length === this.#inputs.length;
    const feedback = shows.feedback && (shows.explanation || !tellsAll);
    if (this.#hasChoices && feedback) this.#markPicks(outcome.picks);
    const verdict = this.#element("p", "scorm-verdict");
    verdict.append(
      this.#element("strong", "", VERDICTS[outcome.verdict]),
      ` ${this.#worth(outcome, attempts)}`,
    );
    this.#result.replaceChildren(
      verdict,
      ...(feedback ? this.#feedback(outcome.picks) : []),
      ...(shows.solution ? [this.#solution()] : []),
      ...(shows.explanation && this.#answers.explanation
        ? [this.#html("scorm-explanation", this.#answers.explanation)] : []),
      ...(isRight ? [] : this.#help(shows.offer, attempts)),
    );
  }

  #worth({ fraction }, { points, share }) {
    const now = this.points * fraction * share;
    const counts = `${decimal(points)} of ${decimal(this.points)}`;
    const better = points > now + 0.005 ? ` Your best answer, ${counts}, counts.` : "";
    return `${decimal(now)} of ${this.#points(this.points)}.${better}`;
  }

  /** What a student can do after an answer that is not right. @returns {HTMLElement[]} */
  #help(offers, { left, isSettled, nextShare }) {
    if (left === 0 || isSettled) return [];
    const hint = this.#form.querySelector(".scorm-question-hint:not([open])");
    const worth = `${decimal(this.points * nextShare)} of ${this.#points(this.points)}`;
    const most = nextShare < 1 ? `Another try can bring ${worth}.` : "";
    const words = [hint ? HINT : "", most].filter(Boolean).join(" ");
    const help = words ? [this.#element("p", "scorm-help", words)] : [];
    return offers ? [...help, this.#offer()] : help;
  }

  /** The button that shows the solution, with what that means. */
  #offer() {
    const offer = this.#element("p", "scorm-offer");
    const button = this.#element("button", "", SOLUTION);
    button.setAttribute("type", "button");
    button.addEventListener("click", () => {
      const attempts = this.#settle();
      const outcome = this.#gradeOf(this.#response);
      if (!attempts || !outcome) return;
      this.#show(outcome, attempts);
      this.#limit(attempts);
      /** @type {HTMLElement|null} */
      const solution = this.#result.querySelector(".scorm-solution");
      solution?.focus();
    });
    offer.append(button, ` ${FINAL}`);
    return offer;
  }

  /** Which answers are right. */
  #solution() {
    const right = this.#answers.choices.filter(({ correct }) => correct);
    const hasLetters = this.#form.querySelector(".scorm-choice-letter") !== null;
    const lettered = (/** @type {string} */ id) => (hasLetters ? `${id.toUpperCase()}. ` : "");
    const texts = right.map(({ id, value }) => `${lettered(id)}${value}`);
    const unit = this.#unit ? ` ${this.#unit}` : "";
    const words = texts.join(this.#hasChoices ? "; " : " or ") + unit;
    const solution = this.#element("p", "scorm-solution");
    solution.setAttribute("tabindex", "-1");
    const several = right.length > 1 && this.#hasChoices ? "Right answers:" : "Right answer:";
    const title = this.#isTask ? "One way to do it:" : several;
    solution.append(this.#element("strong", "", title), ` ${words}`);
    return solution;
  }

  #markPicks(picks) {
    for (const input of this.#inputs.filter(({ value }) => picks.includes(value))) {
      const { correct } = this.#answers.choices.find(({ id }) => id === input.value);
      const choice = choiceOf(input);
      choice.dataset.result = correct ? "right" : "wrong";
      const mark = this.#element("span", "scorm-choice-mark", MARKS[correct]);
      mark.id = `${input.id}-mark`;
      choice.append(mark);
      input.setAttribute("aria-describedby", mark.id);
    }
  }

  /** The author's words on each pick; with several picks, each names its choice. */
  #feedback(picks) {
    const { choices } = this.#answers;
    const chosen = choices.filter(({ id, feedback }) => picks.includes(id) && feedback);
    return chosen.map(({ value, feedback }) => {
      const block = this.#html("scorm-feedback", feedback);
      if (picks.length > 1) block.prepend(this.#element("p", "scorm-feedback-of", `${value}:`));
      return block;
    });
  }

  /** HTML that the author wrote and the build rendered; never what a student typed. */
  #html(className, html) {
    const block = this.#element("div", className);
    block.innerHTML = html;
    return block;
  }

  #element(name, className, text = "") {
    const element = this.#form.ownerDocument.createElement(name);
    if (className) element.className = className;
    element.textContent = text;
    return element;
  }
}

/** The element around a choice's input and its text. @param {HTMLInputElement} input */
function choiceOf(input) {
  return /** @type {HTMLElement} */ (input.closest(".scorm-choice"));
}
