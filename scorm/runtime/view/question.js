/** @file A question's form: checks the answer, shows what it is worth and why, and restores it. */

import { grade } from "./grade.js";
import { unseal } from "./seal.js";
import { decimal } from "../lib/values.js";

/** @typedef {import("../work/page.js").Attempts} Attempts */

const TRY_AGAIN = "Try again";
const USED_UP = "You have used all attempts at this question.";
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
  #locked = false;

  /**
   * @param {HTMLFormElement} form
   * @throws {Error} when its answers cannot be read
   */
  constructor(form) {
    this.form = this.#form = form;
    const { question: label = "", revision = "", sealed = "" } = form.dataset;
    this.label = label;
    this.kind = /** @type {import("./grade.js").Kind} */ (form.dataset.kind);
    this.points = Number(form.dataset.points);
    this.revision = revision;
    this.objective = form.dataset.objective ?? "";
    this.#answers = unseal(label, sealed);
    this.tolerance = this.#answers.tolerance;
    this.#unit = form.querySelector(".scorm-unit")?.textContent.trim() ?? "";
    this.#button = form.querySelector("button[type=submit]");
    this.#check = this.#button.textContent;
    this.#result = form.querySelector(".scorm-question-result");
  }

  /** Right responses, as reports want them: all right picks as one, or each answer to be typed. */
  get correct() {
    const right = this.#answers.choices.filter((choice) => choice.correct);
    if (this.#isTyped) return right.map((choice) => choice.value);
    return [right.map((choice) => choice.id).join(",")];
  }

  /**
   * Lets the student answer.
   *
   * @param {(response: string, grade: import("./grade.js").Grade) => Attempts} take told each
   *   answer; returns how the attempts have gone so far
   */
  enable(take) {
    // Not `submit`, which a frame without `allow-forms` never fires. Enter in a field clicks, too.
    this.#button.addEventListener("click", (event) => {
      event.preventDefault();
      if (this.#locked) return;
      if (this.#checked) this.#tryAgain();
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
    if (this.#isTyped) this.#entry.value = attempts.response;
    const picks = attempts.response.split(",");
    for (const input of this.#inputs) input.checked = picks.includes(input.value);
    const outcome = this.#grade();
    this.#result.setAttribute("aria-live", "off");
    if (outcome) this.#show(outcome, attempts);
    else this.#result.replaceChildren(this.#element("p", "scorm-verdict", this.#known(attempts)));
    this.#limit(attempts.left);
  }

  get #isTyped() {
    return this.kind === "numeric" || this.kind === "text";
  }

  get #entry() {
    return this.#form.querySelector(".scorm-question-entry input");
  }

  /** @returns {HTMLInputElement[]} */
  get #inputs() {
    return [...this.#form.querySelectorAll(".scorm-choice input")];
  }

  get #response() {
    if (this.#isTyped) return this.#entry.value.trim();
    return this.#inputs.filter((input) => input.checked).map((input) => input.value).join(",");
  }

  #grade() {
    return grade(this.kind, this.#answers, this.#response, this.#unit);
  }

  #submit(take) {
    this.#result.removeAttribute("aria-live");
    const outcome = this.#grade();
    if (outcome) {
      const attempts = take(this.#response, outcome);
      this.#show(outcome, attempts);
      this.#limit(attempts.left);
    } else this.#result.replaceChildren(this.#element("p", "scorm-prompt", this.#prompt()));
  }

  #prompt() {
    if (this.kind === "multiple") return "Choose one or more answers first.";
    if (!this.#isTyped) return "Choose an answer first.";
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

  /** Says how many attempts are left, if they are limited, and takes no more after the last. */
  #limit(left) {
    if (left === Infinity) return;
    const words = left === 0 ? USED_UP : `Attempts left: ${left}.`;
    this.#result.append(this.#element("p", "scorm-attempts", words));
    if (left > 0) return;
    this.#locked = true;
    this.#button.disabled = true;
    for (const input of [...this.#inputs, this.#entry]) if (input) input.disabled = true;
  }

  #points(number) {
    return `${decimal(number)} ${number === 1 ? "point" : "points"}`;
  }

  #show(outcome, attempts) {
    this.#clear();
    this.#checked = true;
    this.#button.textContent = TRY_AGAIN;
    this.#form.dataset.verdict = outcome.verdict;
    const explains = attempts.explains(outcome.verdict === "correct");
    if (!this.#isTyped && explains) this.#markPicks(outcome.picks);
    const verdict = this.#element("p", "scorm-verdict");
    verdict.append(
      this.#element("strong", "", VERDICTS[outcome.verdict]),
      ` ${this.#worth(outcome, attempts.points)}`,
    );
    const parts = [verdict, ...(explains ? this.#feedback(outcome.picks) : [])];
    if (explains && this.#answers.explanation) {
      parts.push(this.#html("scorm-explanation", this.#answers.explanation));
    }
    this.#result.replaceChildren(...parts);
  }

  #worth({ fraction }, best) {
    const now = this.points * fraction;
    const counts = `${decimal(best)} of ${decimal(this.points)}`;
    const better = best > now + 0.005 ? ` Your best answer, ${counts}, counts.` : "";
    return `${decimal(now)} of ${this.#points(this.points)}.${better}`;
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
