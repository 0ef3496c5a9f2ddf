/** @file The lab in the page: a running cluster with its picture, its editor and its kubectl line. */

import { start as startLab } from "./cluster.js";
import { complete, kubectl } from "./kubectl.js";
import { read as readManifest } from "./manifest.js";
import { TASKS } from "./tasks.js";
import { acts, warnings } from "./view/acts.js";
import { Announcer } from "./view/announcer.js";
import { Controls, SLOW } from "./view/controls.js";
import { make } from "./view/dom.js";
import { Editor } from "./view/editor.js";
import { Large } from "./view/large.js";
import { Log } from "./view/log.js";
import { EMPTY, read } from "./view/model.js";
import { Picture } from "./view/picture.js";
import { Strip } from "./view/strip.js";
import { tabs } from "./view/tabs.js";
import { Teller } from "./view/teller.js";
import { Terminal } from "./view/terminal.js";
import { actual, list } from "./view/words.js";

/** @typedef {{objects: any[], text: string}} Saved the student's cluster, and what stands in the editor */

/** An LMS may keep no more of an answer (characters). */
const RESPONSE = 60;

/**
 * Starts a cluster, and builds the lab inside an element.
 *
 * @param {HTMLElement} element holds the stage
 * @param {object} options
 * @param {any[]} options.start the objects of the exercise
 * @param {string} options.manifest what stands in the editor at first
 * @param {Saved|null} [options.saved] where the student left, to go on there
 * @param {() => void} [options.changed] called when there is something new to save
 */
export async function open(element, { start, manifest, saved = null, changed = () => {} }) {
  const lab = await startLab({ objects: saved?.objects ?? start });
  return new Bench(element, lab, { start, manifest, text: saved?.text ?? manifest, changed });
}

/** The parts of a lab, and what goes on between them. */
class Bench {
  #stage;
  #lab;
  #options;
  #speed = 1;
  #isSlow = false;
  #model = EMPTY;
  #loaded = "";
  #frame = 0;
  #warned = new Set();

