/** @file The strip below the picture: desired, actual, and who acts now; and all of it in words. */

import { nameOf } from "./acts.js";
import { make, tell } from "./dom.js";
import { actual, desired, inFull, isSettled } from "./words.js";

export class Strip {
  #cells;
  #words;
  #list;
  #isQuiet = true;
  #timer = 0;
  #model = /** @type {import("./model.js").Model|null} */ (null);

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#cells = ["Desired", "Actual", "Who acts now"].map((title) => {
      const cell = make("dd");
      return { title: make("dt", {}, title), cell };
    });
    this.#words = make("div", { class: "cluster-lab-strip" }, make("dl", {}, ...this.#cells.map(({ title, cell }) => make("div", {}, title, cell))));
    this.#list = make("ul");
    const full = make("details", { class: "cluster-lab-words" }, make("summary", {}, "The picture in words"), this.#list);
    parent.append(this.#words, full);
  }

  /** @param {import("./model.js").Model} model @param {import("./picture.js").Load} load */
  update(model, load) {
    tell(this.#cells[0].cell, desired(model));
    tell(this.#cells[1].cell, actual(model));
    this.#words.dataset.settled = String(isSettled(model));
    if (this.#isQuiet) this.#rest(model);
    this.#model = model;
    const lines = inFull(model, load);
    lines.forEach((line, index) => tell(this.#list.children[index] ?? this.#list.appendChild(make("li")), line));
    while (this.#list.childElementCount > lines.length) this.#list.lastElementChild?.remove();
  }

  /** @param {import("./acts.js").Act} act */
  act(act) {
    const { cell } = this.#cells[2];
    cell.replaceChildren(make("strong", {}, nameOf(act)), ` ${act.words}`);
    cell.classList.remove("cluster-lab-rest");
    this.#isQuiet = false;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#isQuiet = true;
      if (this.#model) this.#rest(this.#model);
    }, QUIET);
  }

  /** Nobody has acted yet: for a new cluster. */
  clear() {
    window.clearTimeout(this.#timer);
    this.#isQuiet = true;
  }

  close() {
    window.clearTimeout(this.#timer);
  }

  /** @param {import("./model.js").Model} model */
  #rest(model) {
    const { cell } = this.#cells[2];
    tell(cell, restful(model));
    cell.classList.add("cluster-lab-rest");
  }
}

/** After this time without an act nobody acts (milliseconds). */
const QUIET = 4000;

/** What is the matter while nobody acts. @param {import("./model.js").Model} model @returns {string} */
export function restful(model) {
  const bad = model.pods.find((pod) => pod.state === "failing");
  if (bad) return `nobody; the kubelet of ${bad.node ?? "its node"} tries ${bad.short} again after a longer and longer wait`;
  if (model.pods.some((pod) => !pod.node)) return "nobody; the scheduler finds no node for a pod that waits";
  const lonely = model.services.find((service) => service.endpoints.length === 0);
  if (isSettled(model) && lonely && model.pods.length > 0) {
    return `nobody; Service ${lonely.name} finds no pod that it could send requests to`;
  }
  if (!isSettled(model)) return "nobody at this moment; kubelets start, probe and stop containers";
  return "nobody: what is there is what was asked for; all go on watching";
}
