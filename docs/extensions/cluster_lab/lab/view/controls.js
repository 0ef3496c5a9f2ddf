/** @file The buttons above the picture: pause, step, slow motion, load, a larger view, reset. */

import { draw, make, tell } from "./dom.js";

/** How fast slow motion is, of the usual speed. */
export const SLOW = 0.1;

const SIGNS = {
  pause: "M5 3h3v10H5zM9 3h3v10H9z",
  run: "M4.5 2.5L13 8L4.5 13.5z",
  step: "M3 2.5L10 8L3 13.5zM11 2.5h2.4v11H11z",
  slow: "M8 2a6 6 0 1 0 6 6h-1.8A4.2 4.2 0 1 1 8 3.8zM7.2 5h1.6v2.7l2.2 1.3l-.8 1.4l-3-1.8z",
  load: "M2 4.2h7V2l4.5 3.2L9 8.4V6.2H2zM14 11.8H7v2.2l-4.5-3.2L7 7.6v2.2h7z",
  large: "M2 2h5v2H4v3H2zM9 2h5v5h-2V4H9zM2 9h2v3h3v2H2zM12 9h2v5H9v-2h3z",
  reset: "M8 2a6 6 0 1 0 6 6h-2a4 4 0 1 1-4-4v2.5l4-3.5L8-.2z",
};

/**
 * @typedef {object} Actions
 * @property {() => void} pause pauses or goes on
 * @property {() => void} step
 * @property {() => void} slow
 * @property {() => void} load starts or stops it
 * @property {() => void} large
 * @property {() => void} reset
 */

export class Controls {
  #buttons = /** @type {Record<keyof Actions, HTMLButtonElement>} */ ({});
  #question;

  /** @param {HTMLElement} parent @param {Actions} actions */
  constructor(parent, actions) {
    const button = (/** @type {keyof Actions} */ name, words, action = actions[name]) => {
      this.#buttons[name] = make("button", { type: "button", onclick: action }, sign(name), make("span", {}, words));
      return this.#buttons[name];
    };
    const bar = make(
      "div",
      { class: "cluster-lab-controls", role: "group", "aria-label": "Time and load" },
      button("pause", "Pause"),
      button("step", "Step"),
      button("slow", "Slow motion"),
      button("load", "Start load"),
      button("large", "Enlarge"),
      button("reset", "Reset", () => this.#ask()),
    );
    this.#question = make(
      "div",
      { class: "cluster-lab-question", role: "group", "aria-label": "Reset?", hidden: true },
      make("p", {}, "Reset: the cluster and the manifest go back to the start of this exercise."),
      make("button", { type: "button", class: "cluster-lab-main", onclick: () => this.#answer(actions.reset) }, "Reset both"),
      make("button", { type: "button", onclick: () => this.#answer() }, "Keep what I have"),
    );
    this.#buttons.load.hidden = true;
    parent.append(bar, this.#question);
  }

  /**
   * @param {object} state
   * @param {boolean} state.isPaused
   * @param {boolean} state.isSlow
   * @param {boolean} state.isLoaded does the load run?
   * @param {boolean} state.hasService
   * @param {boolean} state.isLarge
   */
  update({ isPaused, isSlow, isLoaded, hasService, isLarge }) {
    const { pause, slow, load, large } = this.#buttons;
    rename(pause, isPaused ? "Run" : "Pause", isPaused ? "run" : "pause");
    slow.setAttribute("aria-pressed", String(isSlow));
    rename(load, isLoaded ? "Stop load" : "Start load", "load");
    load.hidden = !hasService && !isLoaded;
    large.setAttribute("aria-pressed", String(isLarge));
  }

  #ask() {
    this.#question.hidden = false;
    this.#question.querySelector("button")?.focus();
  }

  /** @param {() => void} [action] */
  #answer(action) {
    this.#question.hidden = true;
    this.#buttons.reset.focus();
    action?.();
  }
}

function rename(button, words, name) {
  tell(button.querySelector("span"), words);
  button.querySelector("path").setAttribute("d", SIGNS[name]);
}

function sign(name) {
  return draw("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, draw("path", { d: SIGNS[name] }));
}
