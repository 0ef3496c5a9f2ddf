/** @file The log: who did what and when, a sentence for each. */

import { nameOf } from "./acts.js";
import { make } from "./dom.js";

/** More lines than this are not kept on the page. */
const KEPT = 200;

export class Log {
  #list;
  #frame;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#list = make("ol", { class: "cluster-lab-log" });
    this.#frame = make("div", { class: "cluster-lab-output", tabindex: "0", role: "group", "aria-label": "What happened, the newest last" }, this.#list);
    parent.append(this.#frame);
  }

  /** @param {number} time of the cluster, in milliseconds @param {import("./acts.js").Act[]} acts */
  add(time, acts) {
    const { scrollHeight, scrollTop, clientHeight } = this.#frame;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 30;
    for (const act of acts) {
      const words = make("span", {}, make("strong", {}, nameOf(act)), ` ${act.words}.`);
      this.#list.append(make("li", {}, make("span", { class: "cluster-lab-time" }, seconds(time)), words));
    }
    while (this.#list.childElementCount > KEPT) this.#list.firstElementChild?.remove();
    if (isAtEnd) this.toEnd();
  }

  toEnd() {
    this.#frame.scrollTop = this.#frame.scrollHeight;
  }

  clear() {
    this.#list.replaceChildren();
  }
}

/** @param {number} time */
function seconds(time) {
  return `${(time / 1000).toFixed(1)} s`;
}
