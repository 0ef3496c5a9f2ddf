/** @file The kubectl line: a field with history and completion, and the log of what came back. */

import { make } from "./dom.js";
import { completed, History, replaced, typical } from "./line.js";

/** More outputs than this are not kept on the page, and more proposals not shown. */
const KEPT = 300;
const PROPOSED = 8;

export class Terminal {
  #history = new History();
  #log;
  #input;
  #proposals;
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
    // not a form, which a frame without `allow-forms` never submits
    const line = make(
      "div",
      { class: "cluster-lab-line" },
      make("label", { for: `${id}-line` }, make("span", { class: "cluster-lab-hidden" }, "Command for kubectl"), make("span", { "aria-hidden": "true" }, "$")),
      this.#input,
      make("button", { type: "button", class: "cluster-lab-main", onclick: () => void this.#submit() }, "Run"),
    );
    const help = make("p", { class: "cluster-lab-help", id: `${id}-line-help` });
    help.append("↑ and ↓ bring back earlier commands; Ctrl + Space, or → at the end, completes. Tab leaves the line. ");
    help.append(make("code", {}, "manifest.yaml"), " is what stands in the editor.");
    parent.append(this.#log, line, this.#proposals, help);
    this.#greet();
  }

  /** @param {import("./model.js").Model} model what commands can be about */
  update(model) {
    this.#model = model;
    if (!this.#input.value) this.#propose();
  }

  /** Empties the log: for a new cluster. */
  clear() {
    this.#greet();
  }

  #greet() {
    this.#log.replaceChildren(make("p", { class: "cluster-lab-muted" }, "What kubectl answers is shown here."));
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
    if (event.key === "Enter" && !event.isComposing) void this.#submit();
    else if (isCompletion) {
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

  /**
   * Shows typical commands, or how a line that was begun can go on, as buttons: the next stop of Tab.
   * They are left alone while they say the same.
   */
  #propose() {
    const isBegun = this.#input.value.trim() !== "";
    const words = isBegun ? this.#candidates().slice(0, PROPOSED) : this.#model ? typical(this.#model) : [];
    if (words.join("\n") === [...this.#proposals.children].map((it) => it.textContent).join("\n")) return;
    this.#proposals.setAttribute("aria-label", isBegun ? "Ways to go on" : "Typical commands");
    this.#proposals.replaceChildren(
      ...words.map((word) =>
        make("button", { type: "button", onclick: (event) => this.#take(isBegun ? replaced(this.#input.value, word) : word, event) }, word),
      ),
    );
  }

  /** Puts a line into the field, and goes there, but not where that opens a keyboard on the screen. @param {string} line @param {PointerEvent} event */
  #take(line, event) {
    this.#write(line);
    if (event.detail === 0 || window.matchMedia("(pointer: fine)").matches) this.#input.focus();
  }

  /** Runs the line. */
  async #submit() {
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
