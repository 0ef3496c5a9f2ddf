/** @file The kubectl line: a field with history and completion, and the log of what came back. */

import { make } from "./dom.js";
import { completed, History, replaced, typical } from "./line.js";

/** More outputs than this are not kept on the page, and more proposals not shown. */
const KEPT = 60;
const PROPOSED = 8;

export class Terminal {
  #history = new History();
  #log;
  #input;
  #proposals;
  #typical;
  #model = /** @type {import("./model.js").Model|null} */ (null);
  #isRunning = false;

  /**
   * @param {HTMLElement} parent
   * @param {object} options
   * @param {string} options.id
   * @param {(line: string) => Promise<{output: string, isError: boolean}>} options.run
   * @param {(line: string) => string[]} options.complete
   */
  constructor(parent, { id, run, complete }) {
    this.run = run;
    this.complete = complete;
    this.#log = make("div", {
      class: "cluster-lab-output",
      role: "log",
      tabindex: "0",
      "aria-label": "Output of kubectl",
    });
    this.#input = make("input", {
      id: `${id}-line`,
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "kubectl get pods",
      "aria-describedby": `${id}-line-help`,
      onkeydown: (event) => this.#onKey(event),
      oninput: () => this.#propose(),
    });
    this.#proposals = make("div", { class: "cluster-lab-proposals", role: "group", "aria-label": "Ways to go on" });
    this.#typical = make("select", { id: `${id}-typical`, onchange: () => this.#choose() });
    const form = make(
      "form",
      { class: "cluster-lab-line", onsubmit: (event) => this.#submit(event) },
      make("label", { for: `${id}-line` }, make("span", { class: "cluster-lab-hidden" }, "Command for kubectl"), make("span", { "aria-hidden": "true" }, "$")),
      this.#input,
      make("button", { type: "submit", class: "cluster-lab-main" }, "Run"),
    );
    const help = make("p", { class: "cluster-lab-help", id: `${id}-line-help` });
    help.append("↑ and ↓ bring back earlier commands; Ctrl + Space, or → at the end, completes. Tab leaves the line. ");
    help.append(make("code", {}, "manifest.yaml"), " is what stands in the editor.");
    const ready = make("div", { class: "cluster-lab-row" }, make("label", { for: `${id}-typical` }, "Typical commands"), this.#typical);
    parent.append(this.#log, form, this.#proposals, ready, help);
    this.#greet();
  }

  /** @param {import("./model.js").Model} model what commands can be about */
  update(model) {
    this.#model = model;
    if (document.activeElement !== this.#typical) this.#offer();
  }

  /** Empties the log: for a new cluster. */
  clear() {
    this.#greet();
  }

  #greet() {
    this.#log.replaceChildren(make("p", { class: "cluster-lab-muted" }, "What kubectl answers is shown here."));
  }

  /** The typical commands; the list is left alone while it shows the same. */
  #offer() {
    const commands = this.#model ? typical(this.#model) : [];
    const shown = [...this.#typical.options].slice(1).map((it) => it.value);
    if (this.#typical.options.length > 0 && shown.join("\n") === commands.join("\n")) return;
    this.#typical.replaceChildren(
      make("option", { value: "" }, "Choose one …"),
      ...commands.map((it) => make("option", { value: it }, it)),
    );
  }

  #choose() {
    if (!this.#typical.value) return;
    this.#write(this.#typical.value);
    this.#typical.selectedIndex = 0;
  }

  /** @param {string} line */
  #write(line) {
    this.#input.value = line;
    this.#input.setSelectionRange(line.length, line.length);
    this.#propose();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { value, selectionStart } = this.#input;
    const isCompletion =
      (event.key === " " && event.ctrlKey) ||
      (event.key === "ArrowRight" && selectionStart === value.length && !event.shiftKey);
    if (isCompletion) {
      event.preventDefault();
      this.#write(completed(value, this.#candidates()));
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !event.altKey) {
      event.preventDefault();
      const line = this.#history.move(event.key === "ArrowUp" ? -1 : 1, value);
      if (line !== null) this.#write(line);
    }
  }

  #candidates() {
    return this.#input.value.trim() ? this.complete(this.#input.value) : [];
  }

  /** Shows how the last word can go on, as buttons; they are the next stop of Tab. */
  #propose() {
    const candidates = this.#candidates().slice(0, PROPOSED);
    this.#proposals.replaceChildren(
      ...candidates.map((word) =>
        make("button", { type: "button", onclick: () => this.#take(word) }, word),
      ),
    );
  }

  /** @param {string} word */
  #take(word) {
    this.#write(replaced(this.#input.value, word));
    this.#input.focus();
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const line = this.#input.value.trim();
    if (!line || this.#isRunning) return;
    this.#isRunning = true;
    this.#history.add(line);
    this.#write("");
    const { output, isError } = await this.run(line);
    this.#isRunning = false;
    this.#print(line, output, isError);
  }

  /** @param {string} line @param {string} output @param {boolean} isError */
  #print(line, output, isError) {
    if (this.#log.firstElementChild?.matches(".cluster-lab-muted")) this.#log.replaceChildren();
    const entry = make(
      "div",
      { class: isError ? "cluster-lab-error" : null },
      make("p", {}, make("span", { "aria-hidden": "true" }, "$ "), make("code", {}, line)),
      make("pre", {}, output),
    );
    this.#log.append(entry);
    while (this.#log.childElementCount > KEPT) this.#log.firstElementChild?.remove();
    this.#log.scrollTop = entry.offsetTop - this.#log.offsetTop;
  }
}
