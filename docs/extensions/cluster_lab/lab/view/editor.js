/** @file The editor of the manifest: highlighted YAML, faults in words, and the button that applies it. */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, linter, lintGutter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

import { make, tell } from "./dom.js";
import { count } from "./words.js";

/** @typedef {{line: number, message: string}} Fault */

/** After the student paused for this long the manifest is read (milliseconds). */
const PAUSE = 400;

export class Editor {
  #view;
  #list;
  #answer;
  #read;
  #id;

  /**
   * @param {HTMLElement} parent
   * @param {object} options
   * @param {string} options.text
   * @param {string} options.id begins all ids of this lab
   * @param {(text: string) => {objects: any[], faults: Fault[]}} options.read
   * @param {(objects: any[]) => Promise<string>} options.apply what came of it, in words; throws in words
   * @param {() => void} options.changed
   */
  constructor(parent, { text, id, read, apply, changed }) {
    this.#read = read;
    this.#id = id;
    this.apply = apply;
    this.#list = make("ul", { class: "cluster-lab-faults", id: `${id}-faults` });
    this.#answer = make("p", { class: "cluster-lab-answer", role: "status" });
    const button = make("button", { type: "button", class: "cluster-lab-main", onclick: () => void this.#submit() }, "Apply");
    const help = make("p", { class: "cluster-lab-help", id: `${id}-editor-help` }, "Ctrl + Enter (⌘ + Enter) applies. Tab leaves the editor.");
    const host = make("div", { class: "cluster-lab-editor" });
    parent.append(host, this.#list, make("div", { class: "cluster-lab-row" }, button, help), this.#answer);
    this.#view = new EditorView({ parent: host, state: this.#state(text, changed) });
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /** @param {string} text */
  set text(text) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
    tell(this.#answer, "");
  }

  close() {
    this.#view.destroy();
  }

  /** @param {string} text @param {() => void} changed */
  #state(text, changed) {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        bracketMatching(),
        indentUnit.of("  "),
        yaml(),
        syntaxHighlighting(classHighlighter),
        linter((view) => this.#lint(view), { delay: PAUSE }),
        lintGutter(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": "Manifest, YAML",
          "aria-describedby": `${this.#id}-faults ${this.#id}-editor-help`,
          "tabindex": "0",
          "spellcheck": "false",
          "autocapitalize": "off",
        }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
        // No key for Tab: it leaves the editor, as it leaves every other field.
        keymap.of([
          { key: "Mod-Enter", run: () => (void this.#submit(), true) },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
      ],
    });
  }

  /** @param {EditorView} view @returns {import("@codemirror/lint").Diagnostic[]} */
  #lint({ state }) {
    const { faults } = this.#read(state.doc.toString());
    this.#tellFaults(faults);
    return faults.map(({ line, message }) => {
      const { from, to, text } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
      return { from: from + (text.length - text.trimStart().length), to, severity: "error", message };
    });
  }

  /** @param {Fault[]} faults */
  #tellFaults(faults) {
    this.#view.contentDOM.setAttribute("aria-invalid", String(faults.length > 0));
    const lines = faults.map(({ line, message }) =>
      make("li", {}, make("button", { type: "button", onclick: () => this.#go(line) }, `Line ${line}`), ` ${message}`),
    );
    if (this.#list.textContent === lines.map((it) => it.textContent).join("")) return;
    this.#list.replaceChildren(...lines);
  }

  /** @param {number} line */
  #go(line) {
    const { from } = this.#view.state.doc.line(Math.min(line, this.#view.state.doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.#view.focus();
  }

  async #submit() {
    const { objects, faults } = this.#read(this.text);
    forceLinting(this.#view);
    this.#tellFaults(faults);
    if (faults.length > 0) {
      const [{ line, message }] = faults;
      this.#say(`Nothing was applied: ${count(faults.length, "fault")}.`, true);
      // Who does not see the list above hears its first entry.
      this.#answer.append(make("span", { class: "cluster-lab-hidden" }, ` Line ${line}: ${message}`));
      return;
    }
    if (objects.length === 0) {
      this.#say("Nothing was applied: the manifest is empty.", true);
      return;
    }
    try {
      this.#say(await this.apply(objects), false);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error), true);
    }
  }

  /** @param {string} words @param {boolean} isError */
  #say(words, isError) {
    tell(this.#answer, words);
    this.#answer.classList.toggle("cluster-lab-error", isError);
  }
}
