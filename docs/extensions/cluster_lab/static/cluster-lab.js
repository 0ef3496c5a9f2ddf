/**
 * @file The labs of a page before they are started: their buttons, and what is kept of them.
 *
 * Small, as every page with a lab loads it. The cluster itself comes with the first start.
 */

import { keep, kept } from "./cluster-lab-kept.js";

/** @typedef {import("./cluster-lab-kept.js").Saved} Saved */

/** Changes within this time are kept together (milliseconds). */
const CALM = 800;

/** The lab that runs: a page has one cluster at a time. @type {Starter|null} */
let running = null;

class Starter {
  #lab = /** @type {any} */ (null);
  #saved = /** @type {Saved|null} */ (null);
  #starting = Promise.resolve();
  #timer = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(`.cluster-lab-${name}`));
    this.element = element;
    this.key = "";
    this.offer = part("offer");
    this.note = part("note");
    this.stage = part("stage");
    this.fallback = part("fallback");
    const [first, again] = this.offer.querySelectorAll("button");
    this.first = first;
    this.again = again;
    first.addEventListener("click", () => this.start(this.#saved));
    again.addEventListener("click", () => this.start(null));
    element.addEventListener("scorm-check", (event) => this.#check(/** @type {CustomEvent} */ (event)));
  }

  /** Looks up what is kept, and offers the lab. */
  async show() {
    this.key = `${await studentKey()} ${this.element.dataset.lab}`;
    this.#saved = await kept(this.key);
    this.#offer("");
    this.fallback.hidden = true;
  }

  /** @param {Saved|null} saved */
  start(saved) {
    this.#starting = this.#start(saved);
  }

  /** @param {Saved|null} saved */
  async #start(saved) {
    const other = running;
    running = this;
    this.#enable(false);
    this.note.textContent = "The cluster starts …";
    try {
      await other?.stop("This cluster was closed, as another one was started on this page. What you made is kept.");
      const { open } = await import(new URL(this.element.dataset.engine ?? "", document.baseURI).href);
      const { start, manifest } = this.element.dataset;
      this.stage.hidden = false;
      this.#lab = await open(this.element, {
        start: JSON.parse(start || "[]"),
        manifest: manifest ?? "",
        saved,
        changed: () => this.#later(),
      });
      this.offer.hidden = true;
      this.note.textContent = "";
      this.stage.querySelector("button")?.focus({ preventScroll: true });
    } catch (error) {
      running = null;
      this.stage.replaceChildren();
      this.stage.hidden = true;
      this.fallback.hidden = false;
      this.#offer("The cluster could not be started in this browser. Below you can read what happens in it.");
      throw error;
    } finally {
      this.#enable(true);
    }
  }

  /** Closes the lab, and offers it again. @param {string} words */
  async stop(words) {
    await this.#starting.catch(() => {});
    if (!this.#lab) return;
    await this.save();
    this.#lab.close();
    this.#lab = null;
    this.stage.hidden = true;
    this.#offer(words);
  }

  async save() {
    window.clearTimeout(this.#timer);
    if (!this.#lab) return;
    this.#saved = this.#lab.snapshot();
    await keep(this.key, this.#saved);
  }

  /** @param {boolean} isEnabled */
  #enable(isEnabled) {
    for (const button of [this.first, this.again]) button.disabled = !isEnabled;
  }

  #later() {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.save(), CALM);
  }

  /** @param {string} words */
  #offer(words) {
    const isKept = this.#saved !== null;
    this.first.textContent = isKept ? "Go on where you left off" : "Start the cluster";
    this.again.hidden = !isKept;
    this.offer.hidden = false;
    this.note.textContent = words || (isKept ? "Your cluster and your manifest are kept in this browser." : "");
  }

  /** The student's runtime asks whether a task is done; while no cluster runs nobody answers. @param {CustomEvent} event */
  #check(event) {
    if (!this.#lab) return;
    const form = /** @type {HTMLElement} */ (event.target);
    const answer = this.#lab.check(form.dataset.question).then(({ share, words, response }) => ({ fraction: share, words, response }));
    event.detail.respond(answer);
  }
}

/** The key of the student, as soon as the runtime of the page tells it; "" where there is no runtime. */
async function studentKey() {
  const { dataset } = document.documentElement;
  if (dataset.scormKey !== undefined || !document.getElementById("scorm-page")) return dataset.scormKey ?? "";
  await new Promise((resolve) => document.addEventListener("scorm-key", resolve, { once: true }));
  return dataset.scormKey ?? "";
}

/** @type {NodeListOf<HTMLElement>} */
const labs = document.querySelectorAll(".cluster-lab");
for (const element of labs) void new Starter(element).show();

window.addEventListener("pagehide", () => void running?.save());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) void running?.save();
});