  /**
   * @param {HTMLElement} element
   * @param {import("./cluster.js").Lab} lab
   * @param {{start: any[], manifest: string, text: string, changed: () => void}} options
   */
  constructor(element, lab, options) {
    this.#stage = /** @type {HTMLElement} */ (element.querySelector(".cluster-lab-stage"));
    this.#lab = lab;
    this.#options = options;
    const id = `${element.dataset.lab}-lab`;
    const { region, top, frame, now, panels } = this.#frames(id);
    this.announcer = new Announcer(region);
    this.picture = new Picture(frame);
    this.strip = new Strip(now);
    this.log = new Log(panels.log);
    this.large = new Large(element, () => this.#showControls());
    this.controls = new Controls(top, this.#actions());
    this.editor = new Editor(panels.manifest, {
      id,
      text: options.text,
      read: readManifest,
      apply: (objects) => this.#apply(objects),
      changed: () => this.#options.changed(),
    });
    this.terminal = new Terminal(panels.kubectl, {
      id,
      run: (line) => kubectl(this.#lab, line, this.editor.text),
      complete: (line) => complete(this.#lab, line),
    });
    this.teller = new Teller((act) => {
      this.picture.light(act);
      this.strip.act(act);
    });
    this.#watch();
    this.announcer.say("The cluster runs.");
  }

  /** Is the task of this name done? @param {string} name */
  async check(name) {
    const task = TASKS.get(name);
    if (!task) throw new Error(`there is no task ${name}`);
    const { isDone, share, words } = await task.check(this.#lab);
    return { isDone, share, words, response: this.#found().slice(0, RESPONSE) };
  }

  /** @returns {Saved} */
  snapshot() {
    return { objects: this.#lab.snapshot(), text: this.editor.text };
  }

  close() {
    window.cancelAnimationFrame(this.#frame);
    this.large.set(false);
    this.teller.clear();
    for (const part of [this.announcer, this.picture, this.strip, this.editor]) part.close();
    this.#stage.replaceChildren();
    void this.#lab.close();
  }

  /** What is there, for the teacher who reads the LMS's report. */
  #found() {
    const { deployments, services } = this.#model;
    const parts = deployments.map((it) => `${it.name} ${it.ready}/${it.wanted} v${it.version}`);
    const ends = services.map((it) => `${it.name}: ${it.endpoints.length} endpoints`);
    return [...parts, ...ends].join("; ") || actual(this.#model);
  }

  /** Where the parts stand. @param {string} id */
  #frames(id) {
    const region = make("p", { class: "cluster-lab-hidden", "aria-live": "polite" });
    const top = make("div", { class: "cluster-lab-top" });
    const frame = make("div", { class: "cluster-lab-picture" });
    const now = make("div", { class: "cluster-lab-now" });
    const parts = [
      { name: "manifest", title: "Manifest" },
      { name: "kubectl", title: "kubectl" },
      { name: "log", title: "What happened" },
    ];
    const { element, panels } = tabs(id, "Your tools", parts, () => this.log?.toEnd());
    this.#stage.replaceChildren(region, top, make("div", { class: "cluster-lab-bench" }, frame, now, element));
    return { region, top, frame, now, panels };
  }

  /** @returns {import("./view/controls.js").Actions} */
  #actions() {
    return {
      pause: () => this.#pause(),
      step: () => void this.#step(),
      slow: () => this.#setSlow(!this.#isSlow),
      load: () => this.#toggleLoad(),
      large: () => this.large.set(!this.large.isOn),
      reset: () => void this.#reset(),
    };
  }

  /** Shows the cluster as it is, and then whenever it changes. */
  #watch() {
    this.#model = read(this.#lab.state);
    this.#warned = new Set();
    warnings(this.#lab.state.events, this.#warned, this.#model); // what is past is not told
    this.#lab.speed = this.#speed;
    this.#lab.onChange(() => this.#update());
    this.#show();
  }

  #update() {
    const model = read(this.#lab.state);
    const found = [...acts(this.#model, model), ...warnings(this.#lab.state.events, this.#warned, model)];
    this.#model = model;
    if (found.length > 0) {
      this.log.add(this.#lab.now, found);
      this.teller.add(found);
      this.#options.changed();
    }
    this.#frame ||= window.requestAnimationFrame(() => this.#show());
  }

  #show() {
    this.#frame = 0;
    const { load } = this.#lab;
    if (load.isOn) this.#loaded = load.service;
    const asked = { isOn: load.isOn, service: this.#loaded, ...load.stats };
    this.picture.show(this.#model, asked);
    this.strip.update(this.#model, asked);
    this.announcer.update(this.#model, asked.failed);
    this.terminal.update(this.#model);
    this.#showControls();
  }

  #showControls() {
    this.controls.update({
      isPaused: this.#speed === 0,
      isSlow: this.#isSlow,
      isLoaded: this.#lab.load.isOn,
      hasService: this.#model.services.length > 0,
      isLarge: this.large.isOn,
    });
  }

  /** @param {any[]} objects @returns {Promise<string>} */
  async #apply(objects) {
    const done = await this.#lab.apply(objects);
    return `${list(done.map(({ kind, name, what }) => `${kind} ${name} ${what}`))}.`;
  }

  #pause() {
    this.#setSpeed(this.#speed === 0 ? this.#usual() : 0);
    this.announcer.say(this.#speed === 0 ? "The cluster stands still." : "The cluster runs.");
  }

  /** @param {boolean} isSlow */
  #setSlow(isSlow) {
    this.#isSlow = isSlow;
    this.#setSpeed(this.#speed === 0 ? 0 : this.#usual());
  }

  #usual() {
    return this.#isSlow ? SLOW : 1;
  }

  /** @param {number} speed */
  #setSpeed(speed) {
    this.#speed = speed;
    this.#lab.speed = speed;
    this.#showControls();
  }

  async #step() {
    this.#setSpeed(0);
    this.teller.clear(); // what is told next is what this step brings
    if (!(await this.#lab.step())) this.announcer.say("Nothing happened: nobody has anything to do.");
  }

  #toggleLoad() {
    const { load } = this.#lab;
    if (load.isOn) load.stop();
    else load.start(this.#model.services[0].name);
    this.#update();
  }

  async #reset() {
    const { start, manifest } = this.#options;
    await this.#lab.close();
    this.#lab = await startLab({ objects: start });
    this.#loaded = "";
    this.teller.clear();
    this.picture.clear();
    this.strip.clear();
    this.log.clear();
    this.terminal.clear();
    this.editor.text = manifest;
    this.#setSlow(false);
    this.#speed = 1;
    this.#watch();
    this.#options.changed();
    this.announcer.say("The cluster starts again.");
  }
}
